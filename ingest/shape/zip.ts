/**
 * zip from a stream, without its directory, which stands at the end: each file says in front of its data what it is, or
 * behind it where it was packed as a stream itself. Format: APPNOTE.TXT of PKWARE, 4.3.
 */
import zlib from 'node:zlib'
import { IngestError } from '../errors.js'
import type { ByteReader } from './byte-reader.js'
import { damaged, truncated } from './gzip.js'
import { inflated } from './inflate.js'

export interface Entry {
  name: string
  bytes: AsyncIterable<Uint8Array>
}

const LOCAL_FILE = 0x04034b50
/** stands in front of the first file of archives that were once in several parts */
const SPANNED = 0x08074b50
const DESCRIPTOR = 0x08074b50
const ENCRYPTED = 1
const SIZES_BEHIND = 8
const STORED = 0
const DEFLATED = 8
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

export async function* unzipped(input: ByteReader): AsyncGenerator<Entry> {
  if ((await input.peek(4)).readUInt32LE(0) === SPANNED) await input.take(4)
  for (;;) {
    const mark = await input.peek(4)
    if (mark.length < 4) throw truncated('zip')
    if (mark.readUInt32LE(0) !== LOCAL_FILE) break
    const header = await readHeader(input)
    const bytes = dataOf(input, header)
    yield { name: header.name, bytes }
  }
  for (let piece = await input.next(); piece !== null; piece = await input.next());
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
  if (method !== DEFLATED && (method !== STORED || (behind && packed === 0 && !name.endsWith('/'))))
    throw unreadable(
      name,
      method === STORED ? 'does not say where it ends' : `is packed by method ${method}, which is not read here`,
    )
  let sum = 0
  let length = 0
  const from = input.taken
  const data = method === DEFLATED ? inflated(input) : stored(input, packed)
  for (;;) {
    const step = await data.next().catch((cause: Error) => {
      throw cause instanceof IngestError ? cause : damaged(`${name}: ${cause.message}`, 'zip', cause)
    })
    if (step.done) {
      if (!step.value) throw truncated('zip')
      break
    }
    sum = zlib.crc32(step.value, sum)
    length += step.value.length
    yield step.value
  }
  const right = behind ? await crcBehind(input, input.taken - from, length) : crc
  if (right !== sum) throw damaged(`the check sum of ${name} is another`, 'zip')
}

async function* stored(input: ByteReader, length: number): AsyncGenerator<Uint8Array, boolean> {
  const from = input.taken
  yield* input.pieces(length)
  return input.taken - from === length
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
