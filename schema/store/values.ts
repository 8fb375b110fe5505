/**
 * The distinct values of a column, as bytes: readers make them so, and a store orders and compares them without making strings
 * of them. Value 0 is "absent", which has no text; an empty text is the same.
 */
export interface Values {
  /** number of values, "absent" included */
  size: number
  /** UTF-8, one after the other: value v is `text[ends[v - 1] … ends[v])`; `ends[0]` is 0 */
  text: Uint8Array
  ends: Uint32Array
}

/** `strings[0]` stands for absent. */
export function valuesOf(strings: readonly string[]): Values {
  const given = strings.slice(1)
  const size = given.length + 1
  const ends = new Uint32Array(size)
  given.forEach((string, i) => {
    ends[i + 1] = ends[i] + Buffer.byteLength(string, 'utf8')
  })
  const joined = Buffer.from(given.join(''), 'utf8')
  // halves of a character at the end of one string and the start of the next become a whole one when joined
  const text =
    ends[size - 1] === joined.length ? joined : Buffer.concat(given.map((string) => Buffer.from(string, 'utf8')))
  return { size, text, ends }
}

/** The values as strings. */
export function stringsOf({ size, text, ends }: Pick<Values, 'size' | 'text' | 'ends'>): string[] {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  return Array.from({ length: size }, (_, v) => (v === 0 ? '' : bytes.toString('utf8', ends[v - 1], ends[v])))
}
