/** Counts that outlive their records: what they know is answered exactly, what only records know is refused, never a false nought. */
import { expect } from 'vitest'
import { fieldOfDimension, type CountQuery, type Dimension, type Filter } from '../../../schema/store/query.js'
import { limitOf, type Expiry } from '../../../schema/store/expiry.js'
import type { Store } from '../../../schema/store/store.js'
import { EVERYTHING, type Contract } from '../contract.js'
import { naiveCounts, selected } from '../naive-answers.js'
import { cellsOf } from '../questions.js'
import { DAY, HOUR, MINUTE, randomFrom, randomSamples, START, storeBatch, type Sample } from '../sample-records.js'

const COUNTED: readonly Dimension[] = ['zone', 'host', 'status', 'source', 'class']
const GONE = { code: 'RECORDS_GONE' }

/** Days 0 and 1 are counted only; of example.com day 2 as well, of example.org all is there but day 0. */
const EXPIRY: Expiry = {
  before: START + 2 * DAY,
  countsBefore: START,
  zones: new Map([
    ['example.com', { before: START + 3 * DAY, countsBefore: START + DAY }],
    ['example.org', { before: START + DAY, countsBefore: START }],
  ]),
}

function stateOf({ record }: Sample, expiry: Expiry): 'record' | 'counted' | 'gone' {
  const { before, countsBefore = before } = limitOf(expiry, record.zone ?? '')
  return record.time >= before ? 'record' : record.time >= countsBefore ? 'counted' : 'gone'
}

const refused = (work: Promise<unknown>) => expect(work).rejects.toMatchObject(GONE)

/** An engine that cannot do it says so before anybody relies on it. */
async function keepsCounts(store: Store): Promise<boolean> {
  if (store.records.keepsCounts) return true
  await expect(store.records.expire(EXPIRY)).rejects.toMatchObject({ code: 'STORE_UNUSABLE' })
  expect((await store.records.extent()).counted).toBeUndefined()
  return false
}

