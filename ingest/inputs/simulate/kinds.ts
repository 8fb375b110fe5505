import { cacheWordOf, givenUp, phantom504, rateLimited, workerException } from './background.js'
import type { Mix } from './background.js'
import type { Outcome, Outcomes, SecurityRule, Timing } from './outcome.js'
import { securityRule } from './rules.js'
import type { RouteKind } from './world/routes.js'
import type { Route } from './world/world.js'

/** What an incident's records are made from. */
export interface KindContext {
  make: Outcomes
  route: Route
  /** The rule that ends the requests, for kinds that have one. */
  rule: SecurityRule
  scopedBy: 'country' | 'asn' | 'ip'
}

/** One kind of planted event. */
export interface IncidentKind {
  /** Id in the status catalogue; null for mixtures and quiet events. */
  cause: string | null
  /** For help texts. */
  description: string
  /** True for what must not be taken for an incident. */
  quiet: boolean
  /** Requests per minute at full height unless the spec says it. */
  strength: number
  /** Requests that come on top of the usual traffic instead of out of it. */
  extra: boolean
  /** `attackers` come from a few dozen addresses of hosting networks with a scanner's or program's agent. */
  clients: 'visitors' | 'attackers'
  /** Routes that can show it; undefined = what people and programs normally ask for. */
  routes?: readonly RouteKind[]
  /** Whether it happens on hosts behind a Worker when no host is named. */
  workers: 'only' | 'never'
  /** How much slower the origin is at full height, for every request in scope. */
  slowness: number
  rule?: (id?: string) => SecurityRule
  /** Empty for events that have no records of their own. */
  mix: (context: KindContext) => Mix
}

const defaults = {
  quiet: false,
  strength: 30,
  extra: false,
  clients: 'visitors',
  workers: 'never',
  slowness: 1,
} as const

function kind(
  cause: string,
  description: string,
  mix: IncidentKind['mix'],
  more: Partial<IncidentKind> = {},
): IncidentKind {
  return { ...defaults, cause, description, mix, ...more }
}

function quiet(description: string, mix: IncidentKind['mix'], more: Partial<IncidentKind> = {}): IncidentKind {
  return { ...defaults, cause: null, description, mix, quiet: true, ...more }
}

/**
 * The origin's own status, passed on by the edge or by the Worker in front (its record then says 0, the fetch's says
 * it).
 */
function passedOn({ make, route }: KindContext, status: number, timing: Timing = 'origin'): Outcome {
  const origin = make.origin(status, cacheWordOf(route), { timing })
  return route.host.worker ? make.worker(status, route.host.worker, make.subrequest(origin)) : origin
}

/**
 * The edge's status because the origin failed. A Worker that passes such an answer on shows the same code without an
 * origin.
 */
function failed(
  { make, route }: KindContext,
  status: number,
  timing: Timing,
  parts: Parameters<Outcomes['failed']>[3] = {},
): Outcome {
  const failure = make.failed(status, timing, cacheWordOf(route), parts)
  return route.host.worker
    ? make.worker(status, route.host.worker, make.subrequest(failure), { timing, body: 'edge-page' })
    : failure
}

const byOrigin =
  (status: number): IncidentKind['mix'] =>
  (context) => [[passedOn(context, status), 1]]
const byEdge =
  (status: number): IncidentKind['mix'] =>
  ({ make }) => [[make.edge(status), 1]]
const byFailure =
  (status: number, timing: Timing): IncidentKind['mix'] =>
  (context) => [[failed(context, status, timing), 1]]
const attack = { extra: true, clients: 'attackers' } as const
const uploads = ['upload', 'api-write'] as const
const writes = ['api-write', 'upload', 'login'] as const

const accessRuleStatus = { ip: 'ip', country: 'ctry', asn: 'asnum' } as const

