/** Stores of older Faultlines become what this one wants, whoever is stopped in between and however many start at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import { DIMENSION_COLUMNS, KEY_LIST, MEASURE_COLUMNS, SUMMED_COLUMNS } from '../../schema/clickhouse/columns.js'
import type { Connection } from '../../schema/clickhouse/connection.js'
import { aboutStore, keepAbout, tablesOf, type Tables } from '../../schema/clickhouse/layout.js'
import { openLedger } from '../../schema/clickhouse/ledgers.js'
import { LAYOUT, migrate, MIGRATIONS } from '../../schema/clickhouse/migrations/migrate.js'
import { sumUp, sumUpDay } from '../../schema/clickhouse/rollups/sum-up.js'
import { chdbPlace } from '../../schema/clickhouse/url.js'
import { openStore } from '../../schema/open-store.js'
import type { LedgerBeside } from '../../schema/store/beside.js'
import type { CountQuery } from '../../schema/store/query.js'
import type { Store } from '../../schema/store/store.js'
import { chdbUnderTest } from '../contract/clickhouse-under-test.js'
import { EVERYTHING } from '../contract/contract.js'
import { naiveCounts } from '../contract/naive-answers.js'
import { cellsOf } from '../contract/questions.js'
import { DAY, randomSamples, START, storeBatch } from '../contract/sample-records.js'
import { needsEngine } from '../needs.js'

/** As the first release made them: every column packed by LZ4, a filter of RayIDs, times in minutes; no table of days yet. */
const OLDER = (database: string): string[] => [
  `CREATE TABLE ${database}.records (
    sec DateTime('UTC') CODEC(Delta, LZ4), ms UInt16, ray UInt64, identity UInt64, odd_ray LowCardinality(String),
    ${DIMENSION_COLUMNS.map(({ name, definition }) => `${name} ${definition.includes('Low') ? 'LowCardinality(String)' : 'String'}`).join(', ')},
    ${MEASURE_COLUMNS.map(({ name }) => `${name} Float64`).join(', ')},
    batch UInt64, part UInt32, precedence UInt64, time Int64 ALIAS toInt64(sec) * 1000 + ms,
    INDEX ray_index ray TYPE bloom_filter(0.001) GRANULARITY 1
  ) ENGINE = ReplacingMergeTree(precedence) PARTITION BY toDate(sec) ORDER BY (${KEY_LIST})`,
  `CREATE TABLE ${database}.minutes (hour UInt32, generation UInt64, minute UInt32,
    ${SUMMED_COLUMNS.map((column) => `${column} LowCardinality(String)`).join(', ')},
    requests Float64, bytes Float64, records UInt64, first_time Int64, last_time Int64
  ) ENGINE = MergeTree PARTITION BY intDiv(hour, 24) ORDER BY (hour, generation, minute)`,
]

