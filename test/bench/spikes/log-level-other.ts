import { seeded, type Random } from '../../analyze/worlds/random.js'
import type { Truth } from './log-level-scenario.js'

/**
 * A second, much simpler maker of logs, written apart from the project's simulator: other hosts, paths, clients and
 * habits of spelling, so that nothing is fitted to the ways of one generator.
 */
export interface OtherWorld {
  name: string
  exportName: string
  chunks(): Generator<Buffer>
  truth(): Truth
}

interface Route {
  method: string
  path: string
  weight: number
  ms: number
  cacheable: boolean
}
interface Client {
  country: string
  asn: number
  colo: string
  userAgent: string
  ip: string
}
interface Host {
  name: string
  weight: number
  routes: Route[]
}
type Fields = { [name: string]: unknown }

/** What a visitor gets, in Cloudflare's fields; `wait` in ms, null: as long as the route takes. */
export interface Answer {
  status: number
  origin: number
  cache?: string
  wait?: (r: Random) => number
  fields?: Fields
  source: string
}

interface Planted {
  kind: string
  cause: string
  from: number
  to: number
  answer: (r: Random) => Answer
  /** the part of the requests in scope that it takes */
  part: number
  scope: { [name: string]: string }
  ramp: boolean
  slowness: number
  requests: number
  background: number
}

const MINUTE = 60_000
const WORDS = [
  'atlas',
  'birch',
  'cobalt',
  'delta',
  'ember',
  'fjord',
  'grove',
  'harbor',
  'iris',
  'juniper',
  'kelp',
  'lumen',
  'maple',
  'north',
  'onyx',
  'pine',
  'quartz',
  'river',
  'slate',
  'tulip',
]
const COUNTRIES = [
  'us',
  'gb',
  'fr',
  'de',
  'br',
  'in',
  'jp',
  'cn',
  'ca',
  'es',
  'it',
  'nl',
  'pl',
  'se',
  'mx',
  'au',
  'kr',
  'tr',
  'za',
  'ng',
]
const COLOS = [
  'IAD',
  'LHR',
  'CDG',
  'FRA',
  'GRU',
  'BOM',
  'NRT',
  'HKG',
  'YYZ',
  'MAD',
  'MXP',
  'AMS',
  'WAW',
  'ARN',
  'QRO',
  'SYD',
  'ICN',
  'IST',
  'JNB',
  'LOS',
]
const AGENTS = [
  'okhttp/5.1.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0',
  'Dart/3.9 (dart:io)',
  'PartnerSync/4.2',
  'Mozilla/5.0 (compatible; Googlebot/2.1)',
]
const LOCALES = ['en-us', 'fr-fr', 'de-de', 'zh-hans', 'pt-br']
const TEMPLATES: [string, string, boolean][] = [
  ['GET', '/', true],
  ['GET', '/:locale/product/:slug', true],
  ['GET', '/:locale/cart', false],
  ['POST', '/:locale/cart/items', false],
  ['GET', '/api/v2/accounts/:uuid', false],
  ['GET', '/users/:number/orders/:hash', false],
  ['GET', '/static/js/main.:hash.js', true],
  ['GET', '/wp-content/uploads/2025/11/:slug.jpg', true],
  ['GET', '/search', false],
  ['POST', '/graphql', false],
  ['GET', '/feed.xml', true],
  ['GET', '/s/:token', false],
  ['PUT', '/v1/devices/:hash/state', false],
  ['GET', '/docs/:words', true],
  ['POST', '/oauth2/token', false],
  ['GET', '/media/:uuid/thumb.webp', true],
  ['GET', '/rooms/:number', false],
]

