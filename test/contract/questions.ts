/** Random questions for the contract. */
import fc from 'fast-check'
import type { Counts, CountQuery, Dimension, Filter, Selection, Step } from '../../schema/store/query.js'
import type { Cells } from './naive-answers.js'
import { DAY, HOUR, MINUTE, START } from './sample-records.js'

const OVERVIEW: Dimension[] = ['class', 'status', 'source']
const SITES: Dimension[] = [...OVERVIEW, 'host', 'zone']
const ANY: Dimension[] = [
  ...SITES,
  'path',
  'country',
  'clientIp',
  'asn',
  'cacheStatus',
  'originStatus',
  'method',
  'visitor',
  'userAgent',
  'securityAction',
]

const VALUES: { [dimension in Dimension]?: string[] } = {
  class: ['2xx', '4xx', '499', '5xx', 'other'],
  status: ['200', '404', '499', '503', '0', '418'],
  source: ['origin', 'edge', 'client'],
  host: ['www.example.com', 'WWW.Example.COM', 'münchen.example.org', '', 'nowhere.example'],
  zone: ['example.com', ''],
  path: ['/cart', '/', '/product/7', '/product/*', '*CART', '/*/*'],
  country: ['de', 'FR', ''],
  clientIp: ['203.0.113.7'],
  asn: ['64496', '4200000000'],
  cacheStatus: ['HIT', ''],
  originStatus: ['0', '', '200'],
  method: ['get'],
  visitor: ['true', 'false'],
  userAgent: ['CURL/8.5.0', 'mozilla*', 'Mozilla/5.0 (X11) “quoted”'],
  securityAction: ['block', ''],
}

function filterOf(dimensions: Dimension[]): fc.Arbitrary<Filter> {
  return fc.constantFrom(...dimensions).chain((dimension) =>
    fc.record({
      dimension: fc.constant(dimension),
      values: fc.subarray(VALUES[dimension] as string[], { minLength: 1 }),
      not: fc.boolean(),
    }),
  )
}

/** Ranges in and around the data: whole hours, whole minutes, or any millisecond. */
const range = fc
  .constantFrom(HOUR, 15 * MINUTE, MINUTE, 1, 777)
  .chain((unit) =>
    fc
      .tuple(
        fc.integer({ min: Math.floor(-DAY / 2 / unit), max: Math.floor((3.5 * DAY) / unit) }),
        fc.integer({ min: 0, max: Math.floor((3 * DAY) / unit) }),
      )
      .map(([from, length]) => ({ from: START + from * unit, to: START + (from + length) * unit })),
  )

/**
 * Steps of the clock and of calendars, with a day of 23 hours among them; the same written out; and bounds at no round time
 * at all.
 */
const bounds = fc.oneof(
  fc.constant(null),
  fc.record({
    step: fc.constantFrom<Step[]>(HOUR, 6 * HOUR, 30 * MINUTE, 97 * MINUTE, 'hour', 'day', 'week'),
    zone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Los_Angeles', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
  }),
  fc
    .constantFrom(HOUR, 6 * HOUR, 30 * MINUTE, 97 * MINUTE)
    .map((step) => Float64Array.from({ length: Math.floor((4 * DAY) / step) + 1 }, (_, i) => START + i * step)),
  fc
    .constantFrom(5.5, -8, 5.75, 9)
    .map((hours) =>
      Float64Array.from([-1, 0, 1, 2, 3, 4], (day) => START + day * DAY - hours * HOUR - (day > 1 ? HOUR : 0)),
    ),
  fc
    .uniqueArray(fc.integer({ min: -DAY, max: 4 * DAY }), { minLength: 2, maxLength: 8 })
    .map((times) => Float64Array.from(times.map((t) => START + t)).sort()),
)

const audience = fc.constantFrom<Selection['audience'][]>('visitors', 'internal', 'all')

function questionsOf(dimensions: Dimension[]): fc.Arbitrary<CountQuery> {
  return fc
    .record({
      range,
      bounds,
      audience,
      filters: fc.array(filterOf(dimensions), { maxLength: 2 }),
      by: fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 3 }),
      withBytes: fc.boolean(),
    })
    .map(({ range: { from, to }, ...rest }) => ({ from, to, ...rest }))
}

export const overviewQuestions = questionsOf(OVERVIEW)
export const siteQuestions = questionsOf(SITES)
export const anyQuestions = questionsOf(ANY)

/** What tables on the page ask: all values of one dimension, without filters, mostly over whole days. */
export const breakdownQuestions: fc.Arbitrary<CountQuery> = fc
  .record({
    days: fc.tuple(fc.integer({ min: -1, max: 3 }), fc.integer({ min: 1, max: 4 })),
    minutes: fc.constantFrom(0, 0, 61),
    bounds,
    by: fc.constantFrom(...ANY).map((dimension) => [dimension]),
    audience,
    withBytes: fc.boolean(),
  })
  .map(({ days: [day, length], minutes, ...rest }) => ({
    from: START + day * DAY + minutes * MINUTE,
    to: START + (day + length) * DAY,
    filters: [],
    ...rest,
  }))

/** An answer as the naive answers look; bytes are 0 where nobody asked for them. */
export function cellsOf(counts: Counts): Cells {
  const cells: Cells = new Map()
  for (let i = 0; i < counts.bucket.length; i++) {
    const key = JSON.stringify([counts.bucket[i], ...counts.groups[counts.group[i]]])
    if (cells.has(key)) throw new Error(`The cell ${key} comes twice`)
    cells.set(key, { requests: counts.requests[i], bytes: counts.bytes?.[i] ?? 0, records: counts.records[i] })
  }
  return cells
}
