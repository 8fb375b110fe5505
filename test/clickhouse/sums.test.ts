/** What is summed up gives the answers that the records give, whatever comes and goes meanwhile. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import type { Connection } from '../../schema/clickhouse/connection.js'
import { tablesOf } from '../../schema/clickhouse/layout.js'
import { forgetOldDays, forgetOldSums, sumUp, sumUpDay } from '../../schema/clickhouse/rollups/sum-up.js'
import { chdbPlace } from '../../schema/clickhouse/url.js'
import type { Writing } from '../../schema/clickhouse/writing/batches.js'
import { openStore } from '../../schema/open-store.js'
import { openLedger } from '../../schema/clickhouse/ledgers.js'
import type { LedgerBeside } from '../../schema/store/beside.js'
import type { CountQuery } from '../../schema/store/query.js'
import type { Store } from '../../schema/store/store.js'
import { chdbUnderTest } from '../contract/clickhouse-under-test.js'
import { EVERYTHING } from '../contract/contract.js'
import { naiveCounts } from '../contract/naive-answers.js'
import { breakdownQuestions, cellsOf, overviewQuestions, siteQuestions } from '../contract/questions.js'
import { DAY, HOUR, MINUTE, randomSamples, START, storeBatch, type Sample } from '../contract/sample-records.js'
import { needsEngine } from '../needs.js'

if (needsEngine('chdb'))
  describe('minutes summed up', () => {
    const under = chdbUnderTest()
    let store: Store
    let connection: Connection
    let ledger: LedgerBeside
    let writing: Writing
    beforeAll(async () => {
      const url = await under.freshUrl()
      store = await openStore(url)
      const place = chdbPlace(url)
      connection = await chdbConnection(place.path)
      ledger = await openLedger(place.ledger, () => {})
      writing = { connection, ledger, tables: tablesOf(place.database) }
    })
    afterAll(async () => {
      await ledger.close()
      await connection.close()
      await store.close()
    })

    const samples = randomSamples(3_000, 71)
    let stored: Sample[] = []
    const right = async (query: CountQuery) => {
      const counts = await store.records.counts(query)
      expect(cellsOf(counts)).toEqual(
        naiveCounts(
          stored.map((s) => s.record),
          query,
        ),
      )
      return counts.from
    }
    const byHour: CountQuery = {
      ...EVERYTHING,
      withBytes: true,
      from: START,
      to: START + 3 * DAY,
      bounds: { step: 'hour', zone: 'Asia/Kathmandu' },
      by: ['class', 'host'],
    }
    const generations = async () => {
      const [hours, count] = await connection.columns(
        `SELECT hour, toUInt32(uniqExact(generation)) FROM ${writing.tables.minutes} GROUP BY hour`,
      )
      return (hours ?? []).map((_, i) => count[i])
    }

    it('answer once nobody touches them, in zones of whole minutes too', async () => {
      await storeBatch(store, samples.slice(0, 1_000), samples.slice(1_000, 2_000))
      stored = samples.slice(0, 2_000)
      expect(await right(byHour)).toBe('records')
      await sumUp(writing, 60_000)
      expect(await right(byHour)).toBe('records')
      await sumUp(writing, -1)
      expect(await right(byHour)).toBe('rollup')
      expect(await right({ ...byHour, from: START + 7 * MINUTE, to: START + 2 * DAY + 3 * MINUTE })).toBe('rollup')
      expect(await right({ ...byHour, from: START + 7 * MINUTE + 1 })).toBe('records')
      expect(await right({ ...byHour, by: ['country'] })).toBe('records')
    })

    it('do not answer for a part of a minute', async () => {
      for (const [from, to] of [
        [1, 2],
        [0, MINUTE - 1],
        [1, MINUTE],
        [1, MINUTE + 1],
        [1, 2 * MINUTE - 1],
        [HOUR - 1, HOUR + 1],
      ])
        await right({
          ...EVERYTHING,
          by: [],
          bounds: null,
          from: START + 7 * MINUTE + from,
          to: START + 7 * MINUTE + to,
        })
    })

    it('any question, some of the time touched since', async () => {
      const day = samples.slice(2_000).filter(({ record }) => record.time < START + DAY)
      await storeBatch(store, day)
      stored = [...stored, ...day]
      await fc.assert(
        fc.asyncProperty(overviewQuestions, async (query) => void (await right(query))),
        { numRuns: 40 },
      )
      await fc.assert(
        fc.asyncProperty(siteQuestions, async (query) => void (await right(query))),
        { numRuns: 40 },
      )
      expect(await right({ ...byHour, from: START + DAY })).toBe('rollup')
      expect(await store.records.extent()).toMatchObject({ records: stored.length })
    })

    it('breakdowns of days by any dimension, some of the time touched since', async () => {
      await sumUp(writing, -1)
      while (await sumUpDay(writing, -1));
      for (const by of ['country', 'path', 'clientIp', 'asn'] as const) {
        expect(await right({ ...byHour, bounds: null, by: [by] })).toBe('rollup')
        expect(await right({ ...byHour, bounds: { step: 'day', zone: 'UTC' }, by: [by], audience: 'visitors' })).toBe(
          'rollup',
        )
        expect(await right({ ...byHour, by: [by] })).toBe('records')
      }
      const filters = [{ dimension: 'path' as const, values: ['*CART', '/product/7'], not: true }]
      expect(await right({ ...byHour, bounds: null, by: [], filters })).toBe('rollup')
      expect(await right({ ...byHour, bounds: null, by: ['country'], filters })).toBe('records')
      const some = samples
        .slice(2_000)
        .filter(({ record }) => record.time >= START + 2 * DAY)
        .slice(0, 50)
      await storeBatch(store, some)
      stored = [...stored, ...some]
      expect(await right({ ...byHour, bounds: null, by: ['country'] })).toBe('records')
      await fc.assert(
        fc.asyncProperty(breakdownQuestions, async (query) => void (await right(query))),
        { numRuns: 40 },
      )
      const withErrors = { ...byHour, bounds: null, by: ['country' as const], withErrors: true, limit: 2 }
      const whole = await store.records.counts({ ...withErrors, to: START + 2 * DAY })
      const parts = await store.records.counts({
        ...withErrors,
        to: START + 2 * DAY,
        bounds: Float64Array.of(START, START + HOUR, START + 2 * DAY),
      })
      expect([whole.from, whole.total]).toEqual(['rollup', parts.total])
      await sumUp(writing, -1)
      while (await sumUpDay(writing, -1));
      expect(await right({ ...byHour, bounds: null, by: ['country'] })).toBe('rollup')
      await forgetOldDays(writing, -1)
      expect(await right({ ...byHour, bounds: null, by: ['country'] })).toBe('rollup')
    })

    it('what a batch brought is gone from them with it; generations that nobody reads go', async () => {
      await sumUp(writing, -1)
      const late = samples.slice(2_000).filter((one) => one.record.time >= START + 2 * DAY && !stored.includes(one))
      const { id } = await storeBatch(store, late)
      stored = [...stored, ...late]
      await sumUp(writing, -1)
      expect(await right(byHour)).toBe('rollup')
      await store.batches.delete(id)
      stored = stored.filter((one) => !late.includes(one))
      expect(await right(byHour)).toBe('records')
      await sumUp(writing, -1)
      expect(await right(byHour)).toBe('rollup')
      expect(Math.max(...(await generations()).map(Number))).toBeGreaterThan(1)
      await forgetOldSums(writing, -1)
      await forgetOldSums(writing, -1)
      await forgetOldSums(writing, -1)
      expect(new Set(await generations())).toEqual(new Set([1]))
      expect(await right(byHour)).toBe('rollup')
    })

    it('sums that were begun and never finished are read by nobody', async () => {
      await store.records.expire(START + 5 * HOUR)
      stored = stored.filter(({ record }) => record.time >= START + 5 * HOUR)
      expect(await ledger.notes.beginSums(-1, 24)).not.toBeNull()
      expect(await right(byHour)).toBe('records')
      await sumUp(writing, -1)
      expect(await right({ ...byHour, from: START + 6 * HOUR })).toBe('rollup')
      expect(await right(byHour)).toBe('rollup')
    })
  })
