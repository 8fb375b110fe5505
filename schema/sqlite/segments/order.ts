/** Rows in ascending event time, cut into UTC days. */
import { radixOrder } from './radix.js'

const DAY_MS = 86_400_000

/** Rows in an order. */
export interface RowOrder {
  rows: Uint32Array
  /** each is the one behind the row before */
  straight: boolean
}

export function rowOrder(rows: Uint32Array): RowOrder {
  let i = 1
  while (i < rows.length && rows[i] === rows[0] + i) i++
  return { rows, straight: rows.length > 0 && i === rows.length }
}

export interface DayRows { day: number; order: Uint32Array }

/** `day` is the number of whole days since 1970; within a day rows are ordered by time, equal times as they came. */
export function rowsByDay(time: Float64Array): DayRows[] {
  if (time.length === 0) return []
  let min = time[0]
  let max = time[0]
  let ascending = true
  for (let i = 1; i < time.length; i++) {
    if (time[i] < min) min = time[i]
    if (time[i] > max) max = time[i]
    if (time[i] < time[i - 1]) ascending = false
  }
  return cutByDay(time, ascending ? inOrder(time.length) : sorted(time, min, max))
}

function inOrder(n: number): Uint32Array {
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  return order
}

/** By milliseconds since the first, if they span less than 49 days; parts nearly always do. */
function sorted(time: Float64Array, min: number, max: number): Uint32Array {
  if (max - min >= 2 ** 32) return inOrder(time.length).sort((a, b) => time[a] - time[b] || a - b)
  const keys = new Uint32Array(time.length)
  for (let i = 0; i < keys.length; i++) keys[i] = time[i] - min
  return radixOrder(keys, max - min)
}

function cutByDay(time: Float64Array, order: Uint32Array): DayRows[] {
  const days: DayRows[] = []
  for (let at = 0; at < order.length;) {
    const day = Math.floor(time[order[at]] / DAY_MS)
    const end = (day + 1) * DAY_MS
    const from = at
    while (at < order.length && time[order[at]] < end) at++
    days.push({ day, order: order.subarray(from, at) })
  }
  return days
}
