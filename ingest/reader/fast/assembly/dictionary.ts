// Dictionaries from bytes to small numbers. An entry's number stays until everything is forgotten; its number within
// the block at hand is given when a row first uses it. Bytes are always compared: a hash alone decides nothing.
import { DICTIONARIES, DICTIONARY, DICTIONARY_BYTES, HEAP } from '../layout'
import { mask } from './bytes'

// a dictionary: where its slots, entries and the block's list are, in u32
const SLOTS_AT: u32 = 0
const SLOT_MASK: u32 = 4
const ENTRIES_AT: u32 = 8
const CAPACITY: u32 = 12
const COUNT: u32 = 16
const USED_AT: u32 = 20
const USED: u32 = 24
// an entry: bytes, hash, and epoch << 16 | number within the block
const ENTRY_BYTES: u32 = 16
const FIRST_CAPACITY: u32 = 31
/** Beyond so many steps the line is odd: no input can make a search long. */
const MAX_STEPS: u32 = 96
/** what intern says then */
export const NO_ROOM: u32 = 0xffff_ffff

let heap: u32 = HEAP
let epoch: u32 = 0
let seedA: u64 = 0
let seedB: u64 = 0

export function seed(a: u64, b: u64): void {
  seedA = a
  seedB = b
}

/** New room, not cleared. */
function allocate(bytes: u32): u32 {
  const at = heap
  heap += (bytes + 15) & ~15
  const pages = i32((heap + 0x1_ffff) >> 16)
  if (pages > memory.size()) memory.grow(max(pages - memory.size(), 16))
  return at
}

/** Bytes taken by dictionaries. */
export function heapBytes(): u32 {
  return heap - HEAP
}

@inline export function dictionary(number: u32): u32 {
  return DICTIONARY + number * DICTIONARY_BYTES
}

/** Forgets every entry of every dictionary. */
export function forget(): void {
  heap = HEAP
  epoch = 0
  for (let number = 0; number < DICTIONARIES; number++) {
    const d = dictionary(number)
    store<u32>(d, 0, COUNT)
    store<u32>(d, 0, USED)
    room(d, FIRST_CAPACITY)
  }
}

/** Numbers within a block begin anew; false: too many blocks were made, everything must be forgotten first. */
export function nextBlock(): bool {
  if (epoch == 0xffff) return false
  epoch++
  for (let number = 0; number < DICTIONARIES; number++) store<u32>(dictionary(number), 0, USED)
  return true
}

/** Slots for twice as many entries as may come, the entries themselves and the list of those used in a block. */
function room(d: u32, capacity: u32): void {
  const count = load<u32>(d, COUNT)
  const slots = (capacity + 1) << 1
  const slotsAt = allocate(slots << 3)
  memory.fill(slotsAt, 0, slots << 3)
  const entriesAt = allocate((capacity + 1) * ENTRY_BYTES)
  const usedAt = allocate((capacity + 1) << 2)
  memory.copy(entriesAt, load<u32>(d, ENTRIES_AT), (count + 1) * ENTRY_BYTES)
  memory.copy(usedAt, load<u32>(d, USED_AT), (load<u32>(d, USED) + 1) << 2)
  store<u32>(d, slotsAt, SLOTS_AT)
  store<u32>(d, slots - 1, SLOT_MASK)
  store<u32>(d, entriesAt, ENTRIES_AT)
  store<u32>(d, capacity, CAPACITY)
  store<u32>(d, usedAt, USED_AT)
  for (let entry: u32 = 1; entry <= count; entry++) {
    const hash = load<u32>(entriesAt + entry * ENTRY_BYTES, 8)
    let slot = hash & (slots - 1)
    while (load<u64>(slotsAt + (slot << 3))) slot = (slot + 1) & (slots - 1)
    store<u64>(slotsAt + (slot << 3), (u64(hash) << 32) | u64(entry))
  }
}

