/** Records themselves: newest first, by RayID, which fields they carry, how many there are. */
import { rayWords } from '../../store/block.js'
import type { RecordQuery, Selection } from '../../store/query.js'
import { cursorOfPlace, placeOfCursor } from '../../store/record-order.js'
import type { RecordPage, RecordsExtent } from '../../store/records.js'
import { fieldOf, type DimensionField, type FieldName, type MeasureField } from '../../words/fields.js'
import type { Record } from '../../words/record.js'
import { bucketOf, columnOf } from '../columns.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'
import { text, wide } from '../literal.js'
import { oddRayWords } from '../odd-rays.js'
import { HOUR } from '../../words/duration.js'
import { generationsOf, planOf, rangesOf } from '../rollups/choose.js'
import type { Writing } from '../writing/batches.js'
import { behind, inOrder, RowShape, type Rows } from './rows.js'
import { between, secondsOf, where } from './where.js'

/** The first look backwards, ms; each further one is so much longer. */
const FIRST_LOOK = 60_000
const FURTHER = 16

/** Looks backwards in growing steps, so that the newest page of a year reads a minute. */
export async function newest(connection: Connection, { records }: Tables, query: RecordQuery): Promise<RecordPage> {
  const after = query.after === null ? null : placeOfCursor(query.after)
  const shape = new RowShape(query.fields)
  const end = after === null ? query.to : Math.min(query.to, after.time + 1)
  if (!(query.from < end)) return { records: [], next: null }
  let to = Math.min(end, (await lastTime(connection, records, query.from, end)) + 1)
  const pages: Rows[] = []
  let found = 0
  for (let look = FIRST_LOOK; to > query.from && found <= query.limit; look *= FURTHER) {
    const from = Math.max(query.from, to - look)
    const sql = `SELECT ${shape.sql} FROM ${records} FINAL
      WHERE ${where({ ...query, from, to })}${after === null ? '' : ` AND ${behind(after, 'DESC', text)}`}
      ORDER BY ${inOrder('DESC')} LIMIT ${query.limit + 1 - found}`
    const rows = shape.rows(await connection.columns(sql))
    pages.push(rows)
    found += rows.count
    to = from
  }
  const all = pages.flatMap((rows) => Array.from({ length: rows.count }, (_, row) => ({ rows, row })))
  const shown = all.slice(0, query.limit)
  const lastShown = shown[shown.length - 1]
  return {
    records: shown.map(({ rows, row }) => rows.record(row)),
    next: all.length > query.limit && lastShown ? cursorOfPlace(lastShown.rows.place(lastShown.row)) : null,
  }
}

/** Time of the newest record in [from, end), 0 without any. In the same steps: to read all times of a month of 100 million takes a quarter of a second. */
async function lastTime(connection: Connection, records: string, from: number, end: number): Promise<number> {
  let to = end
  for (let look = FIRST_LOOK; to > from; look *= FURTHER) {
    const start = Math.max(from, to - look)
    const [[last] = []] = await connection.columns(`SELECT max(time) FROM ${records} WHERE ${between(start, to)}`)
    if (Number(last ?? 0) > 0) return Number(last)
    to = start
  }
  return 0
}

/**
 * First in which minutes it may be, as the table of rays says of hours that are summed up; of all other hours in which seconds it
 * is, without merging copies. Then these, merged.
 */
