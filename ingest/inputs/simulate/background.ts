import type { AgentGroup } from './world/agents.js'
import type { HostSpec } from './world/hosts.js'
import type { RouteSpec } from './world/routes.js'
import type { Outcome, Outcomes } from './outcome.js'
import { rules } from './rules.js'

/** Outcomes with their weights; the weights of one list need not sum to anything. */
export type Mix = Array<readonly [outcome: Outcome, weight: number]>

/**
 * How requests to a route normally end, by who asks. Weights are per thousand, errors at rates a healthy site shows.
 */
export function backgroundMix(make: Outcomes, host: HostSpec, route: RouteSpec, group: AgentGroup): Mix {
  if (group === 'healthcheck') return [[make.origin(200, 'dynamic', { requestSource: 'healthcheck' }), 1]]
  if (route.kind === 'probe') return probeMix(make, host)
  if (host.worker) return [...workerMix(make, route, host.worker), ...anywhere(make, route, group)]
  return [...originMix(make, route, group), ...anywhere(make, route, group), ...originTrouble(make, route, group)]
}

/** The 504s of Early Hints cache misses: logged, seen by nobody (`logs/faq/504-origin-status-0.mdx`). */
export function phantomMix(make: Outcomes): Mix {
  return [[phantom504(make), 1]]
}

export function phantom504(make: Outcomes): Outcome {
  return make.failed(504, 'edge', 'miss', { requestSource: 'earlyHintsCache', contact: 'none', body: 'none' })
}

export function imageResizingMix(make: Outcomes): Mix {
  return [
    [make.origin(200, 'miss', { requestSource: 'imageResizing' }), 30],
    [make.cached(200, 'hit', { requestSource: 'imageResizing' }), 70],
    [make.origin(404, 'miss', { requestSource: 'imageResizing' }), 1],
  ]
}

function originMix(make: Outcomes, route: RouteSpec, group: AgentGroup): Mix {
  const crawler = group === 'crawler'
  switch (route.kind) {
    case 'page':
      return [
        [make.origin(200), crawler ? 860 : 900],
        [make.origin(304, 'dynamic', { body: 'none' }), 30],
        [make.origin(302, 'dynamic', { body: 'none' }), 14],
        [make.origin(301, 'dynamic', { body: 'none' }), crawler ? 25 : 4],
        [make.origin(404), crawler ? 38 : 6],
        [make.origin(410), crawler ? 4 : 0],
        [make.origin(403), 0.6],
        ...(group === 'browser' ? [[make.of({ rule: rules.challengeSolved }), 6] as const] : []),
        ...(crawler ? [[make.of({ rule: rules.customSkip }), 60] as const] : []),
      ]
    case 'cached-page':
      return [
        [make.cached(200), crawler ? 420 : 690],
        [make.origin(200, 'miss'), crawler ? 300 : 120],
        [make.origin(200, 'expired'), 60],
        [revalidated(make), 40],
        [make.cached(200, 'updating'), 14],
        [make.cached(200, 'stale', { contact: 'tried' }), 0.3],
        [make.cached(304), 30],
        [make.origin(200, 'bypass'), 18],
        [make.origin(404, 'miss'), crawler ? 30 : 5],
        [make.cached(404), crawler ? 12 : 2],
        [make.origin(301, 'miss', { body: 'none' }), 5],
      ]
    case 'asset':
      return [
        [make.cached(200), 800],
        [make.cached(304), 80],
        [make.origin(200, 'miss'), 55],
        [make.origin(200, 'expired'), 14],
        [revalidated(make), 22],
        [
          make.of({
            status: 304,
            source: 'origin',
            originStatus: 304,
            cache: 'revalidated',
            cacheStatus: 304,
            timing: 'revalidate',
            body: 'none',
          }),
          6,
        ],
        [make.cached(200, 'updating'), 5],
        [make.origin(404, 'miss'), 3],
        [make.cached(404), 3],
      ]
    case 'media':
      return [
        [make.cached(206, 'hit', { body: 'partial' }), 420],
        [make.cached(200), 380],
        [make.cached(200, 'stream_hit'), 20],
        [make.of({ status: 206, originStatus: 200, cache: 'miss', body: 'partial' }), 60],
        [make.origin(200, 'miss'), 60],
        [make.origin(416, 'bypass'), 1.5],
        [givenUp(make, 'hit', 200), 12],
      ]
    case 'api-read':
      return [
        [make.origin(200), 900],
        [make.origin(304, 'dynamic', { body: 'none' }), 25],
        [make.origin(206), 2],
        [make.origin(404), 16],
        [make.origin(401), 9],
        [make.origin(403), 2],
        [make.origin(400), 2],
        [make.origin(406), 0.2],
        [make.origin(429), 1],
        [make.blocked(429, rules.apiRate, rateLimited), 1],
        [make.of({ rule: rules.customLog }), 15],
      ]
    case 'api-write':
      return [
        [make.origin(route.method === 'POST' ? 201 : 200), 620],
        [make.origin(200), 260],
        [make.origin(204, 'dynamic', { body: 'none' }), 60],
        [make.origin(400), 9],
        [make.origin(401), 7],
        [make.origin(403), 2],
        [make.origin(409), 2.5],
        [make.origin(422), 8],
        [make.origin(412), 0.6],
        [make.origin(415), 0.2],
        [make.origin(405), 0.4],
        [make.origin(408), 0.3],
        [make.origin(411), 0.1],
        [make.blocked(403, rules.managedInjection), 0.4],
        [make.blocked(429, rules.apiRate, rateLimited), 0.8],
      ]
    case 'login':
      return [
        [make.origin(200), 810],
        [make.origin(302, 'dynamic', { body: 'none' }), 60],
        [make.origin(401), 85],
        [make.origin(400), 8],
        [make.blocked(403, rules.customChallenge), 9],
        [make.blocked(429, rules.loginRate, rateLimited), 6],
      ]
    case 'upload':
      return [
        [make.origin(201), 930],
        [make.origin(400), 10],
        [make.origin(413), 2],
        [make.edge(413), 2],
        [make.origin(408, 'dynamic', { timing: 'slow-upload' }), 3],
        [givenUp(make, 'dynamic', 0), 14],
      ]
    case 'search':
      return [
        [make.origin(200), 950],
        [make.origin(404), 5],
        [make.origin(400), 3],
        [make.blocked(403, rules.managedInjection), 0.8],
      ]
    case 'redirect':
      return [
        [edgeRedirect(make), 960],
        [make.origin(404), 40],
      ]
    case 'batch':
      return [
        [make.origin(200), 970],
        [make.origin(404), 18],
        [make.origin(409), 12],
      ]
    default:
      return [[make.origin(200), 1]]
  }
}

