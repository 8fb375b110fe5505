/** A selection as SQL. */
import { STATUS_CLASSES } from '../../status/status-class.js'
import { conditionsOf } from '../../store/conditions.js'
import { fieldOfDimension, type Dimension, type Filter, type Selection } from '../../store/query.js'
import { folded, isPattern } from '../../words/pattern.js'
import { columnOf } from '../columns.js'
import { text, texts } from '../literal.js'

/** `sec` is 32 bits. */
const LAST_SECOND = 2 ** 32 - 1

const second = (time: number): number => Math.max(0, Math.min(LAST_SECOND, Math.floor(time / 1000)))
const whole = (time: number): number => Math.max(-(2 ** 53), Math.min(2 ** 53, Math.ceil(time)))

/** Between two times, ms; bound by whole seconds first, by which the table is sorted. */
export function between(from: number, to: number): string {
  return `sec BETWEEN ${second(from)} AND ${second(to - 1)} AND time >= ${whole(from)} AND time < ${whole(to)}`
}

/** All whole seconds that a span of records touches: what bounds every look at keys. */
export function secondsOf(from: number, to: number): string {
  return `sec BETWEEN ${second(from)} AND ${second(to)}`
}

export function where(selection: Selection): string {
  return between(selection.from, selection.to) + filtersOf(selection)
}

/** All but the time, to be put behind other conditions. */
export function filtersOf(selection: Selection): string {
  return conditionsOf(selection)
    .map((one) => ` AND ${condition(one)}`)
    .join('')
}

/** A dimension's value; '' is absent. */
export function valueOf(dimension: Dimension): string {
  const column = columnOf(fieldOfDimension(dimension))
  return dimension === 'class' ? classOf(column) : column
}

/** As status-class.ts has it, of a status in decimal. */
function classOf(status: string): string {
  const hundreds = STATUS_CLASSES.filter((c) => c.endsWith('xx')).map((c) => `${status} LIKE '${c[0]}__', '${c}'`)
  return `multiIf(${status} = '499', '499', ${hundreds.join(', ')}, 'other')`
}

/** The requests that ended in an error: 4xx, 499, 5xx. */
export const IS_ERROR = `(${columnOf('edgeResponseStatus')} LIKE '4__' OR ${columnOf('edgeResponseStatus')} LIKE '5__')`

function condition({ dimension, values, not }: Filter): string {
  const value = valueOf(dimension)
  const plain = values.filter((v) => !isPattern(v)).map(folded)
  const some: string[] = []
  if (plain.length > 0) some.push(`lower(${value}) IN (${texts(plain)})`)
  for (const pattern of values.filter(isPattern)) some.push(meant(value, pattern))
  const any = some.length === 0 ? '0' : `(${some.join(' OR ')})`
  return not ? `NOT ${any}` : any
}

/** A pattern's values, case of A–Z aside; what is absent is meant by none. */
export function meant(value: string, pattern: string): string {
  if (pattern === '*') return `${value} != ''`
  const like = folded(pattern)
    .replace(/[\\%_]/g, (c) => `\\${c}`)
    .replaceAll('*', '%')
  return `(${value} != '' AND lower(${value}) LIKE ${text(like)})`
}

/** What a text finds, as ../../words/pattern.ts has it. */
export function found(value: string, contains: string): string {
  if (isPattern(contains)) return meant(value, contains)
  return contains === '' ? '1' : `position(lower(${value}), ${text(folded(contains))}) > 0`
}
