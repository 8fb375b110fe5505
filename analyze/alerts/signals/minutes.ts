/** Counts by the minute, the stuff of every rule: sparse as the store gives them, dense for one group at a time. */
import type { Dimension, Filter, Selection } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { MINUTE } from '../../../schema/words/duration.js'

/**
 * Whole minutes of event time. Minute i is [from + i min, from + (i + 1) min); what is known at its close, the
 * tick, is evaluated there.
 */
export interface Grid {
  from: number
  minutes: number
}

export const tickOf = (grid: Grid, i: number): number => grid.from + (i + 1) * MINUTE
export const floorMinute = (time: number): number => Math.floor(time / MINUTE) * MINUTE

/** The whole minutes from the one that `from` lies in up to (excluding) `to`. */
export function gridOf(from: number, to: number): Grid {
  const start = floorMinute(from)
  return { from: start, minutes: Math.max(0, Math.floor((to - start) / MINUTE)) }
}

export interface MinuteQuery {
  filters: Filter[]
  audience: Selection['audience']
  by: Dimension[]
  /** only so many values of by[0], those with the most requests */
  limit?: number
}

export interface MinuteCounts {
  /** weighted requests */
  requests: Float64Array
  /** records behind them */
  records: Float64Array
}

export interface MinuteTable {
  groups: string[][]
  /** distinct values of by[0] that `limit` left out */
  leftOut: number
  /** Zero throughout for a group that was never seen. */
  of(group: readonly string[]): MinuteCounts
}

export type AskMinutes = (query: MinuteQuery) => Promise<MinuteTable>

/** Asks for the minutes of a grid; the same question is asked once. */
export function askMinutes(records: ReadRecords, grid: Grid): AskMinutes {
  const asked = new Map<string, Promise<MinuteTable>>()
  const to = grid.from + grid.minutes * MINUTE
  const bounds = { step: MINUTE, zone: 'UTC' }

  async function ask(query: MinuteQuery): Promise<MinuteTable> {
    const counts = await records.counts({ ...query, from: grid.from, to, bounds })
    // cells sorted by group (counting sort), so that one group can be made dense without looking at the others
    const starts = new Uint32Array(counts.groups.length + 1)
    for (const group of counts.group) starts[group + 1]++
    for (let g = 0; g < counts.groups.length; g++) starts[g + 1] += starts[g]
    const cells = new Uint32Array(counts.group.length)
    const next = starts.slice()
    counts.group.forEach((group, cell) => {
      cells[next[group]++] = cell
    })
    const index = new Map(counts.groups.map((group, g) => [keyOf(group), g]))
    return {
      groups: counts.groups,
      leftOut: query.limit === undefined || query.by.length === 0 ? 0 : Math.max(0, counts.total.values - query.limit),
      of(group) {
        const requests = new Float64Array(grid.minutes)
        const records = new Float64Array(grid.minutes)
        const g = index.get(keyOf(group))
        if (g !== undefined) {
          for (let at = starts[g]; at < starts[g + 1]; at++) {
            const cell = cells[at]
            requests[counts.bucket[cell]] += counts.requests[cell]
            records[counts.bucket[cell]] += counts.records[cell]
          }
        }
        return { requests, records }
      },
    }
  }

  return (query) => {
    const key = JSON.stringify(query)
    const before = asked.get(key)
    if (before) return before
    const answer = ask(query)
    asked.set(key, answer)
    return answer
  }
}

/** Names an instance of a rule: the values of its group. */
export function keyOf(group: readonly string[]): string {
  return JSON.stringify(group)
}

/** Sums over windows in constant time: `sum(i, width)` adds the `width` minutes that end with minute i. */
export function windowSums(values: Float64Array): (i: number, width: number) => number {
  const prefix = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) prefix[i + 1] = prefix[i] + values[i]
  return (i, width) => {
    const sum = prefix[i + 1] - prefix[Math.max(0, i + 1 - width)]
    // weights are fractions: differences of long sums leave dust
    return sum < 1e-6 ? 0 : sum
  }
}