const bytes = (r: Random, n: number) => Array.from({ length: n }, () => '0123456789abcdef'[r.whole(0, 15)]).join('')
const mixed = (r: Random, n: number) =>
  Array.from({ length: n }, () => 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'[r.whole(0, 55)]).join('')

const FILL: { [hole: string]: (r: Random) => string } = {
  ':locale': (r) => r.pick(LOCALES),
  ':slug': (r) => `${r.pick(WORDS)}-${r.pick(WORDS)}-${r.whole(100, 9_999)}`,
  ':words': (r) => `${r.pick(WORDS)}-${r.pick(WORDS)}-guide`,
  ':uuid': (r) => [8, 4, 4, 4, 12].map((n) => bytes(r, n)).join('-'),
  ':number': (r) => String(r.whole(1, 999_999)),
  ':hash': (r) => `${bytes(r, 14)}a7`,
  ':token': (r) => `${mixed(r, 6)}4${mixed(r, 4)}7`,
}
const fill = (r: Random, path: string) => path.replaceAll(/:[a-z]+/g, (hole) => FILL[hole]?.(r) ?? hole)
/** As the contract writes it. A locale is no id, and neither is `guide`. */
const asPattern = (path: string) => path.replaceAll(/:(?:slug|words|uuid|number|hash|token)/g, ':id')

export const fixed = (answer: Answer) => () => answer
export const edgeFailure = (status: number, wait: (r: Random) => number): ((r: Random) => Answer) =>
  fixed({
    status,
    origin: 0,
    wait,
    source: 'origin-failure',
    fields: { OriginIP: '198.51.100.7', CacheResponseStatus: status },
  })
export const ruled = (
  status: number,
  source: string,
  action: string,
  rule: string,
  fields: Fields = {},
): ((r: Random) => Answer) =>
  fixed({
    status,
    origin: 0,
    wait: (r) => r.whole(1, 9),
    source: 'edge',
    fields: {
      SecurityAction: action,
      SecuritySources: [source],
      SecurityActions: [action],
      SecurityRuleID: rule,
      SecurityRuleIDs: [rule],
      ...fields,
    },
  })

const KINDS: { [kind: string]: { cause: string; answer: (r: Random) => Answer; slowness?: number } } = {
  'app errors': { cause: '500/origin-error', answer: fixed({ status: 500, origin: 500, source: 'origin' }) },
  'bad gateway of the origin': {
    cause: '502/origin-gateway-error',
    answer: fixed({ status: 502, origin: 502, source: 'origin' }),
  },
  'bad gateway of the edge': { cause: '502/edge-gateway-error', answer: edgeFailure(502, (r) => r.whole(5, 300)) },
  'maintenance': { cause: '503/origin-overload', answer: fixed({ status: 503, origin: 503, source: 'origin' }) },
  'gateway timeout': { cause: '504/edge-gateway-timeout', answer: edgeFailure(504, (r) => r.whole(60_000, 61_000)) },
  'origin down': { cause: '521/origin-refused', answer: edgeFailure(521, (r) => r.whole(2, 30)) },
  'connect timeout': { cause: '522/connection-timeout', answer: edgeFailure(522, (r) => r.whole(19_000, 35_000)) },
  'slow script': { cause: '524/origin-timeout', answer: edgeFailure(524, (r) => r.whole(100_000, 125_000)) },
  'expired certificate': { cause: '526/invalid-certificate', answer: edgeFailure(526, (r) => r.whole(20, 90)) },
  'dns of the origin': { cause: '530/origin-dns', answer: edgeFailure(530, (r) => r.whole(5, 60)) },
  'managed rule': {
    cause: '403/waf-managed-rule',
    answer: ruled(403, 'firewallManaged', 'block', '8e361ee4328f4a3caf6caf3e664ed6fe'),
  },
  'custom rule': {
    cause: '403/waf-custom-rule',
    answer: ruled(403, 'firewallCustom', 'managed_challenge', 'c115d5b1f8a74e2f9e0c'),
  },
  'country ban': {
    cause: '403/ip-access-rule',
    answer: ruled(403, 'country', 'block', '', {
      EdgePathingOp: 'ban',
      EdgePathingSrc: 'user',
      EdgePathingStatus: 'ctry',
    }),
  },
  'forbidden by the origin': {
    cause: '403/origin-permission',
    answer: fixed({ status: 403, origin: 403, source: 'origin' }),
  },
  'rate limit': {
    cause: '429/edge-rate-limit',
    answer: ruled(429, 'rateLimit', 'block', 'ratelimit-7', {
      EdgePathingOp: 'ban',
      EdgePathingSrc: 'user',
      EdgePathingStatus: 'rateLimit',
    }),
  },
  'rate limit of the origin': {
    cause: '429/origin-rate-limit',
    answer: fixed({ status: 429, origin: 429, source: 'origin' }),
  },
  'lost pages': { cause: '404/missing-resource', answer: fixed({ status: 404, origin: 404, source: 'origin' }) },
  'lapsed tokens': { cause: '401/missing-credentials', answer: fixed({ status: 401, origin: 401, source: 'origin' }) },
  'name does not resolve': {
    cause: '409/edge-dns-resolution',
    answer: fixed({
      status: 409,
      origin: 0,
      wait: (r) => r.whole(1, 9),
      source: 'edge',
      fields: { EdgePathingOp: 'errHost', EdgePathingSrc: 'err', EdgePathingStatus: 'dnsErr' },
    }),
  },
  'slow origin': {
    cause: '499/slow-origin',
    answer: fixed({ status: 499, origin: 0, wait: (r) => r.whole(8_000, 30_000), source: 'client' }),
    slowness: 6,
  },
  'impatient clients': {
    cause: '499/client-closed',
    answer: fixed({ status: 499, origin: 0, wait: (r) => r.whole(300, 2_000), source: 'client' }),
  },
}

export const OTHER_EXPORTS: { [name: string]: readonly string[] } = {
  'other: most': [
    'RayID',
    'EdgeStartTimestamp',
    'EdgeEndTimestamp',
    'ClientRequestHost',
    'ClientRequestMethod',
    'ClientRequestURI',
    'ClientRequestPath',
    'ClientRequestUserAgent',
    'ClientCountry',
    'ClientASN',
    'ClientIP',
    'EdgeColoCode',
    'EdgeResponseStatus',
    'OriginResponseStatus',
    'CacheCacheStatus',
    'SecurityAction',
    'SecurityActions',
    'SecuritySources',
    'SecurityRuleID',
    'SecurityRuleIDs',
    'EdgePathingOp',
    'EdgePathingSrc',
    'EdgePathingStatus',
    'OriginIP',
    'EdgeTimeToFirstByteMs',
    'OriginResponseDurationMs',
    'ClientRequestSource',
  ],
  'other: lean': [
    'RayID',
    'EdgeStartTimestamp',
    'EdgeEndTimestamp',
    'ClientRequestHost',
    'ClientRequestURI',
    'ClientRequestUserAgent',
    'ClientCountry',
    'EdgeResponseStatus',
    'OriginResponseStatus',
    'SecurityAction',
    'SecuritySources',
    'SecurityRuleID',
    'EdgeTimeToFirstByteMs',
  ],
  'other: times only': [
    'RayID',
    'EdgeStartTimestamp',
    'EdgeEndTimestamp',
    'ClientRequestHost',
    'ClientRequestURI',
    'ClientCountry',
    'EdgeColoCode',
    'EdgeResponseStatus',
    'OriginResponseStatus',
  ],
}

export function otherWorld(seed: number): OtherWorld {
  const r = seeded(seed * 104_729 + 5)
  const hosts = Array.from({ length: r.pick([1, 2, 2, 3, 5]) }, (_, i): Host => ({
    name: `${r.pick(['www', 'shop', 'api', 'm', 'cdn', 'login'])}${i}.${r.pick(WORDS)}.test`,
    weight: r.spread(0.2, 2),
    routes: Array.from({ length: r.whole(3, 9) }, () => r.pick(TEMPLATES)).map(([method, path, cacheable]) => ({
      method,
      path,
      cacheable,
      weight: r.spread(0.3, 5),
      ms: r.spread(15, 400),
    })),
  }))
  const clients = Array.from({ length: r.pick([60, 400]) }, (): Client => {
    const at = Math.floor(COUNTRIES.length * r.next() ** 2)
    return {
      country: COUNTRIES[at],
      asn: 60_000 + at * 10 + r.whole(0, 2),
      colo: COLOS[r.chance(0.85) ? at : r.whole(0, 19)],
      userAgent: r.pick(AGENTS),
      ip: `203.0.113.${r.whole(1, 250)}`,
    }
  })
  const rate = r.spread(3, 250)
  const minutes = Math.round(Math.min(40, Math.max(4, r.spread(8_000, 45_000) / rate / 60))) * 60
  const from = Date.UTC(2025, r.whole(0, 11), r.whole(1, 28), r.whole(0, 23))
  const exportName = r.pick(Object.keys(OTHER_EXPORTS))
  const planted = r.chance(0.2)
    ? []
    : Array.from({ length: r.whole(1, 2) }, (_, i) => plant(r, hosts, clients, from, minutes, rate, i))
  const spelling = {
    time: r.pick(['unixnano', 'rfc3339', 'text'] as const),
    upperCountry: r.chance(0.5),
    gaps: r.chance(0.3) ? 0.02 : 0,
  }
  let records = 0

  function* chunks(): Generator<Buffer> {
    let lines: string[] = []
    for (let m = 0; m < minutes; m++) {
      const due = rate * (1 + 0.5 * Math.sin((2 * Math.PI * (m + 300)) / 1440))
      for (let n = r.poisson(due); n > 0; n--) {
        lines.push(
          line(
            r,
            request(r, hosts, clients, from + m * MINUTE + Math.floor(r.next() * MINUTE), planted),
            OTHER_EXPORTS[exportName],
            spelling,
          ),
        )
        records++
      }
      if (lines.length > 2_000 || m === minutes - 1) {
        yield Buffer.from(`${lines.join('\n')}\n`)
        lines = []
      }
    }
  }
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    exportName,
    chunks,
    name: `other world: ${hosts.length} hosts, ${rate.toFixed(0)}/min, ${minutes / 60} h, ${exportName}`,
    truth: () => ({
      from: iso(from),
      to: iso(from + minutes * MINUTE),
      fields: OTHER_EXPORTS[exportName],
      records,
      counts: { host: Object.fromEntries(hosts.map(({ name }) => [name, 1])) },
      quiet: [],
      incidents: planted.map((p, i) => {
        const { status, source } = p.answer(seeded(1))
        return {
          id: `${p.kind}-${i + 1}`,
          kind: p.kind,
          start: iso(p.from),
          end: iso(p.to),
          status,
          source,
          statusClass: status === 499 ? '499' : `${Math.floor(status / 100)}xx`,
          cause: p.cause,
          scope: contractScope(p.scope),
          requests: p.requests,
          background: p.background,
          expectedBackground: p.background,
        }
      }),
    }),
  }
}

