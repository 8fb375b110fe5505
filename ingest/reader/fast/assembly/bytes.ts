// Windows of sixteen bytes, and the ends of JSON values. A line always ends in a line feed (the host puts one behind
// the last), and no value may contain one: nothing here needs to know where the input ends.
import { MASKS } from '../layout'

export const QUOTE: u32 = 0x22
export const BACKSLASH: u32 = 0x5c
export const LINE_FEED: u32 = 0x0a
export const MINUS: u32 = 0x2d
export const ZERO: u32 = 0x30
export const COMMA: u32 = 0x2c
export const COLON: u32 = 0x3a
export const OPEN: u32 = 0x7b
export const CLOSE: u32 = 0x7d
export const OPEN_LIST: u32 = 0x5b
export const CLOSE_LIST: u32 = 0x5d
/** set in the result of stringEnd where the string has escapes; positions stay far below */
export const ESCAPED: u32 = 0x8000_0000
const NULL_WORD: u32 = 0x6c6c_756e
const TRUE_WORD: u32 = 0x6575_7274
const ALSE_WORD: u32 = 0x6573_6c61

/** 48 bytes of ones, then 48 of zeros: a window into them keeps the first n bytes of another. */
export function makeMasks(): void {
  memory.fill(MASKS, 0xff, 48)
  memory.fill(MASKS + 48, 0, 48)
}

/** All ones for the first `length` bytes of the block that starts `at` bytes in. */
@inline export function mask(length: u32, at: u32): v128 {
  return v128.load(MASKS + 48 - length + at)
}

/** Space, tab, carriage return. A line feed ends the line. */
@inline export function isSpace(c: u32): bool {
  return c == 0x20 || c == 0x09 || c == 0x0d
}

@inline export function skipSpace(p: u32): u32 {
  while (isSpace(load<u8>(p))) p++
  return p
}

@inline export function isDigit(c: u32): bool {
  return c - ZERO <= 9
}

/** Where the line ends: at its line feed. */
export function lineFeed(p: u32): u32 {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x0a)))
    if (found) return p + ctz(found)
    p += 16
  }
}

/** Bit i set: byte i ends a string or needs a closer look (quote, backslash, control character). */
@inline function specials(v: v128): u32 {
  const ends = v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c)))
  return i8x16.bitmask(v128.or(ends, i8x16.eq(i8x16.min_u(v, i8x16.splat(0x1f)), v)))
}

/** The same of the next 32 bytes: most strings end within them, so that there is no loop to foretell. */
@inline function specials32(p: u32): u32 {
  return specials(v128.load(p)) | (specials(v128.load(p + 16)) << 16)
}

/** From behind the opening quote to behind the closing one, with ESCAPED where it applies; 0: not a string. */
@inline export function stringEnd(p: u32): u32 {
  let found = specials32(p)
  while (!found) {
    p += 32
    found = specials32(p)
  }
  p += ctz(found)
  return load<u8>(p) == QUOTE ? p + 1 : escapedEnd(p)
}

function escapedEnd(p: u32): u32 {
  while (true) {
    const c: u32 = load<u8>(p)
    if (c == QUOTE) return (p + 1) | ESCAPED
    if (c != BACKSLASH) return 0
    const e: u32 = load<u8>(p + 1)
    if (e == 0x75) {
      if (hex4(p + 2) < 0) return 0
      p += 6
    } else if (e == QUOTE || e == BACKSLASH || e == 0x2f || e == 0x62 || e == 0x66 || e == 0x6e || e == 0x72 || e == 0x74) p += 2
    else return 0
    let found = specials32(p)
    while (!found) {
      p += 32
      found = specials32(p)
    }
    p += ctz(found)
  }
}

@inline function hexDigit(c: u32): i32 {
  if (c - ZERO <= 9) return c - ZERO
  const low = c | 0x20
  return low - 0x61 <= 5 ? low - 0x57 : -1
}

