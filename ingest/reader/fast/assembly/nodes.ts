// What is expected next. Exports repeat their keys in one order, and many values from line to line. A node stands for
// the bytes between two values (`,"ClientIP":`, however it is spaced) and remembers which node came after it and which
// value was last seen behind it. Nodes are made only of bytes that were parsed once, so equal bytes need no parsing.
import {
  BY_KEY, BY_KEY_SLOTS, CUT, DICTIONARIES, END, FIELD_BYTES, FIELDS, GLUE, MAX_NODES, NAMES, NODE_BYTES, NODES, NONE, NUMBER_NOWHERE, SKIP, SLOT_NOWHERE,
  TEXT_NOWHERE,
} from '../layout'
import { CLOSE, COLON, COMMA, LINE_FEED, mask, OPEN, QUOTE, skipSpace, stringEnd } from './bytes'
import { codeAt, numberAt, textAt } from './current'
import { dictionary, find, intern, isOfBlock, NO_ROOM, numberOf } from './dictionary'

/** bytes at the start of a node: the glue, and the value that was last seen behind it as far as there is room */
const SEEN_BYTES: u32 = 48
// u32 from the start of a node
export const GLUE_LENGTH: u32 = 48
/** bytes of glue, value and what ended it, which must be the same for the value to be the last one; UNLIKE: none is kept */
export const ALIKE: u32 = 52
/** bytes of glue and value */
export const ADVANCE: u32 = 56
export const KIND: u32 = 60
export const DICTIONARY_OF: u32 = 64
/** where the code, the number and the text of the value go */
export const CODE_TO: u32 = 68
export const NUMBER_TO: u32 = 72
export const TEXT_TO: u32 = 76
/** what came behind */
export const NEXT: u32 = 80
/** 1: the line begins with it */
const FIRST: u32 = 84
/** what came of the last value */
export const CODE: u32 = 88
const MISSES: u32 = 92
export const NUMBER: u32 = 96
export const BIT: u32 = 104
const KEEPS: u32 = 112

/** more than any two places can have in common */
const UNLIKE: u32 = 0xffff

/** the node before the first key of a line */
export const BEFORE: u32 = NODES
/** used for keys too long to be expected */
const UNEXPECTED: u32 = NODES + NODE_BYTES
/** like nothing: what is expected where nothing is known */
const NEVER: u32 = NODES + 2 * NODE_BYTES
const SPECIAL_NODES: u32 = 3
/** As LONGEST_NAME in ../../names.ts. */
const LONGEST_NAME: u32 = 256

/** nodes with a glue; the n-th has the glue of number n */
let count: u32 = 0

@inline function nodeOf(glue: u32): u32 {
  return NODES + (glue + SPECIAL_NODES - 1) * NODE_BYTES
}

export function forgetNodes(): void {
  count = 0
  memory.fill(NODES, 0, SPECIAL_NODES * NODE_BYTES)
  store<u32>(NEVER, UNLIKE, GLUE_LENGTH)
  store<u32>(BEFORE, NEVER, NEXT)
  store<u32>(UNEXPECTED, NEVER, NEXT)
  for (let slot: u32 = 0; slot < u32(BY_KEY_SLOTS); slot++) store<u32>(BY_KEY + (slot << 2), NEVER)
}

/**
 * Called before a block. Whether a value is the last one again is a branch that the processor foretells, at a loss where
 * it can not: values passed over must repeat nearly always, others often, to be worth it.
 */
export function weigh(lines: u32, again: bool): void {
  for (let glue: u32 = 1; glue <= count; glue++) {
    const node = nodeOf(glue)
    const tolerated = load<u32>(node, KIND) == SKIP ? lines >> 3 : lines - (lines >> 2)
    if (again) store<u32>(node, 1, KEEPS)
    else if (load<u32>(node, MISSES) > tolerated) {
      store<u32>(node, 0, KEEPS)
      store<u32>(node, UNLIKE, ALIKE)
    }
    store<u32>(node, 0, MISSES)
    // its token is no more
    const d = load<u32>(node, DICTIONARY_OF)
    if (d && isOfBlock(d)) store<u32>(node, UNLIKE, ALIKE)
  }
}

/** How many bytes are as they were behind this node the last time, up to 48. */
@inline export function likeness(node: u32, p: u32): u32 {
  const first = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(node)))
  const second = i8x16.bitmask(i8x16.eq(v128.load(p + 16), v128.load(node + 16)))
  const third = i8x16.bitmask(i8x16.eq(v128.load(p + 32), v128.load(node + 32)))
  return u32(ctz(~(u64(first) | (u64(second) << 16) | (u64(third) << 32))))
}

