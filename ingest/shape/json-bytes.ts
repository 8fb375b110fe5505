/** The bytes of JSON that tell where values begin and end. */

export const LINE_FEED = 10
export const SPACE = 32
export const QUOTE = 34
export const COMMA = 44
export const COLON = 58
export const SEMICOLON = 59
export const OPEN_LIST = 91
export const BACKSLASH = 92
export const CLOSE_LIST = 93
export const OPEN = 123
export const CLOSE = 125

/** Outside of strings only these matter. */
export const MATTERS = new Uint8Array(256)
for (const c of [LINE_FEED, QUOTE, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE]) MATTERS[c] = 1

export const isSpace = (c: number) => c === SPACE || c === LINE_FEED || c === 13 || c === 9

/** A byte order mark, or the ends of lines and paragraphs that are characters of their own. */
export const isMark = (a: number, b: number, c: number) =>
  a === 0xef ? b === 0xbb && c === 0xbf : b === 0x80 && (c === 0xa8 || c === 0xa9)

/**
 * May JSON that began at `start` and had a line feed go on with what stands at `at`? Only what a broken line and the next one look
 * like is told apart.
 */
export function mayGoOn(buffer: Uint8Array, start: number, at: number, inList: boolean): boolean {
  const c = buffer[at]
  const before = significantBefore(buffer, start, at)
  if (c === CLOSE || c === CLOSE_LIST) return true
  if (c === COMMA || c === COLON) return before !== COMMA && before !== COLON && before !== OPEN && before !== OPEN_LIST
  if (c === OPEN || c === OPEN_LIST) return before === COLON || (inList && (before === COMMA || before === OPEN_LIST))
  return before === COLON || before === COMMA || before === OPEN || before === OPEN_LIST
}

function significantBefore(buffer: Uint8Array, start: number, at: number): number {
  for (let i = at - 1; i >= start; i--) if (!isSpace(buffer[i])) return buffer[i]
  // of a value that is too long the beginning was let go
  return COMMA
}
