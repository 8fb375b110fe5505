/** What goes is gone from every figure. */
import { expect } from 'vitest'
import type { CountQuery } from '../../../schema/store/query.js'
import { EVERYTHING, figures, type Contract } from '../contract.js'
import { naiveCounts } from '../naive-answers.js'
import { cellsOf } from '../questions.js'
import { DAY, HOUR, MINUTE, randomSamples, START, storeBatch, type Sample } from '../sample-records.js'

export function deletionPromises({ test, withStore, settle }: Contract): void {
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
      const { days, used } = await store.records.kept()
      expect(used).toBeGreaterThan(0)
      expect(days.map(({ from }) => from)).toEqual(
        [...new Set(samples.map((s) => Math.floor(s.record.time / DAY) * DAY))].sort(),
      )
      expect(await store.records.expire(before)).toBe(old.length)
      expect(await store.records.expire(before)).toBe(0)
      expect((await store.records.kept()).days[0].from).toBe(Math.floor(before / DAY) * DAY)
      const left = samples.filter((s) => s.record.time >= before).map((s) => s.record)
      const query: CountQuery = { ...EVERYTHING, bounds: null, by: ['status', 'host'] }
      expect(cellsOf(await store.records.counts(query))).toEqual(naiveCounts(left, query))
      expect((await store.records.extent()).records).toBe(left.length)
    }))
}
