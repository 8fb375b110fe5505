/** What a thread that makes pieces of lines is asked, and answers. */
import type { ReadingOfBatch } from '../../schema/store/batches.js'
import type { Moved, SentError } from '../../schema/runtime/threads.js'
import type { FieldMapping } from '../reader/names.js'
import type { Piece } from './piece.js'

export interface Shaped {
  /** null: there are no more */
  piece: Piece | null
  /** which of the texts it is of, from 1 */
  number: number
  /** beginnings of texts, since the piece before */
  starts: { bytes: Uint8Array; name: string | null }[]
  /** all that was noted so far */
  reading: ReadingOfBatch
  /** what is wrong with the input, once all before it was given */
  failure: SentError | null
}

export type ShapeThread = {
  open(id: number, name: string | null, fields: FieldMapping): void
  /** More of an input; resolves when it may be given more. null: it has ended; false: it failed. */
  give(id: number, bytes: readonly Uint8Array[] | null | false): Promise<void>
  /** The next piece, when there is one. */
  next(id: number): Promise<Moved<Shaped>>
  /** Nobody asks for more of it. */
  leave(id: number): void
}

/** Code of the error that stands for one that stayed where the input is. */
export const INPUT_FAILED = 'INPUT_FAILED'
