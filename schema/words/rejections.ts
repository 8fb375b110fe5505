/** Lines that could not become records. Threads that read logs need these words and no schemas, which take long to load. */

/** Why a line could not become a record. */
export const REJECTION_REASONS = [
  'not-json',
  'not-an-object',
  'too-long',
  'truncated',
  'other-dataset',
  'no-time',
  'bad-time',
  'no-status',
  'bad-status',
  'stream-error',
  'bad-columns',
  'other-zone',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

/** Rejected lines kept of one batch; further ones are counted only. */
export const MOST_REJECTED_LINES = 10_000
