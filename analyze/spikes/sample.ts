/** Records of a selection, spread evenly over its time: enough to tell shares, whatever the size of the spike. */
import type { Selection } from '../../schema/query.js'
import type { Record } from '../../schema/record.js'
import type { Questions } from '../../schema/store.js'

/** So many records tell a share within a percent or two. */
export const SAMPLE_RECORDS = 1_600
/** Slices of time the sample is taken from, so that a long spike is not judged by its last minutes. */
const SLICES = 8
const MINUTE = 60_000

export interface TimeRange { from: number; to: number }

/**
 * At most `size` records, newest of each slice first. Where a slice holds more than its part, the weights of its
 * records are raised so that they stand for all of it: sums of weights are those of the whole selection.
 */
export async function sampleRecords(store: Questions, selection: Selection, size = SAMPLE_RECORDS, ranges: readonly TimeRange[] = [selection]): Promise<Record[]> {
  const slices = slicesOf(ranges)
  const limit = Math.ceil(size / Math.max(1, slices.length))
  const pages = await Promise.all(slices.map(async (slice) => {
    const { records, next } = await store.records({ ...selection, ...slice, limit, after: null })
    if (next === null || records.length === 0) return records
    const all = await store.counts({ ...selection, ...slice, bounds: null, by: [] })
    const scale = Math.max(1, all.total.records / records.length)
    return records.map((record) => ({ ...record, weight: record.weight * scale }))
  }))
  return pages.flat()
}

/** Cuts the ranges into about SLICES pieces of whole minutes, long ranges into more of them. */
function slicesOf(ranges: readonly TimeRange[]): TimeRange[] {
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  return ranges.flatMap(({ from, to }) => {
    const span = to - from
    const n = Math.max(1, Math.min(Math.round((SLICES * span) / total), Math.floor(span / MINUTE)))
    const bound = (i: number) => (i === 0 ? from : i === n ? to : Math.round((from + (span * i) / n) / MINUTE) * MINUTE)
    return Array.from({ length: n }, (_, i) => ({ from: bound(i), to: bound(i + 1) }))
  })
}
