/** Records of a selection, spread evenly over its time: enough to tell shares, whatever the size of the spike. */
import { MINUTE } from '../../schema/words/duration.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Selection } from '../../schema/store/query.js'
import type { Record } from '../../schema/words/record.js'
import type { ReadRecords } from '../../schema/store/records.js'

/** So many records tell a share within a percent or two. */
export const SAMPLE_RECORDS = 1_200
/** Slices of time the sample is taken from, so that a long spike is not judged by its last minutes. */
export const SLICES = 8

export interface TimeRange {
  from: number
  to: number
}

export interface SampleOptions {
  /** default SAMPLE_RECORDS */
  size?: number
  /** default SLICES; each is one more place of the logs to read */
  slices?: number
  /** pieces of time to sample instead of the selection's own */
  ranges?: readonly TimeRange[]
  /** what is looked at; the rest of each record may be null */
  fields: readonly FieldName[]
}

/**
 * At most `size` records, newest of each slice first. Where a slice holds more than its part, the weights of its
 * records are raised so that they stand for all of it: sums of weights are those of the whole selection.
 */
export async function sampleRecords(
  store: ReadRecords,
  selection: Selection,
  { size = SAMPLE_RECORDS, slices = SLICES, ranges = [selection], fields }: SampleOptions,
): Promise<Record[]> {
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  const sampled = await Promise.all(
    ranges.map((range) => {
      const bounds = boundsOf(range, Math.round((slices * (range.to - range.from)) / total))
      return sampleRange(
        store,
        selection,
        bounds,
        Math.ceil((size * (range.to - range.from)) / total / (bounds.length - 1)),
        fields,
      )
    }),
  )
  return sampled.flat()
}

async function sampleRange(
  store: ReadRecords,
  selection: Selection,
  bounds: readonly number[],
  limit: number,
  fields: readonly FieldName[],
): Promise<Record[]> {
  const pages = await Promise.all(
    bounds
      .slice(1)
      .map((to, i) => store.newest({ ...selection, from: bounds[i], to, limit, after: null, fields, onlyPage: true })),
  )
  if (pages.every(({ next }) => next === null)) return pages.flatMap(({ records }) => records)
  const range = { from: bounds[0], to: bounds[bounds.length - 1] }
  const { bucket, records: counted } = await store.counts({
    ...selection,
    ...range,
    bounds: Float64Array.from(bounds),
    by: [],
  })
  const all = new Map([...bucket].map((slice, i) => [slice, counted[i]]))
  return pages.flatMap(({ records, next }, slice) => {
    if (next === null) return records
    const scale = Math.max(1, (all.get(slice) ?? 0) / records.length)
    return records.map((record) => ({ ...record, weight: record.weight * scale }))
  })
}

/** Cuts a range into about `n` pieces of whole minutes. */
function boundsOf({ from, to }: TimeRange, n: number): number[] {
  const pieces = Math.max(1, Math.min(n, Math.floor((to - from) / MINUTE)))
  return Array.from({ length: pieces + 1 }, (_, i) =>
    i === 0 ? from : i === pieces ? to : Math.round((from + ((to - from) * i) / pieces) / MINUTE) * MINUTE,
  )
}
