import { describe, expect, test } from 'vitest'
import { demoOptions, simulate, SimulateOptionError } from '../../../ingest/inputs/simulate/index.js'
import type { IncidentSpec, SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { endMs, isVisitor, perMinute, run, startMs, textOf } from './independent.js'
import type { Row } from './independent.js'

const from = Date.parse('2026-11-18T00:00:00Z')
const hour = 3_600_000
const shape = [
  'RayID',
  'EdgeStartTimestamp',
  'EdgeEndTimestamp',
  'CacheCacheStatus',
  'ClientRequestHost',
  'ClientRequestPath',
  'ClientRequestSource',
  'EdgeResponseStatus',
  'OriginResponseStatus',
  'SecuritySources',
  'WorkerSubrequest',
]
const flat: SimulateOptions = {
  seed: 21,
  from,
  to: from + 4 * hour,
  ratePerMinute: 150,
  rhythm: 'flat',
  shape,
  strays: false,
}
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2))

describe('traffic', () => {
  test('has exactly as many lines as asked for, whatever is planted', () => {
    for (const [lines, incidents] of [
      [1, 'none'],
      [777, 'none'],
      [20_000, 'none'],
      [20_000, 'demo'],
    ] as const) {
      const { rows, simulation } = run({
        ...flat,
        ratePerMinute: undefined,
        lines,
        incidents,
        strays: true,
        rhythm: 'week',
      })
      expect(rows).toHaveLength(lines)
      expect(simulation.truth().requests).toBe(lines)
    }
  })

  test('stays inside a range that cuts minutes', () => {
    const cut = {
      ...flat,
      from: from + 12_345,
      to: from + 10 * 60_000 + 1_700,
      incidents: [{ kind: 'origin-error', start: from - 60_000, minutes: 60 }],
    } satisfies SimulateOptions
    const { rows } = run(cut)
    expect(Math.min(...rows.map(startMs))).toBeGreaterThanOrEqual(cut.from)
    expect(Math.max(...rows.map(startMs))).toBeLessThan(cut.to)
  })

  test('is wider than Poisson from minute to minute, and so are its errors, unless asked to be calm', () => {
    const spread = (unrest: number): { requests: number; errors: number } => {
      const { rows } = run({ ...flat, to: from + 12 * hour, ratePerMinute: 200, unrest })
      const requests = perMinute(rows, from, 720)
      const errors = perMinute(rows, from, 720, (row) => row.EdgeResponseStatus >= 400 && isVisitor(row))
      expect(mean(requests)).toBeGreaterThan(190)
      expect(mean(requests)).toBeLessThan(210)
      return { requests: variance(requests) / mean(requests), errors: variance(errors) / mean(errors) }
    }
    const usual = spread(1)
    expect(usual.requests).toBeGreaterThan(1.8)
    expect(usual.errors).toBeGreaterThan(1.3)
    const calm = spread(0)
    expect(calm.requests).toBeLessThan(1.2)
    expect(calm.errors).toBeLessThan(1.2)
  })

  test('sleeps at night and rests on weekends', () => {
    const week = run({
      ...flat,
      from: Date.parse('2026-11-13T00:00:00Z'),
      to: Date.parse('2026-11-17T00:00:00Z'),
      ratePerMinute: 12,
      rhythm: 'week',
      shape: ['EdgeStartTimestamp', 'ClientRequestHost'],
    }).rows
    const at = (day: number, fromHour: number, toHour: number): number =>
      week.filter((row) => {
        const time = new Date(startMs(row))
        return time.getUTCDate() === day && time.getUTCHours() >= fromHour && time.getUTCHours() < toHour
      }).length
    for (const day of [13, 16]) expect(at(day, 3, 7)).toBeLessThan(0.55 * at(day, 17, 21))
    expect(at(14, 0, 24) + at(15, 0, 24)).toBeLessThan(0.97 * (at(13, 0, 24) + at(16, 0, 24)))
  })

  test('has errors of every class in small shares, cache hits, and few popular paths beside many rare ones', () => {
    const { rows } = run({ ...flat, to: from + 8 * hour })
    const visitors = rows.filter(isVisitor)
    const share = (matches: (row: Row) => boolean): number => visitors.filter(matches).length / visitors.length
    expect(share((row) => row.EdgeResponseStatus < 400)).toBeGreaterThan(0.92)
    for (const [low, high, name, matches] of [
      [0.01, 0.05, '404', (row: Row) => row.EdgeResponseStatus === 404],
      [0.001, 0.02, '499', (row: Row) => row.EdgeResponseStatus === 499],
      [0.0005, 0.01, '5xx', (row: Row) => row.EdgeResponseStatus >= 500],
      [0.0001, 0.003, '429', (row: Row) => row.EdgeResponseStatus === 429],
      [0.2, 0.6, 'hit', (row: Row) => row.CacheCacheStatus === 'hit'],
      [0.005, 0.05, 'edge redirect', (row: Row) => row.EdgeResponseStatus === 301 && row.OriginResponseStatus === 0],
    ] as const) {
      expect(share(matches), name).toBeGreaterThan(low)
      expect(share(matches), name).toBeLessThan(high)
    }
    const paths = new Map<string, number>()
    for (const row of visitors) paths.set(row.ClientRequestPath, (paths.get(row.ClientRequestPath) ?? 0) + 1)
    expect(paths.size).toBeGreaterThan(8_000)
    expect(
      [...paths.values()]
        .sort((a, b) => b - a)
        .slice(0, 20)
        .reduce((a, b) => a + b, 0) / visitors.length,
    ).toBeGreaterThan(0.25)
  })

  test('of a sampled job is about that part of the same requests', () => {
    const whole = new Set(run(flat).rows.map((row) => row.RayID))
    const { rows, simulation } = run({ ...flat, sampleRate: 0.1 })
    expect(rows.every((row) => whole.has(row.RayID))).toBe(true)
    expect(Math.abs(rows.length / whole.size - 0.1)).toBeLessThan(0.01)
    expect(simulation.truth()).toMatchObject({ sampleRate: 0.1, requests: whole.size, lines: rows.length })
  })
})

