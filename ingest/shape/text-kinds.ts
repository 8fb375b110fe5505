/** Texts of other kinds, by how they begin: what each is called, and what to do about it. */

interface TextKind {
  name: string
  /** a sentence */
  todo: string
  begins: RegExp
}

const AS_JSON = 'Export the records as one JSON object a line.'

const TEXT_KINDS: readonly TextKind[] = [
  { name: "journald's export format", begins: /^__CURSOR=/, todo: 'Write the messages alone: journalctl -o cat.' },
  { name: 'text with colours of a terminal', begins: /^\p{Cc}\[/u, todo: 'Write it without them: jq -M, --no-color.' },
  { name: 'CEF', begins: /^[^\n{]{0,128}\bCEF:\d\|/, todo: AS_JSON },
  { name: 'LEEF', begins: /^[^\n{]{0,128}\bLEEF:\d/, todo: AS_JSON },
  {
    name: 'the access log of a web server',
    begins: /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/,
    todo: "Only what Cloudflare's edge logged is read here.",
  },
  {
    name: 'the access log of a web server',
    begins: /^#(Software|Version|Fields): /,
    todo: "Only what Cloudflare's edge logged is read here.",
  },
  { name: 'SQL', begins: /^(INSERT INTO|CREATE TABLE|COPY \S+|BEGIN;|SELECT)\b/i, todo: AS_JSON },
  { name: 'values as SQL has them', begins: /^\('[^']*',/, todo: AS_JSON },
  {
    name: 'a table that was drawn',
    begins: /^(\+-{3}|[\u2500-\u257f]|Row 1:)/,
    todo: `${AS_JSON} CSV with a header is read too.`,
  },
  {
    name: 'a form as browsers send it',
    begins: /^[\w.-]+=(%7B|%5B)/i,
    todo: 'Send the lines as they are: curl --data-binary @FILE.',
  },
  { name: 'logfmt', begins: /^(tskv[ \t])?[A-Za-z_]\w*=("[^"\n]*"|[^\s"]*)[ \t]+\w+=/, todo: AS_JSON },
  { name: 'YAML', begins: /^(---\s*\n|- [\w"']+: |\w+:( \S|\n ))/, todo: AS_JSON },
  { name: 'a text of RTF', begins: /^\{\\rtf/, todo: 'Save it as plain text.' },
]

/** What a text is called that is no log; undefined: nobody knows. */
export const textKindOf = (text: string): Pick<TextKind, 'name' | 'todo'> | undefined =>
  TEXT_KINDS.find(({ begins }) => begins.test(text))
