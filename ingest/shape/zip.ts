/**
 * zip from a stream, without its directory, which stands at the end: each file says in front of its data what it is, or
 * behind it where it was packed as a stream itself. Format: APPNOTE.TXT of PKWARE, 4.3.
 */
import zlib from 'node:zlib'
import { IngestError } from '../errors.js'
import type { ByteReader } from './byte-reader.js'
import { damaged, truncated, whatComesAfter } from './gzip.js'
import { inflated, type Inflated } from './inflate.js'
import type { ReadingNotes } from './notes.js'

export interface Entry {
  name: string
  bytes: AsyncIterable<Uint8Array>
}

const LOCAL_FILE = 0x04034b50
/** stands in front of the first file of archives that were once in several parts */
const SPANNED = 0x08074b50
const DESCRIPTOR = 0x08074b50
const DESCRIPTOR_MARK = Buffer.from('PK\x07\x08', 'latin1')
const ENCRYPTED = 1
const SIZES_BEHIND = 8
const STORED = 0
const DEFLATED = 8
/** Ways to pack that some programs choose, by their numbers. */
const METHODS: { readonly [method: number]: string } = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
  98: 'PPMd',
  99: 'AES',
}
const END = 0x06054b50
const IN_EXTRA = 0xffff_ffff

export const isZip = (start: Uint8Array) =>
  start[0] === 0x50 &&
  start[1] === 0x4b &&
  ((start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6) || (start[2] === 7 && start[3] === 8))

interface Header {
  name: string
  flags: number
  method: number
  crc: number
  packed: number
}

/** What stands behind the files, by its mark: how long it is, told by the bytes that begin it. */
const DIRECTORY: { readonly [mark: number]: { bytes: number; length: (start: Buffer) => number } } = {
  // a file's entry, a signature, data for all, the long end, where that is, the end
  0x02014b50: { bytes: 46, length: (b) => 46 + b.readUInt16LE(28) + b.readUInt16LE(30) + b.readUInt16LE(32) },
  0x05054b50: { bytes: 6, length: (b) => 6 + b.readUInt16LE(4) },
  0x08064b50: { bytes: 8, length: (b) => 8 + b.readUInt32LE(4) },
  0x06064b50: { bytes: 12, length: (b) => 12 + Number(b.readBigUInt64LE(4)) },
  0x07064b50: { bytes: 20, length: () => 20 },
  0x06054b50: { bytes: 22, length: (b) => 22 + b.readUInt16LE(20) },
}

/** The files, of several archives one behind the other too (`cat a.zip b.zip`). */
export async function* unzipped(input: ByteReader, notes: ReadingNotes): AsyncGenerator<Entry> {
  if ((await input.peek(4)).readUInt32LE(0) === SPANNED) await input.take(4)
  let ended = false
  for (;;) {
    const start = await input.peek(4)
    const mark = start.length < 4 ? 0 : start.readUInt32LE(0)
    if (mark === LOCAL_FILE) {
      ended = false
      const header = await readHeader(input)
      yield { name: header.name, bytes: dataOf(input, header) }
      continue
    }
    const part = DIRECTORY[mark] as (typeof DIRECTORY)[number] | undefined
    if (part === undefined) {
      if (!ended) throw truncated('zip')
      if (start.length > 0) notes.after = await whatComesAfter(input)
      return
    }
    const begin = await input.peek(part.bytes)
    if (begin.length < part.bytes) throw truncated('zip')
    const length = part.length(begin)
    if (!(await skipped(input, length))) throw truncated('zip')
    ended = mark === END
  }
}

async function skipped(input: ByteReader, length: number): Promise<boolean> {
  const from = input.taken
  for await (const piece of input.pieces(length)) void piece
  return input.taken - from === length
}

async function readHeader(input: ByteReader): Promise<Header> {
  const fixed = await input.take(30)
  if (fixed.length < 30) throw truncated('zip')
  const name = await input.take(fixed.readUInt16LE(26))
  const extra = await input.take(fixed.readUInt16LE(28))
  const packed = fixed.readUInt32LE(18)
  return {
    name: name.toString('utf8'),
    flags: fixed.readUInt16LE(6),
    method: fixed.readUInt16LE(8),
    crc: fixed.readUInt32LE(14),
    packed: packed === IN_EXTRA ? longSize(extra) : packed,
  }
}