describe('planted', () => {
  const planted = (spec: IncidentSpec, options: Partial<SimulateOptions> = {}): { counts: number[]; rows: Row[] } => {
    const { rows } = run({ ...flat, ...options, incidents: [spec] })
    return { rows, counts: perMinute(rows, from, 240, (row) => row.EdgeResponseStatus === 521).slice(100, 140) }
  }

  test('steps stand, ramps grow, pulses come and go', () => {
    const spec = { kind: 'origin-refused', start: '+100m', minutes: 40, strength: 40 } as const
    const step = planted(spec).counts
    expect(Math.abs(mean(step) - 40)).toBeLessThan(5)
    const ramp = planted({ ...spec, shape: 'ramp' }).counts
    expect(mean(ramp.slice(0, 8))).toBeLessThan(10)
    expect(mean(ramp.slice(-8))).toBeGreaterThan(30)
    const pulse = planted({ ...spec, shape: 'pulse' }).counts
    expect(mean(pulse.filter((_, minute) => minute % 5 >= 3))).toBeLessThan(1)
    expect(mean(pulse.filter((_, minute) => minute % 5 < 3))).toBeGreaterThan(30)
  })

  test('failures take the place of the host’s usual requests, attacks come on top', () => {
    const spec = { start: '+100m', minutes: 40, strength: 15, host: 'api.example.com' } as const
    const hostRate = (rows: readonly Row[]): number =>
      mean(perMinute(rows, from, 240, (row) => row.ClientRequestHost === 'api.example.com').slice(100, 140))
    const usual = hostRate(run(flat).rows)
    expect(Math.abs(hostRate(planted({ ...spec, kind: 'origin-refused' }).rows) - usual)).toBeLessThan(0.2 * usual)
    expect(hostRate(planted({ ...spec, kind: 'edge-rate-limit' }).rows)).toBeGreaterThan(usual + 9)
  })

  test('a flash crowd brings five times the visitors and the same share of errors', () => {
    const { rows } = run({
      ...flat,
      ratePerMinute: 800,
      incidents: [{ kind: 'flash-crowd', start: '+100m', minutes: 60, host: 'shop.example.com' }],
    })
    const shop = rows.filter(
      (row) =>
        row.ClientRequestHost === 'shop.example.com' &&
        row.ClientRequestSource === 'eyeball' &&
        row.SecuritySources.length === 0,
    )
    const crowded = (row: Row): boolean => startMs(row) >= from + 100 * 60_000 && startMs(row) < from + 160 * 60_000
    const inside = shop.filter(crowded)
    const outside = shop.filter((row) => !crowded(row))
    const errors = (list: readonly Row[]): number =>
      list.filter((row) => row.EdgeResponseStatus >= 400).length / list.length
    const ratio = inside.length / 60 / (outside.length / 180)
    expect(ratio).toBeGreaterThan(4)
    expect(ratio).toBeLessThan(5.5)
    expect(errors(inside)).toBeGreaterThan(0.4 * errors(outside))
    expect(errors(inside)).toBeLessThan(1.6 * errors(outside))
  })

  test('a gap has no logs at all', () => {
    const { rows, simulation } = run({
      ...flat,
      incidents: [
        { kind: 'log-gap', start: '+60m', minutes: 12 },
        { kind: 'origin-error', start: '+65m', minutes: 30 },
      ],
    })
    const counts = perMinute(rows, from, 240)
    expect(counts.slice(60, 72)).toEqual(Array.from({ length: 12 }, () => 0))
    expect(Math.min(...counts.slice(0, 60), ...counts.slice(72))).toBeGreaterThan(30)
    expect(simulation.truth().quiet[0]).toMatchObject({ kind: 'log-gap', requests: 0 })
  })

  test('a nightly job comes every night', () => {
    const { rows, simulation } = run({
      ...flat,
      to: from + 72 * hour,
      ratePerMinute: 30,
      rhythm: 'day',
      nightlyJob: true,
    })
    const counts = perMinute(rows, from, 3 * 1_440, (row) => row.ClientRequestPath === '/v1/batch/reindex')
    for (const day of [0, 1, 2]) {
      expect(mean(counts.slice(day * 1_440 + 150, day * 1_440 + 170))).toBeGreaterThan(2)
      expect(mean(counts.slice(day * 1_440 + 170, (day + 1) * 1_440))).toBe(0)
    }
    expect(simulation.truth().quiet).toHaveLength(3)
  })

  test('the background of a stray-ridden day still tells incidents from noise', () => {
    const { rows } = run({ ...flat, to: from + 24 * hour, ratePerMinute: 100, strays: true })
    const stray = perMinute(rows, from, 1_440, (row) => row.EdgeResponseStatus >= 520)
    expect(stray.filter((count) => count > 0).length).toBeGreaterThan(20)
    expect(Math.max(...stray)).toBeLessThan(12)
  })
})

