/** Parquet as other programs write it, and what they say is in it. */
import { createRequire } from 'node:module'
import { needsEngine } from '../../../needs.js'

const load = (name: string): unknown => createRequire(new URL('../../../engines/package.json', import.meta.url))(name)

interface DuckConnection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowsJson(): unknown[][] }>
}

export const hasDuck = needsEngine('@duckdb/node-api')
export const hasClickHouse = needsEngine('chdb')

export async function duck(): Promise<DuckConnection> {
  const { DuckDBInstance } = load('@duckdb/node-api') as {
    DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckConnection> }> }
  }
  return (await DuckDBInstance.create(':memory:')).connect()
}

/** One statement of a ClickHouse that keeps nothing. */
export function clickhouse(sql: string, format = 'JSONCompactEachRow'): string {
  return (load('chdb') as { query(sql: string, format: string): string }).query(sql, format)
}
