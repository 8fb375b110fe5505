// Dictionaries from bytes to tokens. A token is a record of its number, its length and its bytes; its address stands for
// it. Its number within the block at hand is given when a row first uses it. Bytes are always compared: a hash alone
// decides nothing.
//
// Two kinds: what has a meaning that is dear to find out (facts, names) is kept from block to block; paths, addresses
// and agents are begun anew with each block, so that the tables that every line asks stay small enough to be near.
import { BLOCK_TOKENS, DICTIONARIES, DICTIONARY, DICTIONARY_BYTES, HEAP, PLAIN_BIT, TOKEN_BYTES } from '../layout'
import { mask, QUOTE } from './bytes'

// a dictionary: hash slots, addresses of its tokens by number, and those used in this block
const SLOTS_AT: u32 = 0
const SLOT_MASK: u32 = 4
const TOKENS_AT: u32 = 8
const CAPACITY: u32 = 12
const COUNT: u32 = 16
export const USED_AT: u32 = 20
export const USED: u32 = 24
const OF_BLOCK: u32 = 28
// a token: its number, its length (with PLAIN), epoch << 16 | number within the block, and from TOKEN_BYTES on its bytes
export const LENGTH: u32 = 4
const IN_BLOCK: u32 = 8
export const PLAIN: u32 = 1 << PLAIN_BIT
const FIRST_CAPACITY: u32 = 31
/** Beyond so many steps the line is odd: no input can make a search long. */
const MAX_STEPS: u32 = 96
/** What intern says then, or when memory is full. */
export const NO_ROOM: u32 = 0xffff_ffff

/** tables, and tokens that are kept */
let heap: u32 = HEAP
/** tokens of the block */
let blockTokens: u32 = BLOCK_TOKENS
let epoch: u32 = 0
let seedA: u64 = 0
let seedB: u64 = 0

export function seed(a: u64, b: u64): void {
  seedA = a
  seedB = b
}

/** New room, not cleared; 0: none is left. */
function allocate(bytes: u32): u32 {
  const at = heap
  const end = heap + ((bytes + 31) & ~31)
  if (end > u32(BLOCK_TOKENS)) return 0
  heap = end
  return at
}

function allocateToken(d: u32, bytes: u32): u32 {
  if (!load<u32>(d, OF_BLOCK)) return allocate(bytes)
  const at = reserve(bytes)
  if (at) blockTokens += (bytes + 31) & ~31
  return at
}

/** Room behind the tokens of the block, until the next of them; 0: none is left. */
export function reserve(bytes: u32): u32 {
  const pages = i32((blockTokens + ((bytes + 31) & ~31) + 0x1_ffff) >> 16)
  return pages > memory.size() && memory.grow(max(pages - memory.size(), 16)) < 0 ? 0 : blockTokens
}

/** Bytes taken by tables and by tokens that are kept. */
export function heapBytes(): u32 {
  return heap - HEAP
}

@inline export function dictionary(number: u32): u32 {
  return DICTIONARY + number * DICTIONARY_BYTES
}

@inline export function isOfBlock(d: u32): bool {
  return load<u32>(d, OF_BLOCK) != 0
}

@inline export function numberOf(token: u32): u32 {
  return load<u32>(token)
}

/** Forgets every token of every dictionary. `ofBlock`: which dictionaries are begun anew with each block, one bit each. */
export function forget(ofBlock: u64): void {
  heap = HEAP
  epoch = 0
  for (let number = 0; number < DICTIONARIES; number++) {
    const d = dictionary(number)
    memory.fill(d, 0, DICTIONARY_BYTES)
    store<u32>(d, u32((ofBlock >> u64(number)) & 1), OF_BLOCK)
    makeRoom(d, FIRST_CAPACITY)
  }
}

/** Begins a block; false: too many blocks were made, everything must be forgotten first. */
export function nextBlock(): bool {
  if (epoch == 0xffff) return false
  epoch++
  blockTokens = BLOCK_TOKENS
  for (let number = 0; number < DICTIONARIES; number++) {
    const d = dictionary(number)
    store<u32>(d, 0, USED)
    if (load<u32>(d, OF_BLOCK)) empty(d)
  }
  return true
}

/** Clears as many slots as the last block needed: tables that one block made large do not stay so. */
function empty(d: u32): void {
  let capacity = load<u32>(d, CAPACITY)
  if (capacity > FIRST_CAPACITY && load<u32>(d, COUNT) < capacity >> 3) capacity >>= 1
  store<u32>(d, capacity, CAPACITY)
  store<u32>(d, ((capacity + 1) << 1) - 1, SLOT_MASK)
  store<u32>(d, 0, COUNT)
  memory.fill(load<u32>(d, SLOTS_AT), 0, (capacity + 1) << 4)
}

