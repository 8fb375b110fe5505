/**
 * Many records, oldest first: seconds on end, so many that about a page of records lies in them. How far that is the sorted keys
 * say, without merging copies; the seconds themselves are read merged.
 */
import { packBlock } from '../../store/moving-block.js'
import { cursorOfPlace, placeOfCursor, type RecordPlace } from '../../store/record-order.js'
import { MOST_SCANNED, type ScanPage, type ScanQuery } from '../../store/scan.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'
import { text } from '../literal.js'
import { behind, inOrder, RowShape } from './rows.js'
import { between, where } from './where.js'

/** Records looked at in one step where the question leaves most of them out. */
const MOST_LOOKED_AT = 500_000

export async function scan(connection: Connection, { records }: Tables, query: ScanQuery): Promise<ScanPage> {
  const limit = Math.max(1, Math.min(query.limit, MOST_SCANNED))
  const after = query.after === null ? null : placeOfCursor(query.after)
  const shape = new RowShape(query.fields)
  const from = after === null ? query.from : Math.max(query.from, after.time)
  if (!(from < query.to) || (query.batch !== undefined && !/^[1-9]\d{0,14}$/.test(query.batch)))
    return page(shape, [], limit, null)
  const selective = query.filters.length > 0 || query.batch !== undefined
  const [[last] = []] = await connection.columns(
    `SELECT toUInt32(sec) FROM ${records} WHERE ${between(from, query.to)} ORDER BY sec LIMIT 1 OFFSET ${selective ? MOST_LOOKED_AT : limit}`,
  )
  const end = last === undefined ? query.to : Math.min(query.to, (Number(last) + 1) * 1000)
  const conditions = [where({ ...query, from, to: end })]
  if (after !== null) conditions.push(behind(after, 'ASC', text))
  if (query.batch !== undefined) conditions.push(`batch = ${query.batch}`)
  const columns = await connection.columns(
    `SELECT ${shape.sql} FROM ${records} FINAL WHERE ${conditions.join(' AND ')} ORDER BY ${inOrder('ASC')} LIMIT ${limit + 1}`,
  )
  return page(shape, columns, limit, end < query.to ? { time: end, ray: '', identity: '' } : null)
}

/** `end`: where to go on if the page holds all that there was; null: nothing comes after that. */
function page(
  shape: RowShape,
  columns: Parameters<RowShape['rows']>[0],
  limit: number,
  end: RecordPlace | null,
): ScanPage {
  const rows = shape.rows(columns)
  const count = Math.min(rows.count, limit)
  const next = rows.count > limit ? rows.place(limit - 1) : end
  const ids = new Map<string, number>()
  const of = Uint32Array.from({ length: count }, (_, row) => {
    const batch = rows.batch(row)
    let id = ids.get(batch)
    if (id === undefined) ids.set(batch, (id = ids.size))
    return id
  })
  return {
    block: packBlock(rows.block(count)),
    batches: { ids: [...ids.keys()], of },
    next: next && cursorOfPlace(next),
  }
}
