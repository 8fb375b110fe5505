/**
 * Breakdowns of wide dimensions, kept by week: an open page asks for the same month again and again, and of its segments only
 * the newest change. What is kept is told apart by the segments it was made of, so it can never be out of date.
 */
import { LRUCache } from 'lru-cache'
import type { DimensionField } from '../../words/fields.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { MergedValues, weightOf, type Together } from './merged-values.js'

/** The addresses of some ten million records. */
const KEPT_BYTES = 64 * 1024 * 1024
const DAYS_TOGETHER = 7
/** Fewer are merged as fast as they are found. */
const FEW_SEGMENTS = 3

export class KeptMerges {
  private readonly kept = new LRUCache<string, Together>({ maxSize: KEPT_BYTES, sizeCalculation: weightOf })

  /** Adds all that the segments have: `add` adds one segment's. */
  addAll(
    to: MergedValues,
    field: DimensionField,
    segments: readonly SegmentInfo[],
    add: (values: MergedValues, info: SegmentInfo) => void,
  ): void {
    for (const week of byWeek(segments)) {
      if (week.length < FEW_SEGMENTS) {
        for (const info of week) add(to, info)
        continue
      }
      const key = `${field} ${week.map(({ id }) => id).join()}`
      let together = this.kept.get(key)
      if (together === undefined) {
        const values = new MergedValues()
        for (const info of week) add(values, info)
        together = values.together()
        this.kept.set(key, together)
      }
      to.addMerged(together)
    }
  }
}

/** Weeks of days since 1970, in the order of the segments. */
function byWeek(segments: readonly SegmentInfo[]): SegmentInfo[][] {
  const weeks = new Map<number, SegmentInfo[]>()
  for (const info of segments) {
    const week = Math.floor(info.day / DAYS_TOGETHER)
    const known = weeks.get(week)
    if (known) known.push(info)
    else weeks.set(week, [info])
  }
  return [...weeks.values()]
}