export async function byRayId({ connection, tables, ledger }: Writing, rayId: string): Promise<Record[]> {
  const { records, rays } = tables
  const words = rayWords(rayId)
  const odd = words === null || (words[0] === 0 && words[1] === 0)
  const number = `toUInt64(${wide(...(odd ? oddRayWords(rayId) : words))})`
  const is = `ray = ${number} AND odd_ray = ${text(odd ? rayId : '')}`
  // what is summed up from here on is in both
  const unsummed = rangesOf(await ledger.notes.unsummedHours()).map(({ from, to }) => secondsOf(from, to - 1))
  const [minutes = []] = await connection.columns(
    `SELECT DISTINCT minute FROM ${rays} WHERE bucket = ${bucketOf(number)} ORDER BY minute`,
  )
  const spans = minutes.map((minute) => `sec BETWEEN ${Number(minute) * 60} AND ${Number(minute) * 60 + 59}`)
  if (unsummed.length > 0) {
    const [seconds = []] = await connection.columns(
      `SELECT DISTINCT toUInt32(sec) FROM ${records} WHERE (${unsummed.join(' OR ')}) AND ${is}`,
    )
    if (seconds.length > 0) spans.push(`sec IN (${seconds.join(', ')})`)
  }
  if (spans.length === 0) return []
  const shape = new RowShape(undefined)
  const rows = shape.rows(
    await connection.columns(
      `SELECT ${shape.sql} FROM ${records} FINAL WHERE (${spans.join(' OR ')}) AND ${is} ORDER BY ${inOrder('ASC')}`,
    ),
  )
  return Array.from({ length: rows.count }, (_, row) => rows.record(row))
}

export async function presence(
  connection: Connection,
  { records }: Tables,
  selection: Selection,
  fields: readonly string[],
): Promise<{ [field: string]: number }> {
  if (fields.length === 0) return {}
  const sums = fields.map((field) => `toFloat64(countIf(${carries(field as FieldName)}))`)
  const columns = await connection.columns(`SELECT ${sums.join(', ')} FROM ${records} FINAL WHERE ${where(selection)}`)
  return Object.fromEntries(fields.map((field, i) => [field, Number(columns[i]?.[0] ?? 0)]))
}

function carries(field: FieldName): string {
  if (field === 'time') return '1'
  if (field === 'rayId') return "ray != 0 OR odd_ray != ''"
  const column = columnOf(field as DimensionField | MeasureField)
  return fieldOf(field).role === 'dimension' ? `${column} != ''` : `NOT isNaN(${column})`
}

/** Of the sums where they hold, of the records else. */
export async function extent({ connection, tables, ledger }: Writing): Promise<RecordsExtent> {
  const { records, hours } = tables
  const [[from] = [], [to] = []] = await connection.columns(
    `SELECT toFloat64(min(toUInt32(sec))), toFloat64(max(toUInt32(sec))) FROM ${records} HAVING count() > 0`,
  )
  if (from === undefined || to === undefined) return { records: 0, from: null, to: null }
  const range = [Number(from) * 1000, (Number(to) + 1) * 1000] as const
  // an hour that has ended is whole, whenever its last record was
  const whole = [Math.floor(range[0] / HOUR) * HOUR, Math.ceil(range[1] / HOUR) * HOUR] as const
  const { summed, rest } = planOf(...whole, await ledger.notes.summedHours(...whole), HOUR)
  const parts = [
    `SELECT toFloat64(0) AS n, time AS first_time, time AS last_time FROM ${records} FINAL WHERE sec IN (${from}, ${to})`,
  ]
  const none = 'CAST(NULL AS Nullable(Int64))'
  if (summed.length > 0)
    parts.push(
      `SELECT toFloat64(records), ${none}, ${none} FROM ${hours} WHERE wide = 0 AND (${generationsOf(summed, 'hour')})`,
    )
  if (rest.length > 0) {
    const ranges = rest.map((one) => `(${between(one.from, one.to)})`).join(' OR ')
    parts.push(`SELECT toFloat64(1), ${none}, ${none} FROM ${records} FINAL WHERE ${ranges}`)
  }
  const [[count] = [], [first] = [], [last] = []] = await connection.columns(
    `SELECT sum(n), min(first_time), max(last_time) FROM (${parts.join(' UNION ALL ')})`,
  )
  const empty = Number(count ?? 0) === 0
  return { records: Number(count ?? 0), from: empty ? null : Number(first), to: empty ? null : Number(last) }
}
