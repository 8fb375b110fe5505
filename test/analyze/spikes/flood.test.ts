/** A flood in which each request fails for another client at another host: what is read of it, and that others have their turns. */
import { expect, test } from 'vitest'
import { trafficOf } from '../../../analyze/spikes/traffic.js'
import type { Counts, CountQuery } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'

const MINUTES = 60
const OF_MINUTE = 1_500
const CELLS = MINUTES * OF_MINUTE

const cellsOf = (query: CountQuery, groups: string[][], count: number, ofMinute: number): Counts => ({
  bounds: new Float64Array(MINUTES + 1),
  groups,
  bucket: Uint32Array.from({ length: count }, (_, i) => Math.floor(i / ofMinute)),
  group: new Uint32Array(count),
  requests: new Float64Array(count).fill(1),
  bytes: new Float64Array(count),
  records: new Float64Array(count).fill(1),
  errors: null,
  values: query.apart === undefined ? null : Uint32Array.from({ length: count }, (_, i) => i + 1),
  total: {
    values: query.by[0] === 'host' ? CELLS : 1,
    more: true,
    requests: CELLS,
    bytes: 0,
    records: CELLS,
    errors: null,
  },
  from: 'records',
})

test('every failure counts for the site, hosts without a name make no series, and the event loop goes on turning', async () => {
  const asked: CountQuery[] = []
  const store = {
    counts: async (query: CountQuery) => {
      asked.push(query)
      if (query.apart !== undefined)
        return query.by.includes('host')
          ? cellsOf(query, [['503', 'origin', 'www.example.com']], MINUTES, 1)
          : cellsOf(query, [['403', 'edge']], CELLS, OF_MINUTE)
      if (query.by[0] === 'host') return cellsOf(query, [['www.example.com']], 1, 1)
      return cellsOf(query, [[]], MINUTES, 1)
    },
  } as unknown as ReadRecords
  let turns = 0
  let running = true
  const count = (): void => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  const from = Date.UTC(2026, 4, 4)
  const { series } = await trafficOf(store, { from, to: from + MINUTES * 60_000, filters: [] })
  running = false
  expect(turns).toBeGreaterThan(5)
  const seriesOf = (status: number) =>
    series
      .filter((one) => one.status === status)
      .map(({ host, counts, heads }) => [host, [...counts], [...(heads ?? [])]])
  const each = (n: number) => Array.from({ length: MINUTES }, () => n)
  expect(seriesOf(403)).toEqual([[null, each(OF_MINUTE), each(OF_MINUTE)]])
  expect(seriesOf(503)).toEqual([
    [null, each(1), each(1)],
    ['www.example.com', each(1), each(1)],
  ])
  const cells = asked.filter(({ apart }) => apart !== undefined)
  expect(
    cells.every(({ by, filters }) => !by.includes('host') || filters.some((f) => f.dimension === 'host' && !f.not)),
  ).toBe(true)
  expect(
    cells.some(({ by, filters }) => !by.includes('host') && filters.some((f) => f.dimension === 'host' && f.not)),
  ).toBe(true)
})
