// The keyed hash of ../../../../schema/store/identity.ts over host, URI and client address, and the bytes of a JSON string.
import { BACKSLASH, ESCAPED, hex4, mask } from './bytes'

let k0: u64 = 0
let k1: u64 = 0

export function setKey(first: u64, second: u64): void {
  k0 = first
  k1 = second
}

/** SipHash-1-3. */
export function siphash(p: u32, length: u32): u64 {
  let v0 = k0 ^ 0x736f_6d65_7073_6575
  let v1 = k1 ^ 0x646f_7261_6e64_6f6d
  let v2 = k0 ^ 0x6c79_6765_6e65_7261
  let v3 = k1 ^ 0x7465_6462_7974_6573
  const whole = p + (length & ~7)
  const rest = length & 7
  const last = (load<u64>(whole) & ((u64(1) << (u64(rest) << 3)) - 1)) | (u64(length) << 56)
  while (true) {
    const m = p == whole ? last : load<u64>(p)
    v3 ^= m
    v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    v2 += v3; v3 = rotl(v3, 16) ^ v2
    v0 += v3; v3 = rotl(v3, 21) ^ v0
    v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
    v0 ^= m
    if (p == whole) break
    p += 8
  }
  v2 ^= 0xff
  for (let i = 0; i < 3; i++) {
    v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    v2 += v3; v3 = rotl(v3, 16) ^ v2
    v0 += v3; v3 = rotl(v3, 21) ^ v0
    v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
  }
  return v0 ^ v1 ^ v2 ^ v3
}

/**
 * Appends the bytes of a string, given with its quotes, to `to`, as UTF-8; length 0: nothing to append.
 * 0: it has bytes that are no UTF-8 or half a surrogate pair, which JavaScript would replace.
 */
@inline export function appendText(to: u32, p: u32, lengthAndEscaped: u32): u32 {
  if (!lengthAndEscaped) return to
  const length = (lengthAndEscaped & ~ESCAPED) - 2
  p++
  if (lengthAndEscaped & ESCAPED) return appendEscaped(to, p, p + length)
  let high = i64x2.splat(0)
  for (let i: u32 = 0; i < length; i += 16) {
    const v = v128.load(p + i)
    high = v128.or(high, v128.and(v, mask(min(length - i, 16), 0)))
    v128.store(to + i, v)
  }
  if (i8x16.bitmask(high) && !isUtf8(p, p + length)) return 0
  return to + length
}

function appendEscaped(to: u32, p: u32, end: u32): u32 {
  if (!isUtf8(p, end)) return 0
  while (p < end) {
    const c: u32 = load<u8>(p)
    if (c != BACKSLASH) {
      store<u8>(to++, c)
      p++
      continue
    }
    const e: u32 = load<u8>(p + 1)
    p += 2
    if (e == 0x62) store<u8>(to++, 8)
    else if (e == 0x66) store<u8>(to++, 12)
    else if (e == 0x6e) store<u8>(to++, 10)
    else if (e == 0x72) store<u8>(to++, 13)
    else if (e == 0x74) store<u8>(to++, 9)
    else if (e != 0x75) store<u8>(to++, e)
    else {
      let code: u32 = hex4(p)
      p += 4
      if (code - 0xd800 < 0x800) {
        if (code >= 0xdc00 || load<u8>(p) != BACKSLASH || load<u8>(p + 1) != 0x75) return 0
        const low: u32 = hex4(p + 2)
        if (low - 0xdc00 >= 0x400) return 0
        p += 6
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      }
      to = appendCode(to, code)
    }
  }
  return to
}

function appendCode(to: u32, code: u32): u32 {
  if (code < 0x80) {
    store<u8>(to, code)
    return to + 1
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6))
    store<u8>(to + 1, 0x80 | (code & 63))
    return to + 2
  }
  if (code < 0x10000) {
    store<u8>(to, 0xe0 | (code >> 12))
    store<u8>(to + 1, 0x80 | ((code >> 6) & 63))
    store<u8>(to + 2, 0x80 | (code & 63))
    return to + 3
  }
  store<u8>(to, 0xf0 | (code >> 18))
  store<u8>(to + 1, 0x80 | ((code >> 12) & 63))
  store<u8>(to + 2, 0x80 | ((code >> 6) & 63))
  store<u8>(to + 3, 0x80 | (code & 63))
  return to + 4
}

@inline function follows(p: u32): bool {
  return (load<u8>(p) & 0xc0) == 0x80
}

/** Behind `end` stands a quote, which follows nothing: no sequence can run over. */
function isUtf8(p: u32, end: u32): bool {
  while (p < end) {
    const c: u32 = load<u8>(p)
    if (c < 0x80) p++
    else if (c < 0xc2) return false
    else if (c < 0xe0) {
      if (!follows(p + 1)) return false
      p += 2
    } else if (c < 0xf0) {
      const second: u32 = load<u8>(p + 1)
      if (!follows(p + 1) || !follows(p + 2) || (c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f)) return false
      p += 3
    } else {
      const second: u32 = load<u8>(p + 1)
      if (c > 0xf4 || !follows(p + 1) || !follows(p + 2) || !follows(p + 3) || (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f)) return false
      p += 4
    }
  }
  return true
}
