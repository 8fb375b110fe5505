/**
 * What a visitor can make paths cost: 131,072 paths with one folded hash (spellings of one text, the worst that is left to
 * choose) beside as many random ones of the same length, taken in, broken down and merged.
 * `npx tsc -p test/bench/store && node dist/test/bench/store/paths.js`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Reader } from '../../../schema/sqlite/reader.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { withBounds } from '../../../schema/store/buckets.js'
import { packBlock } from '../../../schema/store/moving-block.js'
import type { CountQuery } from '../../../schema/store/query.js'
import { valuesOf } from '../../../schema/store/values.js'
import { blockMaker } from './blocks.js'

const ROWS = 32_768
const PARTS = 4
const ROUNDS = 5
const FROM = Date.UTC(2026, 4, 1)
const text = 'falsifyingtheevidence'

const spelled = (n: number) => `/${[...text].map((c, i) => ((n >> i) & 1 ? c.toUpperCase() : c)).join('')}`
const random = (n: number) =>
  `/${[...text].map((_, i) => (Math.imul(n + 1, 0x9e3779b1 + i * 2) >>> 24).toString(36).slice(-1)).join('')}${n}`.slice(
    -22,
  )

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

function processor(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function measure(path: (n: number) => string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-paths-'))
  const file = join(folder, 'store.sqlite')
  const writer = new Writer(file, 'bench')
  const maker = blockMaker(1)
  const { value: batch } = writer.open({ input: 'file', name: 'bench' })
  const times: number[] = [0, 0, 0]
  for (let part = 0; part < PARTS; part++) {
    const block = maker.block(ROWS, FROM + part * 3_600_000, FROM + (part + 1) * 3_600_000)
    block.dimensions.path = {
      codes: Uint16Array.from({ length: ROWS }, (_, i) => i + 1),
      values: valuesOf(['', ...Array.from({ length: ROWS }, (_, i) => path(part * ROWS + i))]),
    }
    const moving = packBlock(block)
    times[0] += processor(() => writer.write(batch, { number: part + 1, blocks: [moving], rejected: [], progress }))
  }
  const reader = new Reader(file)
  const query: CountQuery = {
    audience: 'visitors',
    from: FROM,
    to: FROM + 86_400_000,
    filters: [],
    bounds: null,
    by: ['path'],
    limit: 10,
  }
  times[1] = processor(() => reader.counts(withBounds(query)))
  reader.dispose()
  times[2] = processor(() => writer.tidyNow())
  writer.dispose()
  rmSync(folder, { recursive: true })
  return times
}

const best = { spelled: [Infinity, Infinity, Infinity], random: [Infinity, Infinity, Infinity] }
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, path] of [
    ['random', random],
    ['spelled', spelled],
  ] as const) {
    const times = measure(path)
    best[name] = best[name].map((time, i) => Math.min(time, times[i]))
  }
}
for (const [i, what] of ['taking in', 'breakdown', 'merge'].entries()) {
  const [a, b] = [best.spelled[i], best.random[i]]
  console.log(
    `${what.padEnd(10)} one hash ${a.toFixed(0)} ms, random ${b.toFixed(0)} ms of the processor: ${(a / b).toFixed(2)} times`,
  )
}