test('the demo has about 200,000 visitors of a day and three incidents, one after the other', () => {
  const now = Date.parse('2026-11-20T09:17:42Z')
  const simulation = simulate(demoOptions(now))
  let bytes = 0
  for (const chunk of simulation.chunks()) bytes += chunk.length
  const truth = simulation.truth()
  expect(bytes).toBeGreaterThan(150e6)
  expect(truth).toMatchObject({ from: '2026-11-19T09:17:00.000Z', to: '2026-11-20T09:17:00.000Z' })
  expect(truth.visitors).toBeGreaterThan(170_000)
  expect(truth.incidents.map(({ cause }) => cause)).toEqual([
    '499/slow-origin',
    '522/connection-timeout',
    '403/waf-managed-rule',
  ])
  for (const incident of truth.incidents) expect(incident.requests).toBeGreaterThan(200)
  truth.incidents.slice(1).forEach((incident, i) => expect(incident.start > truth.incidents[i].end).toBe(true))
  expect(truth.quiet.map(({ kind }) => kind)).toEqual(['flash-crowd', 'phantom-504', 'nightly-job'])
})

test('the preset sets what is not given and nothing else', () => {
  const small = simulate({ preset: 'demo', from, to: from + 24 * hour, lines: 500, shape: 'logpull' })
  expect(textOf(small).trimEnd().split('\n')).toHaveLength(500)
  expect(small.fields).toHaveLength(9)
})

