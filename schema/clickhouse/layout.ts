/** The tables, and the store's name in them. */
import { randomUUID } from 'node:crypto'
import { hexOfKey, keyOfHex, type IdentityKey } from '../store/identity.js'
import { StoreError } from '../store/store-error.js'
import { DIMENSION_COLUMNS, KEY_LIST, MEASURE_COLUMNS, SUMMED_COLUMNS } from './columns.js'
import type { Connection } from './connection.js'
import { name, text } from './literal.js'

/** Raised when a table changes; a store of a later one is not touched. */
const LAYOUT = 1

/** Names of tables, as they stand in statements. */
interface Names {
  records: string
  broughtAgain: string
  minutes: string
  days: string
  about: string
}

export interface Tables extends Names {
  database: string
  /** where rows rest: what is taken out is taken out there. The same names but on several shards */
  rest: Names
  /** follows the name of a table in what every shard has to do; '' where there is one */
  on: string
  /** all parts of the store's tables, wherever they lie */
  parts: string
}

/** Whose replicas hold the tables. `sharded`: records are spread over several shards, by RayID. */
export interface ClusterPlace {
  name: string
  sharded: boolean
}

const WORDS = { records: 'records', broughtAgain: 'brought_again', minutes: 'minutes', days: 'days', about: 'about' }

export function tablesOf(database: string, cluster: ClusterPlace | null = null): Tables {
  const named = (suffix: string) =>
    Object.fromEntries(
      Object.entries(WORDS).map(([key, word]) => [key, `${name(database)}.${word}${suffix}`]),
    ) as unknown as Names
  const sharded = cluster?.sharded === true
  return {
    database,
    ...named(''),
    rest: named(sharded ? '_local' : ''),
    on: sharded ? onCluster(cluster) : '',
    parts: sharded ? `clusterAllReplicas(${text(cluster.name)}, system.parts)` : 'system.parts',
  }
}

/** On one node a part is acknowledged when it is on the disk, not only in the system's cache. */
const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1'

/**
 * Each may be given again. On a cluster its replicas all have the tables, and what was inserted at one of them; on several shards
 * a table over them lies before those in which the rows rest. Copies of a record share a shard, since they share the RayID.
 */
export function statements(tables: Tables, cluster: ClusterPlace | null): string[] {
  const { records, broughtAgain, minutes, days, about } = tables.rest
  const on = onCluster(cluster)
  const replicated = cluster === null ? '' : 'Replicated'
  const columns = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map((column) => `${column.name} ${column.type}`)
  return [
    `CREATE TABLE IF NOT EXISTS ${about}${on} (name String, value String, version UInt64)
      ENGINE = ${replicated}ReplacingMergeTree(version) ORDER BY name SETTINGS ${DURABLE}`,
    // the copy with the highest precedence stays, which is that of the first to begin
    `CREATE TABLE IF NOT EXISTS ${records}${on} (
      sec DateTime('UTC') CODEC(Delta(4), ZSTD(1)), ms UInt16 CODEC(ZSTD(1)),
      ray UInt64 CODEC(NONE), identity UInt64 CODEC(NONE), odd_ray LowCardinality(String),
      ${columns.join(', ')},
      batch UInt64, part UInt32, precedence UInt64,
      time Int64 ALIAS toInt64(sec) * 1000 + ms,
      INDEX ray_index ray TYPE bloom_filter(0.001) GRANULARITY 1
    ) ENGINE = ${replicated}ReplacingMergeTree(precedence) PARTITION BY toDate(sec) ORDER BY (${KEY_LIST}) SETTINGS ${DURABLE}`,
    // records that a batch brought although another had stored them
    `CREATE TABLE IF NOT EXISTS ${broughtAgain}${on} (
      sec DateTime('UTC'), ray UInt64, identity UInt64, odd_ray LowCardinality(String), batch UInt64
    ) ENGINE = ${replicated}ReplacingMergeTree PARTITION BY toDate(sec) ORDER BY (${KEY_LIST}, batch) SETTINGS ${DURABLE}`,
    // records summed up, see rollups/; which generation of an hour holds, the ledger says
    `CREATE TABLE IF NOT EXISTS ${minutes}${on} (
      hour UInt32 CODEC(ZSTD(1)), generation UInt64 CODEC(ZSTD(1)), minute UInt32 CODEC(Delta(4), ZSTD(1)),
      ${SUMMED_COLUMNS.map((column) => `${column} LowCardinality(String) CODEC(ZSTD(1))`).join(', ')},
      requests Float64 CODEC(ZSTD(1)), bytes Float64 CODEC(ZSTD(1)), records UInt64 CODEC(ZSTD(1)),
      first_time Int64 CODEC(Delta(8), ZSTD(1)), last_time Int64 CODEC(Delta(8), ZSTD(1))
    ) ENGINE = ${replicated}MergeTree PARTITION BY intDiv(hour, 24) ORDER BY (hour, generation, minute) SETTINGS ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS ${days}${on} (
      field LowCardinality(String), day UInt32, generation UInt64, visitor LowCardinality(String), value String CODEC(ZSTD(1)),
      requests Float64 CODEC(ZSTD(1)), bytes Float64 CODEC(ZSTD(1)), records UInt64 CODEC(ZSTD(1)), errors Float64 CODEC(ZSTD(1))
    ) ENGINE = ${replicated}MergeTree PARTITION BY intDiv(day, 32) ORDER BY (field, day, generation, visitor, value) SETTINGS ${DURABLE}`,
    ...(cluster?.sharded ? overShards(tables, cluster) : []),
  ]
}