/** Behind a Worker the visitor's record has origin 0; the fetch is a record of its own. */
function workerMix(make: Outcomes, route: RouteSpec, script: string): Mix {
  const fetched = (status: number): Outcome => make.subrequest(make.origin(status))
  const through = (status: number, parts = {}): Outcome => make.worker(status, script, fetched(status), parts)
  const write = route.kind === 'api-write' || route.kind === 'upload'
  if (route.kind === 'asset') {
    const cacheHit = make.subrequest(make.cached(200))
    const cacheMiss = make.failed(504, 'edge', 'miss', {
      requestSource: 'edgeWorkerCacheAPI',
      contact: 'none',
      body: 'none',
    })
    return [
      [make.worker(200, script, cacheHit), 600],
      [make.worker(200, script, cacheMiss), 250],
      [make.worker(304, script, null, { body: 'none' }), 120],
      [through(404), 5],
    ]
  }
  return [
    [through(write ? 201 : 200), 880],
    [make.worker(200, script, null), 60],
    [make.worker(304, script, null, { body: 'none' }), 25],
    [through(404), 12],
    [through(401), 10],
    [through(403), 2],
    [make.worker(302, script, null, { body: 'none' }), 8],
    [workerException(make, script), 0.5],
    [through(500), 0.6],
    [through(503), 0.2],
    [
      make.worker(522, script, make.subrequest(make.failed(522, 'connect-timeout', 'dynamic')), { body: 'edge-page' }),
      0.1,
    ],
    [givenUp(make, 'dynamic', 0, script), 4],
  ]
}

/**
 * `WorkerStatus` has no documented list of values; `exception` follows the outcome words of Workers trace events.
 * What counts is that a Worker ran (neither empty nor `unknown`).
 */
export function workerException(make: Outcomes, script: string): Outcome {
  return make.worker(500, script, null, { workerStatus: 'exception', timing: 'worker-failed', body: 'edge-page' })
}