if (needsEngine('chdb'))
  describe('an older store', () => {
    const under = chdbUnderTest()
    const samples = randomSamples(1_500, 23)
    let url: string
    let connection: Connection
    let tables: Tables
    beforeAll(async () => {
      url = String(await under.freshUrl())
      connection = await chdbConnection(chdbPlace(url).path)
      tables = tablesOf(chdbPlace(url).database)
      await olderStore()
    })
    afterAll(() => connection.close())

    /** A store with sums, all of it put into tables as they were. */
    async function olderStore(): Promise<void> {
      const { database } = tables
      const store = await openStore(url)
      await storeBatch(store, samples)
      await store.close()
      await withLedger(async (ledger) => {
        const writing = { connection, tables, ledger }
        while (await sumUp(writing, -1));
        while (await sumUpDay(writing, -1));
      })
      for (const table of ['records', 'minutes'])
        await connection.run(`RENAME TABLE ${database}.${table} TO ${database}.new_${table}`)
      for (const statement of OLDER(database)) await connection.run(statement)
      const columns = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map(({ name }) => name).join(', ')
      const all = `sec, ms, ray, identity, odd_ray, ${columns}, batch, part, precedence`
      await connection.run(`INSERT INTO ${database}.records (${all}) SELECT ${all} FROM ${database}.new_records`)
      // sums that would be read if the old ones were trusted
      await connection.run(
        `INSERT INTO ${database}.minutes SELECT hour, generation, minute, ${SUMMED_COLUMNS.join(', ')}, requests, bytes, records, 0, 0 FROM ${database}.new_minutes`,
      )
      for (const table of ['new_records', 'new_minutes', 'hours', 'days', 'rays'])
        await connection.run(`DROP TABLE ${database}.${table}`)
      await keepAbout(connection, tables, { layout: '1' })
    }

    async function withLedger<T>(work: (ledger: LedgerBeside) => Promise<T>): Promise<T> {
      const ledger = await openLedger(chdbPlace(url).ledger, () => {})
      try {
        return await work(ledger)
      } finally {
        await ledger.close()
      }
    }

    async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
      const store = await openStore(url)
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    }

    const layout = async () => (await aboutStore(connection, tables)).get('layout')

    async function rightFigures(store: Store, from: 'rollup' | 'records'): Promise<void> {
      const range = { from: START, to: START + 3 * DAY }
      const month: CountQuery = { ...EVERYTHING, ...range, bounds: null, by: ['class'], withBytes: true }
      const hours = { step: 'hour', zone: 'UTC' } as const
      for (const query of [month, { ...month, by: ['host' as const], bounds: hours }]) {
        const counts = await store.records.counts(query)
        expect(counts.from).toBe(from)
        expect(cellsOf(counts)).toEqual(
          naiveCounts(
            samples.map(({ record }) => record),
            query,
          ),
        )
      }
      const times = samples.map(({ record }) => record.time)
      expect(await store.records.extent()).toEqual({
        records: samples.length,
        from: Math.min(...times),
        to: Math.max(...times),
      })
      for (const { record } of samples.slice(0, 20))
        if (record.rayId !== null)
          expect((await store.records.byRayId(record.rayId)).map(({ time }) => time)).toContain(record.time)
    }

    it('is migrated, also when whoever does it is stopped after any statement', async () => {
      const all = MIGRATIONS.slice(1).flatMap((migration) => migration.statements(tables, null)).length
      for (let steps = 0; steps < all; steps++) {
        let left = steps
        const stopped: Connection = {
          ...connection,
          run: async (sql) => (left-- > 0 ? connection.run(sql) : Promise.reject(new Error('stopped'))),
        }
        await withLedger((ledger) =>
          expect(migrate({ connection: stopped, tables, ledger }, null)).rejects.toThrow('stopped'),
        )
        expect(await layout()).toBe('1')
      }
      await withStore(async (store) => {
        expect(await layout()).toBe(String(LAYOUT))
        // what was summed up before is not read
        await rightFigures(store, 'records')
        await withLedger(async (ledger) => {
          const writing = { connection, tables, ledger }
          while (await sumUp(writing, -1));
          while (await sumUpDay(writing, -1));
        })
        await rightFigures(store, 'rollup')
        expect(await storeBatch(store, samples)).toMatchObject({ stored: 0, duplicates: samples.length })
      })
      const [[codecs] = []] = await connection.columns(
        `SELECT groupUniqArray(compression_codec) FROM system.columns WHERE database = '${tables.database}' AND table = 'records' AND name IN ('path', 'ms', 'weight')`,
      )
      expect(codecs).toEqual(['CODEC(ZSTD(1))'])
      const [indexes = []] = await connection.columns(
        `SELECT name FROM system.data_skipping_indices WHERE database = '${tables.database}'`,
      )
      expect(indexes).toEqual([])
    })

    it('several that start at once do it once', async () => {
      await keepAbout(connection, tables, { layout: '1' })
      const stores = await Promise.all([1, 2, 3].map(() => openStore(url)))
      expect(await layout()).toBe(String(LAYOUT))
      await rightFigures(stores[2], 'records')
      for (const store of stores) await store.close()
    })

    it('gets the fields that it did not know', async () => {
      await connection.run(`ALTER TABLE ${tables.records} DROP COLUMN country, DROP COLUMN total_ms`)
      await withStore(async (store) => {
        const page = await store.records.newest({ ...EVERYTHING, limit: 5, after: null })
        for (const { country, totalMs } of page.records) expect([country, totalMs]).toEqual([null, null])
        const counts = await store.records.counts({ ...EVERYTHING, bounds: null, by: ['country'] })
        expect([counts.from, counts.groups]).toEqual(['records', [['']]])
        expect(await store.records.presence(EVERYTHING, ['totalMs', 'host'])).toMatchObject({ totalMs: 0 })
      })
    })

    it('of a newer Faultline is refused, and says what to do', async () => {
      await keepAbout(connection, tables, { layout: String(LAYOUT + 1) })
      await expect(openStore(url)).rejects.toMatchObject({
        code: 'STORE_NEWER',
        message: expect.stringContaining('Install the newer Faultline again') as string,
      })
    })
  })
