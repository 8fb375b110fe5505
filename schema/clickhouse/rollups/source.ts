/** The rows that a question adds up: minutes or days where they are summed up already, records else. */
import type { LedgerBeside } from '../../store/beside.js'
import type { Bounded } from '../../store/buckets.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import type { Counts, CountQuery } from '../../store/query.js'
import { DAY, HOUR, MINUTE } from '../../words/duration.js'
import type { DimensionField } from '../../words/fields.js'
import { columnOf, SUMMED_FIELDS, VALUE_FIELDS } from '../columns.js'
import type { Tables } from '../layout.js'
import { text } from '../literal.js'
import { between, filtersOf, IS_ERROR } from '../questions/where.js'
import { fits, generationsOf, planOf, type Plan } from './choose.js'

const BYTES = columnOf('edgeResponseBytes')

/**
 * `rows`: a statement with `time`, the columns that the question names, and `w`, `b`, `n`, `e`: requests, bytes, records and failed
 * requests of the row. `query`: its range lies within its bounds.
 */
export async function sourceOf(
  tables: Tables,
  ledger: LedgerBeside,
  query: Bounded<CountQuery>,
): Promise<{ rows: string; from: Counts['from'] }> {
  const fields = [
    ...fieldsOf([
      ...query.by,
      ...(query.apart === undefined ? [] : [query.apart]),
      ...conditionsOf(query).map(({ dimension }) => dimension),
    ]),
  ]
  const { sums, rest } = await sumsFor(tables, ledger, query, fields)
  const filters = filtersOf(query)
  const columns = fields.map((field) => `${columnOf(field)}, `).join('')
  const parts = sums === null ? [] : [`${sums}${filters}`]
  if (rest.length > 0) {
    const ranges = rest.map((range) => `(${between(range.from, range.to)})`).join(' OR ')
    parts.push(`SELECT time, ${columns}weight AS w, if(isNaN(${BYTES}), 0, ${BYTES} * weight) AS b, toUInt64(1) AS n,
      if(${IS_ERROR}, weight, 0) AS e FROM ${tables.records} FINAL WHERE (${ranges})${filters}`)
  }
  return { rows: parts.join(' UNION ALL '), from: rest.length > 0 ? 'records' : 'rollup' }
}

async function sumsFor(
  { minutes, days }: Tables,
  ledger: LedgerBeside,
  { from, to, bounds }: Bounded<CountQuery>,
  fields: readonly DimensionField[],
): Promise<{ sums: string | null; rest: Plan['rest'] }> {
  if (fields.every((field) => SUMMED_FIELDS.has(field)) && fits(bounds, MINUTE)) {
    const { summed, rest } = planOf(from, to, await ledger.notes.summedHours(from, to), HOUR)
    const columns = fields.map((field) => `${columnOf(field)}, `).join('')
    const sums = `SELECT toInt64(minute) * ${MINUTE} AS time, ${columns}requests AS w, bytes AS b, toUInt64(records) AS n,
      if(${IS_ERROR}, requests, 0) AS e FROM ${minutes} WHERE (${generationsOf(summed, 'hour')})`
    return { sums: summed.length > 0 ? sums : null, rest }
  }
  const [field, ...others] = fields.filter((one) => one !== 'visitor')
  if (others.length === 0 && VALUE_FIELDS.includes(field) && fits(bounds, DAY)) {
    const { summed, rest } = planOf(from, to, await ledger.notes.summedDays(from, to), DAY)
    const visitor = fields.includes('visitor') ? 'visitor, ' : ''
    const sums = `SELECT toInt64(day) * ${DAY} AS time, value AS ${columnOf(field)}, ${visitor}requests AS w, bytes AS b, toUInt64(records) AS n,
      errors AS e FROM ${days} WHERE field = ${text(field)} AND (${generationsOf(summed, 'day')})`
    return { sums: summed.length > 0 ? sums : null, rest }
  }
  return { sums: null, rest: [{ from, to }] }
}
