/** What a numbered change of the tables is, and the words that differ between one server and a cluster. */
import type { LedgerBeside } from '../../store/beside.js'
import type { Connection } from '../connection.js'
import { text } from '../literal.js'
import { onCluster, WORDS, type ClusterPlace, type TableKey, type Tables } from '../layout.js'

export interface Migration {
  /** what a store is after it; never given again, and never changed once it was released */
  number: number
  /** Each may be given again: whoever was stopped in the middle begins anew. */
  statements(tables: Tables, cluster: ClusterPlace | null): string[]
  /** What statements cannot say; may be repeated too. */
  after?(of: { connection: Connection; tables: Tables; ledger: LedgerBeside }): Promise<void>
}

/** On one node a part is acknowledged when it is on the disk, not only in the system's cache. */
export const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1'

/** By what rows are spread over shards: copies of a record, and what is noted of it, share one. */
const SPREAD: { readonly [Table in TableKey]: string } = {
  about: 'cityHash64(name)',
  records: 'ray',
  broughtAgain: 'ray',
  minutes: 'hour',
  hours: 'hour',
  days: 'day',
  rays: 'bucket',
}

/**
 * A table where its rows rest, and on several shards the one over them. `definition`: its columns, then what follows the name of the
 * engine, which is one of the family of MergeTree. On a cluster its replicas all have it, and what was inserted at one of them.
 */
export function table(
  { tables, cluster }: { tables: Tables; cluster: ClusterPlace | null },
  key: TableKey,
  columns: string,
  engine: string,
): string[] {
  const on = onCluster(cluster)
  const replicated = cluster === null ? '' : 'Replicated'
  const rest = `CREATE TABLE IF NOT EXISTS ${tables.rest[key]}${on} (${columns}) ENGINE = ${replicated}${engine}`
  if (cluster?.sharded !== true) return [rest]
  const over = `CREATE TABLE IF NOT EXISTS ${tables[key]}${on} AS ${tables.rest[key]}
      ENGINE = Distributed(${text(cluster.name)}, ${text(tables.database)}, ${text(`${WORDS[key]}_local`)}, ${SPREAD[key]})`
  return [rest, over]
}

/** The same change of the table where its rows rest and, where it has columns of its own, of the one over them. */
export function alter(
  { tables, cluster }: { tables: Tables; cluster: ClusterPlace | null },
  key: TableKey,
  columns: readonly string[],
  rest: readonly string[] = [],
): string[] {
  const on = onCluster(cluster)
  const own = `ALTER TABLE ${tables.rest[key]}${on} ${[...columns, ...rest].join(', ')}`
  if (cluster?.sharded !== true || columns.length === 0) return [own]
  return [own, `ALTER TABLE ${tables[key]}${on} ${columns.join(', ')}`]
}
