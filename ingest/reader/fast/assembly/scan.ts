// One line after the other, from bytes to a row. Whatever is unusual ends in 0: the line is left to the slow reader.
import {
  AMOUNT, DONE, END, FULL, MAX_ROWS, NOTHING, ODD_LINE, PARENT, RAY as RAY_KIND, SCALAR, SEEN, SKIP, STATE_LINE_END, STATE_LINE_START, STATE_LINES,
  STATE_ROWS, STATE_SEEN_COUNT, STATUS, TEXT, TIME, WHOLE,
} from '../layout'
import {
  CLOSE_LIST, digitRun, ESCAPED, isDigit, isNull, LINE_FEED, lineFeed, MINUS, numberEnd, OPEN, OPEN_LIST, QUOTE, skipSpace, stringEnd, valueEnd, ZERO,
} from './bytes'
import { clear, RAY } from './current'
import { intern, NO_ROOM } from './dictionary'
import {
  ADVANCE, ALIKE, BEFORE, BIT, CODE, CODE_TO, DICTIONARY_OF, GLUE_LENGTH, keepValue, KIND, likeness, NEXT, NUMBER, NUMBER_TO, otherNext, TEXT_TO,
} from './nodes'
import { digits, plainNumber, rayNumber, timeOfDigits, timeOfText } from './numbers'
import { commit } from './row'

/** A longer text would be cut, which is for the slow reader. As MAX_TEXT in ../../values.ts. */
const MAX_TEXT: u32 = 8_192

let seen: u64 = 0

export function forgetSeen(): void {
  seen = 0
  store<u32>(STATE_SEEN_COUNT, 0)
}

/** whoever asks reads the sub-requests by himself */
let isMerged: bool = false

/** One line, whatever it has for sub-requests. `quietly`: its names are not noted, they are not those of a line. */
export function scanMerged(p: u32, to: u32, quietly: bool): u32 {
  const before = seen
  const count = load<u32>(STATE_SEEN_COUNT)
  isMerged = true
  const outcome = scan(p, to)
  isMerged = false
  if (quietly) {
    seen = before
    store<u32>(STATE_SEEN_COUNT, count)
  }
  return outcome
}

/** Reads lines from `p` to `to`, where a line feed must stand right before or at `to`. Stops at the first odd one. */
export function scan(p: u32, to: u32): u32 {
  let rows = load<u32>(STATE_ROWS)
  let lines = load<u32>(STATE_LINES)
  let outcome: u32 = DONE
  while (p < to) {
    if (rows == MAX_ROWS) {
      outcome = FULL
      break
    }
    const end = line(p, rows)
    lines++
    if (end) {
      rows++
      p = end
      continue
    }
    const blank = skipSpace(p)
    if (load<u8>(blank) == LINE_FEED) {
      p = blank + 1
      continue
    }
    store<u32>(STATE_LINE_START, p)
    store<u32>(STATE_LINE_END, lineFeed(p))
    outcome = ODD_LINE
    break
  }
  store<u32>(STATE_ROWS, rows)
  store<u32>(STATE_LINES, lines)
  return outcome
}