export const kinds = {
  'malformed-request': kind(
    '400/malformed-request',
    'the edge refuses broken requests of one client',
    byEdge(400),
    attack,
  ),
  'missing-credentials': kind(
    '401/missing-credentials',
    'the origin refuses clients without valid credentials',
    byOrigin(401),
  ),
  'origin-permission': kind('403/origin-permission', 'the origin forbids what it used to allow', byOrigin(403)),
  'waf-managed-rule': kind(
    '403/waf-managed-rule',
    'a managed WAF rule blocks visitors',
    ({ make, rule }) => [[make.blocked(403, rule), 1]],
    { rule: (id) => securityRule('firewallManaged', 'block', 'Anomaly:Body - suspicious form field', true, id) },
  ),
  'waf-custom-rule': kind(
    '403/waf-custom-rule',
    'a custom WAF rule blocks or challenges an attack',
    ({ make, rule }) => [[make.blocked(403, rule), 1]],
    { ...attack, rule: (id) => securityRule('firewallCustom', 'block', 'Block credential stuffing', true, id) },
  ),
  'waf-custom-response': kind(
    '418/waf-custom-response',
    'a custom rule answers with a status of its own (418)',
    ({ make, rule }) => [[make.blocked(418, rule), 1]],
    { ...attack, rule: (id) => securityRule('firewallCustom', 'block', 'Scrapers get a teapot', true, id) },
  ),
  'browser-integrity-check': kind(
    '403/browser-integrity-check',
    'the browser integrity check bans a client',
    ({ make, rule }) => [[make.blocked(403, rule, { pathing: ['ban', 'bic', 'unknown'] }), 1]],
    { ...attack, rule: () => securityRule('bic', 'block', '') },
  ),
  'security-level': kind(
    '403/security-level',
    'visitors of bad reputation are challenged',
    ({ make, rule }) => [[make.blocked(403, rule, { pathing: ['chl', 'macro', 'captchaNew'] }), 1]],
    { ...attack, rule: (id) => securityRule('securityLevel', 'managedChallenge', 'Security level: high', true, id) },
  ),
  'ip-access-rule': kind(
    '403/ip-access-rule',
    'an access rule bans addresses, a country or a network',
    ({ make, rule, scopedBy }) => [
      [make.blocked(403, { ...rule, source: scopedBy }, { pathing: ['ban', 'user', accessRuleStatus[scopedBy]] }), 1],
    ],
    { ...attack, rule: (id) => securityRule('ip', 'block', '', true, id) },
  ),
  'missing-resource': kind('404/missing-resource', 'resources are gone from the origin after a deploy', byOrigin(404)),
  'cached-404': kind('404/cached', 'the cache keeps answering 404', ({ make }) => [[make.cached(404), 1]], {
    routes: ['asset', 'media', 'cached-page'],
  }),
  'method-not-allowed': kind('405/method-not-allowed', 'the origin refuses a method', byOrigin(405), {
    routes: writes,
  }),
  'request-timeout': kind(
    '408/request-timeout',
    'the origin waits in vain for request bodies',
    (context) => [[passedOn(context, 408, 'slow-upload'), 1]],
    { routes: uploads },
  ),
  'edge-dns-resolution': kind(
    '409/edge-dns-resolution',
    'the edge cannot resolve the host (error 1001)',
    ({ make }) => [[make.edge(409, { pathing: ['errHost', 'err', 'dnsErr'] }), 1]],
  ),
  'origin-conflict': kind('409/origin-conflict', 'concurrent writes conflict at the origin', byOrigin(409), {
    routes: writes,
  }),
  'precondition-failed': kind('412/precondition-failed', 'conditional writes fail at the origin', byOrigin(412), {
    routes: writes,
  }),
  'edge-upload-limit': kind('413/edge-upload-limit', 'uploads above the zone’s limit', byEdge(413), {
    routes: ['upload'],
    extra: true,
  }),
  'origin-upload-limit': kind('413/origin-upload-limit', 'uploads above the origin’s limit', byOrigin(413), {
    routes: ['upload'],
    extra: true,
  }),
  'uri-over-limit': kind('414/uri-over-limit', 'URIs over 32 KB', byEdge(414), {
    routes: ['long-uri'],
    extra: true,
    strength: 15,
  }),
  'range-not-satisfiable': kind('416/range-not-satisfiable', 'ranges beyond the end of a file', byOrigin(416), {
    routes: ['media', 'asset'],
  }),
  'edge-rate-limit': kind(
    '429/edge-rate-limit',
    'a rate limiting rule stops a client',
    ({ make, rule }) => [[make.blocked(429, rule, rateLimited), 1]],
    {
      ...attack,
      strength: 60,
      rule: (id) => securityRule('rateLimit', 'block', 'API: 100 per 10 s and address', true, id),
    },
  ),
  'origin-rate-limit': kind('429/origin-rate-limit', 'the origin’s own limiter answers', byOrigin(429), {
    extra: true,
  }),
  'legal-demand': kind('451/legal-demand', 'content withdrawn by a legal demand', byOrigin(451)),
  'client-closed': kind(
    '499/client-closed',
    'visitors leave although the origin is as fast as ever',
    ({ make, route }) => [[givenUp(make, cacheWordOf(route), 0, route.host.worker), 1]],
  ),
  'slow-origin': kind(
    '499/slow-origin',
    'visitors leave because the origin became slow',
    ({ make, route }) => [[givenUp(make, cacheWordOf(route), 0, route.host.worker), 1]],
    { slowness: 9 },
  ),
  'origin-error': kind('500/origin-error', 'the application fails', byOrigin(500)),
  'worker-exception': kind(
    '500/worker-exception',
    'a Worker throws',
    ({ make, route }) => [[workerException(make, scriptOf(route)), 1]],
    { workers: 'only' },
  ),
  'worker-method': kind(
    '501/worker-method',
    'unknown methods sent to a Worker',
    ({ make, route }) => [[make.worker(501, scriptOf(route), null, { timing: 'worker-failed', body: 'edge-page' }), 1]],
    { workers: 'only', routes: ['odd-method'], extra: true },
  ),
  'origin-gateway-error': kind('502/origin-gateway-error', 'the origin’s own proxy says 502', byOrigin(502)),
  'edge-gateway-error': kind(
    '502/edge-gateway-error',
    'the edge cannot use the origin’s answer',
    byFailure(502, 'crashed'),
  ),
  'origin-overload': kind('503/origin-overload', 'the origin is overloaded', byOrigin(503)),
  'edge-unavailable': kind('503/edge-unavailable', 'trouble in a data centre of the edge', byEdge(503)),
  'worker-limit': kind(
    '503/worker-limit',
    'a Worker exceeds its CPU limit',
    ({ make, route }) => [
      [
        make.worker(503, scriptOf(route), null, {
          workerStatus: 'exceededCpu',
          timing: 'cpu-limit',
          body: 'edge-page',
        }),
        1,
      ],
    ],
    { workers: 'only' },
  ),
  'origin-gateway-timeout': kind('504/origin-gateway-timeout', 'the origin’s own proxy says 504', (context) => [
    [passedOn(context, 504, 'origin-gateway-timeout'), 1],
  ]),
  'edge-gateway-timeout': kind('504/edge-gateway-timeout', 'the edge waits in vain', byFailure(504, 'gateway-timeout')),
  'unexpected-origin-response': kind(
    '520/unexpected-origin-response',
    'the origin breaks off',
    byFailure(520, 'crashed'),
  ),
  'origin-refused': kind('521/origin-refused', 'the origin refuses connections', byFailure(521, 'refused')),
  'connection-timeout': kind(
    '522/connection-timeout',
    'connections to the origin time out',
    byFailure(522, 'connect-timeout'),
  ),
  'origin-unreachable': kind('523/origin-unreachable', 'no route to the origin', byFailure(523, 'unreachable')),
  'origin-timeout': kind(
    '524/origin-timeout',
    'the origin accepts but does not answer for 120 s',
    byFailure(524, 'origin-timeout'),
  ),
  'tls-handshake-failed': kind('525/tls-handshake-failed', 'TLS with the origin fails', byFailure(525, 'tls-failed')),
  'invalid-certificate': kind(
    '526/invalid-certificate',
    'the origin’s certificate is invalid',
    byFailure(526, 'tls-failed'),
  ),
  'origin-dns': kind('530/origin-dns', 'the origin’s name does not resolve', (context) => [
    [failed(context, 530, 'dns-failed', { contact: 'none' }), 1],
  ]),
  'mixed-5xx': {
    ...defaults,
    cause: null,
    description: 'many 5xx codes at once, none of them much by itself',
    strength: 40,
    mix: (context) => [
      [passedOn(context, 500), 2],
      [passedOn(context, 502), 2],
      [passedOn(context, 503), 2],
      [passedOn(context, 504, 'origin-gateway-timeout'), 2],
      [failed(context, 520, 'crashed'), 1],
      [failed(context, 522, 'connect-timeout'), 1],
      [failed(context, 524, 'origin-timeout'), 1],
    ],
  } as IncidentKind,
  'stale-hiding-origin': quiet(
    'the cache serves stale copies because the origin fails: 200 for visitors',
    ({ make }) => [[make.cached(200, 'stale', { contact: 'tried' }), 1]],
    { routes: ['cached-page', 'asset', 'media'] },
  ),
  'flash-crowd': quiet('five times the visitors, same share of errors', () => []),
  'phantom-504': quiet('a flood of Early Hints 504s that nobody sees', ({ make }) => [[phantom504(make), 1]], {
    extra: true,
    strength: 60,
    routes: ['page', 'cached-page'],
  }),
  'nightly-job': quiet(
    'a batch client at work',
    ({ make }) => [
      [make.origin(200), 970],
      [make.origin(404), 18],
      [make.origin(409), 12],
    ],
    { extra: true, strength: 40, routes: ['batch'] },
  ),
  'log-gap': quiet('no logs delivered (whole minutes)', () => []),
  'stray-burst': quiet('a handful of errors of one code', (context) => [[passedOn(context, 503), 1]], { strength: 6 }),
} satisfies Record<string, IncidentKind>

export type IncidentKindName = keyof typeof kinds

/** The Worker's name; kinds that need a Worker are only placed on hosts that have one. */
function scriptOf(route: Route): string {
  return route.host.worker ?? 'unnamed-worker'
}

/** Kinds that look alike, used for the stray bursts of any origin. */
export const strayOutcomes: IncidentKind['mix'] = (context) => [
  [passedOn(context, 500), 3],
  [passedOn(context, 502), 2],
  [passedOn(context, 503), 2],
  [failed(context, 520, 'crashed'), 2],
  [failed(context, 521, 'refused'), 1],
  [failed(context, 522, 'connect-timeout'), 3],
  [failed(context, 523, 'unreachable'), 0.5],
  [failed(context, 524, 'origin-timeout'), 1],
  [failed(context, 504, 'gateway-timeout'), 1],
]