/** By what rows are spread: copies of a record, and what is noted of it, share a shard. */
const SPREAD: { readonly [Table in keyof Names]: string } = {
  about: 'cityHash64(name)',
  records: 'ray',
  broughtAgain: 'ray',
  minutes: 'hour',
  days: 'day',
}

function overShards(tables: Tables, cluster: ClusterPlace): string[] {
  return Object.entries(SPREAD).map(([key, spread]) => {
    const table = key as keyof Names
    const [over, rest] = [tables[table], tables.rest[table]]
    return `CREATE TABLE IF NOT EXISTS ${over}${onCluster(cluster)} AS ${rest}
      ENGINE = Distributed(${text(cluster.name)}, ${text(tables.database)}, ${text(`${WORDS[table]}_local`)}, ${spread})`
  })
}

const onCluster = (cluster: ClusterPlace | null): string =>
  cluster === null ? '' : ` ON CLUSTER ${text(cluster.name)}`

export const databaseStatement = ({ database }: Tables, cluster: ClusterPlace | null): string =>
  `CREATE DATABASE IF NOT EXISTS ${name(database)}${onCluster(cluster)}`

export interface About {
  store: string | null
  key: IdentityKey | null
}

/** Makes what is missing. Rejects with a StoreError, also where the layout is of a later version. */
export async function prepare(connection: Connection, tables: Tables, cluster: ClusterPlace | null): Promise<About> {
  const { database } = tables
  const [found = []] = await connection.columns(`SELECT name FROM system.databases WHERE name = ${text(database)}`)
  if (found.length === 0) await connection.run(databaseStatement(tables, cluster))
  const [has = []] = await connection.columns(
    `SELECT name FROM system.tables WHERE database = ${text(database)} AND name IN (${Object.values(WORDS).map(text).join(', ')})`,
  )
  if (has.includes('about')) {
    const about = await aboutStore(connection, tables)
    const layout = Number(about.get('layout') ?? LAYOUT)
    if (layout > LAYOUT) {
      const message = `The database ${database} was written by a newer Faultline (layout ${layout}; this one knows up to ${LAYOUT}). Install the newer Faultline again, or name another database.`
      throw new StoreError('STORE_NEWER', message)
    }
  }
  if (has.length < Object.keys(WORDS).length)
    for (const statement of statements(tables, cluster)) await connection.run(statement)
  const about = await aboutStore(connection, tables)
  const key = about.get('identity-key')
  return { store: about.get('store-id') ?? null, key: key === undefined ? null : keyOfHex(key) }
}

export async function aboutStore({ columns }: Connection, { about }: Tables): Promise<Map<string, string>> {
  const [names = [], values = []] = await columns(`SELECT name, value FROM ${about} FINAL`)
  return new Map(names.map((key, i) => [String(key), String(values[i])]))
}

/** The store's name, and its key a second time: whoever loses the ledger keeps what tells records apart. */
export async function keepAbout(
  connection: Connection,
  { about }: Tables,
  values: { [name: string]: string },
): Promise<void> {
  const now = Date.now()
  const rows = Object.entries(values).map(([key, value]) => `(${text(key)}, ${text(value)}, ${now})`)
  await connection.run(`INSERT INTO ${about} (name, value, version) VALUES ${rows.join(', ')}`)
}

export const newStore = (key: IdentityKey) => ({
  'store-id': randomUUID(),
  'layout': String(LAYOUT),
  'identity-key': hexOfKey(key),
})