/** One line to the row; behind its line feed, or 0 where it is odd. */
function line(start: u32, row: u32): u32 {
  clear()
  let p = start
  let before: u32 = BEFORE
  let names: u64 = 0
  let twice: u64 = 0
  while (true) {
    let node = load<u32>(before, NEXT)
    let alike = likeness(node, p)
    if (alike < load<u32>(node, GLUE_LENGTH)) {
      node = otherNext(before, p)
      if (!node) return 0
      alike = likeness(node, p)
    }
    const kind = load<u32>(node, KIND)
    if (alike >= load<u32>(node, ALIKE)) {
      const advance = load<u32>(node, ADVANCE)
      if (kind != SKIP) {
        const bit = load<u64>(node, BIT)
        twice |= names & bit
        names |= bit
        const glue = load<u32>(node, GLUE_LENGTH)
        store<u32>(load<u32>(node, CODE_TO), load<u32>(node, CODE))
        store<f64>(load<u32>(node, NUMBER_TO), load<f64>(node, NUMBER))
        const text = load<u32>(node, TEXT_TO)
        store<u32>(text, p + glue)
        store<u32>(text, advance - glue, 4)
      }
      p += advance
    } else {
      p += load<u32>(node, GLUE_LENGTH)
      if (kind == SKIP) {
        const c: u32 = load<u8>(p)
        const end = c == QUOTE ? stringEnd(p + 1) & ~ESCAPED : isDigit(c) ? numberEnd(p) : valueEnd(p)
        if (!end) return 0
        keepValue(node, p, end, 0, NaN)
        p = end
      } else {
        if (kind == END) break
        const bit = load<u64>(node, BIT)
        twice |= names & bit
        names |= bit
        p = take(node, kind, p)
        if (!p) return 0
      }
    }
    before = node
  }
  if (twice || !commit(row, start, p)) return 0
  const fresh = names & ~seen
  if (fresh) noteNames(fresh)
  return p
}

function noteNames(fresh: u64): void {
  seen |= fresh
  let count = load<u32>(STATE_SEEN_COUNT)
  while (fresh) {
    store<u32>(SEEN + (count++ << 2), u32(ctz(fresh)))
    fresh &= fresh - 1
  }
  store<u32>(STATE_SEEN_COUNT, count)
}

/** Takes a value that is not the last one seen; behind it, or 0. */
@inline function take(node: u32, kind: u32, p: u32): u32 {
  if (kind == TEXT) return takeText(node, p)
  if (kind <= u32(SCALAR)) return takeCode(node, p, kind)
  if (kind == TIME) return takeTime(node, p)
  if (kind == RAY_KIND) return takeRay(p)
  if (kind == STATUS) return takeStatus(node, p)
  if (kind == AMOUNT || kind == WHOLE) return takeAmount(node, p, kind)
  if (kind == NOTHING) return takeNothing(p)
  return kind == PARENT ? takeParent(node, p) : 0
}

function takeNothing(p: u32): u32 {
  if (isMerged) return valueEnd(p)
  if (isNull(p)) return p + 4
  const c: u32 = load<u8>(p)
  const empty = c == OPEN_LIST ? load<u8>(p + 1) == CLOSE_LIST : c == QUOTE && load<u8>(p + 1) == QUOTE
  return empty ? p + 2 : 0
}

function takeCode(node: u32, p: u32, kind: u32): u32 {
  const c: u32 = load<u8>(p)
  let end: u32
  let code: u32 = 0
  if (c == QUOTE) {
    end = stringEnd(p + 1) & ~ESCAPED
    if (!end) return 0
    if (end - p != 2) code = intern(load<u32>(node, DICTIONARY_OF), p, end - p)
  } else {
    if (kind == SCALAR && (c == OPEN || c == OPEN_LIST)) return 0
    end = valueEnd(p)
    if (!end) return 0
    if (!isNull(p)) code = intern(load<u32>(node, DICTIONARY_OF), p, end - p)
  }
  if (code == NO_ROOM) return 0
  store<u32>(load<u32>(node, CODE_TO), code)
  keepValue(node, p, end, code, NaN)
  return end
}

function takeText(node: u32, p: u32): u32 {
  if (load<u8>(p) != QUOTE) return isNull(p) ? p + 4 : 0
  const escapedEnd = stringEnd(p + 1)
  if (!escapedEnd) return 0
  const end = escapedEnd & ~ESCAPED
  const length = end - p
  if (length > MAX_TEXT) return 0
  // as if it were absent; never kept, for what is kept counts as a text
  if (length == 2) return end
  const d = load<u32>(node, DICTIONARY_OF)
  const code: u32 = d ? intern(d, p, length) : 0
  if (code == NO_ROOM) return 0
  store<u32>(load<u32>(node, CODE_TO), code)
  const text = load<u32>(node, TEXT_TO)
  store<u32>(text, p)
  store<u32>(text, length | (escapedEnd & ESCAPED), 4)
  if (!(escapedEnd & ESCAPED)) keepValue(node, p, end, code, NaN)
  return end
}

