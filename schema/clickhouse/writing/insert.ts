/** Records of parts into the table: what is new of them, once, whoever sends it and however often. */
import type { Block } from '../../store/block.js'
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
  blocks: readonly Block[]
}

/** More parts, or more records of small ones, are not sent at once. */
export const MOST_PARTS = 500
export const MOST_TOGETHER = 100_000

const HIGHEST = 2n ** 64n - 1n

const CARRIED = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map((column) => column.name)

/**
 * Gives how many of its records each part stored: the same after a second attempt. `id`: of the statement, see `Connection.stop`.
 * Of equal records those of the part that began first stay.
 */
export async function insertParts(
  connection: Connection,
  { records, broughtAgain }: Tables,
  parts: readonly Sent[],
  id: string,
  unfinished: readonly { batch: number; number: number }[],
): Promise<number[]> {
  const inOrder = [...parts].sort((a, b) => a.turn - b.turn)
  const range = `(${spansOf(parts)
    .map(({ from, to }) => secondsOf(from, to))
    .join(' OR ')})`
  const columns = `sec, ms, ray, identity, odd_ray, ${CARRIED.join(', ')}`
  const placed = inOrder.flatMap(({ blocks }, of) => {
    let first = 0
    return blocks.map((block) => ({ block, place: { first: (first += block.rows) - block.rows, of } }))
  })
  const each = (say: (part: Sent) => string, type: string) =>
    inOrder.length === 1
      ? `to${type}(${say(inOrder[0])})`
      : `arrayElement(CAST([${inOrder.map(say).join(', ')}] AS Array(${type})), of + 1)`
  const batch = each((part) => String(part.batch), 'UInt64')
  const number = each((part) => String(part.number), 'UInt32')
  const precedence = each((part) => (HIGHEST - BigInt(part.turn)).toString(), 'UInt64')
  // what is half done and another's may be taken out again: whoever brings it meanwhile keeps a copy of it
  const mine = new Set(parts.map((part) => `${part.batch} ${part.number}`))
  const others = unfinished.filter((part) => !mine.has(`${part.batch} ${part.number}`))
  const sure =
    others.length === 0
      ? ''
      : ` AND (batch, part) NOT IN (${others.map((part) => `(${part.batch}, ${part.number})`).join(', ')})`
  // of equal ones the earliest stays, as it came
  await connection.send(
    { pieces: placed.map(({ block, place }) => nativeBlock(block, place)), structure: STRUCTURE },
    (rows) => `INSERT INTO ${records} (${columns}, batch, part, precedence)
      SELECT ${columns}, ${batch}, ${number}, ${precedence}
      FROM (SELECT * FROM ${rows} ORDER BY ${KEY_LIST}, of, ms, n LIMIT 1 BY ${KEY_LIST})
      WHERE (${KEY_LIST}) NOT IN (SELECT ${KEY_LIST} FROM ${records} WHERE ${range}${sure})`,
    id,
  )
  at('write/records')
  const own = parts.map((part) => `(${part.batch}, ${part.number})`).join(', ')
  const [batches = [], numbers = [], counts = []] = await connection.columns(
    `SELECT toFloat64(batch), part, toFloat64(count()) FROM ${records} FINAL
      WHERE ${range} AND (batch, part) IN (${own}) GROUP BY batch, part`,
  )
  const stored = parts.map((part) => {
    const row = batches.findIndex((of, i) => of === part.batch && numbers[i] === part.number)
    return row < 0 ? 0 : Number(counts[row])
  })
  const again = new Set(parts.filter((part, i) => stored[i] < part.rows))
  if (again.size > 0) {
    const some = placed.filter(({ place }) => again.has(inOrder[place.of]))
    await connection.send(
      { pieces: some.map(({ block, place }) => nativeKeys(block, place)), structure: KEY_STRUCTURE },
      (rows) => `INSERT INTO ${broughtAgain} (${KEY_LIST}, batch)
        SELECT DISTINCT ${KEY_LIST}, ${batch} AS batch FROM ${rows}
        WHERE (${KEY_LIST}, batch) NOT IN (SELECT ${KEY_LIST}, batch FROM ${records} FINAL WHERE ${range})`,
    )
  }
  at('write/keys')
  return stored
}

/** Their times, those that overlap or follow each other within seconds as one. */
function spansOf(parts: readonly Sent[]): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = []
  for (const { from, to } of [...parts].sort((a, b) => a.from - b.from)) {
    const before = out[out.length - 1]
    if (before !== undefined && from <= before.to + 1_000) before.to = Math.max(before.to, to)
    else out.push({ from, to })
  }
  return out
}
