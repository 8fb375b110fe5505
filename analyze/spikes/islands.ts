/** A store may hold a day of 2022 and a week of 2026: each stretch of logs is looked at by itself. */
import { DAY } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'

/** Days without any log that part two stretches; less is a gap that the detector bridges, weekends included. */
const APART_DAYS = 7

export interface Island {
  from: number
  to: number
}

/** The stretches of the range that hold logs, in order, cut at whole days but not beyond the range. */
export async function islandsOf(
  store: ReadRecords,
  { from, to, filters }: { from: number; to: number; filters: Filter[] },
): Promise<Island[]> {
  const first = Math.floor(from / DAY) * DAY
  const days = Math.max(0, Math.ceil((to - first) / DAY))
  const bounds = Float64Array.from({ length: days + 1 }, (_, i) => first + i * DAY)
  const { bucket } = await store.counts({ from, to, filters, audience: 'visitors', bounds, by: [] })
  const islands: Island[] = []
  for (const day of [...new Set(bucket)].sort((a, b) => a - b)) {
    const last = islands.at(-1)
    const [start, end] = [first + day * DAY, first + (day + 1) * DAY]
    if (last && start - last.to < APART_DAYS * DAY) last.to = end
    else islands.push({ from: start, to: end })
  }
  return islands.map((island) => ({ from: Math.max(from, island.from), to: Math.min(to, island.to) }))
}
