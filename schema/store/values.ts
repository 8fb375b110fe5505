/**
 * The distinct values of a column, as bytes with a hash each: readers make them so, and a store merges, orders and compares
 * them by hash without making strings of them. Value 0 is "absent": no text, hash 0 0; an empty text is the same.
 */
export interface Values {
  /** number of values, "absent" included */
  size: number
  /** UTF-8, one after the other: value v is `text[ends[v - 1] … ends[v])`; `ends[0]` is 0 */
  text: Uint8Array
  ends: Uint32Array
  /** hash of the text with A–Z as a–z: equal for what a filter takes for equal */
  folded: Uint32Array
  /** another hash, of the text as it is; both together identify a value */
  exact: Uint32Array
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
  const folded = new Uint32Array(size)
  const exact = new Uint32Array(size)
  const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
  for (let v = 1; v < size; v++) {
    hashText(view, ends[v - 1], ends[v])
    folded[v] = foldedHash
    exact[v] = exactHash
  }
  return { size, text, ends, folded, exact }
}

/** The values as strings. */
export function stringsOf({ size, text, ends }: Pick<Values, 'size' | 'text' | 'ends'>): string[] {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  return Array.from({ length: size }, (_, v) => (v === 0 ? '' : bytes.toString('utf8', ends[v - 1], ends[v])))
}

/** The hashes of one text. */
export function hashesOf(value: string): { folded: number; exact: number } {
  const bytes = Buffer.from(value, 'utf8')
  hashText(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length)
  return { folded: foldedHash, exact: exactHash }
}

// results of hashText: two numbers without an object for each of many thousand calls
let foldedHash = 0
let exactHash = 0

/**
 * In the manner of MurmurHash3, two lanes over words of four bytes: the first over folded words, the second over the
 * text itself. The fast reader's scanner does the same (ingest/reader/fast/assembly/text-hash.ts).
 */
function hashText(view: DataView, from: number, to: number): void {
  let a = 0x3c074a61
  let b = 0x5bd1e995
  let at = from
  for (; at + 4 <= to; at += 4) {
    const word = view.getUint32(at, true)
    a = Math.imul(a ^ scramble(fold(word)), 5) + 0xe6546b64
    a = (a << 13) | (a >>> 19)
    b = (b << 17) | (b >>> 15)
    b = Math.imul(b ^ scramble(word), 9) + 0x38495ab5
  }
  let rest = 0
  for (let i = to - 1; i >= at; i--) rest = (rest << 8) | view.getUint8(i)
  if (to === from) {
    foldedHash = exactHash = 0
    return
  }
  foldedHash = mix(a ^ scramble(fold(rest)) ^ (to - from))
  exactHash = mix(Math.imul(b ^ scramble(rest), 0x9e3779b1) ^ (to - from))
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593)
}

/** A–Z to a–z in the four bytes of a word at once; bytes of other alphabets have their high bit set and stay. */
function fold(word: number): number {
  const low = word & 0x7f7f7f7f
  const upper = ~word & 0x80808080 & ((low + 0x3f3f3f3f) ^ (low + 0x25252525))
  return word | (upper >>> 2)
}

/** The finaliser of MurmurHash3: spreads every input bit over all 32 (public domain, Austin Appleby). */
export function mix(h: number): number {
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
