/** What an incident is called: as somebody named it, else by the headline of its explanation, which each reader has in the own language. */
import { LANGUAGES, SPEECH, type Language } from '../../schema/words/languages.js'

/** As long as a title may be. */
const LONGEST_TITLE = 200

interface Explained {
  explained: { [L in Language]: { summary: string } } | null
}

function firstSentence(summary: string, lang: Language): string {
  const end = summary.search(SPEECH[lang].sentenceEnd)
  return end > 0 ? summary.slice(0, end) : summary
}

/** The first sentence of an explanation, cut to what a title is stored as. */
function titleFrom(summary: string, lang: Language): string {
  const title = firstSentence(summary, lang)
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1)}…`
}

/** The headline's first sentence; null: nothing was explained. */
export const headlineOf = ({ explained }: Explained, lang: Language): string | null =>
  explained === null ? null : titleFrom(explained[lang].summary, lang)

/** Whether nobody named it. */
export const isUnnamed = ({ title, frozen }: { title: string; frozen: Explained }): boolean =>
  LANGUAGES.some((lang) => headlineOf(frozen, lang) === title)

/** Its title for a reader of `lang`: of one that nobody named the whole sentence, or what follows below would say it again. */
export const titleIn = (incident: { title: string; frozen: Explained }, lang: Language): string =>
  isUnnamed(incident) && incident.frozen.explained !== null
    ? firstSentence(incident.frozen.explained[lang].summary, lang)
    : incident.title

/** The same of an incident in a list, of which only what its explanation says is at hand. */
export function titleOfHead(head: { title: string; summaries: { [lang: string]: string } }, lang: Language): string {
  const { title, summaries } = head
  const isDerived = LANGUAGES.some((one) => one in summaries && titleFrom(summaries[one], one) === title)
  return isDerived && lang in summaries ? firstSentence(summaries[lang], lang) : title
}

/** What a summary says besides the title above it. */
export const restOf = (summary: string, title: string): string =>
  title !== '' && summary.startsWith(title) ? summary.slice(title.length).replace(/^[.。]\s*/, '') : summary
