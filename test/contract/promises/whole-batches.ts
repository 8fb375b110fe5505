/** Batches that are given whole: as if opened, written and closed, and none is spoilt by those that are given beside it. */
import { expect } from 'vitest'
import type { WholeBatch } from '../../../schema/store/batches.js'
import type { MovingBlock } from '../../../schema/store/moving-block.js'
import { figures, type Contract } from '../contract.js'
import { blockOf, progress, randomSamples, type Sample } from '../sample-records.js'

const whole = (samples: Sample[], more: Partial<WholeBatch> = {}): WholeBatch => ({
  origin: { input: 'logpush', name: null, job: 'shop' },
  blocks: [blockOf(samples)],
  rejected: [],
  progress: progress(samples.length),
  message: null,
  ...more,
})

export function wholeBatchPromises({ test, withStore }: Contract): void {
  test('a batch that is given whole has the report of one that was opened, written and closed', () =>
    withStore(async (store) => {
      const samples = randomSamples(50, 3)
      const rejected = [
        { input: 'logpush', line: 3, reason: 'not-json' as const, sample: '{"RayID":', at: 10, found: '' },
      ]
      const more = { rejected, progress: progress(51, { rejected: 1, rejectedByReason: { 'not-json': 1 } }) }
      const report = await store.batches.take(whole(samples, { ...more, message: 'a word' }))
      expect(report).toMatchObject({
        state: 'complete',
        message: 'a word',
        stored: 50,
        duplicates: 0,
        lines: 51,
        job: 'shop',
      })
      expect(await store.ledger.reports.get(report.id)).toEqual(report)
      const { origin } = whole(samples)
      const again = await store.batches.open(origin)
      await store.batches.write(again, { number: 1, blocks: [blockOf(samples)], ...more })
      const inSteps = await store.batches.close(again, 'complete', more.progress, 'a word')
      const timeless = ({ id, receivedAt, lagSeconds, stored, duplicates, ...rest }: typeof report) => rest
      expect(timeless(inSteps)).toEqual(timeless(report))
      expect([inSteps.stored, inSteps.duplicates]).toEqual([0, 50])
    }))

  test('many at once are each a batch, and what several bring counts once', () =>
    withStore(async (store) => {
      // each brings ten that the one before brought too
      const samples = randomSamples(8 * 20 + 10, 11)
      const parts = Array.from({ length: 8 }, (_, i) => samples.slice(i * 20, i * 20 + 30))
      const reports = await Promise.all(
        parts.map((part, i) => store.batches.take(whole(part, { waitsAs: `job ${i % 4}` }))),
      )
      expect(new Set(reports.map(({ id }) => id)).size).toBe(8)
      for (const { stored, duplicates } of reports) expect(stored + duplicates).toBe(30)
      expect(reports.reduce((sum, { stored }) => sum + stored, 0)).toBe(170)
      expect((await store.records.extent()).records).toBe(170)
      const { items } = await store.ledger.reports.page({ limit: 50, after: null })
      const byId = (a: { id: string }, b: { id: string }) => Number(a.id) - Number(b.id)
      expect(items.sort(byId)).toEqual(reports.sort(byId))
      // undone one by one, nothing is left
      for (const { id, stored } of reports) expect((await store.batches.delete(id))?.removed).toBe(stored)
      expect((await store.records.extent()).records).toBe(0)
    }))

  test('one that is refused spoils none of those that are given with it', () =>
    withStore(async (store) => {
      const samples = randomSamples(90, 5)
      await store.batches.take(whole(samples.slice(0, 10), { key: 'known' }))
      const before = await figures(store)
      const broken: MovingBlock = { ...blockOf(samples.slice(0, 10)), buffer: new ArrayBuffer(8) }
      const outcomes = await Promise.allSettled([
        ...[1, 2, 3].map((n) => store.batches.take(whole(samples.slice(n * 10, n * 10 + 10)))),
        store.batches.take(whole(samples.slice(40, 45), { key: 'known' })),
        store.batches.take({ ...whole([]), blocks: [broken] }),
        ...[4, 5, 6].map((n) => store.batches.take(whole(samples.slice(n * 10, n * 10 + 10)))),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual([
        ...Array<string>(3).fill('fulfilled'),
        'rejected',
        'rejected',
        ...Array<string>(3).fill('fulfilled'),
      ])
      expect(outcomes[3]).toMatchObject({ reason: { code: 'PART_CONFLICT' } })
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled') expect(outcome.value).toMatchObject({ stored: 10, duplicates: 0 })
      expect((await store.records.extent()).records).toBe(before.extent.records + 60)
    }))

  test('given again with its key it is answered as the first time, and changes nothing', () =>
    withStore(async (store) => {
      const samples = randomSamples(40, 7)
      const first = await store.batches.take(whole(samples, { key: 'one' }))
      const before = await figures(store)
      const again = await Promise.all([1, 2, 3].map(() => store.batches.take(whole(samples, { key: 'one' }))))
      for (const report of again) expect(report).toEqual(first)
      expect(await figures(store)).toEqual(before)
      expect((await store.ledger.reports.page({ limit: 10, after: null })).items).toHaveLength(1)
    }))
}
