/** From the API's sparse points to columns that stand side by side. Pure. */
import type { Timeseries } from '../../../schema/api/reports.js'
import type { Span } from '../state/range.js'

export interface Columns {
  /** start of each column, epoch ms, ascending */
  starts: number[]
  /** end of the last column */
  end: number
}

export interface Series {
  key: string
  values: number[]
}

/** The columns of a span: even ones for a step in ms, those that the answers name for days and weeks. */
export function columnsOf(span: Span, answer: Timeseries | null): Columns {
  if (typeof span.step === 'number') {
    const starts: number[] = []
    // the API's buckets lie on multiples of the step; the first may begin before the range
    for (let t = Math.floor(span.from / span.step) * span.step; t < span.to; t += span.step) starts.push(t)
    return { starts, end: span.to }
  }
  const starts = [...new Set(answer?.series.flatMap((s) => s.points.map((p) => p[0])) ?? [])].sort((a, b) => a - b)
  return { starts, end: span.to }
}

export function columnEnd(columns: Columns, i: number): number {
  return i + 1 < columns.starts.length ? columns.starts[i + 1] : columns.end
}

/** The column that holds `t`, or -1. */
export function columnAt(columns: Columns, t: number): number {
  if (t >= columns.end) return -1
  let low = 0
  let high = columns.starts.length - 1
  if (high < 0 || t < columns.starts[0]) return -1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (columns.starts[middle] <= t) low = middle
    else high = middle - 1
  }
  return low
}

/** One value for each column, zeros where the answer has none; series in the order asked for, then the rest. */
export function fill(columns: Columns, answer: Timeseries | null, order: readonly string[]): Series[] {
  const found = new Map(answer?.series.map((s) => [s.key, s.points]))
  const keys = [...order, ...[...found.keys()].filter((k) => !order.includes(k))]
  return keys.map((key) => {
    const values = columns.starts.map(() => 0)
    for (const [t, count] of found.get(key) ?? []) {
      const i = columnAt(columns, t)
      if (i >= 0) values[i] += count
    }
    return { key, values }
  })
}

export function totals(series: readonly Series[], length: number): number[] {
  const sums = Array.from({ length }, () => 0)
  for (const s of series)
    s.values.forEach((v, i) => {
      sums[i] += v
    })
  return sums
}

/** The total of another window, each of its points in the place of the range's own; null: none was asked for. */
export function ghostOf(columns: Columns, answer: Timeseries | null, keys?: readonly string[]): number[] | null {
  if (!answer?.compared) return null
  const values = columns.starts.map(() => 0)
  for (const { key, points } of answer.compared.series)
    if (keys === undefined || keys.includes(key))
      points.forEach(([, count], i) => {
        if (i < values.length) values[i] += count
      })
  return values
}

/** A table of a chart for files: a row for each column, with its time (ISO) and what each series has there. */
export const rowsOf = (
  { starts }: Columns,
  series: readonly { values: readonly (number | null)[] }[],
): (string | number | null)[][] =>
  starts.map((t, i) => [new Date(t).toISOString(), ...series.map(({ values }) => values[i] ?? null)])

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
