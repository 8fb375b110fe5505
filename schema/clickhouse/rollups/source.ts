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
import { fits, generationsOf, minutesOf, planOf, type Plan } from './choose.js'

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
  const parts = sums.map((one) => `${one}${filters}`)
  if (rest.length > 0) {
    const ranges = rest.map((range) => `(${between(range.from, range.to)})`).join(' OR ')
    parts.push(`SELECT time, ${columns}weight AS w, if(isNaN(${BYTES}), 0, ${BYTES} * weight) AS b, toUInt64(1) AS n,
      if(${IS_ERROR}, weight, 0) AS e FROM ${tables.records} FINAL WHERE (${ranges})${filters}`)
  }
  return { rows: parts.join(' UNION ALL '), from: rest.length > 0 ? 'records' : 'rollup' }
}

/** The coarsest sums first: days of one field's values, hours, minutes; what is left goes on to the next. */
async function sumsFor(
  tables: Tables,
  ledger: LedgerBeside,
  { from, to, bounds }: Bounded<CountQuery>,
  fields: readonly DimensionField[],
): Promise<{ sums: string[]; rest: Plan['rest'] }> {
  const sums: string[] = []
  let rest: Plan['rest'] = [{ from, to }]
  const inSteps = (
    plan: (gap: { from: number; to: number }) => Plan,
    sql: (summed: Plan['summed'], gap: Plan['rest'][0]) => string,
  ) => {
    rest = rest.flatMap((gap) => {
      const { summed, rest: left } = plan(gap)
      if (summed.length > 0) sums.push(sql(summed, gap))
      return summed.length > 0 ? left : [gap]
    })
  }
  const [field, ...others] = fields.filter((one) => one !== 'visitor')
  if (field !== undefined && others.length === 0 && VALUE_FIELDS.includes(field) && fits(bounds, DAY)) {
    const all = await ledger.notes.summedDays(from, to)
    const visitor = fields.includes('visitor') ? 'visitor, ' : ''
    inSteps(
      (gap) => planOf(gap.from, gap.to, all, DAY),
      (
        summed,
      ) => `SELECT toInt64(day) * ${DAY} AS time, value AS ${columnOf(field)}, ${visitor}requests AS w, bytes AS b, toUInt64(records) AS n,
      errors AS e FROM ${tables.days} WHERE field = ${text(field)} AND (${generationsOf(summed, 'day')})`,
    )
  }
  if (rest.length > 0 && fields.every((one) => SUMMED_FIELDS.has(one)) && fits(bounds, MINUTE)) {
    const all = await ledger.notes.summedHours(from, to)
    const rows = `${fields.map((one) => `${columnOf(one)}, `).join('')}requests AS w, bytes AS b, toUInt64(records) AS n,
      if(${IS_ERROR}, requests, 0) AS e`
    const wide = fields.includes('zone') || fields.includes('host') ? 1 : 0
    if (fits(bounds, HOUR))
      inSteps(
        (gap) => planOf(gap.from, gap.to, all, HOUR),
        (summed) => `SELECT toInt64(hour) * ${HOUR} AS time, ${rows} FROM ${tables.hours}
          WHERE wide = ${wide} AND (${generationsOf(summed, 'hour')})`,
      )
    inSteps(
      (gap) => minutesOf(gap.from, gap.to, all),
      (summed, gap) => `SELECT toInt64(minute) * ${MINUTE} AS time, ${rows} FROM ${tables.minutes}
        WHERE (${generationsOf(summed, 'hour')}) AND minute BETWEEN ${Math.ceil(gap.from / MINUTE)} AND ${Math.floor(gap.to / MINUTE) - 1}`,
    )
  }
  return { sums, rest }
}