function plant(
  r: Random,
  hosts: Host[],
  clients: Client[],
  from: number,
  minutes: number,
  rate: number,
  place: number,
): Planted {
  const kind = r.pick(Object.keys(KINDS))
  const length = Math.round(r.spread(5, minutes * 0.2))
  const start = Math.round(minutes * (place === 0 ? r.between(0.3, 0.45) : r.between(0.7, 0.78)))
  const host = r.pick(hosts)
  const scope: { [name: string]: string } = {}
  const what = r.pick(['all', 'host', 'path', 'country', 'userAgent', 'host country'])
  const share = () => host.weight / hosts.reduce((sum, h) => sum + h.weight, 0)
  let reach = 1
  if (/host|path/.test(what)) [scope.host, reach] = [host.name, share()]
  if (what === 'path') {
    const whole = host.routes.reduce((sum, route) => sum + route.weight, 0)
    const route = r.pick(
      host.routes.filter(({ path }) => !path.includes(':locale')).concat(host.routes.filter((_, i) => i === 0)),
    )
    if (!route.path.includes(':locale')) [scope.path, reach] = [route.path, (reach * route.weight) / whole]
  }
  const client = r.pick(clients)
  if (/country/.test(what))
    [scope.country, reach] = [
      client.country.toUpperCase(),
      (reach * clients.filter((c) => c.country === client.country).length) / clients.length,
    ]
  if (what === 'userAgent')
    [scope.userAgent, reach] = [
      client.userAgent,
      (reach * clients.filter((c) => c.userAgent === client.userAgent).length) / clients.length,
    ]
  const { cause, answer, slowness = 1 } = KINDS[kind]
  const wanted = r.spread(30, 2_000)
  const part = Math.min(0.9, wanted / (rate * length * reach))
  const rule = answer(seeded(1)).fields?.SecurityRuleID
  if (typeof rule === 'string' && rule !== '') scope.securityRuleId = rule
  return {
    kind,
    cause,
    answer,
    slowness,
    part,
    from: from + start * MINUTE,
    to: from + (start + length) * MINUTE,
    scope,
    ramp: r.chance(0.2),
    requests: 0,
    background: 0,
  }
}

