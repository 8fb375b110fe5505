/**
 * Plain, gzip or zstd, told apart by content, never by name: Logpush's posts are gzip without saying so.
 */
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { IngestError } from './errors.js'
import { unzstd } from './zstd.js'

export type Compression = 'none' | 'gzip' | 'zstd'

/** What a compressed input may grow to before its ratio is looked at, bytes. */
const BOMB_FLOOR = 256 * 1_048_576
/** Edge logs compress 8 to 30 times; gzip cannot exceed 1,032. Beyond this, and above the floor, it is no log. */
const BOMB_RATIO = 400

const GZIP_CHUNK = 256 * 1024

export function compressionOf(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  const isZstd = start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd
  // a skippable frame may come first: 0x184D2A50 to 0x184D2A5F, little-endian
  const isSkippable =
    start[0] >= 0x50 && start[0] <= 0x5f && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18
  return isZstd || isSkippable ? 'zstd' : 'none'
}

export async function compressionOfFile(path: string): Promise<Compression> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return compressionOf(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** The bytes of the input as text, whatever it was packed in. Fails with an IngestError that says what to do. */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = source[Symbol.asyncIterator]()
  const { start, ended } = await firstBytes(input)
  const compression = compressionOf(start)
  const packed = { bytes: start.length }
  const whole = counted(start, ended ? null : input, packed)
  if (compression === 'none') {
    yield* whole
    return
  }
  let unpacked = 0
  try {
    for await (const bytes of compression === 'gzip' ? gunzip(whole) : unzstd(whole)) {
      unpacked += bytes.length
      if (unpacked > BOMB_FLOOR && unpacked > BOMB_RATIO * packed.bytes) throw bomb(compression, unpacked, packed.bytes)
      yield bytes
    }
  } catch (error) {
    throw explained(error, compression)
  }
}

/** At least four bytes, if there are as many. */
async function firstBytes(input: AsyncIterator<Uint8Array>): Promise<{ start: Uint8Array; ended: boolean }> {
  let start: Uint8Array = new Uint8Array()
  while (start.length < 4) {
    const { value, done } = await input.next()
    if (done) return { start, ended: true }
    start = start.length === 0 ? value : Buffer.concat([start, value])
  }
  return { start, ended: false }
}

async function* counted(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array> | null,
  packed: { bytes: number },
): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start
    if (!rest) return
    for (;;) {
      const { value, done } = await rest.next()
      if (done) return
      packed.bytes += value.length
      yield value
    }
  } finally {
    await rest?.return?.()
  }
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(source, { objectMode: false })
  const unzip = zlib.createGunzip({ chunkSize: GZIP_CHUNK })
  input.on('error', (error) => unzip.destroy(error))
  input.pipe(unzip)
  try {
    for await (const bytes of unzip) yield bytes as Uint8Array
  } finally {
    input.destroy()
    unzip.destroy()
  }
}

function bomb(compression: Compression, unpacked: number, packed: number): IngestError {
  const ratio = Math.round(unpacked / packed)
  return new IngestError(
    'DECOMPRESSION_BOMB',
    `The ${compression} input unpacks to more than ${ratio} times its size (${Math.round(unpacked / 1_048_576)} MiB so far); logs compress 8 to 30 times. Reading stopped. If it really is a log, unpack it first and send it plain.`,
  )
}

function explained(error: unknown, compression: Compression): unknown {
  if (error instanceof IngestError) return error
  // the script decoder numbers its errors
  const given: unknown = (error as NodeJS.ErrnoException).code
  const code = typeof given === 'number' ? 'ERR_ZSTD' : String(given ?? '')
  const message = (error as Error).message
  if (code === 'Z_BUF_ERROR' || /unexpected (end of file|EOF)/i.test(message)) {
    return new IngestError(
      'TRUNCATED',
      `The ${compression} input ends in the middle: the transfer was cut off. What was whole is stored; send the complete file again, what is stored is not counted twice.`,
      { cause: error },
    )
  }
  if (
    code.startsWith('Z_') ||
    code.startsWith('ZSTD') ||
    code === 'ERR_ZSTD' ||
    /zstd|invalid|corrupt|checksum/i.test(message)
  ) {
    return new IngestError(
      'CORRUPT',
      `The ${compression} input is damaged (${message}). What was whole before the damage is stored; fetch the file again and send it once more.`,
      { cause: error },
    )
  }
  return error
}
