/**
 * zstd as a stream. Node has its own from 22.15 on; before, `fzstd` (a small JavaScript decoder) stands in,
 * fed in small bites, because one kilobyte may unpack to 32 MiB at once.
 */
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { IngestError } from './errors.js'

/** A frame may ask for any window; zstd's own limit without --long. Beyond it memory would not stay flat. */
const MAX_WINDOW_BYTES = 128 * 1_048_576
const BITE_BYTES = 1024

type CreateZstd = (options: {
  params?: { [key: number]: number }
}) => NodeJS.ReadWriteStream & { destroy(error?: Error): void }

function nativeZstd(): CreateZstd | null {
  const create = (zlib as unknown as { createZstdDecompress?: CreateZstd }).createZstdDecompress
  return create ?? null
}

export function unzstd(source: AsyncIterable<Uint8Array>, native = nativeZstd()): AsyncGenerator<Uint8Array> {
  return native ? unzstdByNode(source, native) : unzstdByScript(source)
}

async function* unzstdByNode(source: AsyncIterable<Uint8Array>, create: CreateZstd): AsyncGenerator<Uint8Array> {
  const windowLogMax = (zlib.constants as unknown as { ZSTD_d_windowLogMax: number }).ZSTD_d_windowLogMax
  const stream = create({ params: { [windowLogMax]: Math.log2(MAX_WINDOW_BYTES) } })
  const input = Readable.from(source, { objectMode: false })
  input.on('error', (error) => stream.destroy(error))
  input.pipe(stream)
  try {
    for await (const bytes of stream) yield bytes as unknown as Uint8Array
  } finally {
    input.destroy()
    stream.destroy()
  }
}

async function* unzstdByScript(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = []
  const decoder = new Decompress((bytes) => {
    if (bytes.length > 0) out.push(bytes)
  })
  let first = true
  let sinceBreath = 0
  for await (const bytes of source) {
    if (first) refuseLargeWindow(bytes)
    first = false
    for (let at = 0; at < bytes.length; at += BITE_BYTES) {
      decoder.push(bytes.subarray(at, at + BITE_BYTES))
      const ready = out
      out = []
      for (const block of ready) {
        sinceBreath += block.length
        yield block
      }
      // decoding runs on this thread: let others have it now and then
      if (sinceBreath > 1_048_576) {
        sinceBreath = 0
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
  decoder.push(new Uint8Array(), true)
  yield* out
}

/** Window size of the first frame, RFC 8878 section 3.1.1.1.2. */
function refuseLargeWindow(start: Uint8Array): void {
  if (start.length < 14 || start[0] !== 0x28) return
  const descriptor = start[4]
  if ((descriptor & 0x20) !== 0) return
  const exponent = start[5] >> 3
  const base = 2 ** (10 + exponent)
  const window = base + (base / 8) * (start[5] & 7)
  if (window > MAX_WINDOW_BYTES) {
    throw new IngestError(
      'CORRUPT',
      `The zstd input asks for a window of ${Math.round(window / 1_048_576)} MiB, 128 MiB is the limit. Pack it again without --long.`,
    )
  }
}
