/** The door of the reader room: bytes of whole lines in, a block of records out. Two readers stand behind it. */
import type { RejectionReason } from '../../schema/api/batches.js'
import type { IdentityKey } from '../../schema/store/identity.js'
import type { MovingBlock } from '../../schema/store/moving-block.js'
import type { FileStretch } from '../stretches.js'
import type { ReadSettings } from './normalise.js'

/** A line is at most 1 MiB; a longer one is rejected, not cut. */
export const MAX_LINE_BYTES = 1_048_576
/** Characters of a rejected line that are kept to show what it looked like. */
export const SAMPLE_CHARACTERS = 240
export interface ChunkRejection {
  /** line number within the chunk, from 0 */
  line: number
  reason: RejectionReason
  sample: string
}

/** What came of a chunk. `newlines` counts physical lines, blank ones too, to number the lines of the next chunk. */
export interface ReadChunk {
  block: MovingBlock
  newlines: number
  /** lines that were not blank, test lines of Logpush not counted */
  lines: number
  testLines: number
  rejections: ChunkRejection[]
  rejectedByReason: { [reason in RejectionReason]?: number }
  /** Cloudflare's names seen in this chunk, of those that the field catalogue knows */
  seen: string[]
}

export interface LineReader {
  /**
   * Reads whole lines (the last may lack its line feed): a chunk, or a stretch of a file. At most 65,535 lines: whoever
   * cuts sees to that. Throws for a stretch that can't be read.
   */
  read(from: Uint8Array | FileStretch): ReadChunk
}

export interface ReaderOptions {
  identityKey: IdentityKey
  settings: ReadSettings
}
