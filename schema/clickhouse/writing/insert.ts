/** A part's records into the table: what is new of them, once, whoever sends it and however often. */
import { openBlock, type MovingBlock } from '../../store/moving-block.js'
import { DIMENSION_COLUMNS, KEY_LIST, MEASURE_COLUMNS } from '../columns.js'
import type { Connection } from '../connection.js'
import { at } from '../failpoints.js'
import type { Tables } from '../layout.js'
import { KEY_STRUCTURE, nativeBlock, nativeKeys, STRUCTURE } from '../native.js'
import { secondsOf } from '../questions/where.js'

export interface Sent {
  batch: number
  number: number
  /** grows with every part: the first to begin has the highest precedence */
  turn: number
  from: number
  to: number
  rows: number
}

const HIGHEST = 2n ** 64n - 1n

const CARRIED = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map((column) => column.name)

/** Gives how many of them this part stored: the same after a second attempt. `id`: of the statement, see `Connection.stop`. */
export async function insertPart(
  connection: Connection,
  { records, broughtAgain }: Tables,
  blocks: readonly MovingBlock[],
  part: Sent,
  id: string,
): Promise<number> {
  const range = secondsOf(part.from, part.to)
  const columns = `sec, ms, ray, identity, odd_ray, ${CARRIED.join(', ')}`
  const opened = blocks.filter((block) => block.rows > 0).map(openBlock)
  const numbered = opened.map((block, i) => ({ block, first: opened.slice(0, i).reduce((sum, b) => sum + b.rows, 0) }))
  // of equal ones the earliest stays, as it came
  await connection.send(
    { pieces: numbered.map(({ block, first }) => nativeBlock(block, first)), structure: STRUCTURE },
    (rows) => `INSERT INTO ${records} (${columns}, batch, part, precedence)
      SELECT ${columns}, ${part.batch}, ${part.number}, ${(HIGHEST - BigInt(part.turn)).toString()}
      FROM (SELECT * FROM ${rows} ORDER BY ${KEY_LIST}, ms, n LIMIT 1 BY ${KEY_LIST})
      WHERE (${KEY_LIST}) NOT IN (SELECT ${KEY_LIST} FROM ${records} WHERE ${range})`,
    id,
  )
  at('write/records')
  const own = `batch = ${part.batch} AND part = ${part.number}`
  const [[stored] = []] = await connection.columns(
    `SELECT toFloat64(count()) FROM ${records} FINAL WHERE ${range} AND ${own}`,
  )
  if (Number(stored) < part.rows) {
    await connection.send(
      { pieces: numbered.map(({ block, first }) => nativeKeys(block, first)), structure: KEY_STRUCTURE },
      (rows) => `INSERT INTO ${broughtAgain} (${KEY_LIST}, batch)
        SELECT DISTINCT ${KEY_LIST}, ${part.batch} FROM ${rows}
        WHERE (${KEY_LIST}) IN (SELECT ${KEY_LIST} FROM ${records} FINAL WHERE ${range} AND batch != ${part.batch})`,
    )
  }
  at('write/keys')
  return Number(stored)
}
