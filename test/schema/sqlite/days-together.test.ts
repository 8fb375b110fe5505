/** Days of many segments, summed up as one: the same answers as of one segment a day, and nothing is read twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openToRead } from '../../../schema/sqlite/database.js'
import { countRequests } from '../../../schema/sqlite/questions/counts.js'
import { KeptMerges } from '../../../schema/sqlite/questions/kept-merges.js'
import { percentiles } from '../../../schema/sqlite/questions/percentiles.js'
import { Reader } from '../../../schema/sqlite/reader.js'
import { Catalog } from '../../../schema/sqlite/segments/catalog.js'
import { SegmentSource } from '../../../schema/sqlite/segments/segment.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { withBounds } from '../../../schema/store/buckets.js'
import type { Bounded } from '../../../schema/store/buckets.js'
import type { CountQuery, Dimension, Filter, PercentileQuery, Selection } from '../../../schema/store/query.js'
import { naiveCounts } from '../../contract/naive-answers.js'
import { cellsOf } from '../../contract/questions.js'
import { blockOf, DAY, HOUR, progress, randomFrom, sample, START } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-days-'))
const path = join(folder, 'days.sqlite')
const DAYS = 4
const PARTS = 5
const samples: ReturnType<typeof sample>[] = []
let writer: Writer

/** Each part touches all days; on the second day one segment has more hosts than a rollup by site. */
beforeAll(() => {
  const random = randomFrom(7)
  const one = <T>(...values: T[]) => values[Math.floor(random() * values.length)]
  writer = new Writer(path, 'test')
  const { value: batch } = writer.open({ input: 'file', name: null })
  for (let number = 1; number <= PARTS; number++) {
    const part = Array.from({ length: DAYS * 60 }, (_, i) => {
      const day = i % DAYS
      return sample({
        time: Math.floor(START + (day + random()) * DAY),
        rayId: (number * 100_000 + i).toString(16).padStart(16, '0'),
        host: one('www.example.com', 'shop.example.com', `h${number}.example.com`),
        edgeResponseStatus: one(200, 200, 404, 500 + number),
        source: one('origin', 'edge', 'cache'),
        visitor: random() < 0.9,
        edgeResponseBytes: Math.floor(random() * 5_000),
        edgeTimeToFirstByteMs: Math.floor(random() ** 3 * 4_000),
      })
    })
    for (let i = 0; i < (number === 1 ? 1_100 : 0); i++)
      part.push(
        sample({
          time: START + DAY + i * 1_000,
          rayId: (number * 100_000 + 50_000 + i).toString(16).padStart(16, '0'),
          host: `flood${i}.example.com`,
        }),
      )
    samples.push(...part)
    writer.write(batch, { number, blocks: [blockOf(part)], rejected: [], progress: progress(part.length) })
  }
})
afterAll(() => {
  writer.dispose()
  rmSync(folder, { recursive: true })
})

const SITE: Selection = { from: START, to: START + DAYS * DAY, filters: [], audience: 'visitors' }
const BOUNDS: CountQuery['bounds'][] = [
  null,
  { step: 'day', zone: 'UTC' },
  { step: 'day', zone: 'Asia/Kolkata' },
  { step: HOUR, zone: 'UTC' },
  { step: 6 * HOUR, zone: 'UTC' },
  { step: 420_000, zone: 'UTC' },
]
const RANGES: Pick<Selection, 'from' | 'to'>[] = [
  SITE,
  { from: START + 5 * HOUR, to: START + 3 * DAY },
  { from: START + DAY + 1_234, to: START + 3 * DAY + 5 * HOUR },
]
const BY: Dimension[][] = [[], ['class'], ['status', 'source'], ['source'], ['host'], ['host', 'status']]
const FILTERS: Filter[][] = [
  [],
  [{ dimension: 'class', values: ['5xx'] }],
  [{ dimension: 'host', values: ['www.example.com', 'h2.example.com'] }],
  [{ dimension: 'source', values: ['edge'], not: true }],
]

function* questions(): Generator<Bounded<CountQuery>> {
  for (const range of RANGES)
    for (const bounds of BOUNDS)
      for (const by of BY)
        for (const filters of FILTERS)
          yield withBounds({ ...SITE, ...range, bounds, by, filters, withErrors: true, withBytes: true })
}

const durations = (): Bounded<PercentileQuery>[] =>
  RANGES.flatMap((range) =>
    BOUNDS.map((bounds) =>
      withBounds({
        ...SITE,
        ...range,
        bounds,
        by: [],
        measure: 'edgeTimeToFirstByteMs' as const,
        percentiles: [0.5, 0.95],
      }),
    ),
  )

test('whatever is asked, a day of many segments tells what its records do, and durations what one segment does', () => {
  const records = samples.map(({ record }) => record)
  const reader = new Reader(path)
  for (const query of questions()) expect(cellsOf(reader.counts(query))).toEqual(naiveCounts(records, query))
  const before = durations().map((query) => reader.percentiles(query))
  reader.dispose()
  writer.tidyNow()
  const after = new Reader(path)
  expect(durations().map((query) => after.percentiles(query))).toEqual(before)
  after.dispose()
})

test('asked again nothing is read but of the newest day', () => {
  const store = join(folder, 'again.sqlite')
  const own = new Writer(store, 'test')
  const { value: batch } = own.open({ input: 'file', name: null })
  for (let number = 1; number <= 4; number++) {
    const part = [0, 1, 2].map((day) =>
      sample({ time: START + day * DAY + number, rayId: `${day}${number}`.padStart(16, '0') }),
    )
    own.write(batch, { number, blocks: [blockOf(part)], rejected: [], progress: progress(3) })
  }
  own.dispose()
  const db = openToRead(store)
  const segments = new Catalog(db).every()
  expect(segments).toHaveLength(12)
  // keeps nothing itself
  const source = new SegmentSource(db, 1)
  const merges = new KeptMerges(1_000)
  const read = new Set<number>()
  const { blob } = SegmentSource.prototype
  const spy = vi.spyOn(SegmentSource.prototype, 'blob').mockImplementation(function (this: SegmentSource, info, name) {
    read.add(info.day)
    return blob.call(this, info, name)
  })
  const asked = { ...SITE, bounds: Float64Array.of(SITE.from, SITE.to) }
  const hours = withBounds({ ...SITE, bounds: { step: HOUR, zone: 'UTC' } })
  const ask = () => {
    read.clear()
    countRequests(source, segments, { ...asked, by: ['class', 'source'] }, merges)
    countRequests(source, segments, { ...hours, by: ['source'] }, merges)
    countRequests(source, segments, { ...asked, by: ['host'], limit: 5 }, merges)
    percentiles(source, segments, { ...asked, by: [], measure: 'totalMs', percentiles: [0.5] }, merges)
    return [...read].map((day) => day - START / DAY).sort()
  }
  expect(ask()).toEqual([0, 1, 2])
  expect(ask()).toEqual([2])
  spy.mockRestore()
  db.close()
})