describe('a wrong option', () => {
  const options: SimulateOptions = { from, to: from + hour, lines: 100 }
  test.each<[string, unknown, RegExp]>([
    ['a range that ends before it begins', { ...options, to: from - 1 }, /after `from`/],
    ['a range of over 100 days', { ...options, to: from + 2_500 * hour }, /100 days/],
    ['a time that is none', { ...options, from: 'yesterday' }, /ISO 8601/],
    ['neither lines nor rate', { from, to: from + hour }, /either/],
    ['both lines and rate', { ...options, ratePerMinute: 3 }, /either/],
    ['half a line', { ...options, lines: 0.5 }, /whole number/],
    ['a sample rate of zero', { ...options, sampleRate: 0 }, /sampleRate/],
    ['an unknown field', { ...options, shape: ['RayID', 'RayId'] }, /unknown fields: RayId/],
    ['a field twice', { ...options, shape: ['RayID', 'RayID'] }, /none twice/],
    ['an unknown shape', { ...options, shape: 'some' }, /unknown shape/],
    ['incidents that are no list', { ...options, incidents: 'many' }, /none, demo or a list, not "many"/],
    ['an unknown rhythm', { ...options, rhythm: 'month' }, /flat, day or week/],
    [
      'an unknown kind',
      { ...options, incidents: [{ kind: 'meteor', start: from, minutes: 1 }] },
      /unknown incident kind "meteor"; known: .*origin-error/,
    ],
    [
      'an unknown host',
      { ...options, incidents: [{ kind: 'origin-error', start: from, minutes: 1, host: 'nowhere.test' }] },
      /no host nowhere\.test; known: www/,
    ],
    [
      'a place that no network is in',
      { ...options, incidents: [{ kind: 'origin-error', start: from, minutes: 1, country: 'de', colo: 'nrt' }] },
      /no simulated network/,
    ],
    [
      'a Worker’s incident on a host without',
      { ...options, incidents: [{ kind: 'worker-exception', start: from, minutes: 1, host: 'www.example.com' }] },
      /no Worker/,
    ],
    [
      'a share above one',
      { ...options, incidents: [{ kind: 'origin-error', start: from, minutes: 1, strength: { share: 2 } }] },
      /at most 1/,
    ],
    [
      'a multiple for something else than a crowd',
      { ...options, incidents: [{ kind: 'origin-error', start: from, minutes: 1, strength: { times: 2 } }] },
      /flash crowd/,
    ],
    [
      'a crowd on one path',
      { ...options, incidents: [{ kind: 'flash-crowd', start: from, minutes: 1, path: '/' }] },
      /only `host`/,
    ],
  ])('%s is refused with a reason', (_, wrong, message) => {
    const attempt = (): unknown => simulate(wrong as SimulateOptions)
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(SimulateOptionError)
  })

  test('a second reading is refused instead of giving half a log', () => {
    const simulation = simulate(options)
    textOf(simulation)
    expect(() => textOf(simulation)).toThrow(/read once/)
  })
})

test('long requests come when they end, not when they start', () => {
  const { rows } = run({ ...flat, incidents: [{ kind: 'origin-timeout', start: '+30m', minutes: 10, strength: 20 }] })
  let latest = 0
  for (const row of rows) {
    expect(latest - endMs(row)).toBeLessThan(10_000)
    latest = Math.max(latest, endMs(row))
  }
  expect(rows.filter((row) => row.EdgeResponseStatus === 524).length).toBeGreaterThan(150)
})
