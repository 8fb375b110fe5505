// What is expected next. Exports repeat their keys in one order, and many values from line to line. A node stands for
// the bytes between two values (`,"ClientIP":`, however it is spaced) and remembers which node came after it and which
// value was last seen behind it. Nodes are made only of bytes that were parsed once, so equal bytes need no parsing.
import { DICTIONARIES, END, FIELDS, GLUE, MAX_NODES, NAMES, NODES, NONE, NUMBER_NOWHERE, SKIP, SLOT_NOWHERE, TEXT_NOWHERE } from '../layout'
import { CLOSE, COLON, COMMA, LINE_FEED, mask, OPEN, QUOTE, skipSpace, stringEnd } from './bytes'
import { codeAt, numberAt, textAt } from './current'
import { dictionary, find, intern, isOfBlock, NO_ROOM, numberOf } from './dictionary'

export const NODE_BYTES: u32 = 256
export const GLUE_BYTES: u32 = 48
export const VALUE_BYTES: u32 = 32
// u32 from the start of a node, behind the glue and the last value
const VALUE: u32 = 48
export const GLUE_LENGTH: u32 = 80
export const KIND: u32 = 84
export const DICTIONARY_OF: u32 = 88
/** where the code, the number and the text of the value go */
export const CODE_TO: u32 = 92
export const NUMBER_TO: u32 = 96
export const TEXT_TO: u32 = 100
export const NEXT: u32 = 104
export const OTHER_NEXT: u32 = 108
/** the last value: bytes to compare (0: none kept), its own bytes, what came of it */
export const COMPARE: u32 = 112
export const LENGTH: u32 = 116
export const CODE: u32 = 120
export const MISSES: u32 = 124
export const NUMBER: u32 = 128
export const BIT: u32 = 136
export const KEEPS: u32 = 144

/** the node before the first key of a line */
export const BEFORE: u32 = NODES
/** used for keys too long to be expected */
const UNEXPECTED: u32 = NODES + NODE_BYTES
const FIRST: u32 = 1

let count: u32 = 0

export function forgetNodes(): void {
  count = FIRST
  memory.fill(NODES, 0, NODE_BYTES << 1)
}

/** Called before a block: values that never repeat are not worth a comparison. */
export function weigh(lines: u32, again: bool): void {
  for (let number: u32 = FIRST; number < count; number++) {
    const node = NODES + (number + 1) * NODE_BYTES
    if (again) store<u32>(node, 1, KEEPS)
    else if (load<u32>(node, MISSES) * 10 > lines * 7) {
      store<u32>(node, 0, KEEPS)
      store<u32>(node, 0, COMPARE)
    }
    store<u32>(node, 0, MISSES)
    // its token is no more
    const d = load<u32>(node, DICTIONARY_OF)
    if (d && isOfBlock(d)) store<u32>(node, 0, COMPARE)
  }
}

@inline export function isExpected(node: u32, p: u32): bool {
  if (!node) return false
  const length = load<u32>(node, GLUE_LENGTH)
  const first = v128.and(v128.xor(v128.load(p), v128.load(node)), mask(length, 0))
  const second = v128.and(v128.xor(v128.load(p + 16), v128.load(node + 16)), mask(length, 16))
  const third = v128.and(v128.xor(v128.load(p + 32), v128.load(node + 32)), mask(length, 32))
  return !v128.any_true(v128.or(v128.or(first, second), third))
}

@inline export function isLastValue(node: u32, p: u32): bool {
  const length = load<u32>(node, COMPARE)
  if (!length) return false
  const first = v128.and(v128.xor(v128.load(p), v128.load(node + VALUE)), mask(length, 0))
  const second = v128.and(v128.xor(v128.load(p + 16), v128.load(node + VALUE + 16)), mask(length, 16))
  return !v128.any_true(v128.or(first, second))
}

/** Keeps a value to compare the next line's with. What a number ends at is part of the comparison. */
@inline export function keepValue(node: u32, p: u32, end: u32, code: u32, value: f64): void {
  store<u32>(node, load<u32>(node, MISSES) + 1, MISSES)
  const length = end - p
  if (!load<u32>(node, KEEPS) || length >= VALUE_BYTES) {
    store<u32>(node, 0, COMPARE)
    return
  }
  v128.store(node + VALUE, v128.load(p))
  v128.store(node + VALUE + 16, v128.load(p + 16))
  store<u32>(node, length + 1, COMPARE)
  store<u32>(node, length, LENGTH)
  store<u32>(node, code, CODE)
  store<f64>(node, value, NUMBER)
}

/** Parses what stands between two values (or before the first, or behind the last) and links its node; 0: not as it should be. */
export function learn(before: u32, p: u32): u32 {
  let q = skipSpace(p)
  const c: u32 = load<u8>(q)
  if (before == BEFORE) {
    if (c != OPEN) return 0
  } else if (c == CLOSE) {
    q = skipSpace(q + 1)
    return load<u8>(q) == LINE_FEED ? link(before, p, q + 1 - p, SKIP, true) : 0
  } else if (c != COMMA) return 0
  q = skipSpace(q + 1)
  if (load<u8>(q) != QUOTE) return 0
  const key = q + 1
  const end = stringEnd(key)
  // a key with escapes may be a known one in disguise
  if (i32(end) <= 0) return 0
  q = skipSpace(end)
  if (load<u8>(q) != COLON) return 0
  q = skipSpace(q + 1)
  return link(before, p, q - p, find(dictionary(NAMES), key, end - 1 - key), false)
}

function link(before: u32, p: u32, length: u32, name: u32, end: bool): u32 {
  const token = length <= GLUE_BYTES ? intern(dictionary(GLUE), p, length) : NO_ROOM
  const glue = token == NO_ROOM ? u32(MAX_NODES) : numberOf(token)
  if (glue >= u32(MAX_NODES - 1)) {
    describe(UNEXPECTED, length, name, end)
    return UNEXPECTED
  }
  const node = NODES + (glue + 1) * NODE_BYTES
  if (glue >= count) {
    count = glue + 1
    memory.fill(node, 0, NODE_BYTES)
    describe(node, length, name, end)
    memory.copy(node, p, length)
    store<u32>(node, 1, KEEPS)
  }
  store<u32>(before, load<u32>(before, NEXT), OTHER_NEXT)
  store<u32>(before, node, NEXT)
  return node
}

/** The name's kind and targets, as the host set them. */
function describe(node: u32, length: u32, name: u32, end: bool): void {
  store<u32>(node, length, GLUE_LENGTH)
  store<u32>(node, 0, COMPARE)
  store<u32>(node, 0, KEEPS)
  const field = FIELDS + (name ? name - 1 : 0) * 8
  const kind: u32 = end ? END : name ? load<u8>(field) : SKIP
  const dictionaryNumber: u32 = name ? load<u8>(field, 1) : NONE
  store<u32>(node, kind, KIND)
  store<u32>(node, dictionaryNumber < u32(DICTIONARIES) ? dictionary(dictionaryNumber) : 0, DICTIONARY_OF)
  store<u32>(node, codeAt(name ? load<u8>(field, 2) : SLOT_NOWHERE), CODE_TO)
  store<u32>(node, numberAt(name ? load<u8>(field, 3) : NUMBER_NOWHERE), NUMBER_TO)
  store<u32>(node, textAt(name ? load<u8>(field, 4) : TEXT_NOWHERE), TEXT_TO)
  store<u64>(node, name ? u64(1) << u64(name - 1) : 0, BIT)
}