/** Where the node is noted whose glue stands at `p`: by the bytes up to the end of its key, or 32 of them. */
@inline function slotAt(p: u32): u32 {
  const a = v128.load(p)
  const b = v128.load(p + 16)
  const quotes: u32 = i8x16.bitmask(i8x16.eq(a, i8x16.splat(0x22))) | (i8x16.bitmask(i8x16.eq(b, i8x16.splat(0x22))) << 16)
  // without the quote that opens the key; no other counts as 32
  const length = u32(ctz(u64(quotes & (quotes - 1)) | 0x1_0000_0000))
  const c = v128.xor(v128.and(a, mask(length, 0)), i8x16.shuffle(v128.and(b, mask(length, 16)), a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
  const h = (i64x2.extract_lane(c, 0) * 0x9e37_79b9_7f4a_7c15) ^ (i64x2.extract_lane(c, 1) * 0xc2b2_ae3d_27d4_eb4f)
  return BY_KEY + ((u32(h >> 40) & (u32(BY_KEY_SLOTS) - 1)) << 2)
}

/** The node of what stands at `p`, where another was expected: one that is known, or what `learn` makes of it. */
export function otherNext(before: u32, p: u32): u32 {
  const slot = slotAt(p)
  let node = load<u32>(slot)
  // a glue is right in its place only
  if (likeness(node, p) < load<u32>(node, GLUE_LENGTH) || load<u32>(node, FIRST) != u32(before == BEFORE)) {
    node = learn(before, p)
    if (!node) return 0
    if (node != UNEXPECTED) store<u32>(slot, node)
  }
  store<u32>(before, node, NEXT)
  return node
}

/** Keeps a value to compare the next line's with. What a number ends at is part of the comparison. */
@inline export function keepValue(node: u32, p: u32, end: u32, code: u32, value: f64): void {
  store<u32>(node, load<u32>(node, MISSES) + 1, MISSES)
  if (!load<u32>(node, KEEPS)) return
  const glue = p - load<u32>(node, GLUE_LENGTH)
  const advance = end - glue
  if (advance >= SEEN_BYTES) {
    store<u32>(node, UNLIKE, ALIKE)
    return
  }
  v128.store(node, v128.load(glue))
  v128.store(node + 16, v128.load(glue + 16))
  v128.store(node + 32, v128.load(glue + 32))
  store<u32>(node, advance + 1, ALIKE)
  store<u32>(node, advance, ADVANCE)
  store<u32>(node, code, CODE)
  store<f64>(node, value, NUMBER)
}

/** Parses what stands between two values (or before the first, or behind the last); its node, 0: not as it should be. */
function learn(before: u32, p: u32): u32 {
  let q = skipSpace(p)
  const c: u32 = load<u8>(q)
  if (before == BEFORE) {
    if (c != OPEN) return 0
  } else if (c == CLOSE) {
    q = skipSpace(q + 1)
    return load<u8>(q) == LINE_FEED ? nodeFor(before, p, q + 1 - p, SKIP, true) : 0
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
  return nodeFor(before, p, q - p, nameAt(key, end - 1 - key), false)
}

/** The number of a name, however it is spelt: without the case of its ASCII letters, `_`, `-` and spaces, as `folded` in ../../names.ts. */
function nameAt(key: u32, length: u32): u32 {
  if (length > LONGEST_NAME) return 0
  let to: u32 = CUT
  for (let i: u32 = 0; i < length; i++) {
    const c: u32 = load<u8>(key + i)
    if (c == 0x5f || c == 0x2d || c == 0x20) continue
    store<u8>(to++, c - 0x41 < 26 ? c | 0x20 : c)
  }
  return find(dictionary(NAMES), CUT, to - CUT)
}

function nodeFor(before: u32, p: u32, length: u32, name: u32, end: bool): u32 {
  const token = length <= SEEN_BYTES ? intern(dictionary(GLUE), p, length) : NO_ROOM
  const glue = token == NO_ROOM ? u32(MAX_NODES) : numberOf(token)
  if (glue > u32(MAX_NODES) - SPECIAL_NODES) {
    describe(UNEXPECTED, length, name, end)
    return UNEXPECTED
  }
  const node = nodeOf(glue)
  if (glue > count) {
    count = glue
    memory.fill(node, 0, NODE_BYTES)
    describe(node, length, name, end)
    memory.copy(node, p, length)
    store<u32>(node, NEVER, NEXT)
    store<u32>(node, u32(before == BEFORE), FIRST)
    store<u32>(node, 1, KEEPS)
  }
  return node
}

/** The name's kind and targets, as the host set them. */
function describe(node: u32, length: u32, name: u32, end: bool): void {
  store<u32>(node, length, GLUE_LENGTH)
  store<u32>(node, UNLIKE, ALIKE)
  store<u32>(node, 0, KEEPS)
  const field = FIELDS + (name ? name - 1 : 0) * FIELD_BYTES
  const kind: u32 = end ? END : name ? load<u8>(field) : SKIP
  const dictionaryNumber: u32 = name ? load<u8>(field, 1) : NONE
  store<u32>(node, kind, KIND)
  store<u32>(node, dictionaryNumber < u32(DICTIONARIES) ? dictionary(dictionaryNumber) : 0, DICTIONARY_OF)
  store<u32>(node, codeAt(name ? load<u8>(field, 2) : SLOT_NOWHERE), CODE_TO)
  store<u32>(node, numberAt(name ? load<u8>(field, 3) : NUMBER_NOWHERE), NUMBER_TO)
  store<u32>(node, textAt(name ? load<u8>(field, 4) : TEXT_NOWHERE), TEXT_TO)
  store<u64>(node, name ? u64(1) << u64(load<u8>(field, 5)) : 0, BIT)
}
