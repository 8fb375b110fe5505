/** Bytes in pieces that are no longer than what is worked on at a time, with pauses where others have waited long enough. */
import { pauses as ownPauses } from '../../schema/runtime/pauses.js'
import { PAUSE_BYTES } from './piece.js'

export async function* paced(source: AsyncIterable<Uint8Array>, pauses = ownPauses): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; at += PAUSE_BYTES) {
      if (pauses.isDue) await pauses.pause()
      yield bytes.length <= PAUSE_BYTES ? bytes : bytes.subarray(at, at + PAUSE_BYTES)
    }
  }
}
