import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIMENSION_NAMES } from '../../dashboard/web/state/dimensions.js'
import { TAB_NAMES } from '../../dashboard/web/state/tabs.js'
import { DIMENSIONS } from '../../schema/store/query.js'
import {
  DEFAULTS,
  formatDuration,
  formatView,
  parseDuration,
  parseView,
  type View,
} from '../../dashboard/web/state/url.js'

const word = fc
  .string({ minLength: 1, maxLength: 30, unit: 'binary' })
  .filter((s) => s !== '.' && s !== '..' && !/^\s|\s$/.test(s))
const segment = word.filter((s) => s.trim() === s && !s.includes('\0'))
const time = fc.integer({ min: 0, max: 4e12 })
const range = fc.oneof(
  fc.constant({ kind: 'auto' as const }),
  fc.constant({ kind: 'all' as const }),
  fc.integer({ min: 1, max: 99_999 }).map((m) => ({ kind: 'last' as const, ms: m * 60_000 })),
  fc
    .tuple(time, fc.integer({ min: 1, max: 1e10 }))
    .map(([from, width]) => ({ kind: 'span' as const, from, to: from + width })),
)
const dimension = fc.constantFrom(...DIMENSION_NAMES.filter((d) => d !== 'visitor'))
const tab = fc.constantFrom(...TAB_NAMES)
const filters = fc
  .uniqueArray(
    fc.record({
      dimension,
      not: fc.boolean(),
      values: fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 4 }),
    }),
    { selector: (f) => `${f.dimension} ${f.not}`, maxLength: 6 },
  )
  .map((list) =>
    list.sort(
      (a, b) =>
        DIMENSION_NAMES.indexOf(a.dimension) - DIMENSION_NAMES.indexOf(b.dimension) || Number(a.not) - Number(b.not),
    ),
  )
const page = fc.oneof(
  fc.constantFrom(
    { name: 'overview' as const },
    { name: 'records' as const },
    { name: 'batches' as const },
    { name: 'statuses' as const },
  ),
  segment.map((id) => ({ name: 'record' as const, id })),
  segment.map((id) => ({ name: 'batch' as const, id })),
  segment.map((id) => ({ name: 'status' as const, id })),
  segment.map((id) => ({ name: 'spike' as const, id })),
  fc.constantFrom(...(['alerts', 'rules', 'silences', 'notifiers'] as const).map((name) => ({ name }))),
  fc
    .tuple(fc.constantFrom('alert' as const, 'rule' as const, 'notifier' as const), segment)
    .map(([name, id]) => ({ name, id })),
)
const view: fc.Arbitrary<View> = fc.record({
  page,
  range,
  filters,
  internal: fc.boolean(),
  view: fc.constantFrom(null, 'errors', 'all', 'share'),
  chart: fc.constantFrom('class', 'source'),
  what: fc.option(tab),
  who: fc.option(tab),
  columns: fc.constantFrom('counts' as const, 'speed' as const),
  compare: fc.oneof(
    fc.constantFrom('auto' as const, 'off' as const, 'previous' as const, 'day' as const, 'week' as const),
    fc.integer({ min: 0, max: 4_000_000_000_000 }),
  ),
  sort: fc.constantFrom(null, 'count' as const, 'change' as const),
  live: fc.boolean(),
  tz: fc.option(word),
  lang: fc.option(word),
  search: fc.string({ unit: 'binary' }),
})

describe('the address of a view', () => {
  it('gives the same view back', () => {
    fc.assert(
      fc.property(view, (v) => {
        expect(parseView(formatView(v))).toEqual(v)
      }),
      { numRuns: 400 },
    )
  })

  it('is plain for the plain view', () => {
    expect(formatView(DEFAULTS)).toBe('/')
  })

  it('reads as one would write it', () => {
    expect(
      formatView({
        ...DEFAULTS,
        range: { kind: 'last', ms: 6 * 3_600_000 },
        filters: [
          { dimension: 'status', not: false, values: ['403', '429'] },
          { dimension: 'host', not: true, values: ['a.example'] },
        ],
      }),
    ).toBe('/?range=6h&status=403&status=429&not.host=a.example')
    expect(formatView({ ...DEFAULTS, range: { kind: 'span', from: 0, to: 60_000 } })).toBe(
      '/?from=1970-01-01T00:00:00.000Z&to=1970-01-01T00:01:00.000Z',
    )
  })

  it('takes epoch milliseconds too, as the API does', () => {
    expect(parseView('/?from=1750000000000&to=1750000060000').range).toEqual({
      kind: 'span',
      from: 1_750_000_000_000,
      to: 1_750_000_060_000,
    })
  })

  it('falls back to the default for what it does not understand', () => {
    expect(parseView('/?range=never&from=x&to=y&view=pie&what=nothing&compare=maybe&nonsense=1')).toEqual(DEFAULTS)
    expect(parseView('/?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z').range).toEqual({ kind: 'auto' })
    expect(parseView('/records/a%ZZ').page).toEqual({ name: 'record', id: 'a%ZZ' })
    expect(parseView('/no/such/page').page.name).toBe('unknown')
  })

  it('knows every dimension of the API', () => {
    expect([...DIMENSION_NAMES].sort()).toEqual([...DIMENSIONS].sort())
  })
})

describe('durations', () => {
  it('are written shortest, a day as 24h', () => {
    expect([90, 60, 1440, 2880, 10_080].map((m) => formatDuration(m * 60_000))).toEqual([
      '90m',
      '1h',
      '24h',
      '2d',
      '7d',
    ])
  })

  it('are refused unless they are a whole number and a unit', () => {
    for (const bad of ['', '0m', '1.5h', '-1d', '5', 'h', '1w', '1 h']) expect(parseDuration(bad), bad).toBeNull()
  })
})