/** Slots for twice as many tokens as may come, and the lists; false: no room. */
function makeRoom(d: u32, capacity: u32): bool {
  const count = load<u32>(d, COUNT)
  const slotMask = ((capacity + 1) << 1) - 1
  const slotsAt = allocate((slotMask + 1) << 3)
  const tokensAt = allocate((capacity + 1) << 2)
  const usedAt = allocate((capacity + 1) << 2)
  if (!slotsAt || !tokensAt || !usedAt) return false
  memory.fill(slotsAt, 0, (slotMask + 1) << 3)
  if (count) {
    const oldSlots = load<u32>(d, SLOTS_AT)
    const oldEnd = oldSlots + ((load<u32>(d, SLOT_MASK) + 1) << 3)
    for (let at = oldSlots; at < oldEnd; at += 8) {
      const s = load<u64>(at)
      if (!s) continue
      let slot = u32(s >> 32) & slotMask
      while (load<u64>(slotsAt + (slot << 3))) slot = (slot + 1) & slotMask
      store<u64>(slotsAt + (slot << 3), s)
    }
    // both lists are numbered from 1
    memory.copy(tokensAt, load<u32>(d, TOKENS_AT), (count + 1) << 2)
    memory.copy(usedAt, load<u32>(d, USED_AT), (load<u32>(d, USED) + 1) << 2)
  }
  store<u32>(d, slotsAt, SLOTS_AT)
  store<u32>(d, slotMask, SLOT_MASK)
  store<u32>(d, tokensAt, TOKENS_AT)
  store<u32>(d, usedAt, USED_AT)
  store<u32>(d, capacity, CAPACITY)
  return true
}

/** One multiplication waits for the block before, the other for nothing. */
@inline function mixBlock(h: u64, v: v128): u64 {
  const second = rotl(i64x2.extract_lane(v, 1) ^ seedB, 31) * 0xc2b2_ae3d_27d4_eb4f
  h = (h ^ i64x2.extract_lane(v, 0)) * 0x9e37_79b9_7f4a_7c15 + second
  return h ^ (h >> 32)
}

@inline function hashOf(p: u32, length: u32): u32 {
  let h = seedA ^ u64(length)
  while (length > 16) {
    h = mixBlock(h, v128.load(p))
    p += 16
    length -= 16
  }
  h = mixBlock(h, v128.and(v128.load(p), mask(length, 0))) * 0x9e37_79b9_7f4a_7c15
  return u32(h >> 32)
}

/** Stored bytes are filled up with zeros to whole blocks. */
@inline function same(stored: u32, p: u32, length: u32): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(stored), v128.load(p)))) return false
    stored += 16
    p += 16
    length -= 16
  }
  return !v128.any_true(v128.xor(v128.load(stored), v128.and(v128.load(p), mask(length, 0))))
}

/** A token, 0 where there is none, NO_ROOM where the search became too long. */
@inline function search(d: u32, p: u32, length: u32, hash: u32): u32 {
  const slots = load<u32>(d, SLOTS_AT)
  const slotMask = load<u32>(d, SLOT_MASK)
  let slot = hash & slotMask
  for (let steps: u32 = 0; steps < MAX_STEPS; steps++) {
    const s = load<u64>(slots + (slot << 3))
    if (!s) return 0
    if (u32(s >> 32) == hash) {
      const token = u32(s)
      if ((load<u32>(token, LENGTH) & ~PLAIN) == length && same(token + TOKEN_BYTES, p, length)) return token
    }
    slot = (slot + 1) & slotMask
  }
  return NO_ROOM
}

/** The number of the bytes' token, 0 where there is none. */
export function find(d: u32, p: u32, length: u32): u32 {
  const token = search(d, p, length, hashOf(p, length))
  return token == 0 || token == NO_ROOM ? 0 : numberOf(token)
}

/** The token of the bytes, made where there is none; NO_ROOM where the search became too long. */
export function intern(d: u32, p: u32, length: u32): u32 {
  const hash = hashOf(p, length)
  const token = search(d, p, length, hash)
  return token ? token : add(d, p, length, hash)
}

function add(d: u32, p: u32, length: u32, hash: u32): u32 {
  const number = load<u32>(d, COUNT) + 1
  if (number > load<u32>(d, CAPACITY) && !makeRoom(d, (load<u32>(d, CAPACITY) << 1) | 1)) return NO_ROOM
  const token = allocateToken(d, TOKEN_BYTES + length)
  if (!token) return NO_ROOM
  const first = v128.load(p)
  let high = i64x2.splat(0)
  let escaped = high
  for (let i: u32 = 0; i < length; i += 16) {
    const v = v128.and(v128.load(p + i), mask(min(length - i, 16), 0))
    v128.store(token + TOKEN_BYTES + i, v)
    high = v128.or(high, v)
    escaped = v128.or(escaped, i8x16.eq(v, i8x16.splat(0x5c)))
  }
  const plain = i8x16.extract_lane_u(first, 0) == QUOTE && !i8x16.bitmask(v128.or(high, escaped))
  store<u32>(token, number)
  store<u32>(token, plain ? length | PLAIN : length, LENGTH)
  store<u32>(token, 0, IN_BLOCK)
  store<u32>(load<u32>(d, TOKENS_AT) + (number << 2), token)
  store<u32>(d, number, COUNT)
  const slots = load<u32>(d, SLOTS_AT)
  const slotMask = load<u32>(d, SLOT_MASK)
  let slot = hash & slotMask
  while (load<u64>(slots + (slot << 3))) slot = (slot + 1) & slotMask
  store<u64>(slots + (slot << 3), (u64(hash) << 32) | u64(token))
  return token
}

/** The token's number within the block at hand. */
@inline export function use(d: u32, token: u32): u32 {
  const used = load<u32>(token, IN_BLOCK)
  if (used >>> 16 == epoch) return used & 0xffff
  const number = load<u32>(d, USED) + 1
  store<u32>(d, number, USED)
  store<u32>(load<u32>(d, USED_AT) + (number << 2), token)
  store<u32>(token, (epoch << 16) | number, IN_BLOCK)
  return number
}
