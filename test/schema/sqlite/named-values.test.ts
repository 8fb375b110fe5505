/** A flood of values that come once: what an answer names is counted exactly, and what comes often has a name whenever it came. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { Counts, CountQuery, Selection } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import type { Record } from '../../../schema/words/record.js'
import { naiveCounts } from '../../contract/naive-answers.js'
import { cellsOf } from '../../contract/questions.js'
import { DAY, HOUR, randomFrom, sample, START, storeBatch } from '../../contract/sample-records.js'

const NAMED = 40
const folder = mkdtempSync(join(tmpdir(), 'faultline-named-'))
let store: Store
let all: Record[]
const SITE: Selection = { from: START, to: START + 9 * DAY, filters: [], audience: 'visitors' }

/** Batches of three days: of each the flood comes first, and the site afterwards; `/Cart` comes in as many spellings as may be. */
beforeAll(async () => {
  store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`, undefined, { namedValues: NAMED })
  const random = randomFrom(3)
  let n = 0
  const one = (time: number, values: Partial<Record>) =>
    sample({
      time: Math.floor(time),
      rayId: (++n).toString(16).padStart(16, '0'),
      edgeResponseBytes: n % 900,
      ...values,
    })
  const spelled = (i: number) => [...'/shoppingcart'].map((c, at) => ((i >> at) & 1 ? c.toUpperCase() : c)).join('')
  all = []
  for (const day of [0, 1, 8])
    for (const part of [0, 1, 2]) {
      const from = START + day * DAY + part * 4 * HOUR
      const strange = Array.from({ length: 400 }, (_, i) =>
        one(from + i * 1_000, {
          host: `x${n}.example.com`,
          path: spelled(i * 17),
          userAgent: `agent ${n}`,
          edgeResponseStatus: 403,
          edgeTimeToFirstByteMs: 5,
        }),
      )
      const real = Array.from({ length: 120 }, () =>
        one(from + HOUR + random() * HOUR, {
          host: ['www.example.com', 'www.example.com', 'shop.example.com', 'docs.example.com'][
            Math.floor(random() * 4)
          ],
          path: `/page/${Math.floor(random() ** 2 * 6)}`,
          userAgent: `Mozilla ${Math.floor(random() * 3)}`,
          edgeResponseStatus: random() < 0.2 ? 503 : 200,
          edgeTimeToFirstByteMs: 50,
        }),
      )
      all.push(...[...strange, ...real].map(({ record }) => record))
      await storeBatch(store, strange, real)
    }
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Every cell is that of a count of all records, and the total is of all of them. */
function expectTrue(counts: Counts, query: CountQuery): void {
  const naive = naiveCounts(all, query)
  const cells = cellsOf(counts)
  for (const [key, cell] of cells) expect([key, cell]).toEqual([key, naive.get(key)])
  const sum = (name: 'requests' | 'bytes' | 'records') => [...naive.values()].reduce((n, cell) => n + cell[name], 0)
  expect(counts.total).toMatchObject({
    requests: sum('requests'),
    bytes: query.withBytes ? sum('bytes') : null,
    records: sum('records'),
  })
}

test.each(['host', 'path', 'userAgent'] as const)(
  'the heaviest by %s are exact, the rest is counted together',
  async (dimension) => {
    const query: CountQuery = { ...SITE, bounds: null, by: [dimension], limit: 3, withErrors: true, withBytes: true }
    const counts = await store.records.counts(query)
    expectTrue(counts, query)
    const heaviest = [...naiveCounts(all, query)].sort((a, b) => b[1].requests - a[1].requests).slice(0, 3)
    expect([...cellsOf(counts).keys()].sort()).toEqual(heaviest.map(([key]) => key).sort())
    const distinct = naiveCounts(all, query).size
    expect(counts.total.more).toBe(true)
    expect(counts.total.values).toBeGreaterThan(NAMED)
    expect(counts.total.values).toBeLessThanOrEqual(distinct)
    expect(counts.total.errors).toBe(all.filter((r) => r.edgeResponseStatus >= 400).length)
  },
)

test('over time, with other dimensions and with filters as well', async () => {
  const hours: CountQuery = { ...SITE, bounds: { step: HOUR, zone: 'UTC' }, by: ['host', 'status'], limit: 3 }
  const counts = await store.records.counts(hours)
  expectTrue(counts, hours)
  const hosts = new Set(counts.groups.map(([host]) => host))
  expect(hosts).toEqual(new Set(['www.example.com', 'shop.example.com', 'docs.example.com']))
  const odd: CountQuery = {
    ...hours,
    from: START + 1_234_567,
    by: ['path', 'host'],
    filters: [{ dimension: 'status', values: ['503'] }],
  }
  expectTrue(await store.records.counts(odd), odd)
})

test('without a limit no more than the named values come', async () => {
  const query: CountQuery = { ...SITE, bounds: { step: 'day', zone: 'UTC' }, by: ['status', 'host'] }
  const counts = await store.records.counts(query)
  expectTrue(counts, query)
  expect(new Set(counts.groups.map(([, host]) => host)).size).toBeLessThanOrEqual(NAMED)
  const whole: CountQuery = { ...SITE, bounds: null, by: ['host'] }
  const answer = await store.records.counts(whole)
  expectTrue(answer, whole)
  expect(answer.groups.length).toBeLessThanOrEqual(NAMED)
})

test('percentiles name the heaviest, exactly', async () => {
  const { groups, records } = await store.records.percentiles({
    ...SITE,
    measure: 'edgeTimeToFirstByteMs',
    percentiles: [0.5],
    bounds: null,
    by: ['host'],
    limit: 2,
  })
  expect(groups.map(([host]) => host).sort()).toEqual(['shop.example.com', 'www.example.com'])
  const of = (host: string) => all.filter((r) => r.host === host).length
  expect([...records].sort()).toEqual(groups.map(([host]) => of(host)).sort())
})

test('a value that came once is found by its text and by its records', async () => {
  const rare = all.find((r) => r.host?.startsWith('x') && r.time > START + DAY) as Record
  const found = await store.records.values({ ...SITE, dimension: 'host', contains: rare.host as string, limit: 5 })
  expect(found.values).toContainEqual({ key: rare.host, count: 1 })
  const page = await store.records.newest({
    ...SITE,
    filters: [{ dimension: 'host', values: [rare.host as string] }],
    limit: 5,
    after: null,
  })
  expect(page.records.map(({ rayId, host }) => [rayId, host])).toEqual([[rare.rayId, rare.host]])
  const any = await store.records.values({ ...SITE, dimension: 'host', contains: 'x', limit: 5 })
  expect(any).toMatchObject({ more: true })
  expect(any.total).toBeGreaterThan(NAMED)
})

test('whatever the questions, figures are true', async () => {
  const question = fc.record({
    by: fc.subarray(['host', 'path', 'userAgent', 'status'] as const, { minLength: 1, maxLength: 3 }),
    limit: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    from: fc.integer({ min: -HOUR, max: DAY }),
    length: fc.integer({ min: HOUR, max: 9 * DAY }),
    bounds: fc.constantFrom<CountQuery['bounds']>(
      null,
      { step: 'day', zone: 'UTC' },
      { step: HOUR, zone: 'Asia/Kolkata' },
    ),
    withBytes: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(question, async ({ by, limit, from, length, bounds, withBytes }) => {
      const query: CountQuery = {
        ...SITE,
        from: START + from,
        to: START + from + length,
        by: [...by],
        limit,
        bounds,
        withBytes,
      }
      expectTrue(await store.records.counts(query), query)
    }),
    { numRuns: 60 },
  )
})