/** The value of four hex digits, negative where they are none. */
export function hex4(p: u32): i32 {
  const a = hexDigit(load<u8>(p))
  const b = hexDigit(load<u8>(p + 1))
  const c = hexDigit(load<u8>(p + 2))
  const d = hexDigit(load<u8>(p + 3))
  return (a | b | c | d) < 0 ? -1 : (a << 12) | (b << 8) | (c << 4) | d
}

/** How many of the next 16 bytes are digits, from the first on. */
@inline export function digitRun(p: u32): u32 {
  const d = i8x16.sub(v128.load(p), i8x16.splat(0x30))
  return ctz(~i8x16.bitmask(i8x16.eq(i8x16.min_u(d, i8x16.splat(9)), d)) | 0x10000)
}

/** Behind a JSON number; 0: none. What follows is for the caller to look at. */
@inline export function numberEnd(p: u32): u32 {
  const run = digitRun(p)
  if (run != 0 && run < 16 && (run == 1 || load<u8>(p) != ZERO)) {
    const next: u32 = load<u8>(p + run)
    if (next == COMMA || next == CLOSE) return p + run
  }
  return longNumberEnd(p)
}

function longNumberEnd(p: u32): u32 {
  if (load<u8>(p) == MINUS) p++
  if (load<u8>(p) == ZERO) p++
  else if (!isDigit(load<u8>(p))) return 0
  else while (isDigit(load<u8>(p))) p++
  if (load<u8>(p) == 0x2e) {
    if (!isDigit(load<u8>(++p))) return 0
    while (isDigit(load<u8>(p))) p++
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    p++
    if (load<u8>(p) == 0x2b || load<u8>(p) == MINUS) p++
    if (!isDigit(load<u8>(p))) return 0
    while (isDigit(load<u8>(p))) p++
  }
  return p
}

@inline export function isNull(p: u32): bool {
  return load<u32>(p) == NULL_WORD
}

/** Behind a string, number or literal; 0: none of them. */
export function scalarEnd(p: u32): u32 {
  const c: u32 = load<u8>(p)
  if (c == QUOTE) return stringEnd(p + 1) & ~ESCAPED
  if (isDigit(c) || c == MINUS) return numberEnd(p)
  if (load<u32>(p) == NULL_WORD || load<u32>(p) == TRUE_WORD) return p + 4
  return c == 0x66 && load<u32>(p + 1) == ALSE_WORD ? p + 5 : 0
}

/** Behind any JSON value; 0: none. */
@inline export function valueEnd(p: u32): u32 {
  const c: u32 = load<u8>(p)
  if (c == QUOTE) return stringEnd(p + 1) & ~ESCAPED
  if (c == OPEN || c == OPEN_LIST) return load<u8>(p + 1) == c + 2 ? p + 2 : nestedEnd(p)
  return scalarEnd(p)
}

/** Objects and lists within each other, to 62 levels; 0: not JSON, or deeper. */
function nestedEnd(p: u32): u32 {
  // one bit a level, 1 for an object, above them all a 1 that marks the outside
  let levels: u64 = 1
  while (true) {
    let c: u32 = load<u8>(p)
    if (c == OPEN || c == OPEN_LIST) {
      if (levels >> 62) return 0
      levels = (levels << 1) | u64(c == OPEN)
      p = skipSpace(p + 1)
      if (load<u8>(p) != c + 2) {
        if (c == OPEN && !(p = keyEnd(p))) return 0
        continue
      }
      p++
      levels >>= 1
    } else if (!(p = scalarEnd(p))) return 0
    // behind a value: close what ends here, then on to the next
    while (true) {
      if (levels == 1) return p
      p = skipSpace(p)
      c = load<u8>(p)
      if (c == COMMA) break
      if (c != (levels & 1 ? CLOSE : CLOSE_LIST)) return 0
      p++
      levels >>= 1
    }
    p = skipSpace(p + 1)
    if (levels & 1 && !(p = keyEnd(p))) return 0
  }
}

/** From a key within a nested object to its value. */
function keyEnd(p: u32): u32 {
  if (load<u8>(p) != QUOTE) return 0
  p = stringEnd(p + 1) & ~ESCAPED
  if (!p) return 0
  p = skipSpace(p)
  return load<u8>(p) == COLON ? skipSpace(p + 1) : 0
}