@inline function mix(h: u64, a: u64, b: u64): u64 {
  h = (h ^ a) * 0x9e37_79b9_7f4a_7c15
  h = ((h ^ (h >> 32)) ^ b) * 0xc2b2_ae3d_27d4_eb4f
  return h ^ (h >> 29)
}

@inline function mixBlock(h: u64, v: v128): u64 {
  return mix(h, i64x2.extract_lane(v, 0) ^ seedB, i64x2.extract_lane(v, 1))
}

@inline function hashOf(p: u32, length: u32): u32 {
  let h = seedA ^ u64(length)
  while (length > 16) {
    h = mixBlock(h, v128.load(p))
    p += 16
    length -= 16
  }
  h = mixBlock(h, v128.and(v128.load(p), mask(length, 0)))
  return u32(h ^ (h >> 32))
}

/** The stored bytes are filled up with zeros to whole blocks. */
@inline function same(stored: u32, p: u32, length: u32): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(stored), v128.load(p)))) return false
    stored += 16
    p += 16
    length -= 16
  }
  return !v128.any_true(v128.xor(v128.load(stored), v128.and(v128.load(p), mask(length, 0))))
}

/** The entry of the bytes, 0 where there is none. */
export function find(d: u32, p: u32, length: u32): u32 {
  const found = search(d, p, length, hashOf(p, length))
  return found == NO_ROOM ? 0 : u32(found)
}

/** An entry's number, 0 where there is none. */
@inline function search(d: u32, p: u32, length: u32, hash: u32): u32 {
  const slots = load<u32>(d, SLOTS_AT)
  const slotMask = load<u32>(d, SLOT_MASK)
  let slot = hash & slotMask
  for (let steps: u32 = 0; steps < MAX_STEPS; steps++) {
    const s = load<u64>(slots + (slot << 3))
    if (!s) return 0
    if (u32(s >> 32) == hash) {
      const entry = load<u32>(d, ENTRIES_AT) + u32(s) * ENTRY_BYTES
      if (load<u32>(entry, 4) == length && same(load<u32>(entry), p, length)) return u32(s)
    }
    slot = (slot + 1) & slotMask
  }
  return NO_ROOM
}

/** The entry of the bytes, made where there is none; NO_ROOM where the search became too long. */
export function intern(d: u32, p: u32, length: u32): u32 {
  const hash = hashOf(p, length)
  const found = search(d, p, length, hash)
  return found ? found : add(d, p, length, hash)
}

function add(d: u32, p: u32, length: u32, hash: u32): u32 {
  let capacity = load<u32>(d, CAPACITY)
  const entry = load<u32>(d, COUNT) + 1
  if (entry > capacity) room(d, capacity = (capacity << 1) | 1)
  const slots = load<u32>(d, SLOTS_AT)
  const slotMask = load<u32>(d, SLOT_MASK)
  let slot = hash & slotMask
  while (load<u64>(slots + (slot << 3))) slot = (slot + 1) & slotMask
  const bytes = allocate(length)
  for (let i: u32 = 0; i < length; i += 16) {
    v128.store(bytes + i, v128.and(v128.load(p + i), mask(min(length - i, 16), 0)))
  }
  const e = load<u32>(d, ENTRIES_AT) + entry * ENTRY_BYTES
  store<u32>(e, bytes)
  store<u32>(e, length, 4)
  store<u32>(e, hash, 8)
  store<u32>(e, 0, 12)
  store<u64>(slots + (slot << 3), (u64(hash) << 32) | u64(entry))
  store<u32>(d, entry, COUNT)
  return entry
}

/** The entry's number within the block at hand. */
@inline export function use(d: u32, entry: u32): u32 {
  const e = load<u32>(d, ENTRIES_AT) + entry * ENTRY_BYTES
  const used = load<u32>(e, 12)
  if (used >>> 16 == epoch) return used & 0xffff
  const number = load<u32>(d, USED) + 1
  store<u32>(d, number, USED)
  store<u32>(load<u32>(d, USED_AT) + (number << 2), entry)
  store<u32>(e, (epoch << 16) | number, 12)
  return number
}