interface Request {
  at: number
  host: Host
  route: Route
  client: Client
  answer: Answer
  ms: number
}

function request(r: Random, hosts: Host[], clients: Client[], at: number, planted: Planted[]): Request {
  const host = weighted(r, hosts)
  const route = weighted(r, host.routes)
  const client = clients[Math.floor(clients.length * r.next() ** 1.3)]
  const active = planted.filter((p) => at >= p.from && at < p.to)
  const slow = active.reduce(
    (times, p) => times * (p.scope.host === undefined || p.scope.host === host.name ? p.slowness : 1),
    1,
  )
  const ms = route.ms * slow * Math.exp(0.5 * r.normal())
  const mine = active.find(
    (p) => inScope(p, host, route, client) && r.chance(p.part * (p.ramp ? (at - p.from) / (p.to - p.from) : 1)),
  )
  const answer = mine ? mine.answer(r) : ordinary(r, route)
  if (mine) mine.requests++
  else for (const p of active) if (sameKind(p, answer)) p.background++
  return { at, host, route, client, answer, ms: answer.wait?.(r) ?? (answer.cache === 'hit' ? r.whole(1, 8) : ms) }
}

function sameKind(p: Planted, answer: Answer): boolean {
  const { status, source } = p.answer(seeded(1))
  return status === answer.status && source === answer.source
}

