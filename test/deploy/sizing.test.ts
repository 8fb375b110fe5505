/** deploy/sizing.md says what the simulation gives, and the simulation what the formulas give. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../schema/runtime/package-root.js'
import { ASSUMED, MEASURED, PARTS_TO_DELAY, simulate, type Outcome, type Plan } from './write-path.js'

const page = readFileSync(new URL('deploy/sizing.md', packageRoot), 'utf8')

const PLANS: [what: string, plan: Plan][] = [
  ['1,000', { requests: 1_000, stores: 1, ingestNodes: 2, shards: 1, replicas: 2, postLines: 30_000 }],
  ['10,000', { requests: 10_000, stores: 1, ingestNodes: 2, shards: 2, replicas: 2, postLines: 100_000 }],
  ['10,000 of 1,000 zones', { requests: 10_000, stores: 1, ingestNodes: 2, shards: 2, replicas: 2, postLines: 300 }],
  ['100,000', { requests: 100_000, stores: 1, ingestNodes: 4, shards: 2, replicas: 2, postLines: 100_000 }],
  ['100,000 of 10,000 zones', { requests: 100_000, stores: 1, ingestNodes: 4, shards: 2, replicas: 2, postLines: 300 }],
  ['100,000 in 2 stores', { requests: 100_000, stores: 2, ingestNodes: 2, shards: 2, replicas: 2, postLines: 100_000 }],
]

const number = (value: number) =>
  value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')

function row(what: string, plan: Plan, out: Outcome): string {
  const cells = [
    what,
    `${plan.ingestNodes} a store`,
    `${plan.shards} × ${plan.replicas}`,
    `${number(out.incoming)} MB/s`,
    number(out.readCores),
    number(out.storeCores),
    `${Math.round(out.turn * 100)} %`,
    number(out.parts),
    number(out.mostParts),
    out.longest === null ? '**grows**' : `${number(out.longest)} s`,
    `${number(out.diskPerDay)} GB`,
  ]
  return `| ${cells.join(' | ')} |`
}

it('the table of the page is what the simulation gives', () => {
  const rows = PLANS.map(([what, plan]) => row(what, plan, simulate(plan)))
  const shown = page.split('\n').filter((line) => line.startsWith('| 1'))
  expect(shown).toEqual(rows)
})

it('the page says what was measured and what is assumed', () => {
  const { lineBytes, gzipBytes, readMicros, storeMicros, mergeMicros, sumMicros, recordBytes } = MEASURED
  for (const said of [
    `${lineBytes.toLocaleString('en')} bytes`,
    `${gzipBytes} bytes`,
    ...[readMicros, storeMicros, mergeMicros, sumMicros].map((micros) => `${micros} µs`),
    `${recordBytes} bytes`,
    `${ASSUMED.partSeconds} s a part`,
    `${ASSUMED.network / 1e6} MB/s`,
    `${ASSUMED.merges} merges`,
  ])
    expect(page).toContain(said)
  const most = Math.floor(50_000 / (ASSUMED.partSeconds + (50_000 * storeMicros) / 1e6))
  expect(page).toContain(`${(Math.floor(most / 1000) * 1000).toLocaleString('en')} records a second`)
})

describe('the simulation', () => {
  const plan: Plan = { requests: 10_000, stores: 1, ingestNodes: 2, shards: 2, replicas: 2, postLines: 50_000 }

  it('gives the same twice', () => expect(simulate(plan)).toEqual(simulate(plan)))

  it('takes the turn for as long as its parts last', () => {
    const rows = 50_000 / plan.shards
    const part =
      ASSUMED.partSeconds +
      50_000 * MEASURED.storeMicros * 1e-6 +
      ASSUMED.fetchSeconds +
      (rows * MEASURED.recordBytes) / ASSUMED.network
    const { turn, parts } = simulate(plan)
    expect(parts).toBeCloseTo(plan.requests / 50_000, 2)
    expect(turn).toBeCloseTo(parts * part, 3)
  })

  it('grows where more comes than a turn can take, and only there', () => {
    const longest = (requests: number) => simulate({ ...plan, requests }).longest
    expect(longest(30_000)).toBeLessThan(5)
    expect(longest(200_000)).toBeNull()
    // more stores take more
    expect(simulate({ ...plan, requests: 200_000, stores: 4 }).longest).toBeLessThan(5)
  })

  it('keeps parts few as long as merges keep up, and tells where they do not', () => {
    expect(simulate(plan).mostParts).toBeLessThan(PARTS_TO_DELAY / 10)
    const small = simulate({ ...plan, requests: 1_000, postLines: 200 })
    expect(small.parts).toBeCloseTo(5, 1)
    expect(small.mostParts).toBeGreaterThan(simulate({ ...plan, requests: 1_000 }).mostParts)
  })
})
