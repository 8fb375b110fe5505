/** Minutes that a test writes down, asked as a store is: the counts without a file. */
import type { BatchReport } from '../../../../schema/api/batches.js'
import type { CountQuery, Counts, Dimension, Selection } from '../../../../schema/store/query.js'
import { boundsOf } from '../../../../schema/store/buckets.js'
import { pageOf } from '../../../../schema/store/paging.js'
import type { ReadStore } from '../../../../schema/store/store.js'

export type Values = { [dimension in Dimension]?: string }
interface Cell {
  time: number
  values: Values
  requests: number
  records: number
}

export interface MemoryStore extends ReadStore {
  add(time: number, values: Values, requests: number, records?: number): void
  addBatch(batch: Partial<BatchReport> & { from: string | null; to: string | null; receivedAt: string }): BatchReport
  /** fields that no record carries */
  lacking: Set<string>
  /** makes the next counts fail */
  failWith: Error | null
  asked: number
}

/** What a batch that brought one line reports, whenever it came. */
export const oneLine: Omit<BatchReport, 'id' | 'from' | 'to' | 'receivedAt'> = {
  input: 'logpush',
  name: null,
  job: null,
  sender: null,
  senderAddress: null,
  state: 'complete',
  message: null,
  lines: 1,
  stored: 1,
  duplicates: 0,
  rejected: 0,
  rejectedByReason: {},
  rejections: [],
  missingFields: [],
  via: [],
  weighted: false,
  after: null,
  leftOut: [],
  bytes: 1,
  lagSeconds: 0,
  seconds: 0,
}

export function memoryStore(): MemoryStore {
  const cells: Cell[] = []
  const batches: BatchReport[] = []
  const matching = (selection: Selection) =>
    cells.filter(
      ({ time, values }) =>
        time >= selection.from &&
        time < selection.to &&
        (selection.audience === 'all' || (values.visitor === 'false') === (selection.audience === 'internal')) &&
        selection.filters.every(
          (f) =>
            f.values.some((v) => v.toLowerCase() === valueOf(values, f.dimension).toLowerCase()) !== (f.not ?? false),
        ),
    )

  const self: MemoryStore = {
    lacking: new Set(),
    failWith: null,
    asked: 0,
    add: (time, values, requests, records = Math.ceil(requests)) => {
      if (requests > 0) cells.push({ time, values, requests, records })
    },
    addBatch(batch) {
      const report: BatchReport = { ...oneLine, id: String(batches.length + 1), ...batch }
      batches.push(report)
      return report
    },
    records: {
      counts: async (query) => {
        self.asked++
        if (self.failWith) throw self.failWith
        return countsOf(matching(query), query)
      },
      presence: async (selection, fields) => {
        const records = matching(selection).reduce((sum, cell) => sum + cell.records, 0)
        return Object.fromEntries(fields.map((field) => [field, self.lacking.has(field) ? 0 : records]))
      },
      extent: async () => ({
        records: cells.reduce((sum, cell) => sum + cell.records, 0),
        from: cells.length === 0 ? null : cells.reduce((least, cell) => Math.min(least, cell.time), Infinity),
        to: cells.length === 0 ? null : cells.reduce((most, cell) => Math.max(most, cell.time), -Infinity),
      }),
      percentiles: () => Promise.reject(new Error('not asked here')),
      values: () => Promise.reject(new Error('not asked here')),
      newest: () => Promise.reject(new Error('not asked here')),
      scan: () => Promise.reject(new Error('not asked here')),
      byRayId: async () => [],
    },
    ledger: {
      annotations: {
        create: () => Promise.reject(new Error('not asked here')),
        get: () => Promise.reject(new Error('not asked here')),
        page: async () => ({ items: [], next: null }),
        change: () => Promise.reject(new Error('not asked here')),
        remove: () => Promise.reject(new Error('not asked here')),
      },
      reports: {
        page: async ({ limit, after }) => {
          const newest = [...batches].reverse()
          const rest = newest.slice(after === null ? 0 : newest.findIndex((b) => b.id === after) + 1)
          return pageOf(
            rest.slice(0, limit + 1),
            limit,
            (b) => b,
            (b) => b.id,
          )
        },
        get: async (id) => batches.find((b) => b.id === id) ?? null,
        rejectedLines: async () => ({ items: [], next: null }),
      },
    },
  }
  return self
}

function valueOf(values: Values, dimension: Dimension): string {
  if (dimension !== 'class') return values[dimension] ?? ''
  const status = values.status ?? ''
  return status === '499' ? '499' : /^[2-5]/.test(status) ? `${status[0]}xx` : 'other'
}

/** The number of a value of `apart`: 0 is absent. */
const numbers = new Map<string, number>([['', 0]])
function numberOf(value: string): number {
  const number = numbers.get(value) ?? numbers.size
  numbers.set(value, number)
  return number
}

const isError = (values: Values) => Number(values.status ?? 0) >= 400

function countsOf(cells: readonly Cell[], { bounds, by, limit, from, to, withErrors, apart }: CountQuery): Counts {
  const edges = boundsOf({ bounds, from, to })
  const groups: string[][] = []
  const index = new Map<string, number>()
  const sums = new Map<
    string,
    { bucket: number; group: number; value: number; requests: number; records: number; errors: number }
  >()
  const perValue = new Map<string, number>()
  for (const cell of cells) {
    perValue.set(
      valueOf(cell.values, by[0] ?? 'status'),
      (perValue.get(valueOf(cell.values, by[0] ?? 'status')) ?? 0) + cell.requests,
    )
  }
  const kept =
    limit === undefined || by.length === 0
      ? null
      : new Set(
          [...perValue]
            .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
            .slice(0, limit)
            .map(([v]) => v),
        )
  for (const cell of cells) {
    if (kept && !kept.has(valueOf(cell.values, by[0]))) continue
    const group = by.map((dimension) => valueOf(cell.values, dimension))
    const key = JSON.stringify(group)
    if (!index.has(key)) index.set(key, groups.push(group) - 1)
    const bucket = lastAtMost(edges, cell.time)
    const g = index.get(key) as number
    const value = apart === undefined ? 0 : numberOf(valueOf(cell.values, apart))
    const sum = sums.get(`${g} ${bucket} ${value}`) ?? { bucket, group: g, value, requests: 0, records: 0, errors: 0 }
    sum.requests += cell.requests
    sum.records += cell.records
    if (isError(cell.values)) sum.errors += cell.requests
    sums.set(`${g} ${bucket} ${value}`, sum)
  }
  const all = [...sums.values()]
  const total = {
    values: perValue.size,
    requests: cells.reduce((s, c) => s + c.requests, 0),
    bytes: 0,
    records: cells.reduce((s, c) => s + c.records, 0),
    errors: withErrors ? cells.reduce((s, c) => s + (isError(c.values) ? c.requests : 0), 0) : null,
  }
  return {
    bounds: edges,
    groups,
    bucket: Uint32Array.from(all, (s) => s.bucket),
    group: Uint32Array.from(all, (s) => s.group),
    requests: Float64Array.from(all, (s) => s.requests),
    bytes: new Float64Array(all.length),
    records: Float64Array.from(all, (s) => s.records),
    errors: withErrors ? Float64Array.from(all, (s) => s.errors) : null,
    total,
    values: apart === undefined ? null : Uint32Array.from(all, (s) => s.value),
    from: 'rollup',
  }
}

function lastAtMost(edges: Float64Array, time: number): number {
  let low = 0
  let high = edges.length - 1
  while (low < high - 1) {
    const middle = (low + high) >> 1
    if (edges[middle] <= time) low = middle
    else high = middle
  }
  return low
}
