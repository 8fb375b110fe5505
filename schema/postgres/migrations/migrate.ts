/** Brings the tables of a ledger up to date: numbered, each once; two nodes that start at once wait for each other. */
import type { PoolClient } from 'pg'
import { StoreError } from '../../store/store-error.js'
import type { PostgresPlace } from '../url.js'
import { MIGRATIONS } from './index.js'

/** Rejects with a StoreError where the tables are those of a newer Faultline. */
export async function migrate(client: PoolClient, { schema, url }: PostgresPlace): Promise<void> {
  if ((await versionOf(client, schema, url)) === MIGRATIONS.length) return
  await client.query('begin')
  try {
    // held until the commit: whoever waited finds it done
    await client.query(`select pg_advisory_xact_lock(hashtextextended('${schema}/layout', 0))`)
    // only where it is missing: to make one takes a right that a user of the tables need not have
    const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [schema])
    if (rowCount === 0) await client.query(`create schema ${schema}`)
    await client.query(`create table if not exists ${schema}.layout (version integer not null)`)
    const version = await versionOf(client, schema, url)
    for (const sql of MIGRATIONS.slice(version)) await client.query(sql)
    await client.query(`delete from ${schema}.layout`)
    await client.query(`insert into ${schema}.layout values ($1)`, [MIGRATIONS.length])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** 0: there are none yet. */
async function versionOf(client: PoolClient, schema: string, url: string): Promise<number> {
  const { rows: found } = await client.query<{ is: boolean }>('select to_regclass($1) is not null as is', [
    `${schema}.layout`,
  ])
  if (!found[0].is) return 0
  const { rows } = await client.query<{ version: number }>(`select version from ${schema}.layout`)
  const version = rows[0]?.version ?? 0
  if (version <= MIGRATIONS.length) return version
  const message = `The ledger ${url} was written by a newer Faultline (layout ${version}; this one knows up to ${MIGRATIONS.length}). Install the newer Faultline again, or name another schema (?schema=NAME).`
  throw new StoreError('STORE_NEWER', message)
}
