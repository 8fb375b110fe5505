import { describe, expect, test } from 'vitest'
import { SIMULATE_KINDS } from '../../../ingest/inputs/simulate/index.js'
import type { IncidentKindName, IncidentSpec, SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { endMs, isVisitor, median, run, sourceOf, startMs } from './independent.js'
import type { Row } from './independent.js'

const from = Date.parse('2026-11-18T10:00:00Z')
/** What the looks below speak of. */
const shape = [
  'RayID',
  'EdgeStartTimestamp',
  'EdgeEndTimestamp',
  'CacheCacheStatus',
  'CacheResponseStatus',
  'ClientCountry',
  'ClientRequestHost',
  'ClientRequestMethod',
  'ClientRequestPath',
  'ClientRequestSource',
  'ClientRequestUserAgent',
  'ClientSSLProtocol',
  'EdgeColoCode',
  'EdgePathingOp',
  'EdgePathingSrc',
  'EdgePathingStatus',
  'EdgeResponseStatus',
  'EdgeServerIP',
  'OriginIP',
  'OriginResponseDurationMs',
  'OriginResponseStatus',
  'ParentRayID',
  'SecurityAction',
  'SecurityActions',
  'SecurityRuleID',
  'SecuritySources',
  'WorkerStatus',
  'WorkerSubrequest',
  'WorkerSubrequestCount',
]
const base: SimulateOptions = {
  seed: 11,
  from,
  to: from + 40 * 60_000,
  ratePerMinute: 120,
  rhythm: 'flat',
  strays: false,
  shape,
}

function withIncident(
  spec: Partial<IncidentSpec> & { kind: IncidentKindName },
  options: Partial<SimulateOptions> = {},
): { rows: Row[]; planted: Row[]; truth: ReturnType<ReturnType<typeof run>['simulation']['truth']> } {
  const { simulation, rows } = run({
    ...base,
    ...options,
    incidents: [{ start: '+15m', minutes: 10, strength: 30, ...spec }],
  })
  const truth = simulation.truth()
  const event = truth.incidents[0] ?? truth.quiet[0]
  const inside = rows.filter((row) => startMs(row) >= Date.parse(event.start) && startMs(row) < Date.parse(event.end))
  return { rows, planted: inside, truth }
}

const total = (row: Row): number => endMs(row) - startMs(row)
const noOrigin = {
  OriginResponseStatus: 0,
  CacheResponseStatus: 0,
  OriginIP: '',
  EdgeServerIP: '',
  CacheCacheStatus: 'unknown',
}
const passing = { EdgePathingOp: 'wl', EdgePathingSrc: 'macro', EdgePathingStatus: 'nr' }
const byOrigin = (status: number): Partial<Row> => ({
  EdgeResponseStatus: status,
  OriginResponseStatus: status,
  CacheResponseStatus: status,
})
const byFailure = (status: number): Partial<Row> => ({
  EdgeResponseStatus: status,
  OriginResponseStatus: 0,
  CacheResponseStatus: status,
})

/**
 * How the fact sheet (5.3, 5.5) says each cause looks, with the source of its records and how long they took, in ms.
 */
const looks: Partial<
  Record<IncidentKindName, { fields: Partial<Row>; source: string; contacted: boolean; total?: [number, number] }>
> = {
  'malformed-request': {
    fields: { EdgeResponseStatus: 400, ...noOrigin, ...passing },
    source: 'edge',
    contacted: false,
  },
  'missing-credentials': { fields: byOrigin(401), source: 'origin', contacted: true },
  'origin-permission': { fields: { ...byOrigin(403), SecurityAction: '' }, source: 'origin', contacted: true },
  'waf-managed-rule': {
    fields: {
      EdgeResponseStatus: 403,
      ...noOrigin,
      ...passing,
      SecurityAction: 'block',
      SecuritySources: ['firewallManaged'],
    },
    source: 'edge',
    contacted: false,
  },
  'waf-custom-rule': {
    fields: { EdgeResponseStatus: 403, ...noOrigin, SecurityAction: 'block', SecuritySources: ['firewallCustom'] },
    source: 'edge',
    contacted: false,
  },
  'waf-custom-response': {
    fields: { EdgeResponseStatus: 418, ...noOrigin, SecurityAction: 'block', SecuritySources: ['firewallCustom'] },
    source: 'edge',
    contacted: false,
  },
  'browser-integrity-check': {
    fields: {
      EdgeResponseStatus: 403,
      ...noOrigin,
      EdgePathingOp: 'ban',
      EdgePathingSrc: 'bic',
      SecuritySources: ['bic'],
    },
    source: 'edge',
    contacted: false,
  },
  'security-level': {
    fields: {
      EdgeResponseStatus: 403,
      ...noOrigin,
      EdgePathingOp: 'chl',
      SecurityAction: 'managedChallenge',
      SecuritySources: ['securityLevel'],
    },
    source: 'edge',
    contacted: false,
  },
  'ip-access-rule': {
    fields: {
      EdgeResponseStatus: 403,
      ...noOrigin,
      EdgePathingOp: 'ban',
      EdgePathingSrc: 'user',
      EdgePathingStatus: 'ip',
      SecuritySources: ['ip'],
    },
    source: 'edge',
    contacted: false,
  },
  'missing-resource': { fields: byOrigin(404), source: 'origin', contacted: true },
  'cached-404': {
    fields: { EdgeResponseStatus: 404, OriginResponseStatus: 0, CacheResponseStatus: 404, CacheCacheStatus: 'hit' },
    source: 'cache',
    contacted: false,
  },
  'method-not-allowed': { fields: byOrigin(405), source: 'origin', contacted: true },
  'request-timeout': { fields: byOrigin(408), source: 'origin', contacted: true, total: [30_000, 40_000] },
  'edge-dns-resolution': {
    fields: {
      EdgeResponseStatus: 409,
      ...noOrigin,
      EdgePathingOp: 'errHost',
      EdgePathingSrc: 'err',
      EdgePathingStatus: 'dnsErr',
    },
    source: 'edge',
    contacted: false,
  },
  'origin-conflict': { fields: byOrigin(409), source: 'origin', contacted: true },
  'precondition-failed': { fields: byOrigin(412), source: 'origin', contacted: true },
  'edge-upload-limit': {
    fields: { EdgeResponseStatus: 413, ...noOrigin, SecurityAction: '', SecurityActions: [] },
    source: 'edge',
    contacted: false,
  },
  'origin-upload-limit': { fields: byOrigin(413), source: 'origin', contacted: true },
  'uri-over-limit': { fields: { EdgeResponseStatus: 414, ...noOrigin }, source: 'edge', contacted: false },
  'range-not-satisfiable': { fields: byOrigin(416), source: 'origin', contacted: true },
  'edge-rate-limit': {
    fields: {
      EdgeResponseStatus: 429,
      ...noOrigin,
      EdgePathingOp: 'ban',
      EdgePathingSrc: 'user',
      EdgePathingStatus: 'rateLimit',
      SecuritySources: ['rateLimit'],
    },
    source: 'edge',
    contacted: false,
  },
  'origin-rate-limit': { fields: { ...byOrigin(429), SecurityAction: '' }, source: 'origin', contacted: true },
  'legal-demand': { fields: byOrigin(451), source: 'origin', contacted: true },
  'client-closed': { fields: { EdgeResponseStatus: 499, OriginResponseStatus: 0 }, source: 'client', contacted: true },
  'slow-origin': { fields: { EdgeResponseStatus: 499, OriginResponseStatus: 0 }, source: 'client', contacted: true },
  'origin-error': { fields: byOrigin(500), source: 'origin', contacted: true },
  'worker-exception': {
    fields: { EdgeResponseStatus: 500, OriginResponseStatus: 0, OriginIP: '', WorkerStatus: 'exception' },
    source: 'worker',
    contacted: false,
  },
  'worker-method': {
    fields: { EdgeResponseStatus: 501, OriginResponseStatus: 0, ClientRequestMethod: 'GETT', WorkerStatus: 'ok' },
    source: 'worker',
    contacted: false,
  },
  'origin-gateway-error': { fields: byOrigin(502), source: 'origin', contacted: true },
  'edge-gateway-error': { fields: byFailure(502), source: 'origin-failure', contacted: true },
  'origin-overload': { fields: byOrigin(503), source: 'origin', contacted: true },
  'edge-unavailable': { fields: { EdgeResponseStatus: 503, ...noOrigin }, source: 'edge', contacted: false },
  'worker-limit': {
    fields: { EdgeResponseStatus: 503, OriginResponseStatus: 0, WorkerStatus: 'exceededCpu' },
    source: 'worker',
    contacted: false,
  },
  'origin-gateway-timeout': { fields: byOrigin(504), source: 'origin', contacted: true },
  'edge-gateway-timeout': {
    fields: { ...byFailure(504), ClientRequestSource: 'eyeball' },
    source: 'origin-failure',
    contacted: true,
  },
  'unexpected-origin-response': { fields: byFailure(520), source: 'origin-failure', contacted: true },
  'origin-refused': { fields: byFailure(521), source: 'origin-failure', contacted: true, total: [2, 60] },
  'connection-timeout': { fields: byFailure(522), source: 'origin-failure', contacted: true, total: [19_000, 36_000] },
  'origin-unreachable': { fields: byFailure(523), source: 'origin-failure', contacted: true },
  'origin-timeout': { fields: byFailure(524), source: 'origin-failure', contacted: true, total: [120_000, 122_000] },
  'tls-handshake-failed': { fields: byFailure(525), source: 'origin-failure', contacted: true },
  'invalid-certificate': { fields: byFailure(526), source: 'origin-failure', contacted: true },
  'origin-dns': { fields: { ...byFailure(530), OriginIP: '' }, source: 'origin-failure', contacted: false },
}

describe('records of', () => {
  const kinds = SIMULATE_KINDS.filter(({ quiet, kind }) => !quiet && kind !== 'mixed-5xx')

  test.each(kinds)('$kind look as documented', ({ kind, cause }) => {
    const look = looks[kind]
    if (look === undefined) throw new Error(`this test does not know how ${kind} looks`)
    const { rows, planted, truth } = withIncident({ kind })
    const [incident] = truth.incidents
    const matches = (row: Row): boolean =>
      Object.entries(look.fields).every(([name, value]) => JSON.stringify(row[name]) === JSON.stringify(value))
    const found = planted.filter((row) => isVisitor(row) && matches(row))
    expect(incident).toMatchObject({ kind, cause, status: look.fields.EdgeResponseStatus, source: look.source })
    expect(String(incident.status)).toBe(cause?.split('/')[0])
    expect(incident.requests).toBeGreaterThan(200)
    // Those that look so were planted, give or take what the healthy background has of the same kind.
    expect(found.length).toBeGreaterThanOrEqual(incident.requests)
    expect(found.length - incident.requests).toBeLessThanOrEqual(incident.background)
    for (const row of found) {
      expect(sourceOf(row)).toBe(look.source)
      expect(row.EdgeServerIP !== '').toBe(look.contacted)
      if (look.total) {
        expect(total(row)).toBeGreaterThanOrEqual(look.total[0])
        expect(total(row)).toBeLessThanOrEqual(look.total[1])
      }
    }
    const outside = rows.filter((row) => isVisitor(row) && matches(row)).length - found.length
    expect(outside).toBeLessThan(found.length / 4)
  })

  test('mixed-5xx are of many codes, none of them most', () => {
    const { planted, truth } = withIncident({ kind: 'mixed-5xx' })
    expect(truth.incidents[0]).toMatchObject({ status: null, statusClass: '5xx', source: null, cause: null })
    const failing = planted.filter((row) => isVisitor(row) && row.EdgeResponseStatus >= 500)
    const shares = [500, 502, 503, 504, 520, 522, 524].map(
      (code) => failing.filter((row) => row.EdgeResponseStatus === code).length / failing.length,
    )
    expect(Math.max(...shares)).toBeLessThan(0.3)
    expect(Math.min(...shares)).toBeGreaterThan(0.04)
  })

  test('a failing origin behind a Worker show it only in the sub-requests', () => {
    const { planted, rows } = withIncident({ kind: 'origin-error', host: 'app.example.com' })
    const parents = planted.filter(
      (row) => isVisitor(row) && row.EdgeResponseStatus === 500 && row.ClientRequestHost === 'app.example.com',
    )
    expect(parents.length).toBeGreaterThan(200)
    for (const parent of parents) expect(parent).toMatchObject({ OriginResponseStatus: 0, OriginIP: '' })
    const children = new Map<string, Row[]>()
    for (const row of rows)
      if (row.ParentRayID !== '00') children.set(row.ParentRayID, [...(children.get(row.ParentRayID) ?? []), row])
    const explained = parents.filter((parent) =>
      children
        .get(parent.RayID)
        ?.every(
          (child) =>
            child.EdgeResponseStatus === 500 &&
            child.OriginResponseStatus === 500 &&
            child.WorkerSubrequest &&
            child.ClientSSLProtocol === 'none',
        ),
    )
    expect(explained.length / parents.length).toBeGreaterThan(0.97)
  })

  test('phantom-504 are seen by nobody', () => {
    const { planted, truth } = withIncident({ kind: 'phantom-504' })
    const phantoms = planted.filter((row) => row.ClientRequestSource === 'earlyHintsCache')
    expect(phantoms.length).toBeGreaterThan(truth.quiet[0].requests)
    for (const row of phantoms) expect(row).toMatchObject({ EdgeResponseStatus: 504, OriginResponseStatus: 0 })
    expect(truth.incidents).toEqual([])
  })

  test('stale-hiding-origin are 200s of the cache although an origin was asked', () => {
    const { planted } = withIncident({ kind: 'stale-hiding-origin' })
    const stale = planted.filter((row) => row.CacheCacheStatus === 'stale')
    expect(stale.length).toBeGreaterThan(200)
    for (const row of stale) expect(row).toMatchObject({ EdgeResponseStatus: 200, OriginResponseStatus: 0 })
    expect(stale.every((row) => row.EdgeServerIP !== '' && sourceOf(row) === 'cache')).toBe(true)
  })
})

describe('a Worker’s sub-requests', () => {
  test('name a parent that has as many of them as it says', () => {
    const { rows } = run({ ...base, incidents: 'none' })
    const byRay = new Map(rows.map((row) => [row.RayID, row]))
    const counts = new Map<string, number>()
    for (const row of rows.filter((each) => each.ParentRayID !== '00')) {
      const parent = byRay.get(row.ParentRayID)
      expect(parent?.ClientRequestHost).toBe(row.ClientRequestHost)
      expect(isVisitor(row)).toBe(false)
      expect(startMs(row)).toBeGreaterThanOrEqual(startMs(parent as Row))
      expect(endMs(row)).toBeLessThanOrEqual(endMs(parent as Row))
      counts.set(row.ParentRayID, (counts.get(row.ParentRayID) ?? 0) + 1)
    }
    expect(counts.size).toBeGreaterThan(150)
    for (const row of rows) expect(row.WorkerSubrequestCount).toBe(counts.get(row.RayID) ?? 0)
  })
})

describe('499s', () => {
  /**
   * How long the origin took for answered requests of the shop during the incident, against the time before and
   * after.
   */
  const answers = (kind: IncidentKindName): { inside: number; outside: number } => {
    const { rows, planted } = withIncident({ kind, host: 'shop.example.com', strength: 8 }, { ratePerMinute: 300 })
    const during = new Set(planted)
    const answered = rows.filter(
      (row) =>
        row.ClientRequestHost === 'shop.example.com' &&
        row.EdgeResponseStatus === 200 &&
        row.OriginResponseStatus === 200,
    )
    const typical = (list: Row[]): number => median(list.map((row) => row.OriginResponseDurationMs))
    return {
      inside: typical(answered.filter((row) => during.has(row))),
      outside: typical(answered.filter((row) => !during.has(row))),
    }
  }

  test('of a slow origin come with slower answers of the same host', () => {
    const { inside, outside } = answers('slow-origin')
    expect(inside).toBeGreaterThan(3 * outside)
  })

  test('of impatient clients come without', () => {
    const { inside, outside } = answers('client-closed')
    expect(inside).toBeLessThan(1.3 * outside)
  })
})

describe('scope', () => {
  test('of country, data centre and agent is kept by every planted request', () => {
    const agent = 'BrokenApp/1.0 "beta"'
    const { planted, truth } = withIncident({
      kind: 'edge-rate-limit',
      host: 'API.example.com',
      path: '/v1/orders',
      country: 'de',
      colo: 'fra',
      userAgent: agent,
      ruleId: 'abc123',
    })
    expect(truth.incidents[0].scope).toEqual({
      host: 'api.example.com',
      path: '/v1/orders',
      country: 'DE',
      colo: 'FRA',
      userAgent: agent,
      securityRuleId: 'abc123',
    })
    const ours = planted.filter((row) => row.SecurityRuleID === 'abc123')
    expect(ours.length).toBe(truth.incidents[0].requests)
    for (const row of ours) {
      expect(row).toMatchObject({
        ClientRequestHost: 'api.example.com',
        ClientCountry: 'de',
        EdgeColoCode: 'FRA',
        ClientRequestUserAgent: agent,
      })
      expect(row.ClientRequestPath).toMatch(/^\/v1\/orders(\/|$)/)
    }
  })

  test('may be a path that the host did not have', () => {
    const { planted } = withIncident({
      kind: 'missing-resource',
      host: 'static.example.net',
      path: '/build/v2/:id/main.js',
    })
    const ours = planted.filter(
      (row) => row.EdgeResponseStatus === 404 && row.ClientRequestPath.startsWith('/build/v2/'),
    )
    expect(ours.length).toBeGreaterThan(200)
    expect(new Set(ours.map((row) => row.ClientRequestPath)).size).toBeGreaterThan(150)
  })

  test('of a share turns that part of the requests in it and nothing else', () => {
    const { planted, truth } = withIncident(
      { kind: 'origin-refused', host: 'api.example.com', country: 'us', strength: { share: 0.5 } },
      { ratePerMinute: 600 },
    )
    const inScope = planted.filter(
      (row) =>
        isVisitor(row) &&
        row.ClientRequestHost === 'api.example.com' &&
        row.ClientCountry === 'us' &&
        !/php|\.env|\.git|cgi|admin|passwd|status|OR%201|healthz/.test(row.ClientRequestPath),
    )
    const refused = inScope.filter((row) => row.EdgeResponseStatus === 521)
    expect(refused.length / inScope.length).toBeGreaterThan(0.4)
    expect(refused.length / inScope.length).toBeLessThan(0.6)
    expect(truth.incidents[0].requests + truth.incidents[0].background).toBe(
      planted.filter((row) => row.EdgeResponseStatus === 521).length,
    )
  })
})
