/** Requests, bytes and records by time and by up to three dimensions, and the values of a dimension. */
import { STATUS_CLASSES } from '../../status/status-class.js'
import type { Bounded } from '../../store/buckets.js'
import type { CountQuery, Counts, Dimension, FoundValues, ValueQuery } from '../../store/query.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'
import { texts } from '../literal.js'
import { bucketsOf } from './buckets.js'
import { found, valueOf, where } from './where.js'
import { sourceOf } from '../rollups/source.js'
import type { Writing } from '../writing/batches.js'

export async function counts({ connection, tables, ledger }: Writing, query: Bounded<CountQuery>): Promise<Counts> {
  const { bounds, by, limit, apart } = query
  const selection = bounded(query)
  if (selection === null) return toCounts(query, [], () => 0, 'rollup')
  const buckets = bucketsOf(bounds)
  const keys = by.map((dimension, i) => `${valueOf(dimension)} AS k${i}`)
  if (apart !== undefined) keys.push(`${numberOf(apart)} AS apart`)
  const names = [...by.map((_, i) => `k${i}`), ...(apart === undefined ? [] : ['apart'])]
  const { rows, from } = await sourceOf(tables, ledger, selection)
  const cells = `SELECT toInt64(${buckets.sql}) AS bucket, ${keys.map((key) => `${key}, `).join('')}
      sum(w) AS requests, ${query.withBytes ? 'sum(b)' : 'toFloat64(0)'} AS bytes, toFloat64(sum(n)) AS records, sum(e) AS errors
    FROM (${rows}) GROUP BY ${['bucket', ...names].join(', ')}`
  const numbers = ['requests', 'bytes', 'records', 'errors']
  const totals = numbers.map((n) => `sum(${n}) OVER () AS all_${n}`)
  const shown = ['bucket', ...numbers, 'all_values', ...numbers.map((n) => `all_${n}`), ...names].join(', ')
  const first = by.length > 0 ? 'k0' : "''"
  // the place of each value of the first dimension among all of them, by requests over all buckets
  const sql = `SELECT ${shown} FROM (
      SELECT *, dense_rank() OVER (ORDER BY of_value DESC, ${first}) AS place FROM (
        SELECT *, ${totals.join(', ')}, uniqExact(${first}) OVER () AS all_values,
          sum(requests) OVER (PARTITION BY ${first}) AS of_value FROM (${cells})
      )
    ) WHERE place <= ${limit ?? 'toUInt64(-1)'} ORDER BY bucket, place, ${names.join(', ') || '1'}`
  const columns = await connection.columns(
    limit === undefined
      ? plain(cells, names, numbers)
      : by.length === 1 && bounds.length === 2 && apart === undefined
        ? highest(cells, numbers, limit)
        : sql,
  )
  return toCounts(query, columns, buckets.indexOf, from)
}

/** Without a limit everything comes here, and is added up here. */
const plain = (cells: string, names: readonly string[], numbers: readonly string[]) =>
  `SELECT ${['bucket', ...numbers, '0', '0', '0', '0', '0', ...names].join(', ')} FROM (${cells}) ORDER BY ${['bucket', ...names].join(', ')}`

/** The first of one list: neither sorted as a whole, nor told apart a second time. */
function highest(cells: string, numbers: readonly string[], limit: number): string {
  const [requests, ...others] = numbers
  const row = `(-${requests}, k0, ${others.join(', ')})`
  const totals = numbers.map((n) => `sum(${n}) AS all_${n}`)
  return `SELECT 0, -row.1, ${others.map((_, i) => `row.${i + 3}`).join(', ')}, all_values, ${numbers.map((n) => `all_${n}`).join(', ')}, row.2
    FROM (SELECT count() AS all_values, ${totals.join(', ')}, groupArraySorted(${Math.max(limit, 1)})(${row}) AS rows FROM (${cells}))
    ARRAY JOIN arraySlice(rows, 1, ${limit}) AS row`
}

/** What of the range lies in a bucket; null: nothing. */
function bounded<Q extends Bounded<{ from: number; to: number; bounds: never }>>(query: Q): Q | null {
  const { bounds } = query as { bounds: Float64Array }
  const from = Math.max(query.from, bounds[0])
  const to = Math.min(query.to, bounds[bounds.length - 1])
  return bounds.length >= 2 && from < to ? { ...query, from, to } : null
}

/** 32 bits that are the same in every answer; 0 for absent. */
function numberOf(dimension: Dimension): string {
  const value = valueOf(dimension)
  if (dimension === 'class') return `toUInt32(indexOf([${texts(STATUS_CLASSES)}], ${value}))`
  return `if(${value} = '', 0, greatest(1, toUInt32(sipHash64(${value}) % 4294967296)))`
}

function toCounts(
  query: Bounded<CountQuery>,
  columns: readonly (readonly unknown[])[],
  indexOf: (said: number) => number,
  from: Counts['from'],
): Counts {
  const { by, withErrors = false, withBytes = false, apart, limit } = query
  const [said = [], requests = [], bytes = [], records = [], errors = [], ...rest] = columns as number[][]
  const totals = rest.slice(0, 5)
  const keys = rest.slice(5) as unknown as string[][]
  const numbers = new Map<string, number>()
  const groups: string[][] = []
  const group = Uint32Array.from(said, (_, i) => {
    const key = by.map((_, k) => keys[k][i])
    const word = JSON.stringify(key)
    let number = numbers.get(word)
    if (number === undefined) {
      numbers.set(word, (number = groups.length))
      groups.push(key)
    }
    return number
  })
  const sum = (list: readonly number[]) => list.reduce((total, n) => total + n, 0)
  const total = (place: number, list: readonly number[]) =>
    limit === undefined ? sum(list) : (totals[place]?.[0] ?? 0)
  return {
    bounds: query.bounds,
    groups,
    bucket: Uint32Array.from(said, indexOf),
    group,
    requests: Float64Array.from(requests),
    bytes: withBytes ? Float64Array.from(bytes) : null,
    records: Float64Array.from(records),
    errors: withErrors ? Float64Array.from(errors) : null,
    values: apart === undefined ? null : Uint32Array.from((keys[by.length] ?? []) as unknown as number[]),
    total: {
      values: limit === undefined ? new Set(groups.map(([first]) => first)).size : (totals[0]?.[0] ?? 0),
      requests: total(1, requests),
      bytes: withBytes ? total(2, bytes) : null,
      records: total(3, records),
      errors: withErrors ? total(4, errors) : null,
    },
    from,
  }
}

/** The values of a dimension that a text finds, those with the most requests first. */
export async function values(connection: Connection, { records }: Tables, query: ValueQuery): Promise<FoundValues> {
  const value = valueOf(query.dimension)
  const sql = `SELECT value, requests, count() OVER () AS total FROM (
      SELECT ${value} AS value, sum(weight) AS requests FROM ${records} FINAL
      WHERE ${where(query)} AND ${found(value, query.contains)} GROUP BY value
    ) ORDER BY requests DESC, value LIMIT ${Math.max(query.limit, 1)}`
  const [keys = [], requests = [], totals = []] = (await connection.columns(sql)) as [string[], number[], number[]]
  const all = keys.map((key, i) => ({ key, count: requests[i] }))
  return { values: all.slice(0, query.limit), total: totals[0] ?? 0 }
}
