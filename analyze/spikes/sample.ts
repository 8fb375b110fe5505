/** Records of a selection, spread evenly over its time: enough to tell shares, whatever the size of the spike. */
import type { Selection } from '../../schema/query.js'
import type { Record } from '../../schema/record.js'
import type { Questions } from '../../schema/store.js'

/** So many records tell a share within a percent or two. */
export const SAMPLE_RECORDS = 1_600
/** Slices of time the sample is taken from, so that a long spike is not judged by its last minutes. */
const SLICES = 8

export async function sampleRecords(store: Questions, selection: Selection, size = SAMPLE_RECORDS): Promise<Record[]> {
  const span = selection.to - selection.from
  const slices = Math.max(1, Math.min(SLICES, Math.floor(span / 60_000)))
  const bounds = Array.from({ length: slices + 1 }, (_, i) => Math.round(selection.from + (span * i) / slices))
  const limit = Math.ceil(size / slices)
  const pages = await Promise.all(bounds.slice(1).map((to, i) => store.records({ ...selection, from: bounds[i], to, limit, after: null })))
  return pages.flatMap((page) => page.records)
}
