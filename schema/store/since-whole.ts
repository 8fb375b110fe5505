/** Records for who compares with the past: they begin where none is missing, whatever counts remain of before. */
import type { ReadRecords, RecordsExtent } from './records.js'

/** The extent from where no record is gone and only counted. */
export function wholeExtent(extent: RecordsExtent): RecordsExtent {
  const { counted, from, to } = extent
  if (counted === undefined || from === null || to === null) return extent
  return counted.to > to
    ? { ...extent, records: 0, from: null, to: null }
    : { ...extent, from: Math.max(from, counted.to) }
}

export const sinceWhole = <R extends ReadRecords>(records: R): R => ({
  ...records,
  extent: async () => wholeExtent(await records.extent()),
})

/**
 * The same for who looks back from where none is missing, an hour or a week: what he asks of before is asked from there on, where the
 * logs begin for him. What the last `extent` told counts: it is asked first.
 */
export function onlyWhole<R extends ReadRecords>(records: R): R {
  let since = -Infinity
  const clipped = <Q extends { from: number; to: number }>(query: Q): Q =>
    query.from >= since ? query : { ...query, from: Math.min(since, query.to) }
  return {
    ...records,
    counts: (query) => records.counts(clipped(query)),
    percentiles: (query) => records.percentiles(clipped(query)),
    newest: (query) => records.newest(clipped(query)),
    values: (query) => records.values(clipped(query)),
    scan: (query) => records.scan(clipped(query)),
    presence: (selection, fields) => records.presence(clipped(selection), fields),
    async extent() {
      const extent = await records.extent()
      since = extent.counted?.to ?? -Infinity
      return wholeExtent(extent)
    },
  }
}
