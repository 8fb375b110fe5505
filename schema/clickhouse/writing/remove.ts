/** Taking records out: all copies of those that a batch stored, or what is older than a time. */
import { KEY_LIST } from '../columns.js'
import { text } from '../literal.js'
import type { Connection } from '../connection.js'
import { at } from '../failpoints.js'
import type { Tables } from '../layout.js'
import { secondsOf } from '../questions/where.js'

export interface Span {
  from: number
  to: number
}

/** What taking a batch out will come to: its records, and those of them that another batch brought as well. */
export async function lookAtBatch(
  connection: Connection,
  { records, rest }: Tables,
  batch: number,
  { from, to }: Span,
): Promise<{ removed: number; broughtAgain: number }> {
  const range = secondsOf(from, to)
  const again = `(${KEY_LIST}) IN (SELECT ${KEY_LIST} FROM ${rest.broughtAgain} WHERE ${range} AND batch != ${batch})`
  const [[removed] = [], [also] = []] = await connection.columns(
    `SELECT toFloat64(count()), toFloat64(countIf(${again})) FROM ${records} FINAL WHERE ${range} AND batch = ${batch}`,
  )
  return { removed: Number(removed ?? 0), broughtAgain: Number(also ?? 0) }
}

/** May be repeated. What others brought again is forgotten with it: nobody has brought it since. */
export async function removeBatch(connection: Connection, tables: Tables, batch: number, span: Span): Promise<void> {
  const range = secondsOf(span.from, span.to)
  const own = `SELECT ${KEY_LIST} FROM ${tables.rest.records} FINAL WHERE ${range} AND batch = ${batch}`
  // the notes first: once the records are gone nobody knows which they were
  await deleteWhere(connection, tables, 'broughtAgain', `${range} AND (batch = ${batch} OR (${KEY_LIST}) IN (${own}))`)
  at('delete/keys')
  await deleteWhere(connection, tables, 'records', `${range} AND (${KEY_LIST}) IN (${own})`)
  // copies that lost against another batch's
  await deleteWhere(connection, tables, 'records', `${range} AND batch = ${batch}`)
  at('delete/records')
}

/**
 * A deletion rewrites what it touches: it is worth a look whether there is anything. On several shards each looks at its own rows,
 * which is enough: what belongs together shares one.
 */
async function deleteWhere(
  { columns, run }: Connection,
  tables: Tables,
  table: 'records' | 'broughtAgain',
  condition: string,
): Promise<void> {
  const [[some] = []] = await columns(`SELECT 1 FROM ${tables[table]} WHERE ${condition} LIMIT 1`)
  if (some !== undefined) await run(`DELETE FROM ${tables.rest[table]}${tables.on} WHERE ${condition}`)
}

/** A part that was begun and will never be reported: nothing of it rests. May be repeated. */
export async function removePart(
  connection: Connection,
  tables: Tables,
  { batch, number }: { batch: number; number: number },
  { from, to }: Span,
): Promise<void> {
  await deleteWhere(connection, tables, 'records', `${secondsOf(from, to)} AND batch = ${batch} AND part = ${number}`)
}

/** Days that are too old as a whole are dropped, of the next the beginning is deleted. Says how many records went. */
export async function expireRecords(connection: Connection, tables: Tables, before: number): Promise<number> {
  const { records, rest, database, parts, restWord } = tables
  const old = `sec <= ${Math.max(0, Math.floor(before / 1000))} AND time < ${Math.ceil(before)}`
  const [[removed] = []] = await connection.columns(`SELECT toFloat64(count()) FROM ${records} FINAL WHERE ${old}`)
  const day = new Date(before).toISOString().slice(0, 10)
  for (const key of ['records', 'broughtAgain'] as const) {
    const [days = []] = await connection.columns(
      `SELECT DISTINCT partition FROM ${parts} WHERE active AND database = '${database}' AND table = '${restWord(key)}' AND partition < '${day}'`,
    )
    for (const whole of days)
      await connection.run(`ALTER TABLE ${rest[key]}${tables.on} DROP PARTITION '${String(whole)}'`)
  }
  // more minutes than there are may be told, so a RayID is forgotten with all others of its time
  const [times = []] = await connection.columns(
    `SELECT DISTINCT partition_id FROM ${parts} WHERE active AND database = '${database}' AND table = '${restWord('rays')}'
      AND toInt64(partition_id) < ${Math.floor(before / 60_000 / 46_080)}`,
  )
  for (const time of times)
    await connection.run(`ALTER TABLE ${rest.rays}${tables.on} DROP PARTITION ID ${text(String(time))}`)
  at('expire/records')
  await deleteWhere(connection, tables, 'records', old)
  return Number(removed ?? 0)
}
