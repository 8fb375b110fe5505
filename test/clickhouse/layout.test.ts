/** What no engine in process can run, a cluster's statements, it parses at least. */
import { describe, expect, it } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import { databaseStatement, statements, tablesOf } from '../../schema/clickhouse/layout.js'
import { serverPlace } from '../../schema/clickhouse/url.js'
import { chdbUnderTest } from '../contract/clickhouse-under-test.js'
import { needsEngine } from '../needs.js'

if (needsEngine('chdb'))
  describe('the tables on a cluster', () => {
    const under = chdbUnderTest()
    const tables = tablesOf('logs')
    it('are parsed by the engine: on the cluster, replicated, the same but for that', async () => {
      const path = String(await under.freshUrl())
        .slice('chdb:'.length)
        .split('?')[0]
      const connection = await chdbConnection(path)
      for (const statement of [databaseStatement(tables, 'east'), ...statements(tables, 'east')]) {
        const [lines] = await connection.columns(`EXPLAIN AST ${statement}`)
        expect(lines.length).toBeGreaterThan(1)
        expect(statement).toContain(" ON CLUSTER 'east'")
        if (statement.includes('TABLE')) expect(lines.join('\n')).toMatch(/Function Replicated(Replacing)?MergeTree/)
      }
      await connection.close()
      const plain = statements(tables, null)
      expect(
        statements(tables, 'east').map((one) => one.replace(" ON CLUSTER 'east'", '').replace('Replicated', '')),
      ).toEqual(plain)
    })
  })

it('parts wait for most replicas, and the next question knows of them', () => {
  const url = 'clickhouse://u@a.example.com,b.example.com:9000/logs?cluster=east&secure=true'
  const place = serverPlace(url, {})
  expect([place.cluster, place.hosts]).toEqual(['east', ['https://a.example.com:8443', 'https://b.example.com:9000']])
  expect(place.settings).toMatchObject({ insert_quorum: 'auto', select_sequential_consistency: '1' })
  expect(serverPlace(`${url}&insert-quorum=2`, {}).settings.insert_quorum).toBe('2')
  expect(() => serverPlace("clickhouse://a/logs?cluster=ea'st", {})).toThrow('no name of a cluster')
})
