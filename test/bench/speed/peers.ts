/** The peers. Each load is a process of its own, like ours; each question is asked in process, warm, like ours. */
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './processes.js'

const ENGINES = join(ROOT, 'test/engines/package.json')

export const hasEngines = () => existsSync(join(ROOT, 'test/engines/node_modules/chdb'))

// The engines are not installed with the project, so their types are not at hand: what is used of them.
interface DuckConnection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>
}
interface DuckModule {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckConnection> }> }
}
interface ChSession {
  query(sql: string, format?: string): string
  cleanup(): void
}
interface ChModule {
  Session: new (path: string) => ChSession
}

const load = (name: string): unknown => createRequire(pathToFileURL(ENGINES))(name)

export async function duckdb(path: string): Promise<DuckConnection> {
  const db = await (load('@duckdb/node-api') as DuckModule).DuckDBInstance.create(path)
  return db.connect()
}

export function clickhouse(path: string): ChSession {
  const { Session } = load('chdb') as ChModule
  return new Session(path)
}

/** The 16 columns that both peers load: what the overview and its tables need. */
const COLUMNS: [name: string, duck: string, click: string][] = [
  ['EdgeStartTimestamp', 'TIMESTAMP', 'DateTime'],
  ['RayID', 'VARCHAR', 'String'],
  ['ClientRequestHost', 'VARCHAR', 'LowCardinality(String)'],
  ['ClientRequestMethod', 'VARCHAR', 'LowCardinality(String)'],
  ['ClientRequestPath', 'VARCHAR', 'String'],
  ['EdgeResponseStatus', 'USMALLINT', 'UInt16'],
  ['OriginResponseStatus', 'USMALLINT', 'UInt16'],
  ['CacheCacheStatus', 'VARCHAR', 'LowCardinality(String)'],
  ['ClientCountry', 'VARCHAR', 'LowCardinality(String)'],
  ['EdgeColoCode', 'VARCHAR', 'LowCardinality(String)'],
  ['ClientASN', 'UINTEGER', 'UInt32'],
  ['ClientIP', 'VARCHAR', 'String'],
  ['ClientRequestUserAgent', 'VARCHAR', 'String'],
  ['ClientRequestSource', 'VARCHAR', 'LowCardinality(String)'],
  ['EdgeResponseBytes', 'UBIGINT', 'UInt64'],
  ['EdgeTimeToFirstByteMs', 'UINTEGER', 'UInt32'],
]

/** How an export writes its moments; `both`: now so, now so. */
export type Moments = 'text' | 'number' | 'both'

/** The columns, with a moment's type that takes what the export writes. */
function columnsFor(moments: Moments): typeof COLUMNS {
  const [[time, ...types], ...others] = COLUMNS
  const [duck, click] = { text: types, number: ['BIGINT', 'Int64'], both: ['VARCHAR', 'String'] }[moments]
  return [[time, duck, click], ...others]
}

export function duckLoad(files: string[], moments: Moments = 'text'): string {
  const columns = columnsFor(moments)
    .map(([name, type]) => `'${name}': '${type}'`)
    .join(', ')
  return `create table logs as select * from read_ndjson([${files.map((f) => `'${f}'`).join(', ')}], columns = {${columns}})`
}

export function clickTable(moments: Moments = 'text'): string {
  return `create table bench.logs (${columnsFor(moments)
    .map(([name, , type]) => `${name} ${type}`)
    .join(', ')}) engine = MergeTree order by (EdgeStartTimestamp, RayID)`
}

export function clickLoad(file: string, moments: Moments = 'text'): string {
  const columns = columnsFor(moments)
  const names = columns.map(([name]) => name).join(', ')
  const shape = columns
    .map(([name, , type]) => `${name} ${type.replace('LowCardinality(String)', 'String')}`)
    .join(', ')
  return `insert into bench.logs select ${names} from file('${file}', 'JSONEachRow', '${shape}') settings date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1`
}
