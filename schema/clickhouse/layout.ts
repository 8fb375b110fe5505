/** The tables by their names, and the store's name in them; what they are made of the migrations say. */
import { randomUUID } from 'node:crypto'
import { hexOfKey, type IdentityKey } from '../store/identity.js'
import type { Connection } from './connection.js'
import { name, text } from './literal.js'

/** Names of tables, as they stand in statements. */
interface Names {
  records: string
  broughtAgain: string
  minutes: string
  hours: string
  days: string
  rays: string
  about: string
}

export type TableKey = keyof Names

export interface Tables extends Names {
  database: string
  /** where rows rest: what is taken out is taken out there. The same names but on several shards */
  rest: Names
  /** follows the name of a table in what every shard has to do; '' where there is one */
  on: string
  /** all parts of the store's tables, wherever they lie */
  parts: string
  /** the same, of one replica a shard: what there is and not what it takes */
  partsOnce: string
  /** a table where its rows rest, by the name that parts have */
  restWord: (table: TableKey) => string
}

/** Whose replicas hold the tables. `sharded`: records are spread over several shards, by RayID. */
export interface ClusterPlace {
  name: string
  sharded: boolean
}

export const WORDS: { readonly [Table in TableKey]: string } = {
  records: 'records',
  broughtAgain: 'brought_again',
  minutes: 'minutes',
  hours: 'hours',
  days: 'days',
  rays: 'rays',
  about: 'about',
}

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
    partsOnce: sharded ? `cluster(${text(cluster.name)}, system.parts)` : 'system.parts',
    restWord: (table) => `${WORDS[table]}${sharded ? '_local' : ''}`,
  }
}

export const onCluster = (cluster: ClusterPlace | null): string =>
  cluster === null ? '' : ` ON CLUSTER ${text(cluster.name)}`

export const databaseStatement = ({ database }: Tables, cluster: ClusterPlace | null): string =>
  `CREATE DATABASE IF NOT EXISTS ${name(database)}${onCluster(cluster)}`

export async function aboutStore({ columns }: Connection, { about }: Tables): Promise<Map<string, string>> {
  const [names = [], values = []] = await columns(`SELECT name, value FROM ${about} FINAL`)
  return new Map(names.map((key, i) => [String(key), String(values[i])]))
}

/**
 * The store's name, its layout, and its key a second time: whoever loses the ledger keeps what tells records apart. What is said
 * last holds, also where the clock of whoever said something before was ahead.
 */
export async function keepAbout(
  connection: Connection,
  { about }: Tables,
  values: { [name: string]: string },
): Promise<void> {
  const rows = Object.entries(values).map(([key, value]) => `(${text(key)}, ${text(value)})`)
  await connection.run(`INSERT INTO ${about} (name, value, version)
    SELECT row.1, row.2, greatest(${Date.now()}, (SELECT max(version) FROM ${about}) + 1) FROM (SELECT arrayJoin([${rows.join(', ')}]) AS row)`)
}

export const newStore = (key: IdentityKey) => ({ 'store-id': randomUUID(), 'identity-key': hexOfKey(key) })
