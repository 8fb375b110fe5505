/** Has it been here before? What comes again is told again, and as what it is. */
import { DAY } from '../../../schema/words/duration.js'
import type { Episode } from '../detect/index.js'

export interface Recurrence {
  /** how many times in the week up to now, this one included */
  times: number
  /** epoch ms: when it began the last time */
  last: number
}

const WEEK_MS = 7 * DAY

type Alike = Pick<Episode, 'start' | 'statusClass' | 'status' | 'source' | 'host'>

/** Null the first time. */
export function recurrenceOf(episode: Alike, others: readonly Alike[]): Recurrence | null {
  const before = others.filter(
    (other) =>
      other.start < episode.start &&
      other.start >= episode.start - WEEK_MS &&
      other.statusClass === episode.statusClass &&
      other.status === episode.status &&
      other.source === episode.source &&
      other.host === episode.host,
  )
  if (before.length === 0) return null
  return { times: before.length + 1, last: Math.max(...before.map(({ start }) => start)) }
}