export function countsOnlyPromises({ test, withStore, settle }: Contract): void {
  test('what was counted of records that are gone is answered exactly, all else is refused', () =>
    withStore(async (store, url) => {
      const samples = randomSamples(1_500, 21, 5)
      await storeBatch(store, samples.slice(0, 900), samples.slice(900))
      await settle?.(store, url)
      if (!(await keepsCounts(store))) return
      const of = (state: string) => samples.filter((s) => stateOf(s, EXPIRY) === state).map(({ record }) => record)
      const [records, counted] = [of('record'), of('counted')]
      expect(await store.records.expire(EXPIRY)).toBe(samples.length - records.length)
      expect(await store.records.expire(EXPIRY)).toBe(0)
      const both = [...records, ...counted]
      const extent = await store.records.extent()
      expect(extent.records).toBe(records.length)
      expect(extent.from).toBe(Math.min(...records.map(({ time }) => time)))
      expect(extent.counted).toEqual({
        records: counted.length,
        from: Math.min(...counted.map(({ time }) => time)),
        to: START + 3 * DAY,
      })

      const random = randomFrom(22)
      const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
      const valueIn = (dimension: Dimension) =>
        dimension === 'class' ? '5xx' : String(one(both)[fieldOfDimension(dimension)] ?? '')
      let answered = 0
      let gone = 0
      for (let n = 0; n < 250; n++) {
        const dimensions = n % 4 === 0 ? ([...COUNTED, 'path', 'clientIp', 'country'] as const) : COUNTED
        const filters = Array.from({ length: Math.floor(random() * 3) }, (): Filter => {
          const dimension = one(dimensions)
          return { dimension, values: [valueIn(dimension), valueIn(dimension)], not: random() < 0.3 }
        })
        const from = START + Math.floor(random() * 6 * 96) * 15 * MINUTE
        const query: CountQuery = {
          from,
          to: from + Math.floor(1 + random() * 200) * 15 * MINUTE,
          filters,
          audience: one(['all', 'visitors', 'internal']),
          bounds: one([
            null,
            { step: 15 * MINUTE, zone: 'UTC' },
            { step: 'hour', zone: 'Asia/Kathmandu' },
            { step: 'day', zone: 'Asia/Kolkata' },
            { step: 'week', zone: 'Europe/Paris' },
          ]),
          by: [...new Set(Array.from({ length: Math.floor(random() * 3) }, () => one(dimensions)))],
          withBytes: n % 2 === 0,
        }
        const isCounted = (dimension: Dimension) => COUNTED.includes(dimension)
        const known = { ...query, filters: filters.filter(({ dimension }) => isCounted(dimension)) }
        const isKnown = [...query.by, ...filters.map(({ dimension }) => dimension)].every(isCounted)
        if (!isKnown && selected(counted, known).length > 0) {
          gone++
          await refused(store.records.counts(query))
        } else {
          answered++
          expect(cellsOf(await store.records.counts(query)), JSON.stringify(query)).toEqual(naiveCounts(both, query))
        }
      }
      expect(Math.min(answered, gone)).toBeGreaterThan(20)

      // what rules itself out asks for nothing, whatever it would tell apart
      const is5xx = { dimension: 'class' as const, values: ['5xx'] }
      const nobody = { ...EVERYTHING, from: START, to: START + 3 * DAY, filters: [is5xx, { ...is5xx, not: true }] }
      const nothing = await store.records.counts({ ...nobody, bounds: null, by: ['country'] })
      expect([nothing.groups, nothing.total.records]).toEqual([[], 0])

      // finer than what is kept, where something is; and what only records have
      const old = { ...EVERYTHING, from: START + DAY, to: START + 2 * DAY }
      await refused(store.records.counts({ ...old, bounds: { step: MINUTE, zone: 'UTC' }, by: ['status'] }))
      await refused(store.records.counts({ ...old, from: START + DAY + 7 * HOUR + 7, bounds: null, by: [] }))
      const speed = { measure: 'edgeTimeToFirstByteMs' as const, percentiles: [0.5], bounds: null, by: [] }
      await refused(store.records.percentiles({ ...old, ...speed }))
      await refused(store.records.values({ ...old, dimension: 'path', contains: '', limit: 5 }))
      const hosts = await store.records.values({ ...old, dimension: 'host', contains: 'www', limit: 5 })
      expect(hosts.values).toEqual([
        {
          key: 'www.example.com',
          count: naiveCounts(both, { ...old, bounds: null, by: ['host'] }).get('[0,"www.example.com"]')?.requests,
        },
      ])
      // from where all is whole, everything is answered
      const young = { ...EVERYTHING, from: START + 3 * DAY }
      const byPath: CountQuery = { ...young, bounds: null, by: ['path'], withBytes: true }
      expect(cellsOf(await store.records.counts(byPath))).toEqual(naiveCounts(both, byPath))
      await store.records.percentiles({ ...young, ...speed })
      expect((await store.records.newest({ ...young, limit: 5_000, after: null })).goneBefore).toBeUndefined()
      const all = await store.records.newest({ ...EVERYTHING, limit: 5_000, after: null })
      expect([all.records.length, all.goneBefore]).toEqual([records.length, START + 3 * DAY])
    }))

  test('what comes again after its records are gone is counted once, and is told by name', () =>
    withStore(async (store) => {
      const samples = randomSamples(400, 23, 2).map(({ record, identity }, i) => ({
        record: { ...record, zone: 'example.com', rayId: (i + 1).toString(16).padStart(16, '0') },
        identity,
      }))
      const first = await storeBatch(store, samples)
      if (!(await keepsCounts(store))) return
      const expiry: Expiry = { before: START + DAY, countsBefore: START - DAY }
      const old = samples.filter((s) => s.record.time < START + DAY)
      expect(await store.records.expire(expiry)).toBe(old.length)
      const hours = { step: 'hour', zone: 'UTC' } as const
      const query: CountQuery = { ...EVERYTHING, bounds: hours, by: ['status', 'host'], withBytes: true }
      const right = naiveCounts(
        samples.map(({ record }) => record),
        query,
      )
      expect(cellsOf(await store.records.counts(query))).toEqual(right)
      // all of it again, in parts and whole, and of a zone that has no counts
      const again = await storeBatch(store, samples.slice(0, 250), samples.slice(250))
      expect([again.stored, again.duplicates, again.rejected]).toEqual([0, samples.length - old.length, old.length])
      expect(again.rejectedByReason).toEqual({ 'records-gone': old.length })
      expect(cellsOf(await store.records.counts(query))).toEqual(right)
      const other = samples[0].record
      const elsewhere = await storeBatch(store, [
        { record: { ...other, zone: 'example.org', time: START + HOUR }, identity: [7, 7] },
      ])
      expect([elsewhere.stored, elsewhere.rejected]).toEqual([1, 0])
      expect(await store.records.expire(expiry)).toBe(1)
      expect((await store.records.counts({ ...EVERYTHING, bounds: null, by: [] })).total.records).toBe(401)

      // what it brought cannot be told apart any more; what is wholly there can go
      await expect(store.batches.delete(first.id)).rejects.toMatchObject({ code: 'BATCH_COUNTED' })
      expect(await store.batches.delete(again.id)).toMatchObject({ removed: 0 })
      // and in the end the counts go too
      expect(await store.records.expire({ before: START + DAY, countsBefore: START + DAY })).toBe(0)
      expect((await store.records.counts({ ...EVERYTHING, bounds: null, by: [] })).total.records).toBe(
        samples.length - old.length,
      )
      expect((await store.records.extent()).counted).toBeUndefined()
      expect((await store.batches.delete(first.id))?.removed).toBe(samples.length - old.length)
    }))

  test('limits in the middle of a day are refused where counts stay', () =>
    withStore(async (store) => {
      if (!(await keepsCounts(store))) return
      await expect(store.records.expire({ before: START + HOUR, countsBefore: START })).rejects.toThrow('beginning')
    }))
}
