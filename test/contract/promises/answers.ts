/** Every answer is that of a count of the records. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { CountQuery, Percentiles, Selection } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import type { Record } from '../../../schema/words/record.js'
import { EVERYTHING, figures, type Contract } from '../contract.js'
import { naiveCounts, naiveDurations, naivePage, naivePercentile, naiveValues, selected } from '../naive-answers.js'
import { anyQuestions, breakdownQuestions, cellsOf, overviewQuestions, siteQuestions } from '../questions.js'
import {
  DAY,
  HOUR,
  MINUTE,
  randomFrom,
  randomSamples,
  sample,
  START,
  storeBatch,
  type Sample,
} from '../sample-records.js'

export function answerPromises({ test, withStore, freshUrl, backupTarget, settle, share = 1 }: Contract): void {
  const runs = (all: number) => ({ numRuns: Math.ceil(all * share) })
  let store: Store
  let url: string
  let records: Record[]

  beforeAll(async () => {
    url = await freshUrl()
    store = await openStore(url)
    const samples = randomSamples(6_000, 7)
    records = samples.map((s) => s.record)
    const parts = (list: Sample[], size: number) =>
      Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
    await storeBatch(store, ...parts(samples.slice(0, 4_000), 1_500))
    for (const part of parts(samples.slice(4_000), 250)) await storeBatch(store, part)
  })
  afterAll(() => store.close())

  async function expectSame(query: CountQuery): Promise<void> {
    const counts = await store.records.counts(query)
    const naive = naiveCounts(records, query)
    expect(cellsOf(counts)).toEqual(naive)
    const sum = (name: 'requests' | 'bytes' | 'records') =>
      [...naive.values()].reduce((total, cell) => total + cell[name], 0)
    expect(counts.total).toMatchObject({
      requests: sum('requests'),
      bytes: query.withBytes ? sum('bytes') : null,
      records: sum('records'),
    })
    const withErrors = await store.records.counts({ ...query, withErrors: true })
    const errorsOnly = naiveCounts(
      records.filter((r) => r.edgeResponseStatus >= 400 && r.edgeResponseStatus < 600),
      query,
    )
    const errors = [...cellsOf(withErrors).keys()]
      .map((key, i) => [key, (withErrors.errors as Float64Array)[i]] as const)
      .filter(([, n]) => n > 0)
    expect(new Map(errors)).toEqual(new Map([...errorsOnly].map(([key, cell]) => [key, cell.requests])))
  }

  test('the background is answered as people are', async () => {
    const query: CountQuery = { ...EVERYTHING, by: ['class', 'host'], bounds: null }
    expect(cellsOf(await store.patient.counts(query))).toEqual(naiveCounts(records, query))
    expect(await store.patient.extent()).toEqual(await store.records.extent())
  })

  test('overviews agree with a count of the records', () =>
    fc.assert(fc.asyncProperty(overviewQuestions, expectSame), runs(80)))
  test('questions by site agree with a count of the records', () =>
    fc.assert(fc.asyncProperty(siteQuestions, expectSame), runs(80)))
  test('breakdowns agree with a count of the records', () =>
    fc.assert(fc.asyncProperty(breakdownQuestions, expectSame), runs(60)))
  test('any question agrees with a count of the records', () =>
    fc.assert(fc.asyncProperty(anyQuestions, expectSame), runs(120)))

  test('the answers stay the same when the store has tidied up', async () => {
    if (!settle) return
    const before = await figures(store)
    await settle(store, url)
    expect(await figures(store)).toEqual(before)
    await fc.assert(fc.asyncProperty(anyQuestions, expectSame), runs(60))
  })

  test('a limit keeps the largest values and counts the rest', async () => {
    const query: CountQuery = { ...EVERYTHING, bounds: null, by: ['path', 'class'], limit: 5 }
    const all = await store.records.counts({ ...query, limit: undefined })
    const top = await store.records.counts(query)
    const requests = new Map<string, number>()
    for (const r of records) requests.set(r.path as string, (requests.get(r.path as string) ?? 0) + r.weight)
    const best = [...requests]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, 5)
      .map(([path]) => path)
    expect(new Set(top.groups.map(([path]) => path))).toEqual(new Set(best))
    expect(cellsOf(top)).toEqual(
      new Map([...cellsOf(all)].filter(([key]) => best.includes((JSON.parse(key) as string[])[1]))),
    )
    expect(top.total).toEqual({ ...all.total, values: requests.size })
  })

  test('cells told apart by a numbered dimension are those of the named one, and numbers stay', async () => {
    const named: CountQuery = { ...EVERYTHING, bounds: null, by: ['status', 'path'], withBytes: true }
    const texts = await store.records.counts(named)
    const numbered = await store.records.counts({ ...named, by: ['status'], apart: 'path' })
    const numberOf = new Map<string, number>()
    const alone = await store.records.counts({ ...named, by: ['path'], apart: 'path' })
    alone.group.forEach((group, i) => numberOf.set(alone.groups[group][0], alone.values?.[i] ?? -1))
    expect(new Set(numberOf.values()).size).toBe(numberOf.size)
    const cells = (key: (i: number) => string, counts: typeof texts) =>
      new Map([...counts.requests].map((requests, i) => [key(i), [requests, counts.records[i], counts.bytes?.[i]]]))
    expect(cells((i) => `${numbered.groups[numbered.group[i]][0]} ${numbered.values?.[i]}`, numbered)).toEqual(
      cells((i) => {
        const [status, path] = texts.groups[texts.group[i]]
        return `${status} ${numberOf.get(path)}`
      }, texts),
    )
    expect(numbered.total.records).toBe(texts.total.records)
    const byHour = await store.records.counts({
      ...named,
      by: [],
      apart: 'path',
      bounds: Float64Array.of(START, START + HOUR, START + 2 * HOUR),
    })
    expect([...(byHour.values ?? [])].every((value) => [...numberOf.values()].includes(value))).toBe(true)
  })

  test('percentiles are within 4 % of the exact ones', () =>
    fc.assert(
      fc.asyncProperty(
        anyQuestions,
        fc.constantFrom('edgeTimeToFirstByteMs' as const, 'originResponseDurationMs' as const, 'totalMs' as const),
        async (selection, measure) => {
          const query = { ...selection, by: selection.by.slice(0, 2), measure, percentiles: [0, 0.5, 0.95, 1] }
          const answer = await store.records.percentiles(query)
          const naive = naiveDurations(records, query)
          expect(answer.bucket.length).toBe(naive.size)
          for (let i = 0; i < answer.bucket.length; i++) {
            const values = naive.get(JSON.stringify([answer.bucket[i], ...answer.groups[answer.group[i]]])) as [
              number,
              number,
            ][]
            expect(answer.records[i]).toBe(values.length)
            query.percentiles.forEach((p, k) => {
              const exact = naivePercentile(values, p)
              expect(Math.abs(answer.values[i * 4 + k] - exact)).toBeLessThanOrEqual(Math.max(exact * 0.04, 1 / 64))
            })
          }
        },
      ),
      runs(60),
    ))

  test('percentiles of the values with the most requests are those without a limit', () =>
    fc.assert(
      fc.asyncProperty(breakdownQuestions, fc.integer({ min: 1, max: 9 }), async (selection, limit) => {
        const { by } = selection
        const query = { ...selection, by, measure: 'totalMs' as const, percentiles: [0.5, 0.9] }
        const cells = (answer: Percentiles) =>
          new Map(
            [...answer.bucket].map((bucket, i) => [
              JSON.stringify([bucket, ...answer.groups[answer.group[i]]]),
              [answer.records[i], ...answer.values.subarray(i * 2, i * 2 + 2)],
            ]),
          )
        const [all, some] = [
          await store.records.percentiles(query),
          await store.records.percentiles({ ...query, limit }),
        ]
        const most = await store.records.counts({ ...selection, bounds: all.bounds, by, limit })
        const named = new Set(most.groups.map(([value]) => value))
        const expected = [...cells(all)].filter(([key]) => named.has((JSON.parse(key) as string[])[1]))
        expect(cells(some)).toEqual(new Map(expected))
      }),
      runs(25),
    ))

  test('records come newest first, page by page, each once', () =>
    fc.assert(
      fc.asyncProperty(anyQuestions, fc.integer({ min: 1, max: 700 }), async (selection, limit) => {
        const expected = naivePage(records, { ...selection, limit, after: null })
        const got: Record[] = []
        let after: string | null = null
        for (let page = 0; page < 4; page++) {
          const answer = await store.records.newest({ ...selection, limit, after })
          got.push(...answer.records)
          after = answer.next
          if (after === null) break
        }
        expect(got.length).toBe(Math.min(expected.length, 4 * limit))
        expect(got.map((r) => [r.time, r.rayId])).toEqual(expected.slice(0, got.length).map((r) => [r.time, r.rayId]))
        expect(after === null).toBe(expected.length <= got.length)
        const only = await store.records.newest({ ...selection, limit, after: null, onlyPage: true })
        expect(only.records).toEqual(got.slice(0, limit))
        expect(only.next === null).toBe(expected.length <= limit)
      }),
      runs(25),
    ))

  test('a cursor that is none is refused', async () => {
    await expect(
      store.records.newest({
        ...EVERYTHING,
        limit: 5,
        after: 'yesterday',
      }),
    ).rejects.toMatchObject({ code: 'BAD_CURSOR' })
  })

  test('a record comes back with every field as it was', async () => {
    for (const record of records.filter((r) => r.rayId !== null).slice(0, 20)) {
      expect(await store.records.byRayId(record.rayId as string)).toEqual([record])
    }
  })

  for (const contains of ['', 'a', 'CART', '/product/*', '*7', '/*/*', 'nothing has this', 'münchen', '*']) {
    for (const dimension of ['path', 'host', 'clientIp', 'status', 'class', 'userAgent'] as const) {
      test(`values of ${dimension} that "${contains}" finds`, async () => {
        for (const selection of [
          { ...EVERYTHING, audience: 'visitors' as const },
          { ...EVERYTHING, from: START + 61 * MINUTE, filters: [{ dimension: 'class' as const, values: ['2xx'] }] },
        ]) {
          const expected = naiveValues(records, { ...selection, dimension, contains })
          const all = await store.records.values({ ...selection, dimension, contains, limit: 10_000 })
          expect(new Map(all.values.map(({ key, count }) => [key, count]))).toEqual(expected)
          expect(all.total).toBe(expected.size)
          const few = await store.records.values({ ...selection, dimension, contains, limit: 3 })
          expect(few).toEqual({ values: all.values.slice(0, 3), total: all.total })
        }
      })
    }
  }

  test('presence tells what an export lacks', async () => {
    const selection: Selection = {
      ...EVERYTHING,
      filters: [{ dimension: 'class', values: ['5xx'] }],
      audience: 'visitors',
    }
    const some = selected(records, selection)
    const has = (field: keyof Record) => some.filter((r) => r[field] !== null).length
    expect(
      await store.records.presence(selection, [
        'originResponseStatus',
        'securityAction',
        'edgeResponseBytes',
        'rayId',
        'query',
      ]),
    ).toEqual({
      originResponseStatus: has('originResponseStatus'),
      securityAction: has('securityAction'),
      edgeResponseBytes: has('edgeResponseBytes'),
      rayId: has('rayId'),
      query: 0,
    })
  })

  test('a cursor stays right while newer records arrive', async () => {
    const first = await store.records.newest({ ...EVERYTHING, limit: 10, after: null })
    const { id } = await storeBatch(store, [sample({ time: START + 20 * DAY })])
    const second = await store.records.newest({ ...EVERYTHING, limit: 10, after: first.next })
    await store.batches.delete(id)
    const twenty = await store.records.newest({ ...EVERYTHING, limit: 20, after: null })
    expect([...first.records, ...second.records]).toEqual(twenty.records)
  })

  test('a backup taken while writing opens and answers', async () => {
    const target = backupTarget()
    const before = await figures(store)
    await store.backup(target.path)
    const copy = await openStore(target.url)
    expect(await figures(copy)).toEqual(before)
    await copy.close()
  })

  test('a flood of random subdomains is counted like any other', () =>
    withStore(async (store) => {
      const random = randomFrom(8)
      const flood = Array.from({ length: 20_000 }, (_, i) =>
        sample({
          time: START + i * 20,
          host: `${Math.floor(random() * 1e9)}.example.com`,
          rayId: i.toString(16).padStart(16, '0'),
        }),
      )
      await storeBatch(store, flood)
      const query: CountQuery = {
        ...EVERYTHING,
        filters: [
          {
            dimension: 'host',
            values: [flood[77].record.host as string],
          },
        ],
        bounds: null,
        by: ['status'],
      }
      expect((await store.records.counts(query)).total.records).toBe(1)
      const top = await store.records.counts({ ...EVERYTHING, bounds: null, by: ['host'], limit: 3 })
      expect([top.groups.length, top.total.records, top.total.values]).toEqual([
        3,
        20_000,
        new Set(flood.map((s) => s.record.host)).size,
      ])
    }))
}
