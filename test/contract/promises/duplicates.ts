/** A record is one request, however often and by whomever it is sent. */
import { expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { figures, type Contract } from '../contract.js'
import { randomFrom, randomSamples, sample, START, storeBatch } from '../sample-records.js'

export function duplicatePromises({ test, withStore }: Contract): void {
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
}
