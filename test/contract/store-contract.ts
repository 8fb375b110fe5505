/**
 * What every store must do. A store's test file calls `storeContract` with the way to make a fresh one; a reader
 * of the suite learns what the interface promises.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import type { CountQuery, Selection } from '../../schema/store/query.js'
import { everyItem } from '../../schema/store/paging.js'
import type { Record } from '../../schema/words/record.js'
import type { Store } from '../../schema/store/store.js'
import { naiveCounts, naiveDurations, naivePage, naivePercentile, naiveValues, selected } from './naive-answers.js'
import { anyQuestions, breakdownQuestions, cellsOf, overviewQuestions, siteQuestions } from './questions.js'
import {
  blockOf,
  DAY,
  HOUR,
  MINUTE,
  progress,
  randomFrom,
  randomSamples,
  sample,
  START,
  storeBatch,
  type Sample,
} from './sample-records.js'

export interface StoreContract {
  name: string
  /** The URL of a store that does not exist yet. */
  freshUrl(): Promise<string> | string
  /** A URL under which a backup written to `path` can be opened; null where the store can't be opened from a file. */
  backupTarget(): { path: string; url: string } | null
  /** Waits for (or does) what the store does by itself in quiet times, such as merging. */
  settle?(store: Store, url: string): Promise<void>
}

const EVERYTHING: Selection = { from: START - 30 * DAY, to: START + 60 * DAY, filters: [], audience: 'all' }

