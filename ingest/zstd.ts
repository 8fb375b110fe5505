/**
 * zstd as a stream. Node has its own from 22.15 on; before, `fzstd` (a small JavaScript decoder) stands in,
 * fed in small bites, because one kilobyte may unpack to 32 MiB at once.
 */
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import type { ByteReader } from './shape/byte-reader.js'
import type { ReadingNotes } from './shape/notes.js'
import { Steps } from './shape/steps.js'
import { framesOf, MAX_WINDOW_BYTES } from './shape/zstd-frames.js'

const BITE_BYTES = 1024

type Unzstd = NodeJS.ReadWriteStream & { destroy(error?: Error): void }
type CreateZstd = (options: { params?: { [key: number]: number } }) => Unzstd
type Bytes = AsyncGenerator<Uint8Array>

function nativeZstd(): CreateZstd | null {
  const create = (zlib as unknown as { createZstdDecompress?: CreateZstd }).createZstdDecompress
  return create ?? null
}

export function unzstd(
  input: ByteReader,
  notes: ReadingNotes,
  onSmall = (): void => {},
  native = nativeZstd(),
  stepsOf = Steps.of,
): Bytes {
  const frames = framesOf(input, notes, onSmall)
  return native ? byNode(frames, native, stepsOf) : byScript(frames)
}

async function* byNode(frames: Bytes, create: CreateZstd, stepsOf: typeof Steps.of): Bytes {
  const windowLogMax = (zlib.constants as unknown as { ZSTD_d_windowLogMax: number }).ZSTD_d_windowLogMax
  const stream = create({ params: { [windowLogMax]: Math.log2(MAX_WINDOW_BYTES) } })
  const steps = stepsOf(stream)
  try {
    if (steps === null) yield* byStream(frames, stream)
    else for await (const piece of frames) yield* steps.unpack(piece)
  } finally {
    stream.destroy()
  }
}

async function* byStream(frames: Bytes, stream: Unzstd): Bytes {
  const input = Readable.from(frames, { objectMode: false })
  input.on('error', (error) => stream.destroy(error))
  input.pipe(stream)
  try {
    for await (const bytes of stream) yield bytes as unknown as Uint8Array
  } finally {
    input.destroy()
  }
}

async function* byScript(frames: Bytes): Bytes {
  let out: Uint8Array[] = []
  const decoder = new Decompress((bytes) => {
    if (bytes.length > 0) out.push(bytes)
  })
  let sinceBreath = 0
  let isEmpty = true
  for await (const bytes of frames) {
    isEmpty = false
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
  if (!isEmpty) decoder.push(new Uint8Array(), true)
  yield* out
}
