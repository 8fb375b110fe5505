// From the values of a line to a row of the columns.
import {
  CODE_COLUMN_BYTES, CODE_COLUMNS, CUT, FACT_EDGE_STATUS, FACT_PARENT, FACT_SECURITY, FACTS, FINISH, HASHED, IDENTITY_COLUMN, LAST_SETS,
  NUMBER_COLUMN_BYTES, NUMBER_COLUMNS, ORIGIN_DURATION, ORIGIN_DURATION_COLUMN, ORIGIN_TIME, PARENT_RAY, PATH, PLAN_COLUMNS, PLAN_NUMBERS,
  PLAN_STAND_INS, QUERY, RAY_COLUMN, SECURITY, SAMPLE_INTERVAL, SAMPLE_INTERVAL_COLUMN,
  SLOT_FACTS, SLOT_SECURITY, STAND_INS, START, TEXT_CLIENT_IP, TEXT_HOST, TEXT_PATH, TEXT_URI,
  TIME_COLUMN, TOTAL_COLUMN,
} from '../layout'
import { BACKSLASH, ESCAPED, hex4, QUOTE } from './bytes'
import { code, codeAt, number, RAY, setCode, textAt } from './current'
import { dictionary, intern, NO_ROOM, use } from './dictionary'
import { appendText, siphash } from './identity'

const QUESTION_MARK: u32 = 0x3f

let keepQuery: bool = false
let columns: u32 = 0
let plainNumbers: u32 = 0
let standInsEnd: u32 = STAND_INS

/** Reads the host's plan of columns. */
export function plan(keep: bool): void {
  keepQuery = keep
  columns = load<u32>(PLAN_COLUMNS)
  plainNumbers = load<u32>(PLAN_NUMBERS)
  standInsEnd = STAND_INS + (load<u32>(PLAN_STAND_INS) << 3)
}

// the last set of values and its token, for each of the two kinds of sets
const LAST_SECURITY: u32 = LAST_SETS
const LAST_FACTS: u32 = LAST_SETS + 64
const LAST_SECURITY_TOKEN: u32 = LAST_SETS + 48
const LAST_FACTS_TOKEN: u32 = LAST_SETS + 112

export function forgetSets(): void {
  memory.fill(LAST_SETS, 0, 128)
}

/** Writes the row; false where the line lacks what a record needs, or something in it asks for the slow reader. */
export function commit(row: u32, start: u32, end: u32): bool {
  const begin = number(START)
  const finish = number(FINISH)
  const time = begin == begin ? begin : finish
  if (time != time || !code(SLOT_FACTS + FACT_EDGE_STATUS)) return false
  for (let at: u32 = STAND_INS; at < standInsEnd; at += 8) {
    const slot = load<u32>(at)
    if (!code(slot)) setCode(slot, code(load<u32>(at, 4)))
  }
  setCode(SLOT_FACTS + FACT_PARENT, u32(code(PARENT_RAY) != 0))

  if ((!code(PATH) || keepQuery) && load<u32>(textAt(TEXT_URI), 4) && !cutUri()) return false
  if (!findSet(SECURITY, codeAt(SLOT_SECURITY), LAST_SECURITY)) return false
  setCode(SLOT_FACTS + FACT_SECURITY, load<u32>(LAST_SECURITY_TOKEN))
  if (!findSet(FACTS, codeAt(SLOT_FACTS), LAST_FACTS)) return false
  setCode(FACTS, load<u32>(LAST_FACTS_TOKEN))

  const ray = load<u64>(RAY)
  if (!writeIdentity(row, ray, start, end)) return false
  store<u64>(RAY_COLUMN + (row << 3), rotl(ray, 32))
  writeNumber(TIME_COLUMN, row, time)
  for (let plain: u32 = 0; plain < plainNumbers; plain++) writeNumber(plain, row, number(plain))
  const duration = number(ORIGIN_DURATION)
  writeNumber(ORIGIN_DURATION_COLUMN, row, duration == duration ? duration : hundredths(number(ORIGIN_TIME)))
  writeNumber(SAMPLE_INTERVAL_COLUMN, row, number(SAMPLE_INTERVAL))
  writeNumber(TOTAL_COLUMN, row, finish >= begin ? finish - begin : NaN)
  for (let column: u32 = 0; column < columns; column++) {
    const token = code(column)
    store<u16>(CODE_COLUMNS + column * CODE_COLUMN_BYTES + (row << 1), token ? use(dictionary(column), token) : 0)
  }
  return true
}

