/** Batches come in, are listed, and keep what they lost. */
import { expect } from 'vitest'
import { everyItem } from '../../../schema/store/paging.js'
import type { CountQuery } from '../../../schema/store/query.js'
import { EVERYTHING, type Contract } from '../contract.js'
import { naiveCounts } from '../naive-answers.js'
import { cellsOf } from '../questions.js'
import { blockOf, progress, randomSamples, sample, START, storeBatch } from '../sample-records.js'

export function batchPromises({ test, withStore }: Contract): void {
  test('a batch is stored with its report', () =>
    withStore(async (store) => {
      const id = await store.batches.open({ input: 'upload', name: 'day.ndjson' })
      expect((await store.ledger.reports.get(id))?.state).toBe('open')
      const missingFields = [{ field: 'OriginResponseStatus', spoils: 'who answered' }]
      const rejected = [
        { input: 'day.ndjson', line: 3, reason: 'not-json' as const, sample: '{"RayID":', at: 10, found: '' },
      ]
      const read = {
        via: ['tar', 'CSV'],
        weighted: true,
        after: { what: 'zeros' as const, bytes: 512, sample: '' },
        leftOut: [{ name: 'README', why: 'no-log' as const }],
      }
      const facts = {
        rejected: 1,
        rejectedByReason: { 'not-json': 1 },
        missingFields,
        ...read,
        bytes: 3000,
        seconds: 1.5,
      }
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
        ...read,
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
      const query: CountQuery = { ...EVERYTHING, bounds: null, by: ['path', 'host', 'userAgent'], withBytes: true }
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
        at: null,
        found: null,
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
        const counts = await store.records.counts({
          ...EVERYTHING,
          bounds: null,
          by,
          withErrors: true,
          withBytes: true,
        })
        expect([counts.groups, counts.requests.length, counts.errors?.length]).toEqual([[], 0, 0])
        expect(counts.total).toEqual({ values: 0, requests: 0, bytes: 0, records: 0, errors: 0 })
      }
      expect((await store.records.newest({ ...EVERYTHING, limit: 10, after: null })).records).toEqual([])
      expect(await store.records.byRayId('7a1f7ad4df2f870a')).toEqual([])
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
}
