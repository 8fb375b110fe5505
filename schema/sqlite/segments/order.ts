/** Rows in ascending event time, cut into UTC days. */
import { radixOrder } from './radix.js'

export const DAY_MS = 86_400_000

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

export interface DayRows {
  day: number
  order: Uint32Array
}

/** `day` is the number of whole days since 1970; within a day rows are ordered by time, equal times as they came. */
export function rowsByDay(time: Float64Array): DayRows[] {
  if (time.length === 0) return []
  return cutByDay(time, isAscending(time) ? inOrder(time.length) : sorted(time))
}

function isAscending(time: Float64Array): boolean {
  let i = 1
  while (i < time.length && time[i] >= time[i - 1]) i++
  return i >= time.length
}

function inOrder(n: number): Uint32Array {
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  return order
}

/** By milliseconds since the first, if they span less than 49 days; parts nearly always do. */
function sorted(time: Float64Array): Uint32Array {
  const { min, max } = rangeOf(time)
  if (max - min >= 2 ** 32) return inOrder(time.length).sort((a, b) => time[a] - time[b] || a - b)
  return radixOrder(since(time, min), max - min)
}

function rangeOf(time: Float64Array): { min: number; max: number } {
  let min = time[0]
  let max = time[0]
  for (let i = 1; i < time.length; i++) {
    if (time[i] < min) min = time[i]
    else if (time[i] > max) max = time[i]
  }
  return { min, max }
}

function since(time: Float64Array, min: number): Uint32Array {
  const out = new Uint32Array(time.length)
  for (let i = 0; i < out.length; i++) out[i] = time[i] - min
  return out
}

/** Days are few and found by halving. */
function cutByDay(time: Float64Array, order: Uint32Array): DayRows[] {
  const days: DayRows[] = []
  for (let at = 0; at < order.length;) {
    const day = Math.floor(time[order[at]] / DAY_MS)
    const from = at
    at = firstAt(time, order, (day + 1) * DAY_MS)
    days.push({ day, order: order.subarray(from, at) })
  }
  return days
}

/** The first place in `order` (ascending by time) at or after `moment`. */
export function firstAt(time: Float64Array, order: Uint32Array, moment: number): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (time[order[middle]] < moment) low = middle + 1
    else high = middle
  }
  return low
}
