/**
 * Minutes summed up by status, source, visitor, zone and host, an hour at a time, of the records without their copies; hours out
 * of these minutes; and in which minutes RayIDs are to be looked for, of which more may be told than is true. Sums are never added
 * to: an hour that was touched is summed up anew, as another generation, and read once the ledger says so.
 */
import type { DimensionField } from '../../words/fields.js'
import { bucketOf, columnOf, SUMMED_COLUMNS, VALUE_FIELDS, WIDE_FIELDS } from '../columns.js'
import { text } from '../literal.js'
import { IS_ERROR } from '../questions/where.js'
import { alone } from '../turns.js'
import type { Writing } from '../writing/batches.js'

/** Hours of one statement at most. */
const HOURS = 24
/** Days that are tidied up at once at most. */
const DAYS = 32
/** Statements of one go: whoever wants to write waits for one of them. */
const MOST_STEPS = 20

const BYTES = columnOf('edgeResponseBytes')
/** What sums of hours are also made without. */
const PLACES = [columnOf('zone'), columnOf('host')]

/** Hours that were not touched for so long, as far as it gets in one go. Says whether there was anything to do. */
export async function sumUp(writing: Writing, quietMs: number, steps = MOST_STEPS): Promise<boolean> {
  for (let step = 0; step < steps; step++) if (!(await sumUpSome(writing, quietMs))) return step > 0
  return true
}

function sumUpSome({ connection, tables, ledger }: Writing, quietMs: number): Promise<boolean> {
  return alone(ledger, async () => {
    const begun = await ledger.notes.beginSums(quietMs, HOURS)
    if (begun === null) return false
    const { hours, generation } = begun
    const first = hours[0] * 3_600
    const last = (hours[hours.length - 1] + 1) * 3_600 - 1
    const columns = SUMMED_COLUMNS.join(', ')
    const sums = 'requests, bytes, records'
    await connection.run(`INSERT INTO ${tables.minutes} (hour, generation, minute, ${columns}, ${sums})
      SELECT intDiv(toUInt32(sec), 3600) AS hour, ${generation} AS generation, intDiv(toUInt32(sec), 60) AS minute, ${columns},
        sum(weight), sumIf(${BYTES} * weight, NOT isNaN(${BYTES})), count()
      FROM ${tables.records} FINAL
      WHERE sec BETWEEN ${first} AND ${last} AND hour IN (${hours.join(', ')})
      GROUP BY hour, minute, ${columns}`)
    const minutes = `FROM ${tables.minutes} WHERE hour IN (${hours.join(', ')}) AND generation = ${generation}`
    const narrow = SUMMED_COLUMNS.filter((column) => !PLACES.includes(column)).join(', ')
    const none = PLACES.map((column) => `'' AS ${column}`).join(', ')
    const places = PLACES.join(', ')
    await connection.run(`INSERT INTO ${tables.hours} (wide, hour, generation, ${narrow}, ${places}, ${sums})
      SELECT 1, hour, ${generation}, ${narrow}, ${places}, sum(requests), sum(bytes), sum(records) ${minutes} GROUP BY hour, ${narrow}, ${places}
      UNION ALL
      SELECT 0, hour, ${generation}, ${narrow}, ${none}, sum(requests), sum(bytes), sum(records) ${minutes} GROUP BY hour, ${narrow}`)
    await connection.run(`INSERT INTO ${tables.rays} (bucket, minute)
      SELECT DISTINCT ${bucketOf('ray')}, intDiv(toUInt32(sec), 60) FROM ${tables.records}
      WHERE sec BETWEEN ${first} AND ${last} AND intDiv(toUInt32(sec), 3600) IN (${hours.join(', ')})`)
    await ledger.notes.finishSums(generation)
    return true
  })
}

/** Whoever reads sums of before has been answered by then, ms: longer than a statement may take. */
const READ_UNTIL = 600_000

/** Takes away sums that no question reads any more. */
export async function forgetOldSums({ connection, tables, ledger }: Writing, touchedAgoMs = READ_UNTIL): Promise<void> {
  if ((await ledger.notes.oldSums(touchedAgoMs, 1)).length === 0) return
  await alone(ledger, async () => {
    const hours = await ledger.notes.oldSums(touchedAgoMs, HOURS)
    const old = hours.map(({ at, generation }) => `(hour = ${at} AND generation != ${generation})`)
    for (const table of [tables.rest.minutes, tables.rest.hours])
      await connection.run(`DELETE FROM ${table}${tables.on} WHERE ${old.join(' OR ')}`)
    await ledger.notes.forgetOldSums(hours)
  })
}

export async function forgetOldDays({ connection, tables, ledger }: Writing, touchedAgoMs = READ_UNTIL): Promise<void> {
  const days = await ledger.notes.oldDays(touchedAgoMs, DAYS)
  if (days.length === 0) return
  const old = days.map(({ at, generation }) => `(day = ${at} AND generation < ${generation})`)
  await connection.run(`DELETE FROM ${tables.rest.days}${tables.on} WHERE ${old.join(' OR ')}`)
  await ledger.notes.forgetOldDays(days)
}

/**
 * A day by the values of each dimension, one after the other. Whoever writes waits for none of them: what changes meanwhile has
 * touched the day, and nobody reads its sums. Says whether there was a day to sum up.
 */
export async function sumUpDay(writing: Writing, quietMs: number): Promise<boolean> {
  const { connection, tables, ledger } = writing
  // nobody is in the middle of taking something out
  const day = await alone(ledger, async () => ledger.notes.beginDay(quietMs))
  if (day === null) return false
  // the records are read once for all fields of few values, and once for each of the others
  for (const fields of [
    VALUE_FIELDS.filter((field) => !WIDE_FIELDS.includes(field)),
    ...WIDE_FIELDS.map((field) => [field]),
  ])
    await connection.run(`INSERT INTO ${tables.days} (field, day, generation, visitor, value, requests, bytes, records, errors)
      SELECT ${ofSet(fields, text)}, ${day.at}, ${day.generation}, visitor, ${ofSet(fields, (field) => `toString(${columnOf(field)})`)}, sum(weight),
        sumIf(${BYTES} * weight, NOT isNaN(${BYTES})), count(), sumIf(weight, ${IS_ERROR})
      FROM ${tables.records} FINAL WHERE sec BETWEEN ${day.at * 86_400} AND ${(day.at + 1) * 86_400 - 1}
      GROUP BY GROUPING SETS (${fields.map((field) => `(visitor, ${columnOf(field)})`).join(', ')})`)
  await ledger.notes.finishDay(day)
  return true
}

/** What is said of the field that a row is grouped by. */
function ofSet(fields: readonly DimensionField[], say: (field: DimensionField) => string): string {
  const [last, ...others] = [...fields].reverse()
  const cases = others.map((field) => `grouping(${columnOf(field)}) = 0, ${say(field)}`)
  return cases.length === 0 ? say(last) : `multiIf(${cases.join(', ')}, ${say(last)})`
}
