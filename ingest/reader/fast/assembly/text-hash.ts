// The two hashes of a text, as schema/store/values.ts makes them.

let a: u32 = 0
let b: u32 = 0

/** Of at least one byte at `p`; the results are foldedHash() and exactHash(). */
@inline export function hashText(p: u32, length: u32): void {
  const end = p + length
  a = 0x3c07_4a61
  b = 0x5bd1_e995
  for (; p + 4 <= end; p += 4) {
    const word = load<u32>(p)
    a = (a ^ scramble(fold(word))) * 5 + 0xe654_6b64
    a = rotl(a, 13)
    b = rotl(b, 17)
    b = (b ^ scramble(word)) * 9 + 0x3849_5ab5
  }
  let rest: u32 = 0
  for (let i = end - 1; i >= p; i--) rest = (rest << 8) | load<u8>(i)
  a = mix(a ^ scramble(fold(rest)) ^ length)
  b = mix(((b ^ scramble(rest)) * 0x9e37_79b1) ^ length)
}

@inline export function foldedHash(): u32 {
  return a
}

@inline export function exactHash(): u32 {
  return b
}

@inline function scramble(word: u32): u32 {
  return rotl(word * 0xcc9e_2d51, 15) * 0x1b87_3593
}

@inline function fold(word: u32): u32 {
  const low = word & 0x7f7f_7f7f
  const upper = ~word & 0x8080_8080 & ((low + 0x3f3f_3f3f) ^ (low + 0x2525_2525))
  return word | (upper >> 2)
}

@inline function mix(h: u32): u32 {
  h ^= h >> 16
  h *= 0x85eb_ca6b
  h ^= h >> 13
  h *= 0xc2b2_ae35
  return h ^ (h >> 16)
}
