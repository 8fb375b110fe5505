/** The time that a spike is compared with: the day before it, without what else was going on then. */
import { DAY } from '../../schema/words/duration.js'
import type { Episode } from './detect/index.js'
import type { TimeRange } from './sample.js'

/** How far back "before" reaches, ms: long enough for a few hundred errors, short enough to be the same kind of day. */
const REACH_MS = DAY
/** The time just before belongs to the rise in a slow ramp; it is left out, ms. */
const GUARD_MS = 5 * 60_000
/** Less than this says little of what is usual, ms. */
const LEAST_MS = 20 * 60_000

export interface Baseline {
  /** spikes that stand at the beginning of the logs are compared with the time after */
  when: 'before' | 'after'
  ranges: TimeRange[]
}

/**
 * `logs` is the stretch of logs around the episode, `others` are the episodes found in it: an outage of this morning
 * must not make the one of this afternoon look usual. Null where the logs hold nothing but the spike.
 */
export function baselineOf(episode: Episode, logs: TimeRange, others: readonly Episode[]): Baseline | null {
  const before = { from: Math.max(logs.from, episode.start - GUARD_MS - REACH_MS), to: episode.start - GUARD_MS }
  const after = { from: episode.end + GUARD_MS, to: Math.min(logs.to, episode.end + GUARD_MS + REACH_MS) }
  const disturbing = others.filter(
    (other) =>
      other.statusClass === episode.statusClass && !(other.start === episode.start && other.end === episode.end),
  )
  for (const least of [LEAST_MS, 60_000]) {
    for (const [when, range] of [
      ['before', before],
      ['after', after],
    ] as const) {
      if (range.to - range.from < least) continue
      const calm = without(range, disturbing)
      return { when, ranges: lengthOf(calm) >= LEAST_MS ? calm : [range] }
    }
  }
  return null
}

export function lengthOf(ranges: readonly TimeRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The range without the episodes in it. */
function without(range: TimeRange, episodes: readonly TimeSpan[]): TimeRange[] {
  let left: TimeRange[] = [range]
  for (const { start, end } of episodes) {
    left = left.flatMap(({ from, to }) =>
      [
        { from, to: Math.min(to, start) },
        { from: Math.max(from, end), to },
      ].filter((part) => part.to > part.from),
    )
  }
  return left
}

interface TimeSpan {
  start: number
  end: number
}
