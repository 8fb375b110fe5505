import type { BatchReport, Seen } from '../schema/api/batches.js'

export type IngestErrorCode =
  | 'NOT_NDJSON'
  | 'WRONG_ENCODING'
  | 'TRUNCATED'
  | 'CORRUPT'
  | 'DECOMPRESSION_BOMB'
  | 'INTERRUPTED'
  | 'TOO_SLOW'
  | 'UNREADABLE'
  | 'STREAM_ERROR'

/**
 * An input that could not be taken in, or not to its end. The message says what was seen and what to do;
 * `report` is there when a part of it was stored before.
 */
export class IngestError extends Error {
  readonly code: IngestErrorCode
  report: BatchReport | null = null
  /** of NOT_NDJSON: what it looks like */
  seen: Seen | null = null

  constructor(code: IngestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'IngestError'
    this.code = code
  }
}
