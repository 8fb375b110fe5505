/** What no engine in process can run, a cluster's statements, it parses at least. */
import { describe, expect, it } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import type { Connection } from '../../schema/clickhouse/connection.js'
import { databaseStatement, tablesOf, type ClusterPlace, type Tables } from '../../schema/clickhouse/layout.js'
import { MIGRATIONS } from '../../schema/clickhouse/migrations/migrate.js'
import { serverPlace } from '../../schema/clickhouse/url.js'
import { expireRecords, lookAtBatch, removeBatch, removePart } from '../../schema/clickhouse/writing/remove.js'
import { chdbUnderTest } from '../contract/clickhouse-under-test.js'
import { needsEngine } from '../needs.js'

const statements = (tables: Tables, cluster: ClusterPlace | null): string[] => [
  ...new Set(MIGRATIONS.flatMap((migration) => migration.statements(tables, cluster))),
]

if (needsEngine('chdb'))
  describe('the tables on a cluster', () => {
    const under = chdbUnderTest()
    const east = { name: 'east', sharded: false }
    const tables = tablesOf('logs', east)
    it('are parsed by the engine: on the cluster, replicated, the same but for that', async () => {
      const path = String(await under.freshUrl())
        .slice('chdb:'.length)
        .split('?')[0]
      const connection = await chdbConnection(path)
      for (const statement of [databaseStatement(tables, east), ...statements(tables, east)]) {
        const [lines] = await connection.columns(`EXPLAIN AST ${statement}`)
        expect(lines.length).toBeGreaterThan(1)
        expect(statement).toContain(" ON CLUSTER 'east'")
        if (statement.startsWith('CREATE TABLE'))
          expect(lines.join('\n')).toMatch(/Function Replicated(Replacing)?MergeTree/)
      }
      await connection.close()
      const plain = statements(tables, null)
      expect(
        statements(tables, east).map((one) => one.replace(" ON CLUSTER 'east'", '').replace('Replicated', '')),
      ).toEqual(plain)
    })

    it('over several shards: a table over each, by the RayID, and what is taken out is taken out where it rests', async () => {
      const path = String(await under.freshUrl())
        .slice('chdb:'.length)
        .split('?')[0]
      const real = await chdbConnection(path)
      const sharded = { name: 'east', sharded: true }
      const over = tablesOf('logs', sharded)
      const made = statements(over, sharded)
      const tablesMade = (list: string[]) => list.filter((statement) => statement.startsWith('CREATE TABLE'))
      expect(tablesMade(made)).toHaveLength(2 * tablesMade(statements(tables, east)).length)
      const asked: string[] = []
      // says that there is something, whatever it is asked for
      const connection: Connection = {
        ...real,
        columns: async (sql) => (asked.push(sql), sql.includes('DISTINCT partition') ? [['2026-01-01']] : [[1], [1]]),
        run: async (sql) => void asked.push(sql),
      }
      const span = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 3) }
      await lookAtBatch(connection, over, 7, span)
      await removeBatch(connection, over, 7, span)
      await removePart(connection, over, { batch: 7, number: 1 }, span)
      await expireRecords(connection, over, span.to)
      for (const statement of [...made, ...asked]) {
        const [lines] = await real.columns(`EXPLAIN AST ${statement}`)
        expect(lines.length).toBeGreaterThan(1)
      }
      await real.close()
      const spread = made.filter((statement) => statement.includes('Distributed'))
      expect(spread.filter((statement) => statement.includes(", 'records_local', ray)"))).toHaveLength(1)
      expect(spread.filter((statement) => statement.includes(", 'brought_again_local', ray)"))).toHaveLength(1)
      // a table over shards can not be deleted from
      const changes = asked.filter((sql) => /^(DELETE|ALTER)/.test(sql))
      expect(changes.length).toBeGreaterThan(4)
      for (const sql of changes) expect(sql).toMatch(/^(DELETE FROM|ALTER TABLE) `?logs`?\.\w+_local ON CLUSTER 'east'/)
      // nor is one asked for within a question that a shard answers
      for (const sql of asked) expect(sql.split('IN (SELECT')[1] ?? 'FROM x_local').toContain('_local')
    })
  })

it('parts wait for most replicas, and the next question knows of them', () => {
  const url = 'clickhouse://u@a.example.com,b.example.com:9000/logs?cluster=east&secure=true'
  const place = serverPlace(url, {})
  expect([place.cluster, place.hosts]).toEqual([
    { name: 'east', sharded: false },
    ['https://a.example.com:8443', 'https://b.example.com:9000'],
  ])
  expect(place.settings).toMatchObject({ insert_quorum: 'auto', select_sequential_consistency: '1' })
  expect(serverPlace(`${url}&insert-quorum=2`, {}).settings.insert_quorum).toBe('2')
  const sharded = serverPlace(`${url}&sharded=true`, {})
  expect([sharded.cluster?.sharded, sharded.settings.distributed_foreground_insert]).toEqual([true, '1'])
  expect(() => serverPlace('clickhouse://a/logs?sharded=true', {})).toThrow('needs a cluster')
  expect(() => serverPlace("clickhouse://a/logs?cluster=ea'st", {})).toThrow('no name of a cluster')
})
