/** A notice in the queue as a row. */
import type { Attempt, Delivery, Notice } from '../alert-log.js'

/** Kept per notice: the first and the last tell the story. */
export const MAX_ATTEMPTS_KEPT = 50
/** Nothing waits longer than this by itself: what is due later was put off by a clock that has been set back since. */
export const FURTHEST_AHEAD_MS = 60_000

export interface NoticeRow {
  seq: number
  state: Delivery['state']
  due_at: number
  leased_until: number | null
  sent_at: number | null
  doc: string
}

export function deliveryOf(row: NoticeRow, attempts: Attempt[]): Delivery {
  return {
    notice: JSON.parse(row.doc) as Notice,
    state: row.state === 'queued' && row.leased_until !== null ? 'sending' : row.state,
    dueAt: row.due_at,
    sentAt: row.sent_at,
    attempts,
  }
}
