/** Which rows of which table answer for which bucket of time. */
import type { SegmentInfo } from '../segments/catalog.js'
import { DAY_MS } from '../segments/order.js'

/** Rows `from … to` of a table count for bucket `bucket`. */
export interface RowRange {
  bucket: number
  from: number
  to: number
}

interface Rows {
  rowAt(time: number): number
}
interface Level {
  width: number
  table: () => Rows | null
}

/**
 * Cuts each bucket's time into pieces: whole hours are answered by the hourly table, what is left at their ends by the
 * next finer one, and so on down to the records; so is all of it where the table is missing. One list of ranges per level, in ascending
 * order. `tooFine` is called where the last table has slots that a bucket's end cuts, and that are not empty.
 */
export function planRanges(
  info: SegmentInfo,
  levels: readonly Level[],
  { from: least, to: most, bounds }: { from: number; to: number; bounds: Float64Array },
  tooFine: () => void = () => {},
): RowRange[][] {
  const plan: RowRange[][] = levels.map(() => [])
  const dayStart = info.day * DAY_MS

  function split(level: number, bucket: number, from: number, to: number): void {
    if (from >= to) return
    const { width } = levels[level]
    const first = Math.ceil(from / width) * width
    const last = Math.floor(to / width) * width
    const table = first < last ? levels[level].table() : null
    const isLast = level === levels.length - 1
    if (table === null) {
      if (isLast) rest(from, to)
      else split(level + 1, bucket, from, to)
      return
    }
    const range = { bucket, from: table.rowAt(first), to: table.rowAt(last) }
    if (range.from < range.to) plan[level].push(range)
    if (isLast) {
      rest(from, first)
      rest(last, to)
      return
    }
    split(level + 1, bucket, from, first)
    split(level + 1, bucket, last, to)
  }

  function rest(from: number, to: number): void {
    const { width, table } = levels[levels.length - 1]
    if (from >= to || width === 1) return
    const rows = table()
    const [first, end] = [Math.floor(from / width) * width, Math.ceil(to / width) * width]
    if (rows === null || rows.rowAt(first) < rows.rowAt(end)) tooFine()
  }

  for (let bucket = firstBucket(bounds, info.firstTime); bucket < bounds.length - 1; bucket++) {
    const from = Math.max(bounds[bucket], least)
    const to = Math.min(bounds[bucket + 1], most)
    if (from > info.lastTime) break
    // where the segment has nothing beyond, the bucket may as well reach to the end of the day
    split(0, bucket, from <= info.firstTime ? dayStart : from, to > info.lastTime ? dayStart + DAY_MS : to)
  }
  return plan
}

/** The first bucket that ends after `time`. */
function firstBucket(bounds: Float64Array, time: number): number {
  let low = 0
  let high = bounds.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bounds[middle + 1] <= time) low = middle + 1
    else high = middle
  }
  return low
}
