/** Two who write at once, and one who asks again because he got no answer. */
import { expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import type { Contract } from '../contract.js'
import { EVERYTHING, figures } from '../contract.js'
import { blockOf, progress, randomSamples, sample, START, storeBatch, type Sample } from '../sample-records.js'

const part = (number: number, samples: readonly Sample[], lines = samples.length) => ({
  number,
  blocks: [blockOf(samples)],
  rejected: [],
  progress: progress(lines),
})

export function writerPromises({ test, withStore }: Contract): void {
  test('a part that is given again is answered as the first time, and nothing counts twice', () =>
    withStore(async (store) => {
      const samples = randomSamples(300, 21)
      const batch = await store.batches.open({ input: 'upload', name: null })
      const first = await store.batches.write(batch, part(1, samples.slice(0, 200)))
      const second = await store.batches.write(batch, part(2, samples.slice(150)))
      expect([first, second]).toEqual([
        { stored: 200, duplicates: 0 },
        { stored: 100, duplicates: 50 },
      ])
      const before = [await figures(store), await store.ledger.reports.get(batch)]
      const heard: (string | null)[] = []
      store.onChange(({ batch: of }) => heard.push(of))
      expect(await store.batches.write(batch, part(1, samples.slice(0, 200)))).toEqual(first)
      expect(await store.batches.write(batch, part(2, samples.slice(150)))).toEqual(second)
      expect([await figures(store), await store.ledger.reports.get(batch)]).toEqual(before)
      expect(heard).toEqual([])
    }))

  test('the lines that a part lost are kept once, however often it is given', () =>
    withStore(async (store) => {
      const batch = await store.batches.open({ input: 'upload', name: 'a' })
      const rejected = [1, 2].map((line) => ({
        input: 'a',
        line,
        reason: 'not-json' as const,
        sample: `bad ${line}`,
        at: null,
        found: null,
      }))
      const facts = progress(3, { rejected: 2 })
      for (let times = 0; times < 3; times++)
        await store.batches.write(batch, { number: 1, blocks: [blockOf([sample({})])], rejected, progress: facts })
      const report = await store.ledger.reports.get(batch)
      expect([report?.rejections, report?.rejected, report?.stored]).toEqual([rejected, 2, 1])
    }))

  test('the answer stays when the store was opened anew and its batch closed', () =>
    withStore(async (store, url) => {
      const samples = randomSamples(50, 22)
      const batch = await store.batches.open({ input: 'upload', name: null })
      const answer = await store.batches.write(batch, part(1, [...samples, ...samples.slice(0, 9)]))
      await store.batches.close(batch, 'complete', progress(59), null)
      await store.close()
      const again = await openStore(url)
      expect(await again.batches.write(batch, part(1, [...samples, ...samples.slice(0, 9)]))).toEqual(answer)
      expect(answer).toEqual({ stored: 50, duplicates: 9 })
      expect((await again.ledger.reports.get(batch))?.state).toBe('complete')
      await again.close()
    }))

  test('another part under the number of one that is stored is refused', () =>
    withStore(async (store) => {
      const batch = await store.batches.open({ input: 'upload', name: null })
      await store.batches.write(batch, part(1, randomSamples(20, 23)))
      await expect(store.batches.write(batch, part(1, randomSamples(21, 24)))).rejects.toMatchObject({
        code: 'PART_CONFLICT',
      })
      expect((await store.records.extent()).records).toBe(20)
    }))

  test('an earlier part that comes late does not set the report back', () =>
    withStore(async (store) => {
      const batch = await store.batches.open({ input: 'upload', name: null })
      await store.batches.write(batch, part(2, [sample({ path: '/late' })], 2))
      await store.batches.write(batch, part(1, [sample({ path: '/early' })], 1))
      expect(await store.ledger.reports.get(batch)).toMatchObject({ lines: 2, stored: 2 })
    }))

  test('opened with a key a batch is opened once', () =>
    withStore(async (store, url) => {
      const open = (on: Store) => on.batches.open({ input: 'upload', name: 'a' }, 'one')
      const batch = await open(store)
      expect(await open(store)).toBe(batch)
      const beside = await openStore(url)
      expect(await open(beside)).toBe(batch)
      expect(await beside.batches.open({ input: 'upload', name: 'a' }, 'another')).not.toBe(batch)
      expect(await beside.batches.open({ input: 'upload', name: 'a' })).not.toBe(batch)
      await beside.close()
      expect((await store.ledger.reports.page({ limit: 10, after: null })).items).toHaveLength(3)
    }))

  test('what was closed stays as it was closed, and takes nothing more', () =>
    withStore(async (store) => {
      const batch = await store.batches.open({ input: 'upload', name: null })
      await store.batches.write(batch, part(1, [sample({})]))
      const report = await store.batches.close(batch, 'complete', progress(1), null)
      expect(await store.batches.close(batch, 'complete', progress(1), null)).toEqual(report)
      expect(await store.batches.close(batch, 'aborted', progress(9), 'too late')).toEqual(report)
      await expect(store.batches.write(batch, part(2, [sample({ path: '/more' })]))).rejects.toMatchObject({
        code: 'BATCH_CLOSED',
      })
      expect(await store.ledger.reports.get(batch)).toEqual(report)
    }))

  test('a batch that is gone, or never was, says so', () =>
    withStore(async (store) => {
      const batch = await store.batches.open({ input: 'upload', name: null })
      await store.batches.write(batch, part(1, [sample({})]))
      expect(await store.batches.delete(batch)).toMatchObject({ removed: 1 })
      expect(await store.batches.delete(batch)).toBeNull()
      for (const id of [batch, 'nobody', '', '0', '1e3', '-1']) {
        await expect(store.batches.write(id, part(1, [sample({})]))).rejects.toMatchObject({ code: 'BATCH_GONE' })
        await expect(store.batches.close(id, 'complete', progress(1), null)).rejects.toMatchObject({
          code: 'BATCH_GONE',
        })
        expect(await store.ledger.reports.get(id)).toBeNull()
        expect(await store.ledger.reports.rejectedLines(id, { limit: 5, after: null })).toEqual({
          items: [],
          next: null,
        })
      }
      expect((await store.records.extent()).records).toBe(0)
    }))

  test('two that bring the same at the same time store it once', () =>
    withStore(async (store, url) => {
      const beside = await openStore(url)
      const samples = randomSamples(4_000, 25)
      const slices = (from: number, to: number) =>
        Array.from({ length: 10 }, (_, i) =>
          samples.slice(from + ((to - from) * i) / 10, from + ((to - from) * (i + 1)) / 10),
        )
      const [mine, theirs] = await Promise.all([
        storeBatch(store, ...slices(0, 3_000)),
        storeBatch(beside, ...slices(1_000, 4_000)),
      ])
      expect(mine.stored + theirs.stored).toBe(4_000)
      expect(mine.duplicates + theirs.duplicates).toBe(2_000)
      expect(await figures(store)).toEqual(await figures(beside))
      await beside.close()
      await withStore(async (alone) => {
        await storeBatch(alone, samples)
        expect(await figures(store)).toEqual(await figures(alone))
      })
    }))

  test('the same part given twice at once is stored once', () =>
    withStore(async (store, url) => {
      const beside = await openStore(url)
      const samples = randomSamples(500, 26)
      const batch = await store.batches.open({ input: 'upload', name: null })
      const answers = await Promise.all(
        [store, beside, store, beside].map((one) => one.batches.write(batch, part(1, samples))),
      )
      expect(new Set(answers.map((a) => JSON.stringify(a)))).toEqual(
        new Set([JSON.stringify({ stored: 500, duplicates: 0 })]),
      )
      expect(await store.ledger.reports.get(batch)).toMatchObject({ stored: 500, duplicates: 0 })
      await beside.close()
    }))

  test('who looks on hears of what another has stored', () =>
    withStore(async (store, url) => {
      const beside = await openStore(url)
      const heard = new Promise<string | null>((resolve) => beside.onChange(({ batch }) => resolve(batch)))
      await storeBatch(store, [sample({ time: START })])
      await heard
      expect((await beside.records.counts({ ...EVERYTHING, bounds: null, by: [] })).total.records).toBe(1)
      await beside.close()
    }))
}
