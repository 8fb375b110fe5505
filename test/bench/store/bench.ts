/**
 * The SQLite store alone: how fast it takes blocks in, how large it gets, how fast it answers. After `npm run build`:
 * `npx tsc -p test/bench/store && node dist/test/bench/store/bench.js [million records] [days]`
 *
 * Runs in one thread, without the threads that the product puts around it, so that a profiler sees everything
 * (`node --cpu-prof`). Beside each wall time stands the processor's time: on a busy machine only that tells something.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packBlock } from '../../../schema/store/moving-block.js'
import type { CountQuery, Dimension, Filter } from '../../../schema/store/query.js'
import { withBounds } from '../../../schema/store/buckets.js'
import { Reader } from '../../../schema/sqlite/reader.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { blockMaker } from './blocks.js'

const records = Number(process.argv[2] ?? 1) * 1_000_000
const days = Number(process.argv[3] ?? 30)
const PART = 50_000
const DAY = 86_400_000
const to = Date.UTC(2026, 5, 1)
const from = to - days * DAY

const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-'))
const path = join(folder, 'store.sqlite')
const writer = new Writer(path, 'bench')
const maker = blockMaker(1)

interface Time {
  wall: number
  processor: number
}

function timed(work: () => void): Time {
  const started = performance.now()
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return { wall: performance.now() - started, processor: (user + system) / 1000 }
}

function middle(times: Time[]): Time {
  const sorted = (name: keyof Time) => times.map((t) => t[name]).sort((a, b) => a - b)[Math.floor(times.length / 2)]
  return { wall: sorted('wall'), processor: sorted('processor') }
}

const ms = (time: Time, per = 1) =>
  `${(time.wall / per).toFixed(2).padStart(9)} ms  (processor ${(time.processor / per).toFixed(2)})`
const progress = {
  lines: 0,
  rejected: 0,
  rejectedByReason: {},
  missingFields: [],
  via: [],
  weighted: false,
  after: null,
  leftOut: [],
  bytes: 0,
  seconds: 0,
}

function takeIn(count: number, first: number, last: number): Time[] {
  const { value: batch } = writer.open({ input: 'file', name: 'bench' })
  const parts = Math.ceil(count / PART)
  const times = Array.from({ length: parts }, (_, n) => {
    const block = maker.block(PART, first + ((last - first) * n) / parts, first + ((last - first) * (n + 1)) / parts)
    return timed(() => writer.write(batch, { number: n + 1, blocks: [packBlock(block)], rejected: [], progress }))
  })
  writer.close(batch, 'complete', progress, null)
  return times
}

function bytesPerRecord(): string {
  writer.db.pragma('wal_checkpoint(truncate)')
  const stored = writer.db.prepare('select sum(rows) from segment').pluck().get() as number
  return (statSync(path).size / stored).toFixed(1)
}

const times = takeIn(records, from, to)
console.log(`taking in, a part of ${PART}:    ${ms(middle(times))}, the first ${ms(times[0])}`)
console.log(`bytes per record:            ${bytesPerRecord()}`)
console.log(`a part into the middle of it:${ms(middle(takeIn(PART * 5, from + 10 * DAY, from + 12 * DAY)))}`)
console.log(
  `merging segments:            ${ms(
    timed(() => writer.tidyNow()),
    records / PART,
  )} a part`,
)
console.log(`bytes per record then:       ${bytesPerRecord()}`)

const reader = new Reader(path)
const hours = Float64Array.from({ length: days * 24 + 1 }, (_, i) => from + i * 3_600_000)
const counts =
  (by: Dimension[], filters: Filter[] = [], more: Partial<CountQuery> = {}) =>
  () =>
    reader.counts(withBounds({ from, to, filters, audience: 'visitors', bounds: null, by, limit: 20, ...more }))
const is = (dimension: Dimension, value: string): Filter[] => [{ dimension, values: [value] }]
const someAddress = reader.counts({
  from,
  to,
  filters: [],
  audience: 'all',
  bounds: Float64Array.of(from, to),
  by: ['clientIp'],
  limit: 1,
}).groups[0][0]
const someRay = reader.newest({
  from,
  to,
  filters: [],
  audience: 'all',
  limit: 1,
  after: null,
}).records[0].rayId as string
const aDay = { from: from + 9 * DAY, to: from + 10 * DAY }

const QUESTIONS: { [name: string]: () => unknown } = {
  'classes by the hour': counts(['class'], [], { bounds: hours }),
  'classes of a host by the hour': counts(['class'], is('host', 'host-1'), { bounds: hours }),
  'hosts by the hour': counts(['host'], [], { bounds: hours }),
  'median and p95 of the whole range': () =>
    reader.percentiles({
      from,
      to,
      filters: [],
      audience: 'visitors',
      bounds: Float64Array.of(from, to),
      by: [],
      measure: 'edgeTimeToFirstByteMs',
      percentiles: [0.5, 0.95],
    }),
  'countries': counts(['country']),
  'paths': counts(['path']),
  'addresses': counts(['clientIp']),
  'paths of a status': counts(['path'], is('status', '503')),
  'classes of a path by the hour': counts(['class'], is('path', '/some/longer/path/of/a/shop/product-7'), {
    bounds: hours,
  }),
  'classes of an address by the hour': counts(['class'], is('clientIp', someAddress), { bounds: hours }),
  'paths of a country, a day': counts(['path'], is('country', 'C1'), aDay),
  'one RayID': () => reader.byRayId(someRay),
  'the newest 100 records': () =>
    reader.newest({
      from,
      to,
      filters: [],
      audience: 'visitors',
      limit: 100,
      after: null,
    }),
}
for (const [name, ask] of Object.entries(QUESTIONS)) {
  const first = timed(ask)
  console.log(
    `${name.padEnd(36)}${ms(middle(Array.from({ length: 7 }, () => timed(ask))))}, the first ${first.wall.toFixed(1)} ms`,
  )
}
reader.dispose()
writer.dispose()
rmSync(folder, { recursive: true })
