/** Cells of a CSV as JSON, byte by byte. */
const LINE_FEED = 10
const QUOTE = 34
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93

/** Which bytes of a text JSON wants escaped. */
export const ESCAPED = new Uint8Array(256)
for (let c = 0; c < 32; c++) ESCAPED[c] = 1
ESCAPED[QUOTE] = ESCAPED[BACKSLASH] = 1

const HEX = Buffer.from('0123456789abcdef')

/** What a letter behind a backslash stands for in a TSV; 0: nothing. */
export const UNESCAPED = new Uint8Array(256)
for (const [letter, meant] of ['\\\\', 't\t', 'n\n', 'r\r', 'b\b', 'f\f', "''"])
  UNESCAPED[letter.charCodeAt(0)] = meant.charCodeAt(0)

export function escape(bytes: Uint8Array, at: number, c: number): number {
  bytes[at++] = BACKSLASH
  if (c === QUOTE || c === BACKSLASH) {
    bytes[at++] = c
    return at
  }
  bytes[at++] = 117
  bytes[at++] = 48
  bytes[at++] = 48
  bytes[at++] = HEX[c >> 4]
  bytes[at++] = HEX[c & 15]
  return at
}

/** `['block']` and `[block]` are texts. */
function beginsJson(buffer: Uint8Array, at: number, filled: number): boolean {
  let i = at + 1
  while (i < filled && buffer[i] === 32) i++
  const c = buffer[i]
  if (i >= filled || c === QUOTE || c === CLOSE_LIST || c === OPEN_LIST || c === 123 || c === 45) return true
  if (c >= 48 && c <= 57) return true
  return /^(?:null|true|false)\b/.test((buffer as Buffer).toString('latin1', i, Math.min(filled, i + 6)))
}

/** Behind the JSON list that begins at `at`; -1: it does not end on this line. */
export function listEnd(buffer: Uint8Array, at: number, filled: number): number {
  let inString = false
  let depth = 0
  if (!beginsJson(buffer, at, filled)) return -1
  for (let i = at; i < filled; i++) {
    const c = buffer[i]
    if (c === LINE_FEED) return -1
    if (inString) {
      if (c === BACKSLASH) i++
      else if (c === QUOTE) inString = false
    } else if (c === QUOTE) inString = true
    else if (c === OPEN_LIST) depth++
    else if (c === CLOSE_LIST && --depth === 0) return i + 1
  }
  return -1
}

/** Where the next line feed stands; null: not before `to`. */
export function feedIn(buffer: Uint8Array, from: number, to: number): number | null {
  const at = (buffer as Buffer).subarray(0, to).indexOf(LINE_FEED, from)
  return at < 0 ? null : at
}

export const hasFeed = (buffer: Uint8Array, from: number, to: number): boolean => feedIn(buffer, from, to) !== null

/** Is the cell that begins at `at` what databases write where there is no value, `\N`? */
export function isNull(buffer: Uint8Array, at: number, filled: number, isEnd: Uint8Array): boolean {
  if (buffer[at] !== BACKSLASH || buffer[at + 1] !== 78 || at + 1 >= filled) return false
  return at + 2 >= filled || isEnd[buffer[at + 2]] === 1 || buffer[at + 2] === 13
}

/** A line that is drawn under a header: `-----+-----`, `| --- | ---: |`. */
export function isRule(buffer: Uint8Array, from: number, to: number): boolean {
  if (![32, 43, 45, 58, 124].includes(buffer[from])) return false
  return /^[\s|+:-]*-{2}[\s|+:-]*$/.test((buffer as Buffer).toString('latin1', from, Math.min(to, from + 4_096)))
}
