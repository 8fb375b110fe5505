// Digits, moments and RayIDs.
import { digitRun, QUOTE, ZERO } from './bytes'

/** Up to 8 digits in the low bytes of a word, the first digit lowest. */
@inline function digits8(word: u64, count: u32): u64 {
  if (!count) return 0
  word <<= u64(8 - count) << 3
  word = (word & 0x0f0f_0f0f_0f0f_0f0f) * 2561 >> 8
  word = (word & 0x00ff_00ff_00ff_00ff) * 6_553_601 >> 16
  return (word & 0x0000_ffff_0000_ffff) * 42_949_672_960_001 >> 32
}

/** The value of 0 to 16 digits. */
@inline export function digits(p: u32, count: u32): u64 {
  if (count <= 8) return digits8(load<u64>(p), count)
  return digits8(load<u64>(p), count - 8) * 100_000_000 + digits8(load<u64>(p + count - 8), 8)
}

@inline function two(p: u32): i32 {
  const a: u32 = load<u8>(p) - ZERO
  const b: u32 = load<u8>(p + 1) - ZERO
  return a > 9 || b > 9 ? -1 : a * 10 + b
}

// 2005-01-01 to 2100-01-01, as in ../../timestamp.ts
const EARLIEST: f64 = 1_104_537_600_000
const LATEST: f64 = 4_102_444_800_000

@inline function believable(ms: f64): f64 {
  return ms >= EARLIEST && ms < LATEST ? ms : NaN
}

/** Milliseconds of 1 to 19 digits without leading zeros, by magnitude; NaN: for the slow reader to judge. Nothing is rounded. */
@inline export function timeOfDigits(p: u32, count: u32): f64 {
  // seconds have 10 digits from 2005 to 2100, milliseconds 13, and so on; any other count is no time at all
  if (count == 19 || count == 16 || count == 13) return believable(f64(digits(p, 13)))
  return count == 10 ? believable(f64(digits(p, 10) * 1000)) : NaN
}

let lastDay0: u64 = 0
let lastDay1: u32 = 0
let lastDayMs: f64 = 0

/** From the first digit of `2023-03-03T05:29:06Z`, fractions allowed, to its closing quote at `end`; NaN: for the slow reader. */
export function timeOfText(p: u32, end: u32): f64 {
  if (end - p < 20 || load<u8>(end - 1) != 0x5a || load<u8>(p + 10) != 0x54 || load<u8>(p + 13) != 0x3a || load<u8>(p + 16) != 0x3a) return NaN
  const day0 = load<u64>(p)
  const day1: u32 = load<u16>(p + 8)
  if (day0 != lastDay0 || day1 != lastDay1) {
    const ms = dayOf(p)
    if (isNaN(ms)) return NaN
    lastDay0 = day0
    lastDay1 = day1
    lastDayMs = ms
  }
  const hour = two(p + 11)
  const minute = two(p + 14)
  const second = two(p + 17)
  if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) return NaN
  let ms: u32 = 0
  const places = end - p - 21
  if (end - p > 20) {
    if (places < 1 || places > 9 || load<u8>(p + 19) != 0x2e || digitRun(p + 20) != places) return NaN
    ms = u32(digits(p + 20, min(places, 3)))
    if (places == 1) ms *= 100
    else if (places == 2) ms *= 10
  }
  return believable(lastDayMs + f64(((hour * 60 + minute) * 60 + second) * 1000 + ms))
}

/** Milliseconds of the midnight that begins the day; NaN: not a day of the calendar. */
function dayOf(p: u32): f64 {
  const century = two(p)
  const inCentury = two(p + 2)
  const month = two(p + 5)
  const day = two(p + 8)
  if ((century | inCentury | month | day) < 0 || load<u8>(p + 4) != 0x2d || load<u8>(p + 7) != 0x2d) return NaN
  const year = century * 100 + inCentury
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN
  // days from civil, after https://howardhinnant.github.io/date_algorithms.html
  const y = month <= 2 ? year - 1 : year
  const era = y / 400
  const ofEra = y - era * 400
  const ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return f64(era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468) * 86_400_000
}

function daysIn(year: i32, month: i32): i32 {
  // from 2005 to 2099 there is no exception
  if (month == 2) return year % 4 == 0 ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Ten to the power of up to 15, exact. */
@inline function power(n: u32): f64 {
  let value: f64 = 1
  for (let i: u32 = 0; i < n; i++) value *= 10
  return value
}

/**
 * A plain number, `12` or `12.345`, of at most 15 digits (so that the quotient of two exact numbers is the
 * nearest one, as the standard asks for); NaN: anything else. `end` is behind it.
 */
@inline export function plainNumber(p: u32, end: u32): f64 {
  const whole = digitRun(p)
  if (whole == 0 || whole > 15 || (whole > 1 && load<u8>(p) == ZERO)) return NaN
  const value = digits(p, whole)
  return p + whole == end ? f64(value) : fraction(value, whole, p + whole, end)
}

function fraction(value: u64, whole: u32, p: u32, end: u32): f64 {
  if (load<u8>(p) != 0x2e) return NaN
  const places = digitRun(p + 1)
  if (places == 0 || whole + places > 15 || p + 1 + places != end) return NaN
  return f64(value * u64(power(places)) + digits(p + 1, places)) / power(places)
}

/** The number in a string of 16 lower-case hex digits and a quote; 0: another string, or nothing but zeros. */
@inline export function rayNumber(p: u32): u64 {
  if (load<u8>(p + 16) != QUOTE) return 0
  const v = v128.load(p)
  const digit = i8x16.sub(v, i8x16.splat(0x30))
  const letter = i8x16.sub(v, i8x16.splat(0x61))
  const isDecimal = i8x16.eq(i8x16.min_u(digit, i8x16.splat(9)), digit)
  const isLetter = i8x16.eq(i8x16.min_u(letter, i8x16.splat(5)), letter)
  if (!i8x16.all_true(v128.or(isDecimal, isLetter))) return 0
  const values = v128.bitselect(digit, i8x16.add(letter, i8x16.splat(10)), isDecimal)
  // each pair of nibbles to a byte in the low half of its 16 bits, then those bytes together, the first on top
  const pairs = v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8))
  const packed = i8x16.swizzle(pairs, i8x16(14, 12, 10, 8, 6, 4, 2, 0, -1, -1, -1, -1, -1, -1, -1, -1))
  return i64x2.extract_lane(packed, 0)
}
