/** Rows in ascending event time, cut into UTC days. */
const DAY_MS = 86_400_000

export interface DayRows { day: number; order: Uint32Array }

/** `day` is the number of whole days since 1970; within a day rows are ordered by time, equal times as they came. */
export function rowsByDay(time: Float64Array): DayRows[] {
  if (isAscending(time)) return cutAscending(time)
  const byDay = new Map<number, number[]>()
  for (let row = 0; row < time.length; row++) {
    const day = Math.floor(time[row] / DAY_MS)
    const rows = byDay.get(day)
    if (rows) rows.push(row)
    else byDay.set(day, [row])
  }
  return [...byDay].sort(([a], [b]) => a - b).map(([day, rows]) => ({ day, order: sortedByTime(time, rows, day * DAY_MS) }))
}

function isAscending(time: Float64Array): boolean {
  for (let i = 1; i < time.length; i++) if (time[i] < time[i - 1]) return false
  return true
}

function cutAscending(time: Float64Array): DayRows[] {
  const days: DayRows[] = []
  for (let row = 0; row < time.length;) {
    const day = Math.floor(time[row] / DAY_MS)
    const from = row
    while (row < time.length && time[row] < (day + 1) * DAY_MS) row++
    days.push({ day, order: Uint32Array.from({ length: row - from }, (_, i) => from + i) })
  }
  return days
}

/** One number holds time of day (27 bits) and position (up to 26 bits), so the engine's own sort of doubles does it. */
function sortedByTime(time: Float64Array, rows: readonly number[], dayStart: number): Uint32Array {
  const scale = 2 ** 26
  const keys = Float64Array.from(rows, (row, i) => (time[row] - dayStart) * scale + i)
  keys.sort()
  return Uint32Array.from(keys, (key) => rows[key % scale])
}