function takeStatus(node: u32, p: u32): u32 {
  if (isNull(p)) return p + 4
  const quoted: u32 = u32(load<u8>(p) == QUOTE)
  const from = p + quoted
  const run = digitRun(from)
  const end = from + run + quoted
  if (run == 0) return quoted && load<u8>(from) == QUOTE ? p + 2 : 0
  if (run > 3 || (run > 1 && load<u8>(from) == ZERO) || (quoted && load<u8>(from + run) != QUOTE)) return 0
  const code = u32(digits(from, run)) + 1
  store<u32>(load<u32>(node, CODE_TO), code)
  keepValue(node, p, end, code, NaN)
  return end
}

/** Less than nothing counts as absent, a zero with a minus is left to the slow reader. */
function takeAmount(node: u32, p: u32, kind: u32): u32 {
  let from = p
  let end: u32
  let behind: u32
  if (load<u8>(p) == QUOTE) {
    from = p + 1
    behind = stringEnd(from)
    if (i32(behind) <= 0) return 0
    if (behind - p == 2) return behind
    end = behind - 1
  } else {
    if (isNull(p)) return p + 4
    end = behind = numberEnd(p)
    if (!end) return 0
    if (load<u8>(p) == MINUS) return plainNumber(p + 1, end) > 0 ? end : 0
  }
  const value = plainNumber(from, end)
  if (isNaN(value) || (kind == WHOLE && value != floor(value))) return 0
  store<f64>(load<u32>(node, NUMBER_TO), value)
  keepValue(node, p, behind, 0, value)
  return behind
}

function takeTime(node: u32, p: u32): u32 {
  if (isNull(p)) return p + 4
  const quoted: u32 = u32(load<u8>(p) == QUOTE)
  const from = p + quoted
  let run = digitRun(from)
  let behind: u32
  let ms: f64
  if (run == 4 && quoted) {
    behind = stringEnd(from)
    if (i32(behind) <= 0) return 0
    ms = timeOfText(from, behind - 1)
  } else {
    if (run == 16) run += digitRun(from + 16)
    if (run == 0) return quoted && load<u8>(from) == QUOTE ? p + 2 : 0
    behind = from + run + quoted
    if (quoted && load<u8>(behind - 1) != QUOTE) return 0
    ms = timeOfDigits(from, run)
  }
  if (isNaN(ms)) return 0
  store<f64>(load<u32>(node, NUMBER_TO), ms)
  keepValue(node, p, behind, 0, ms)
  return behind
}

/** Never kept: an id hardly comes twice in a row. */
@inline function takeRay(p: u32): u32 {
  if (load<u8>(p) != QUOTE) return isNull(p) ? p + 4 : 0
  if (load<u8>(p + 1) == QUOTE) return p + 2
  const ray = rayNumber(p + 1)
  if (!ray) return 0
  store<u64>(RAY, ray)
  return p + 18
}

function takeParent(node: u32, p: u32): u32 {
  if (load<u8>(p) != QUOTE) return isNull(p) ? p + 4 : 0
  const end = stringEnd(p + 1)
  if (i32(end) <= 0) return 0
  let q = p + 1
  while (load<u8>(q) == ZERO) q++
  const code: u32 = q == end - 1 ? 0 : intern(load<u32>(node, DICTIONARY_OF), p, end - p)
  if (code == NO_ROOM) return 0
  store<u32>(load<u32>(node, CODE_TO), code)
  keepValue(node, p, end, code, NaN)
  return end
}