function inScope({ scope }: Planted, host: Host, route: Route, client: Client): boolean {
  return (
    (scope.host === undefined || scope.host === host.name) &&
    (scope.path === undefined || scope.path === route.path) &&
    (scope.country === undefined || scope.country === client.country.toUpperCase()) &&
    (scope.userAgent === undefined || scope.userAgent === client.userAgent)
  )
}

function ordinary(r: Random, route: Route): Answer {
  const x = r.next()
  if (x < 0.02) return { status: 404, origin: 404, source: 'origin' }
  if (x < 0.023)
    return ruled(403, r.pick(['firewallManaged', 'firewallCustom']), 'block', r.pick(['old-rule-1', 'old-rule-2']))(r)
  if (x < 0.027) return { status: 401, origin: 401, source: 'origin' }
  if (x < 0.03) return { status: 499, origin: 0, wait: (rr) => rr.whole(200, 4_000), source: 'client' }
  if (x < 0.0305) return { status: r.pick([500, 502, 503]), origin: 500, source: 'origin' }
  if (x < 0.0308) return edgeFailure(r.pick([520, 522]), (rr) => rr.whole(100, 20_000))(r)
  return route.cacheable && r.chance(0.7)
    ? { status: 200, origin: 0, cache: 'hit', source: 'cache' }
    : { status: 200, origin: 200, source: 'origin' }
}

function weighted<T extends { weight: number }>(r: Random, of: readonly T[]): T {
  let left = r.next() * of.reduce((sum, one) => sum + one.weight, 0)
  return of.find((one) => (left -= one.weight) <= 0) ?? of[of.length - 1]
}

let rays = 0

function line(
  r: Random,
  { at, host, route, client, answer, ms }: Request,
  names: readonly string[],
  spelling: { time: 'unixnano' | 'rfc3339' | 'text'; upperCountry: boolean; gaps: number },
): string {
  const time = (t: number) =>
    spelling.time === 'unixnano'
      ? t * 1e6
      : spelling.time === 'text'
        ? String(t)
        : `${new Date(t).toISOString().slice(0, 19)}Z`
  const path = fill(r, route.path)
  const all: Fields = {
    RayID: (0x8_0000_0000_0000 + rays++).toString(16).padStart(16, '9'),
    EdgeStartTimestamp: time(at),
    EdgeEndTimestamp: time(at + Math.round(ms) + 2),
    ClientRequestHost: host.name,
    ClientRequestMethod: route.method,
    ClientRequestPath: path,
    ClientRequestURI: r.chance(0.3) ? `${path}?v=${r.whole(1, 9)}` : path,
    ClientRequestUserAgent: client.userAgent,
    ClientCountry: spelling.upperCountry ? client.country.toUpperCase() : client.country,
    ClientASN: client.asn,
    ClientIP: client.ip,
    EdgeColoCode: client.colo,
    EdgeResponseStatus: answer.status,
    OriginResponseStatus: answer.origin,
    CacheCacheStatus: answer.cache ?? (answer.source === 'edge' ? 'unknown' : route.cacheable ? 'miss' : 'dynamic'),
    SecurityAction: '',
    SecurityActions: [],
    SecuritySources: [],
    SecurityRuleID: '',
    SecurityRuleIDs: [],
    EdgePathingOp: 'wl',
    EdgePathingSrc: 'macro',
    EdgePathingStatus: 'nr',
    OriginIP: answer.origin > 0 ? '198.51.100.7' : '',
    EdgeTimeToFirstByteMs: Math.round(ms),
    OriginResponseDurationMs: answer.cache === 'hit' || answer.source === 'edge' ? 0 : Math.max(1, Math.round(ms - 2)),
    ClientRequestSource: 'eyeball',
    ...answer.fields,
  }
  const kept = names.filter((name) => /Status$|Timestamp$|^RayID$/.test(name) || !r.chance(spelling.gaps))
  return JSON.stringify(Object.fromEntries(kept.map((name) => [name, all[name]])))
}

/** Patterns of the planted paths, as the truth of the contract has them. */
export function contractScope(scope: { [name: string]: string }): { [name: string]: string } {
  return scope.path === undefined ? scope : { ...scope, path: asPattern(scope.path) }
}