/** The packed size of a file of 4 GiB and more: the second number of the field 1. */
function longSize(extra: Buffer): number {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1 && at + 20 <= extra.length) return Number(extra.readBigUInt64LE(at + 12))
  }
  return IN_EXTRA
}

async function* dataOf(input: ByteReader, { name, flags, method, crc, packed }: Header): AsyncGenerator<Uint8Array> {
  if (flags & ENCRYPTED) throw unreadable(name, 'is encrypted')
  const behind = (flags & SIZES_BEHIND) !== 0
  if (method !== DEFLATED && method !== STORED)
    throw unreadable(name, `is packed by ${METHODS[method] ?? `method ${method}`}, which is not read here`)
  if (behind && method === STORED && packed === 0) {
    if (!(yield* storedUntilDescriptor(input))) throw unreadable(name, 'does not say where it ends')
    return
  }
  const from = input.taken
  const data = method === DEFLATED ? inflated(input) : stored(input, packed)
  const { whole, crc: sum, length } = yield* explained(data, name)
  if (!whole) throw truncated('zip')
  const right = behind ? await crcBehind(input, input.taken - from, length) : crc
  if (right !== sum) throw damaged(`the check sum of ${name} is another`, 'zip')
}

async function* explained(data: AsyncGenerator<Uint8Array, Inflated>, name: string): typeof data {
  try {
    return yield* data
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw code?.startsWith('Z_') ? damaged(`${name}: ${message}`, 'zip', cause) : cause
  }
}

async function* stored(input: ByteReader, packed: number): AsyncGenerator<Uint8Array, Inflated> {
  let crc = 0
  let length = 0
  for await (const piece of input.pieces(packed)) {
    crc = zlib.crc32(piece, crc)
    length += piece.length
    yield piece
  }
  return { whole: length === packed, crc, length }
}

/**
 * Data that was stored as a stream ends where a descriptor tells its check sum and its length: both are right nowhere else.
 * False: there is none.
 */
async function* storedUntilDescriptor(input: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  let sum = 0
  let length = 0
  for (;;) {
    const bytes = await input.peek(STORED_STEP)
    let from = 0
    for (let at = bytes.indexOf(DESCRIPTOR_MARK); at >= 0; at = bytes.indexOf(DESCRIPTOR_MARK, at + 1)) {
      if (at + 24 > bytes.length && bytes.length >= STORED_STEP) break
      sum = zlib.crc32(bytes.subarray(from, at), sum)
      length += at - from
      from = at
      const size = descriptorAt(bytes.subarray(at), sum, length)
      if (size === 0) continue
      yield* input.pieces(at)
      await input.take(size)
      return true
    }
    if (bytes.length < STORED_STEP) return false
    // a mark may begin at the very end
    const whole = bytes.length - 24
    if (whole > from) {
      sum = zlib.crc32(bytes.subarray(from, whole), sum)
      length += whole - from
    }
    yield* input.pieces(Math.max(whole, from))
  }
}

/** Bytes looked at in one step. */
const STORED_STEP = 65_536

/** Length of the descriptor, if it is one of such data; else 0. */
function descriptorAt(bytes: Buffer, sum: number, length: number): number {
  if (bytes.length < 16 || bytes.readUInt32LE(4) !== sum) return 0
  const isLong =
    bytes.length >= 24 && bytes.readBigUInt64LE(8) === BigInt(length) && bytes.readBigUInt64LE(16) === BigInt(length)
  if (isLong) return 24
  return bytes.readUInt32LE(8) === length % 2 ** 32 && bytes.readUInt32LE(12) === length % 2 ** 32 ? 16 : 0
}

/** The descriptor behind the data: with its mark or without, its sizes of four bytes or of eight. */
async function crcBehind(input: ByteReader, packed: number, length: number): Promise<number> {
  const bytes = await input.peek(24)
  if (bytes.length < 12) throw truncated('zip')
  const at = bytes.readUInt32LE(0) === DESCRIPTOR ? 4 : 0
  const isLong =
    bytes.length >= at + 20 &&
    bytes.readBigUInt64LE(at + 4) === BigInt(packed) &&
    bytes.readBigUInt64LE(at + 12) === BigInt(length)
  await input.take(at + (isLong ? 20 : 12))
  return bytes.readUInt32LE(at)
}

const unreadable = (name: string, why: string) =>
  new IngestError(
    'CORRUPT',
    `"${name}" in the zip ${why}. Unpack it, or pack it as .tar.gz or with zip's usual deflate.`,
  )
