/**
 * Paths that Faultline 0.1 took for one another: it told texts apart by two 32-bit hashes that anybody can compute, in the manner
 * of MurmurHash3. The first is over the text with A–Z as a–z, so that one text of many letters has millions of spellings with the
 * same first hash; among them one with the second hash wanted is found by meeting in the middle, since every step can be undone.
 */

const rotl = (x: number, by: number) => (x << by) | (x >>> (32 - by))
const imul = Math.imul

function inverse(odd: number): number {
  let x = odd
  for (let i = 0; i < 5; i++) x = imul(x, 2 - imul(odd, x))
  return x
}

const scramble = (word: number) => imul(rotl(imul(word, 0xcc9e2d51), 15), 0x1b873593)
const unscramble = (word: number) => imul(rotl(imul(word, inverse(0x1b873593)), 17), inverse(0xcc9e2d51))

function mix(h: number): number {
  h ^= h >>> 16
  h = imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function unmix(h: number): number {
  h ^= h >>> 16
  h = imul(h, inverse(0xc2b2ae35))
  h ^= (h >>> 13) ^ (h >>> 26)
  h = imul(h, inverse(0x85ebca6b))
  return h ^ (h >>> 16)
}

// one word into the state of the two lanes, and out of it again
const intoA = (a: number, word: number) => rotl(imul(a ^ scramble(word), 5) + 0xe6546b64, 13)
const outOfA = (a: number, word: number) => imul(rotl(a, 19) - 0xe6546b64, inverse(5)) ^ scramble(word)
const intoB = (b: number, word: number) => imul(rotl(b, 17) ^ scramble(word), 9) + 0x38495ab5
const outOfB = (b: number, word: number) => rotl(imul(b - 0x38495ab5, inverse(9)) ^ scramble(word), 15)

const words = (text: string) => {
  const bytes = Buffer.from(text)
  return Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readInt32LE(i * 4))
}

/** The two hashes as they were. */
export function oldHashes(text: string): [folded: number, exact: number] {
  const bytes = Buffer.from(text)
  const lower = Buffer.from(text.replace(/[A-Z]/g, (c) => c.toLowerCase()))
  const whole = bytes.length & ~3
  let a = 0x3c074a61
  let b = 0x5bd1e995
  for (let at = 0; at < whole; at += 4) {
    a = intoA(a, lower.readInt32LE(at))
    b = intoB(b, bytes.readInt32LE(at))
  }
  const rest = (from: Buffer) => from.subarray(whole).reduceRight((word, byte) => (word << 8) | byte, 0)
  return [
    mix(a ^ scramble(rest(lower)) ^ bytes.length),
    mix(imul(b ^ scramble(rest(bytes)), 0x9e3779b1) ^ bytes.length),
  ]
}

/** All spellings of a text whose letters are lower case. */
function spellings(text: string): string[] {
  return [...text].reduce<string[]>(
    (all, c) => (c >= 'a' && c <= 'z' ? all.flatMap((s) => [s + c, s + c.toUpperCase()]) : all.map((s) => s + c)),
    [''],
  )
}

const plain = (word: number) =>
  [0, 8, 16, 24].every((shift) => /[a-z0-9/_.-]/.test(String.fromCharCode((word >>> shift) & 255)))

/** A path that had the same two hashes as `wanted`. */
export function collidingWith(wanted: string, seed: number): string {
  const [folded, exact] = oldHashes(wanted)
  // 16 + 4 letters before the word that is solved for, 20 behind it
  for (let n = seed * 1_000_003; ; n++) {
    const front = `/${n.toString(36).padStart(7, '0')}${'falsifyingtheevi'.slice(0, 12)}`
    const back = 'denceofanincident/xx'
    const length = front.length + 4 + back.length
    let a = unmix(folded) ^ length
    for (const word of words(back).reverse()) a = outOfA(a, word)
    const before = words(front).reduce(intoA, 0x3c074a61)
    const word = unscramble(imul(rotl(a, 19) - 0xe6546b64, inverse(5)) ^ before)
    if (!plain(word)) continue
    const solved = Buffer.alloc(4)
    solved.writeInt32LE(word)
    const fronts = spellings(front)
    const states = new Map(
      fronts.map((text) => [words(text + solved.toString('latin1')).reduce(intoB, 0x5bd1e995) | 0, text]),
    )
    const last = imul(unmix(exact) ^ length, inverse(0x9e3779b1))
    for (const text of spellings(back)) {
      const state = words(text).reverse().reduce(outOfB, last) | 0
      const start = states.get(state)
      if (start !== undefined) return start + solved.toString('latin1') + text
    }
  }
}
