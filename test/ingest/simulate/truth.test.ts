import { describe, expect, test } from 'vitest'
import { simulate } from '../../../ingest/inputs/simulate/index.js'
import type { SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { classOf, countBy, isVisitor, run, sourceOf, startMs, textOf } from './independent.js'

const busy: SimulateOptions = {
  seed: 'truth',
  from: '2026-11-14T22:30:00Z',
  to: '2026-11-15T10:15:30Z',
  lines: 60_000,
  rhythm: 'week',
  incidents: [
    {
      kind: 'waf-managed-rule',
      start: '+60m',
      minutes: 20,
      strength: 40,
      host: 'www.example.com',
      path: '/checkout',
      country: 'de',
    },
    { kind: 'connection-timeout', start: '+70m', minutes: 15, strength: { share: 0.6 }, host: 'api.example.com' },
    { kind: 'origin-error', start: '+120m', minutes: 10, host: 'app.example.com' },
    { kind: 'worker-exception', start: '+150m', minutes: 10 },
    { kind: 'mixed-5xx', start: '+200m', minutes: 30, shape: 'ramp' },
    { kind: 'phantom-504', start: '+250m', minutes: 30 },
    { kind: 'flash-crowd', start: '+300m', minutes: 20 },
    { kind: 'stale-hiding-origin', start: '+350m', minutes: 20 },
    { kind: 'uri-over-limit', start: '+400m', minutes: 5 },
    { kind: 'slow-origin', start: '+450m', minutes: 20, host: 'shop.example.com' },
    { kind: 'log-gap', start: '+500m', minutes: 10 },
  ],
}

/** JSON objects compare without regard to the order of keys; zero counts are left out by both sides. */
describe.each([
  ['every record', busy],
  ['a sample of one in four', { ...busy, sampleRate: 0.25 }],
] as const)('the truth about %s', (_, options) => {
  const { simulation, rows } = run(options)
  const truth = simulation.truth()
  const visitors = rows.filter(isVisitor)

  test('counts lines, visitors and the rest', () => {
    expect(truth.lines).toBe(rows.length)
    expect(truth.records).toBe(rows.length)
    expect(truth.visitors).toBe(visitors.length)
    const others = rows.filter((row) => !isVisitor(row))
    expect(truth.excluded).toEqual({
      total: others.length,
      requestSource: countBy(others, (row) => row.ClientRequestSource),
    })
    expect(Object.keys(truth.excluded.requestSource)).toEqual(
      expect.arrayContaining([
        'edgeWorkerFetch',
        'edgeWorkerCacheAPI',
        'earlyHintsCache',
        'healthcheck',
        'imageResizing',
      ]),
    )
  })

  test('counts visitors by class, status, cache status, host, country and data centre', () => {
    expect(truth.counts.statusClass).toEqual(countBy(visitors, (row) => classOf(row.EdgeResponseStatus)))
    expect(truth.counts.status).toEqual(countBy(visitors, (row) => row.EdgeResponseStatus))
    expect(truth.counts.cacheStatus).toEqual(countBy(visitors, (row) => row.CacheCacheStatus))
    expect(truth.counts.host).toEqual(countBy(visitors, (row) => row.ClientRequestHost))
    expect(truth.counts.country).toEqual(countBy(visitors, (row) => row.ClientCountry.toUpperCase()))
    expect(truth.counts.colo).toEqual(countBy(visitors, (row) => row.EdgeColoCode))
  })

  test('has the source that the fact sheet’s decision order finds in the raw fields', () => {
    expect(truth.counts.source).toEqual(countBy(visitors, sourceOf))
  })

  test('names the fifty most requested paths', () => {
    const counts = Object.entries(countBy(visitors, (row) => row.ClientRequestPath)).map(([path, count]) => ({
      path,
      count,
    }))
    counts.sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
    expect(truth.counts.path).toEqual(counts.slice(0, 50))
  })

  test('counts classes per hour of the start', () => {
    const byHour = countBy(
      visitors,
      (row) => `${new Date(startMs(row)).toISOString().slice(0, 13)} ${classOf(row.EdgeResponseStatus)}`,
    )
    const told = truth.hours.flatMap(({ start, counts }) =>
      Object.entries(counts).map(([name, count]) => [`${start.slice(0, 13)} ${name}`, count]),
    )
    expect(Object.fromEntries(told.filter(([, count]) => count !== 0))).toEqual(byHour)
    expect(truth.hours).toHaveLength(13)
  })

  test('counts the requests of an incident that its rule, its code or its host gives away', () => {
    const of = (kind: string): NonNullable<(typeof truth.incidents)[number]> =>
      truth.incidents.find((incident) => incident.kind === kind) as never
    const ruleId = of('waf-managed-rule').scope.securityRuleId
    expect(of('waf-managed-rule').requests).toBe(visitors.filter((row) => row.SecurityRuleID === ruleId).length)
    expect(of('uri-over-limit').requests).toBe(visitors.filter((row) => row.EdgeResponseStatus === 414).length)
    for (const kind of ['connection-timeout', 'origin-error', 'worker-exception', 'mixed-5xx', 'slow-origin']) {
      const incident = of(kind)
      const [start, end] = [Date.parse(incident.start), Date.parse(incident.end)]
      const alike = visitors.filter(
        (row) =>
          startMs(row) >= start &&
          startMs(row) < end &&
          (incident.status === null
            ? classOf(row.EdgeResponseStatus) === '5xx'
            : row.EdgeResponseStatus === incident.status) &&
          (incident.source === null || sourceOf(row) === incident.source),
      )
      expect(incident.requests + incident.background, kind).toBe(alike.length)
    }
  })

  test('lists what is no incident apart', () => {
    expect(truth.quiet.map((event) => event.kind)).toEqual([
      'phantom-504',
      'flash-crowd',
      'stale-hiding-origin',
      'log-gap',
      'nightly-job',
    ])
    expect(truth.incidents.map((incident) => incident.kind)).toEqual([
      'waf-managed-rule',
      'connection-timeout',
      'origin-error',
      'worker-exception',
      'mixed-5xx',
      'uri-over-limit',
      'slow-origin',
    ])
  })
})

test('a truth asked for before the end tells what has been planted so far', () => {
  const simulation = simulate({ ...busy, lines: 20_000 })
  expect(simulation.truth().lines).toBe(0)
  textOf(simulation)
  expect(simulation.truth().lines).toBe(20_000)
})

test('without internal records there is nothing to leave out', () => {
  const { simulation, rows } = run({ ...busy, lines: 10_000, internal: false, incidents: 'none', shape: 'all' })
  expect(rows.every(isVisitor)).toBe(true)
  expect(simulation.truth().excluded).toEqual({ total: 0, requestSource: {} })
})

test('an export that cannot tell internal records apart has none by default', () => {
  expect(run({ ...busy, lines: 10_000, shape: 'logpull', incidents: 'none' }).simulation.truth().excluded.total).toBe(0)
})