/** What the edge does on every host now and then, whatever the route. */
function anywhere(make: Outcomes, route: RouteSpec, group: AgentGroup): Mix {
  const visitors = group === 'browser' || group === 'app'
  const challenge: Mix = [[make.edge(200, { requestSource: 'inBrowserChallenge' }), 0.3]]
  return [
    [edgeRedirect(make), visitors && route.method === 'GET' ? 9 : 2],
    [make.of(nothingSent), 0.15],
    [make.edge(400), group === 'service' ? 1 : 0.3],
    [make.blocked(403, rules.browserIntegrity, { pathing: ['ban', 'bic', 'unknown'] }), visitors ? 0.15 : 1.5],
    [make.blocked(403, rules.customPaths), group === 'service' ? 0.6 : 0.1],
    ...(group === 'browser' ? challenge : []),
  ]
}

/** The stray failures of any origin, and visitors who would not wait for it. */
function originTrouble(make: Outcomes, route: RouteSpec, group: AgentGroup): Mix {
  const cache = cacheWordOf(route)
  const visitors = group === 'browser' || group === 'app'
  const share = cache === 'miss' ? 0.3 : 1
  return [
    [givenUp(make, cache, 0), visitors ? 4 * share : 1.5],
    [givenUp(make, cache, 200), visitors ? 1 : 0.2],
    [make.origin(500, cache), 0.8 * share],
    [make.origin(502, cache), 0.25 * share],
    [make.origin(503, cache), 0.35 * share],
    [make.origin(504, cache, { timing: 'origin-gateway-timeout' }), 0.12 * share],
    [make.failed(502, 'crashed', cache), 0.12 * share],
    [make.failed(504, 'gateway-timeout', cache), 0.08 * share],
    [make.failed(520, 'crashed', cache), 0.12 * share],
    [make.failed(521, 'refused', cache), 0.02],
    [make.failed(522, 'connect-timeout', cache), 0.12 * share],
    [make.failed(523, 'unreachable', cache), 0.01],
    [make.failed(524, 'origin-timeout', cache), 0.05 * share],
    [make.failed(525, 'tls-failed', cache), 0.02],
  ]
}

/** The visitor left before any status was sent. */
const nothingSent = {
  status: 0,
  source: 'client',
  originStatus: 0,
  cache: 'unknown',
  cacheStatus: 0,
  contact: 'none',
  timing: 'abandoned',
  body: 'none',
} as const

function probeMix(make: Outcomes, host: HostSpec): Mix {
  const notFound = host.worker ? make.worker(404, host.worker, null) : make.origin(404, 'dynamic')
  return [
    [notFound, 560],
    [make.cached(404), 40],
    [make.blocked(403, rules.managedProbe), 230],
    [make.blocked(403, rules.customPaths), 90],
    [make.blocked(403, rules.browserIntegrity, { pathing: ['ban', 'bic', 'unknown'] }), 25],
    [edgeRedirect(make), 40],
    [make.edge(400), 25],
    ...(host.worker ? [] : [[make.origin(405), 6] as const]),
  ]
}

/** Cacheable routes that fail say `miss`, the rest `dynamic`. */
export function cacheWordOf(route: RouteSpec): string {
  return route.kind === 'asset' || route.kind === 'media' || route.kind === 'cached-page' ? 'miss' : 'dynamic'
}

/** How a rate limiting rule shows itself in the pathing fields. */
export const rateLimited = { pathing: ['ban', 'user', 'rateLimit'] as const }

/** 499: the visitor closed the connection; with an origin status it was the answer's body that took too long. */
export function givenUp(make: Outcomes, cache: string, originStatus: number, worker = ''): Outcome {
  const asked = cache !== 'hit' && worker === ''
  return make.of({
    status: 499,
    source: 'client',
    originStatus: asked ? originStatus : 0,
    cache,
    cacheStatus: originStatus,
    contact: !asked ? 'none' : originStatus === 0 ? 'tried' : 'answered',
    timing: originStatus === 0 ? 'gave-up' : 'abandoned',
    body: originStatus === 0 ? 'none' : 'partial',
    workerStatus: worker ? 'ok' : 'unknown',
    workerScript: worker,
  })
}

/** Always Use HTTPS and redirect rules: 301 of the edge, origin and cache never asked. */
function edgeRedirect(make: Outcomes): Outcome {
  return make.edge(301, { scheme: 'http', body: 'none' })
}

/** The origin said 304, the visitor got the cached 200. */
function revalidated(make: Outcomes): Outcome {
  return make.of({ source: 'cache', originStatus: 304, cache: 'revalidated', timing: 'revalidate' })
}
