/** gzip as `gzip -dc` reads it: members one behind the other, and what comes behind them is told, not taken for data. */
import type { After } from '../../schema/api/batches.js'
import { pauses } from '../../schema/runtime/pauses.js'
import { IngestError } from '../errors.js'
import type { ByteReader } from './byte-reader.js'
import { Inflater } from './inflate.js'
import type { ReadingNotes } from './notes.js'

const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b && start[2] === 8 && ((start[3] ?? 0) & FLAG.reserved) === 0
}

/** `onSmall`: told of each member that holds less than a line. */
export async function* gunzipped(
  input: ByteReader,
  notes: ReadingNotes,
  onSmall = (): void => {},
): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater()
  try {
    for (let start = await input.peek(4); start.length > 0; start = await input.peek(4)) {
      if (!isGzip(start)) {
        notes.after = await whatComesAfter(input)
        return
      }
      const length = yield* member(input, inflater)
      if (length < LINE_BYTES) onSmall()
      // thousands of empty ones fit into what is read at a time
      if (pauses.isDue) await pauses.pause()
    }
  } finally {
    inflater.close()
  }
}

/** No line of a log is shorter than this. */
export const LINE_BYTES = 64

async function* member(input: ByteReader, inflater: Inflater): AsyncGenerator<Uint8Array, number> {
  if (!(await skipHeader(input))) throw truncated()
  const { whole, crc, length } = yield* inflater.inflated(input)
  if (!whole) throw truncated()
  const trailer = await input.take(8)
  if (trailer.length < 8) throw truncated()
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== length % 2 ** 32)
    throw damaged('its check sum is another')
  return length
}

/** False: it ends within. */
async function skipHeader(input: ByteReader): Promise<boolean> {
  const header = await input.take(10)
  if (header.length < 10) return false
  const flags = header[3]
  if (flags & FLAG.extra) {
    const size = await input.take(2)
    if (size.length < 2 || (await input.take(size.readUInt16LE(0))).length < size.readUInt16LE(0)) return false
  }
  for (const text of [FLAG.name, FLAG.comment]) if (flags & text && !(await skipText(input))) return false
  return !(flags & FLAG.headerCrc) || (await input.take(2)).length === 2
}

async function skipText(input: ByteReader): Promise<boolean> {
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    const end = piece.indexOf(0)
    if (end < 0) continue
    input.unread(piece.subarray(end + 1))
    return true
  }
  return false
}

const SAMPLE_BYTES = 240

/** Reads to the end: zeros are left behind by tapes and block devices, text by programs that write their errors to the same place. */
export async function whatComesAfter(input: ByteReader): Promise<After> {
  let bytes = 0
  let zeros = true
  let sample = Buffer.alloc(0)
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    bytes += piece.length
    zeros &&= piece.every((byte) => byte === 0)
    if (sample.length < SAMPLE_BYTES) sample = Buffer.concat([sample, piece.subarray(0, SAMPLE_BYTES - sample.length)])
  }
  if (zeros) return { what: 'zeros', bytes, sample: '' }
  // one control character is enough to tell data from text
  const isText = !sample.some((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127)
  return {
    what: isText ? 'text' : 'bytes',
    bytes,
    sample: isText ? sample.toString('utf8') : sample.subarray(0, 16).toString('hex'),
  }
}

export const truncated = (kind = 'gzip') =>
  new IngestError(
    'TRUNCATED',
    `The ${kind} input ends in the middle: the transfer was cut off. What was whole is stored; send the complete file again, what is stored is not counted twice.`,
  )

export const damaged = (how: string, kind = 'gzip', cause?: unknown) =>
  new IngestError(
    'CORRUPT',
    `The ${kind} input is damaged (${how}). What was whole before the damage is stored; fetch the file again and send it once more.`,
    { cause },
  )
