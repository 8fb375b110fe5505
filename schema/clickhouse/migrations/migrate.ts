/** From whatever a store is to what this Faultline wants it to be. The caller sees to it that one does it at a time. */
import type { LedgerBeside } from '../../store/beside.js'
import { StoreError } from '../../store/store-error.js'
import { DIMENSION_COLUMNS, MEASURE_COLUMNS } from '../columns.js'
import type { Connection } from '../connection.js'
import { aboutStore, databaseStatement, keepAbout, WORDS, type ClusterPlace, type Tables } from '../layout.js'
import { text } from '../literal.js'
import { hoursAndRays } from './002-hours-and-rays.js'
import { tables as first } from './001-tables.js'
import { alter, type Migration } from './migration.js'

/** In order; a store is of the layout of the last one that it has seen. */
export const MIGRATIONS: readonly Migration[] = [first, hoursAndRays]

export const LAYOUT = MIGRATIONS[MIGRATIONS.length - 1].number

export interface Migrating {
  connection: Connection
  tables: Tables
  ledger: LedgerBeside
}

/** Makes what is missing. Rejects with a StoreError, also where the layout is of a later version. */
export async function migrate({ connection, tables, ledger }: Migrating, cluster: ClusterPlace | null): Promise<void> {
  const { database } = tables
  const [found = []] = await connection.columns(`SELECT name FROM system.databases WHERE name = ${text(database)}`)
  if (found.length === 0) await connection.run(databaseStatement(tables, cluster))
  const layout = await layoutOf(connection, tables)
  if (layout > LAYOUT) {
    const message = `The database ${database} was written by a newer Faultline (layout ${layout}; this one knows up to ${LAYOUT}). Install the newer Faultline again, or name another database.`
    throw new StoreError('STORE_NEWER', message)
  }
  for (const migration of MIGRATIONS.filter(({ number }) => number > layout)) {
    for (const statement of migration.statements(tables, cluster)) await connection.run(statement)
    await migration.after?.({ connection, tables, ledger })
    await keepAbout(connection, tables, { layout: String(migration.number) })
  }
  await addColumns({ connection, tables, ledger }, cluster)
}

/** 0: there is nothing yet, or somebody was stopped before it was whole. */
async function layoutOf(connection: Connection, tables: Tables): Promise<number> {
  const [has = []] = await connection.columns(
    `SELECT name FROM system.tables WHERE database = ${text(tables.database)} AND name = ${text(WORDS.about)}`,
  )
  if (has.length === 0) return 0
  return Number((await aboutStore(connection, tables)).get('layout') ?? 0)
}

/** Fields that the catalogue did not know when the table was made. What is summed up by all of them is made anew. */
async function addColumns({ connection, tables, ledger }: Migrating, cluster: ClusterPlace | null): Promise<void> {
  const [has = []] = await connection.columns(
    `SELECT name FROM system.columns WHERE database = ${text(tables.database)} AND table = ${text(WORDS.records)}`,
  )
  const missing = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].filter(({ name }) => !has.includes(name))
  if (missing.length === 0) return
  const add = missing.map(({ definition }) => `ADD COLUMN IF NOT EXISTS ${definition}`)
  // first where rows rest: the table over them is the one that is looked at
  for (const statement of alter({ tables, cluster }, 'records', add)) await connection.run(statement)
  await ledger.notes.touchBefore(Number.MAX_SAFE_INTEGER)
}
