/**
 * What a terminal would obey or hide: control characters (C0, delete, C1), separators of lines, and marks that turn
 * the direction of writing around.
 */
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const NAMED: { [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const hex = (character: string) => character.charCodeAt(0).toString(16)

/**
 * Text that somebody else chose (an argument, a file's name, anything out of a log line) as it may be printed: on one
 * line, and what a terminal would obey is written out, `\x1b` for escape.
 */
export function shown(text: string): string {
  return text.replaceAll(
    OBEYED,
    (character) =>
      NAMED[character] ??
      (character < '\u0100' ? `\\x${hex(character).padStart(2, '0')}` : `\\u${hex(character).padStart(4, '0')}`),
  )
}

/** JSON as a terminal can show it: the same value, with the characters that it would obey written as `\u001b`. */
export function shownJson(json: string): string {
  return json.replaceAll(OBEYED, (character) =>
    character === '\n' ? character : `\\u${hex(character).padStart(4, '0')}`,
  )
}
