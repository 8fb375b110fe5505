/** The door of the reader room: bytes of whole lines in, a block of records out. Two readers stand behind it. */
import type { RejectionReason } from '../../schema/api/batches.js'
import type { IdentityKey } from '../../schema/store/identity.js'
import type { MovingBlock } from '../../schema/store/moving-block.js'
import type { FileStretch } from '../shape/piece.js'
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
  /** of a line that is no JSON: the character at which it stops being so, from 1, and what stands there */
  at: number | null
  found: string | null
}

/** What came of a chunk. `newlines` counts physical lines, blank ones too, to number the lines of the next chunk. */
export interface ReadChunk {
  block: MovingBlock
  /** where a block is too small for all that stands on the lines: the rest */
  more: MovingBlock[]
  newlines: number
  /** lines that were not blank, test lines of Logpush not counted; where records share a line, each counts as one */
  lines: number
  testLines: number
  rejections: ChunkRejection[]
  rejectedByReason: { [reason in RejectionReason]?: number }
  /** Cloudflare's names seen in this chunk, of those that the field catalogue knows */
  seen: string[]
  /** the wrappers that records were found in, from the outside to the inside */
  via: string[]
  /** is there a line that is only the beginning of a value, or that is too long for a line? */
  unframed: boolean
  /** did a record say itself what it stands for? */
  weighted: boolean
}

export interface LineReader {
  /**
   * Reads whole lines (the last may lack its line feed): a chunk, or a stretch of a file. At most 65,535 lines: whoever
   * cuts sees to that. Throws for a stretch that can't be read.
   */
  read(from: Uint8Array | FileStretch): ReadChunk
  /** Reads several chunks of some lines each, which is cheaper than one after the other: their blocks may share a buffer. */
  together(chunks: readonly Uint8Array[]): ReadChunk[]
}

export interface ReaderOptions {
  identityKey: IdentityKey
  settings: ReadSettings
}
