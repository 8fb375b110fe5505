/** Deflate, the one way in which gzip and zip pack: unpacked as a stream that knows where it ends. */
import { once } from 'node:events'
import zlib from 'node:zlib'
import type { ByteReader } from './byte-reader.js'
import { STEP_BYTES, Steps } from './steps.js'

export interface Inflated {
  /** false: the data ended before their end */
  whole: boolean
  /** of all that was unpacked */
  crc: number
  length: number
}

/** For what is packed one behind the other: making a stream of zlib takes longer than what little there may be in it. */
export class Inflater {
  private stream: zlib.InflateRaw | null = null
  private steps: Steps | null = null

  constructor(private readonly stepsOf = Steps.of) {}

  /** The bytes, and back to the reader what stands behind. Rejects where it is damaged. One at a time. */
  async *inflated(input: ByteReader): AsyncGenerator<Uint8Array, Inflated> {
    const bytes = this.begin(input)
    let crc = 0
    let length = 0
    for (;;) {
      const { value, done } = await bytes.next()
      if (done) return { whole: value, crc, length }
      crc = zlib.crc32(value, crc)
      length += value.length
      yield value
    }
  }

  close(): void {
    this.stream?.destroy()
  }

  private begin(input: ByteReader): AsyncGenerator<Uint8Array, boolean> {
    if (this.stream !== null && this.steps !== null) {
      this.stream.reset()
      this.steps.reset()
      return inSteps(input, this.steps)
    }
    // one that was used as a stream has ended
    this.stream?.destroy()
    this.stream = zlib.createInflateRaw({ chunkSize: STEP_BYTES, finishFlush: zlib.constants.Z_SYNC_FLUSH })
    this.steps = this.stepsOf(this.stream)
    return this.steps === null ? byStream(input, this.stream) : inSteps(input, this.steps)
  }
}

/** What is packed once. */
export async function* inflated(input: ByteReader, stepsOf = Steps.of): AsyncGenerator<Uint8Array, Inflated> {
  const inflater = new Inflater(stepsOf)
  try {
    return yield* inflater.inflated(input)
  } finally {
    inflater.close()
  }
}

async function* inSteps(input: ByteReader, steps: Steps): AsyncGenerator<Uint8Array, boolean> {
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    const left = yield* steps.unpack(piece)
    if (left === 0) continue
    input.unread(piece.subarray(piece.length - left))
    return true
  }
  return false
}

/** The way that Node documents. */
async function* byStream(input: ByteReader, unzip: zlib.InflateRaw): AsyncGenerator<Uint8Array, boolean> {
  let given = 0
  let last: Uint8Array = new Uint8Array()
  let whole = true
  const ended = once(unzip, 'end').catch(() => {})
  const feed = async () => {
    for (;;) {
      const piece = await input.next()
      if (piece === null) {
        whole = false
        unzip.end()
        return
      }
      given += piece.length
      last = piece
      const written = new Promise<void>((resolve) => unzip.write(piece, () => resolve()))
      // what stands behind the end is not taken, and its writing need never be called done
      await Promise.race([written, ended])
      if (unzip.bytesWritten < given) return
    }
  }
  const feeding = feed().catch((error: Error) => void unzip.destroy(error))
  for await (const bytes of unzip) yield bytes as Uint8Array
  await feeding
  input.unread(last.subarray(last.length - (given - unzip.bytesWritten)))
  return whole
}
