/**
 * Where zstd's frames begin and end, so that the decoder is given frames and nothing else: what stands behind them is told as
 * with gzip, frames to be passed over are, and a window that is too large is refused before it is made. RFC 8878, 3.1.
 */
import { pauses } from '../../schema/runtime/pauses.js'
import { IngestError } from '../errors.js'
import type { ByteReader } from './byte-reader.js'
import { damaged, LINE_BYTES, truncated, whatComesAfter } from './gzip.js'
import type { ReadingNotes } from './notes.js'

/** A frame may ask for any window; zstd's own limit without --long. Beyond it memory would not stay flat. */
export const MAX_WINDOW_BYTES = 128 * 1_048_576

const FRAME = 0xfd2fb528
const SKIPPED = 0x184d2a50
const RLE = 1
const RESERVED = 3

/** Is it a frame, or one to be passed over? */
export function isZstd(start: Uint8Array): boolean {
  if (start.length < 4) return false
  const mark = Buffer.from(start.buffer, start.byteOffset, 4).readUInt32LE(0)
  return mark === FRAME || (mark & 0xffff_fff0) >>> 0 === SKIPPED
}

/** `onSmall`: told of each frame and each block that takes next to no room, here and unpacked: of some there are thousands in what is read at a time. */
export async function* framesOf(
  input: ByteReader,
  notes: ReadingNotes,
  onSmall = (): void => {},
): AsyncGenerator<Uint8Array> {
  for (let start = await input.peek(4); start.length > 0; start = await input.peek(4)) {
    if (!isZstd(start)) {
      notes.after = await whatComesAfter(input)
      return
    }
    const from = input.taken
    const isSkipped = start.readUInt32LE(0) !== FRAME
    if (isSkipped) await skipFrame(input)
    else yield* frame(input, onSmall)
    if (isSkipped || input.taken - from < LINE_BYTES) onSmall()
    if (pauses.isDue) await pauses.pause()
  }
}

async function skipFrame(input: ByteReader): Promise<void> {
  const head = await input.take(8)
  if (head.length < 8) throw truncated('zstd')
  const length = head.readUInt32LE(4)
  const from = input.taken
  for await (const piece of input.pieces(length)) void piece
  if (input.taken - from < length) throw truncated('zstd')
}

async function* frame(input: ByteReader, onSmall: () => void): AsyncGenerator<Uint8Array> {
  // the mark, and the descriptor, which says how long the rest of the header is
  const descriptor = (await input.peek(5))[4] as number | undefined
  if (descriptor === undefined) throw truncated('zstd')
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]
  const idBytes = [0, 1, 2, 4][descriptor & 3]
  const length = 5 + (isSingle ? 0 : 1) + idBytes + sizeBytes
  const header = await input.take(length)
  if (header.length < length) throw truncated('zstd')
  if (idBytes > 0) refuseDictionary(header.readUIntLE(isSingle ? 5 : 6, idBytes))
  refuseLargeWindow(isSingle ? contentSize(header.subarray(header.length - sizeBytes)) : windowOf(header[5]))
  yield header
  for (let last = false; !last;) {
    const head = await input.take(3)
    if (head.length < 3) throw truncated('zstd')
    const word = head.readUIntLE(0, 3)
    last = (word & 1) === 1
    const kind = (word >> 1) & 3
    if (kind === RESERVED) throw damaged('a block of no known kind', 'zstd')
    if (word >> 3 < LINE_BYTES && !last) {
      onSmall()
      if (pauses.isDue) await pauses.pause()
    }
    const length = kind === RLE ? 1 : word >> 3
    const from = input.taken
    yield head
    yield* input.pieces(length)
    if (input.taken - from < length) throw truncated('zstd')
  }
  if ((descriptor & 4) === 0) return
  const sum = await input.take(4)
  if (sum.length < 4) throw truncated('zstd')
  yield sum
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** Of a frame in one segment, which is its own window. */
function contentSize(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE(0))
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0)
}

function refuseDictionary(id: number): void {
  if (id === 0) return
  throw new IngestError(
    'CORRUPT',
    `The zstd input was packed with a dictionary (number ${id}), without which nobody can read it. Unpack it with that dictionary, or pack it again without -D.`,
  )
}

function refuseLargeWindow(window: number): void {
  if (window <= MAX_WINDOW_BYTES) return
  throw new IngestError(
    'CORRUPT',
    `The zstd input asks for a window of ${Math.round(window / 1_048_576)} MiB, 128 MiB is the limit. Pack it again without --long.`,
  )
}
