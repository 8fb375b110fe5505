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
