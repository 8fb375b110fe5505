/** Which values of one dimension, how many requests each. */
import type { Breakdown } from '../../schema/api/reports.js'
import type { CountQuery, Counts, Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { networkOf } from '../../schema/words/address-network.js'
import { unlessGone } from '../../schema/store/counts-only.js'
import { comparedRange, comparedTimes, type Compare } from './compare.js'
import { byKey, rounded } from './counts.js'
import { speedOf } from './speed.js'

export interface BreakdownOptions {
  limit: number
  compare: Compare | null
  /** of days and weeks to compare with */
  zone: string
  /** the most requests first, those that rose most against the other window, or those with the slowest first bytes */
  sort: 'count' | 'change' | 'p95'
  /** only values that contain this text, case ignored; null: all */
  search: string | null
  /** of a dimension of addresses: by the networks that they are in */
  networks?: boolean
  /** also how long the answers took; not of networks */
  speed?: boolean
}

type Row = Breakdown['rows'][number]

export async function breakdown(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  options: BreakdownOptions,
): Promise<Breakdown> {
  const slowestFirst = options.sort === 'p95'
  const found = await ranked(
    store,
    selection,
    by,
    slowestFirst ? { ...options, limit: Math.max(LEAST_CANDIDATES, options.limit) } : options,
  )
  if (!(options.speed || slowestFirst) || options.networks || found.rows.length === 0) return found
  const candidates = slowestFirst ? found.rows.filter(({ count }) => count >= FEWEST_TIMES) : found.rows
  const rows = await withSpeed(store, selection, by, candidates)
  const answer = slowestFirst ? slowest(found, rows, options.limit) : { ...found, rows }
  if (!answer.compared || options.compare === null) return answer
  const other = comparedRange(selection, options.compare, options.zone)
  return { ...answer, compared: { ...answer.compared, rows: await withSpeed(store, other, by, answer.compared.rows) } }
}

async function withSpeed(store: ReadRecords, selection: Selection, by: Dimension, rows: Row[]): Promise<Row[]> {
  if (rows.length === 0) return rows
  const speeds = await speedOf(
    store,
    selection,
    by,
    rows.map(({ key }) => key),
  )
  return rows.map((row) => ({ ...row, speed: speeds.get(row.key) }))
}

/** With fewer requests than this one of them alone is the 95th percentile. */
const FEWEST_TIMES = 20

function slowest(found: Breakdown, rows: Row[], limit: number): Breakdown {
  const p95 = ({ speed }: Row): number => speed?.timeToFirstByteMs.p95 ?? -1
  const shown = rows.sort((a, b) => p95(b) - p95(a) || b.count - a.count || (a.key < b.key ? -1 : 1)).slice(0, limit)
  const wanted = new Set(shown.map(({ key }) => key))
  const compared = found.compared && {
    ...found.compared,
    ...withRest(
      found.compared.rows.filter(({ key }) => wanted.has(key)),
      found.compared.total,
    ),
  }
  return { ...found, ...(compared && { compared }), rows: shown, other: rest(found.total, shown) }
}

async function ranked(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  options: BreakdownOptions,
): Promise<Breakdown> {
  const { compare, limit } = options
  const other = compare === null ? null : comparedRange(selection, compare, options.zone)
  if (other === null) return breakdownOf(await counted(store, selection, by, options, limit), limit)
  for (let candidates = options.sort === 'change' ? Math.max(LEAST_CANDIDATES, limit) : limit; ; candidates *= 8) {
    const now = breakdownOf(await counted(store, selection, by, options, candidates), candidates)
    const known = await unlessGone(before(store, other, by, options, now))
    if (known === null)
      return { ...now, rows: now.rows.slice(0, limit), other: rest(now.total, now.rows.slice(0, limit)) }
    const [then, total] = known
    const sums = then && byKey(then)
    const rows = now.rows.map((row) => ({ ...row, previous: rounded(sums?.get(row.key) ?? 0) }))
    const rise = (row: (typeof rows)[number]) => row.count - row.previous
    if (options.sort === 'change')
      rows.sort((a, b) => rise(b) - rise(a) || b.count - a.count || (a.key < b.key ? -1 : 1))
    const shown = rows.slice(0, limit)
    // what is no candidate has fewer requests than the last of them, and can not have risen by more
    const isWhole = rows.length < candidates || options.search !== null
    const last = now.rows.at(-1)?.count ?? 0
    if (options.sort === 'change' && !isWhole && shown.length > 0 && rise(shown[shown.length - 1]) < last) continue
    const compared = then === null ? emptyRows : rowsOf(then, total.requests)
    const wanted = new Set(shown.map(({ key }) => key))
    return {
      ...now,
      rows: shown,
      other: rest(now.total, shown),
      compared: {
        ...comparedTimes(other),
        ...withRest(
          compared.filter(({ key }) => wanted.has(key)),
          total.requests,
        ),
        values: total.values,
        ...(total.more ? { more: true as const } : {}),
      },
    }
  }
}

/** Values that are looked at for the greatest rise; of slowness only these are, those with the most requests. */
const LEAST_CANDIDATES = 1_000
const emptyRows: Row[] = []

/** Addresses that are put into networks, those with the most requests; what the others come to is told as the rest, and so is that there are others. */
const MOST_ADDRESSES = 200_000

async function counted(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  { search, networks }: BreakdownOptions,
  most: number,
): Promise<Counts> {
  const question = { ...selection, bounds: null, by: [by], withErrors: true }
  if (networks) return byNetwork(store, question)
  if (search === null) return store.counts({ ...question, limit: most })
  // the store finds values among as many as there are, and counts those that are shown
  const { values } = await store.values({ ...selection, dimension: by, contains: search, limit: most })
  const these: Filter = { dimension: by, values: values.map(({ key }) => key) }
  const [{ total }, rows] = await Promise.all([
    store.counts({ ...question, limit: 1 }),
    store.counts({ ...question, filters: [...selection.filters, these] }),
  ])
  return { ...rows, total }
}

/** Counts of addresses under the names of their networks; what is no address has none. */
async function byNetwork(store: ReadRecords, query: CountQuery): Promise<Counts> {
  const counts = await store.counts({ ...query, limit: MOST_ADDRESSES })
  const groups = counts.groups.map(([address]) => [networkOf(address) ?? ''])
  const values = new Set(groups.map(([network]) => network)).size
  const more = counts.total.more || counts.total.values > MOST_ADDRESSES
  return { ...counts, groups, total: { ...counts.total, values, ...(more ? { more: true as const } : {}) } }
}

/** The same values in the other window, and what all of it came to. */
async function before(
  store: ReadRecords,
  other: Selection,
  by: Dimension,
  options: BreakdownOptions,
  now: Breakdown,
): Promise<[Counts | null, Counts['total']]> {
  const query = { ...other, bounds: null, by: [by] }
  if (options.networks) {
    const then = await byNetwork(store, { ...query, withErrors: true })
    return [then, then.total]
  }
  const keys: Filter[] = [...other.filters, { dimension: by, values: now.rows.map(({ key }) => key) }]
  const [then, { total }] = await Promise.all([
    now.rows.length === 0 ? null : store.counts({ ...query, filters: keys, withErrors: true }),
    store.counts({ ...query, limit: 1 }),
  ])
  return [then, total]
}

/** The rows of an answer, the most requests first, ties by key. */
function rowsOf(counts: Counts, total: number): Row[] {
  const errors = byKey({ ...counts, requests: counts.errors ?? new Float64Array(counts.requests.length) })
  return [...byKey(counts)]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([key, count]) => ({
      key,
      count: rounded(count),
      share: total === 0 ? 0 : count / total,
      errors: rounded(errors.get(key) ?? 0),
    }))
}

function breakdownOf(top: Counts, limit: number): Breakdown {
  const { requests: total, values, more } = top.total
  const rows = rowsOf(top, total).slice(0, limit)
  return { ...withRest(rows, total), values, ...(more ? { more } : {}) }
}

const rest = (total: number, rows: readonly Row[]): number =>
  rounded(Math.max(0, total - rows.reduce((sum, row) => sum + row.count, 0)))
const withRest = (rows: Row[], total: number) => ({ rows, total: rounded(total), other: rest(total, rows) })

/** The period of the same length just before. */
export function previousOf<S extends Selection>(selection: S): S {
  return comparedRange(selection, 'previous', 'UTC')
}