export function storeContract({ name, freshUrl, backupTarget, settle }: StoreContract): void {
  async function withStore<T>(work: (store: Store, url: string) => Promise<T>): Promise<T> {
    const url = await freshUrl()
    const store = await openStore(url)
    try {
      return await work(store, url)
    } finally {
      await store.close()
    }
  }

  /** Every figure that the tests compare before and after. */
  async function figures(store: Store) {
    const ask = async (query: Partial<CountQuery>) =>
      [
        ...cellsOf(
          await store.records.counts({
            ...EVERYTHING,
            bounds: null,
            by: [],
            ...query,
          }),
        ),
      ].sort()
    const hours = Float64Array.from({ length: 24 * 5 + 1 }, (_, i) => START + i * HOUR)
    const p = await store.records.percentiles({
      ...EVERYTHING,
      measure: 'edgeTimeToFirstByteMs',
      percentiles: [0.5, 0.95],
      bounds: null,
      by: [],
    })
    return {
      extent: await store.records.extent(),
      byStatus: await ask({ by: ['status', 'source', 'visitor'], bounds: hours }),
      bySite: await ask({ by: ['zone', 'host'], bounds: hours }),
      byPath: await ask({ by: ['path', 'country'] }),
      percentiles: [[...p.values], [...p.records]],
    }
  }

  describe(`${name}: batches`, () => {
    test('a batch is stored with its report', () =>
      withStore(async (store) => {
        const id = await store.batches.open({ input: 'upload', name: 'day.ndjson' })
        expect((await store.ledger.reports.get(id))?.state).toBe('open')
        const missingFields = [{ field: 'OriginResponseStatus', spoils: 'who answered' }]
        const rejected = [{ input: 'day.ndjson', line: 3, reason: 'not-json' as const, sample: '{"RayID":' }]
        const facts = { rejected: 1, rejectedByReason: { 'not-json': 1 }, missingFields, bytes: 3000, seconds: 1.5 }
        const two = [
          sample({
            time: START + 5,
            rayId: '00000000000000aa',
          }),
          sample({ time: START, rayId: '00000000000000bb' }),
        ]
        expect(
          await store.batches.write(id, { number: 1, blocks: [blockOf(two)], rejected, progress: progress(3, facts) }),
        ).toEqual({ stored: 2, duplicates: 0 })
        const report = await store.batches.close(id, 'complete', progress(3, facts), null)
        expect(report).toMatchObject({
          id,
          input: 'upload',
          name: 'day.ndjson',
          state: 'complete',
          message: null,
          lines: 3,
          stored: 2,
          duplicates: 0,
          rejected: 1,
          rejectedByReason: { 'not-json': 1 },
          rejections: rejected,
          missingFields,
          bytes: 3000,
          seconds: 1.5,
          from: new Date(START).toISOString(),
          to: new Date(START + 5).toISOString(),
        })
        expect(await store.ledger.reports.get(id)).toEqual(report)
        expect(await store.ledger.reports.page({ limit: 10, after: null })).toEqual({ items: [report], next: null })
        expect(await store.ledger.reports.rejectedLines(id, { limit: 10, after: null })).toEqual({
          items: rejected,
          next: null,
        })
        expect(await store.ledger.reports.get(`${id}0`)).toBeNull()
      }))

    test('a part has several blocks, each with its own numbers for values', () =>
      withStore(async (store) => {
        const samples = randomSamples(600, 9)
        const id = await store.batches.open({ input: 'file', name: null })
        const blocks = [blockOf(samples.slice(0, 200)), blockOf(samples.slice(200, 450)), blockOf(samples.slice(450))]
        expect(await store.batches.write(id, { number: 1, blocks, rejected: [], progress: progress(600) })).toEqual({
          stored: 600,
          duplicates: 0,
        })
        expect((await storeBatch(store, samples)).duplicates).toBe(600)
        const query: CountQuery = { ...EVERYTHING, bounds: null, by: ['path', 'host', 'userAgent'] }
        expect(cellsOf(await store.records.counts(query))).toEqual(
          naiveCounts(
            samples.map((s) => s.record),
            query,
          ),
        )
      }))

    test('batches are listed newest first, page by page', () =>
      withStore(async (store) => {
        const ids = []
        for (let i = 0; i < 5; i++) ids.unshift((await storeBatch(store, [sample({ time: START + i * 1000 })])).id)
        const first = await store.ledger.reports.page({ limit: 3, after: null })
        expect(first.next).not.toBeNull()
        await storeBatch(store, [sample({ time: START + 9_000 })])
        const second = await store.ledger.reports.page({ limit: 3, after: first.next })
        expect([...first.items, ...second.items].map((b) => b.id)).toEqual(ids)
        expect(second.next).toBeNull()
        // what is shown can be gone on from by its id as well
        const third = await store.ledger.reports.page({ limit: 2, after: first.items[1].id })
        expect(third.items.map((b) => b.id)).toEqual(ids.slice(2, 4))
        await expect(store.ledger.reports.page({ limit: 3, after: 'yesterday' })).rejects.toMatchObject({
          code: 'BAD_CURSOR',
        })
      }))

    test('rejected lines are all counted, 10,000 are kept, and come in pages', () =>
      withStore(async (store) => {
        const id = await store.batches.open({ input: 'file', name: null })
        const lines = Array.from({ length: 12_000 }, (_, i) => ({
          input: 'x',
          line: i + 1,
          reason: 'not-json' as const,
          sample: `line ${i}`,
        }))
        await store.batches.write(id, {
          number: 1,
          blocks: [],
          rejected: lines.slice(0, 7000),
          progress: progress(7000, { rejected: 7000 }),
        })
        await store.batches.write(id, {
          number: 2,
          blocks: [],
          rejected: lines.slice(7000),
          progress: progress(12_000, { rejected: 12_000 }),
        })
        const report = await store.batches.close(id, 'complete', progress(12_000, { rejected: 12_000 }), null)
        expect(report.rejected).toBe(12_000)
        expect(report.rejections).toEqual(lines.slice(0, 100))
        const kept = []
        for await (const line of everyItem((page) => store.ledger.reports.rejectedLines(id, page), 999)) kept.push(line)
        expect(kept).toEqual(lines.slice(0, 10_000))
      }))

    test('an aborted batch keeps what was committed and says why', () =>
      withStore(async (store) => {
        const id = await store.batches.open({ input: 'upload', name: null })
        await store.batches.write(id, {
          number: 1,
          blocks: [blockOf([sample({})])],
          rejected: [],
          progress: progress(1),
        })
        const report = await store.batches.close(id, 'aborted', progress(1), 'the gzip stream ends early')
        expect(report).toMatchObject({ state: 'aborted', message: 'the gzip stream ends early', stored: 1 })
        expect((await store.records.extent()).records).toBe(1)
      }))

    test('an empty store answers', () =>
      withStore(async (store) => {
        expect(await store.records.extent()).toEqual({ records: 0, from: null, to: null })
        for (const by of [[], ['status'], ['path'], ['class', 'host']] as CountQuery['by'][]) {
          const counts = await store.records.counts({ ...EVERYTHING, bounds: null, by, withErrors: true })
          expect([counts.groups, counts.requests.length, counts.errors?.length]).toEqual([[], 0, 0])
          expect(counts.total).toEqual({ values: 0, requests: 0, bytes: 0, records: 0, errors: 0 })
        }
        expect((await store.records.newest({ ...EVERYTHING, limit: 10, after: null })).records).toEqual([])
        expect(await store.records.byRayId('7a1f7ad4df2f870a')).toEqual([])
      }))

    test('the identity key belongs to the store', () =>
      withStore(async (store, url) => {
        const key = await store.ledger.identityKey()
        expect(key).toHaveLength(4)
        expect(await store.ledger.identityKey()).toEqual(key)
        await store.close()
        const again = await openStore(url)
        expect(await again.ledger.identityKey()).toEqual(key)
        await again.close()
      }))

    test('listeners hear of every commit until they leave', () =>
      withStore(async (store) => {
        const heard: (string | null)[] = []
        const leave = store.onChange(({ batch }) => heard.push(batch))
        const { id } = await storeBatch(store, [sample({})])
        expect(heard).toEqual([id, id, id])
        leave()
        await store.batches.delete(id)
        expect(heard).toHaveLength(3)
      }))

    test('settings are kept', () =>
      withStore(async (store, url) => {
        expect(await store.ledger.settings.get('rules')).toBeNull()
        await store.ledger.settings.set('rules', '{"a":1}')
        await store.ledger.settings.set('rules', '{"a":2}')
        await store.close()
        const again = await openStore(url)
        expect(await again.ledger.settings.get('rules')).toBe('{"a":2}')
        await again.close()
      }))
  })

  describe(`${name}: duplicates`, () => {
    test('within a part, across parts, across batches and after reopening, the second changes nothing', () =>
      withStore(async (store, url) => {
        const samples = randomSamples(500, 1)
        const first = await storeBatch(
          store,
          [...samples.slice(0, 300), ...samples.slice(0, 50)],
          samples.slice(200, 400),
        )
        expect([first.stored, first.duplicates]).toEqual([400, 150])
        const before = await figures(store)
        const second = await storeBatch(store, samples.slice(0, 400))
        expect([second.stored, second.duplicates]).toEqual([0, 400])
        expect(await figures(store)).toEqual(before)
        await store.close()
        const again = await openStore(url)
        const third = await storeBatch(again, samples)
        expect([third.stored, third.duplicates]).toEqual([100, 400])
        expect((await again.records.extent()).records).toBe(500)
        await again.close()
      }))

    test('five requests with one RayID stay five', () =>
      withStore(async (store) => {
        const five = ['/a', '/b', '/c', '/d', '/e'].map((path) => sample({ path }))
        expect((await storeBatch(store, five, five)).stored).toBe(5)
        expect((await store.records.byRayId('7a1f7ad4df2f870a')).map((r) => r.path).sort()).toEqual([
          '/a',
          '/b',
          '/c',
          '/d',
          '/e',
        ])
      }))

    test('the same request in another second, or another precision of the same second', () =>
      withStore(async (store) => {
        const report = await storeBatch(store, [
          sample({ time: START + 1_000 }),
          sample({ time: START + 1_999 }),
          sample({ time: START + 2_000 }),
        ])
        expect([report.stored, report.duplicates]).toEqual([2, 1])
      }))

    test('records without a RayID are told apart by the hash of the line', () =>
      withStore(async (store) => {
        const lines = [1, 2, 2, 3].map((n) => sample({ rayId: null }, [n, 9]))
        const report = await storeBatch(store, lines, lines)
        expect([report.stored, report.duplicates]).toEqual([3, 5])
      }))

    test('RayIDs that are no 16 hex digits', () =>
      withStore(async (store) => {
        const report = await storeBatch(
          store,
          ['A', 'B', 'A', '0000000000000000'].map((rayId) => sample({ rayId })),
        )
        expect([report.stored, report.duplicates]).toEqual([3, 1])
        expect((await store.records.byRayId('B'))[0]?.rayId).toBe('B')
        expect(await store.records.byRayId('0000000000000000')).toHaveLength(1)
        expect(await store.records.byRayId('b')).toHaveLength(0)
      }))

    test('in random order of time, over a midnight', () =>
      withStore(async (store) => {
        const samples = randomSamples(3_000, 2)
        const random = randomFrom(3)
        let expected = 0
        const seen = new Set<number>()
        for (let part = 0; part < 10; part++) {
          const picked = Array.from({ length: 500 }, () => Math.floor(random() * samples.length))
          for (const i of picked) seen.add(i)
          await storeBatch(
            store,
            picked.map((i) => samples[i]),
          )
          expected = seen.size
          expect((await store.records.extent()).records).toBe(expected)
        }
      }))
  })

  describe(`${name}: deletion`, () => {
    test('takes a batch out again, figures and all', () =>
      withStore(async (store, url) => {
        const samples = randomSamples(2_000, 4)
        await storeBatch(store, samples.slice(0, 800), samples.slice(800, 1_000))
        const before = await figures(store)
        const second = await storeBatch(store, samples.slice(900, 1_500), samples.slice(1_500))
        expect(second.stored).toBe(1_000)
        await settle?.(store, url)
        expect(await store.batches.delete(second.id)).toEqual({ id: second.id, removed: 1_000, broughtAgain: 0 })
        expect(await figures(store)).toEqual(before)
        await settle?.(store, url)
        expect(await figures(store)).toEqual(before)
        expect(await store.ledger.reports.get(second.id)).toBeNull()
        expect(await store.batches.delete(second.id)).toBeNull()
      }))

    test('the same breakdown asked again follows what was added and taken out', () =>
      withStore(async (store) => {
        const samples = randomSamples(3_000, 12, 9)
        const breakdowns = async (stored: readonly Sample[]) => {
          for (const by of ['clientIp', 'path', 'country', 'host'] as const) {
            const query: CountQuery = { ...EVERYTHING, audience: 'visitors', bounds: null, by: [by] }
            const right = naiveCounts(
              stored.map((s) => s.record),
              query,
            )
            for (let ask = 0; ask < 2; ask++) expect(cellsOf(await store.records.counts(query))).toEqual(right)
          }
        }
        await storeBatch(store, samples.slice(0, 500), samples.slice(500, 1_000), samples.slice(1_000, 1_500))
        await breakdowns(samples.slice(0, 1_500))
        const second = await storeBatch(store, samples.slice(1_500, 2_000), samples.slice(2_000))
        await breakdowns(samples)
        await store.batches.delete(second.id)
        await breakdowns(samples.slice(0, 1_500))
      }))

    test('says how many of its records another batch had brought again', () =>
      withStore(async (store) => {
        const samples = randomSamples(100, 5)
        const first = await storeBatch(store, samples.slice(0, 60), samples.slice(0, 5))
        const second = await storeBatch(store, samples.slice(40))
        const third = await storeBatch(store, samples.slice(50, 55))
        expect([first.stored, second.stored, third.stored]).toEqual([60, 40, 0])
        expect(await store.batches.delete(first.id)).toEqual({ id: first.id, removed: 60, broughtAgain: 20 })
        // what came again can be had again, and then nobody has brought it since
        const fourth = await storeBatch(store, samples.slice(0, 60))
        expect(fourth.stored).toBe(60)
        expect(await store.batches.delete(fourth.id)).toEqual({ id: fourth.id, removed: 60, broughtAgain: 0 })
        expect((await store.records.extent()).records).toBe(40)
      }))

    test('removes what is older than a time', () =>
      withStore(async (store, url) => {
        const samples = randomSamples(1_000, 6)
        await storeBatch(store, samples)
        await settle?.(store, url)
        const before = START + DAY + 5 * HOUR + 17 * MINUTE + 3
        const old = samples.filter((s) => s.record.time < before)
        expect(await store.records.expire(before)).toBe(old.length)
        const left = samples.filter((s) => s.record.time >= before).map((s) => s.record)
        const query: CountQuery = { ...EVERYTHING, bounds: null, by: ['status', 'host'] }
        expect(cellsOf(await store.records.counts(query))).toEqual(naiveCounts(left, query))
        expect((await store.records.extent()).records).toBe(left.length)
      }))
  })

  describe(`${name}: questions`, () => {
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
      expect(counts.total).toMatchObject({ requests: sum('requests'), bytes: sum('bytes'), records: sum('records') })
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

    test('overviews agree with a count of the records', () =>
      fc.assert(fc.asyncProperty(overviewQuestions, expectSame), { numRuns: 80 }))
    test('questions by site agree with a count of the records', () =>
      fc.assert(fc.asyncProperty(siteQuestions, expectSame), { numRuns: 80 }))
    test('breakdowns agree with a count of the records', () =>
      fc.assert(fc.asyncProperty(breakdownQuestions, expectSame), { numRuns: 60 }))
    test('any question agrees with a count of the records', () =>
      fc.assert(fc.asyncProperty(anyQuestions, expectSame), { numRuns: 120 }))

    test('the answers stay the same when the store has tidied up', async () => {
      if (!settle) return
      const before = await figures(store)
      await settle(store, url)
      expect(await figures(store)).toEqual(before)
      await fc.assert(fc.asyncProperty(anyQuestions, expectSame), { numRuns: 60 })
    })

    test('overview questions on whole hours and minutes never touch records', async () => {
      const days = { from: START, to: START + 3 * DAY, filters: [], audience: 'visitors' as const }
      const hourly = Float64Array.from({ length: 73 }, (_, i) => START + i * HOUR)
      for (const query of [
        { ...days, bounds: null, by: ['class' as const] },
        { ...days, bounds: hourly, by: ['status' as const, 'source' as const] },
        {
          ...days,
          bounds: hourly,
          by: ['host' as const, 'zone' as const],
          filters: [
            {
              dimension: 'source' as const,
              values: ['edge'],
            },
          ],
        },
        { ...days, from: START + 7 * MINUTE, bounds: null, by: ['source' as const] },
      ])
        expect((await store.records.counts(query)).from).toBe('rollup')
      expect((await store.records.counts({ ...days, bounds: hourly, by: ['path'] })).from).toBe('records')
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
      const named: CountQuery = { ...EVERYTHING, bounds: null, by: ['status', 'path'] }
      const texts = await store.records.counts(named)
      const numbered = await store.records.counts({ ...named, by: ['status'], apart: 'path' })
      const numberOf = new Map<string, number>()
      const alone = await store.records.counts({ ...named, by: ['path'], apart: 'path' })
      alone.group.forEach((group, i) => numberOf.set(alone.groups[group][0], alone.values?.[i] ?? -1))
      expect(new Set(numberOf.values()).size).toBe(numberOf.size)
      const cells = (key: (i: number) => string, counts: typeof texts) =>
        new Map([...counts.requests].map((requests, i) => [key(i), [requests, counts.records[i], counts.bytes[i]]]))
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
        { numRuns: 60 },
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
        }),
        { numRuns: 25 },
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

    test.each(
      ['', 'a', 'CART', '/product/*', '*7', '/*/*', 'nothing has this', 'münchen', '*'].flatMap((contains) =>
        (['path', 'host', 'clientIp', 'status', 'class', 'userAgent'] as const).map((dimension) => ({
          contains,
          dimension,
        })),
      ),
    )('values of $dimension that "$contains" finds', async ({ contains, dimension }) => {
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
      if (!target) return
      const before = await figures(store)
      await store.backup(target.path)
      const copy = await openStore(target.url)
      expect(await figures(copy)).toEqual(before)
      await copy.close()
    })
  })

  describe(`${name}: limits`, () => {
    test('a flood of random subdomains is counted, and stays small', () =>
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
        expect((await store.size()) / 20_000).toBeLessThan(400)
      }))
  })
}