@inline function writeNumber(column: u32, row: u32, value: f64): void {
  store<f64>(NUMBER_COLUMNS + column * NUMBER_COLUMN_BYTES + (row << 3), value)
}

/** Nanoseconds to milliseconds with two places, rounded as Math.round does it: halves upwards. */
@inline function hundredths(ns: f64): f64 {
  const x = ns / 1e4
  const above = ceil(x)
  return (above - 0.5 > x ? above - 1 : above) / 100
}

/** A set of twelve codes to its token, which is left behind the last set. A set of zeros only is token 0. */
@inline function findSet(set: u32, at: u32, last: u32): bool {
  const a = v128.xor(v128.load(at), v128.load(last))
  const b = v128.xor(v128.load(at + 16), v128.load(last + 16))
  const c = v128.xor(v128.load(at + 32), v128.load(last + 32))
  if (!v128.any_true(v128.or(v128.or(a, b), c))) return true
  const empty = !v128.any_true(v128.or(v128.or(v128.load(at), v128.load(at + 16)), v128.load(at + 32)))
  const token: u32 = empty ? 0 : intern(dictionary(set), at, 48)
  if (token == NO_ROOM) return false
  v128.store(last, v128.load(at))
  v128.store(last + 16, v128.load(at + 16))
  v128.store(last + 32, v128.load(at + 32))
  store<u32>(last, token, 48)
  return true
}

/** Path and query out of the URI, where the line has no path, and where the query is kept. */
function cutUri(): bool {
  const p = load<u32>(textAt(TEXT_URI))
  const end = p + (load<u32>(textAt(TEXT_URI), 4) & ~ESCAPED) - 1
  let mark = p + 1
  while (mark < end && load<u8>(mark) != QUESTION_MARK) {
    // an escape may hide the question mark
    if (load<u8>(mark) == BACKSLASH && load<u8>(++mark) == 0x75 && hex4(mark + 1) == QUESTION_MARK) return false
    mark++
  }
  if (!code(PATH) && !internPart(PATH, p + 1, mark)) return false
  return !keepQuery || mark == end || internPart(QUERY, mark + 1, end)
}

/** As if it had stood in quotes of its own. */
function internPart(slot: u32, from: u32, to: u32): bool {
  if (from == to) return true
  const length = to - from
  store<u8>(CUT, QUOTE)
  memory.copy(CUT + 1, from, length)
  store<u8>(CUT + 1 + length, QUOTE)
  const token = intern(dictionary(slot), CUT, length + 2)
  setCode(slot, token)
  return token != NO_ROOM
}

/** The same bytes as identityWords in ../../slow-reader.ts hashes. */
@inline function writeIdentity(row: u32, ray: u64, start: u32, end: u32): bool {
  let words: u64
  if (ray) {
    let to = appendText(HASHED, load<u32>(textAt(TEXT_HOST)), load<u32>(textAt(TEXT_HOST), 4))
    if (!to) return false
    store<u8>(to, 0xff)
    const uri = textAt(load<u32>(textAt(TEXT_URI), 4) ? TEXT_URI : TEXT_PATH)
    to = appendText(to + 1, load<u32>(uri), load<u32>(uri, 4))
    if (!to) return false
    store<u8>(to, 0xff)
    to = appendText(to + 1, load<u32>(textAt(TEXT_CLIENT_IP)), load<u32>(textAt(TEXT_CLIENT_IP), 4))
    if (!to) return false
    words = siphash(HASHED, to - HASHED)
  } else {
    while (load<u8>(start) <= 0x20) start++
    while (load<u8>(end - 1) <= 0x20) end--
    words = siphash(start, end - start)
  }
  store<u64>(IDENTITY_COLUMN + (row << 3), rotl(words, 32))
  return true
}
