/** Deflate, the one way in which gzip and zip pack: unpacked as a stream that knows where it ends. */
import { once } from 'node:events'
import zlib from 'node:zlib'
import type { ByteReader } from './byte-reader.js'

/**
 * What is unpacked at a time. If the data is damaged, zlib gives nothing of the piece that it was at; gzip writes as much at
 * a time, so that never less is read than `gzip -dc` gives.
 */
const CHUNK_BYTES = 32_768

/**
 * The bytes, and back to the reader what stands behind. Resolves with false where the data ends before its end; rejects
 * where it is damaged.
 */
export async function* inflated(input: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const unzip = zlib.createInflateRaw({ chunkSize: CHUNK_BYTES, finishFlush: zlib.constants.Z_SYNC_FLUSH })
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
  try {
    for await (const bytes of unzip) yield bytes as Uint8Array
    await feeding
  } finally {
    unzip.destroy()
  }
  input.unread(last.subarray(last.length - (given - unzip.bytesWritten)))
  return whole
}
