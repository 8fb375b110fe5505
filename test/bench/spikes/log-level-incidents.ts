import { SIMULATE_KINDS } from '../../../ingest/inputs/simulate/index.js'
import type { HostSpec, IncidentKindName, IncidentSpec } from '../../../ingest/inputs/simulate/index.js'
import { routesOf } from '../../../ingest/inputs/simulate/world/routes.js'
import type { Random } from '../../analyze/worlds/random.js'

export interface Place {
  hosts: readonly HostSpec[]
  hours: number
  ratePerMinute: number
  hasWorker: boolean
}

/** Kinds that are incidents, with the status of their cause; null: of many. */
export const causedKinds = new Map<IncidentKindName, number | null>(
  SIMULATE_KINDS.filter(({ quiet }) => !quiet).map(({ kind, cause }) => [
    kind,
    cause === null ? null : Number(cause.slice(0, 3)),
  ]),
)

const WORKER_KINDS: ReadonlySet<IncidentKindName> = new Set(['worker-exception', 'worker-method', 'worker-limit'])
const RULED: ReadonlySet<IncidentKindName> = new Set([
  'waf-managed-rule',
  'waf-custom-rule',
  'waf-custom-response',
  'edge-rate-limit',
  'security-level',
])
const TRAPS: readonly IncidentKindName[] = [
  'flash-crowd',
  'phantom-504',
  'stray-burst',
  'log-gap',
  'stale-hiding-origin',
  'nightly-job',
]
/** What operators lose sleep over comes more often. */
const COMMON: readonly IncidentKindName[] = [
  'origin-error',
  'origin-overload',
  'connection-timeout',
  'origin-refused',
  'slow-origin',
  'client-closed',
  'waf-managed-rule',
  'edge-rate-limit',
  'origin-timeout',
  'missing-resource',
  'edge-gateway-timeout',
  'origin-permission',
  'mixed-5xx',
]
const CLIENTS: { country?: string; colo?: string; asn?: number }[] = [
  { country: 'US' },
  { country: 'DE' },
  { country: 'fr' },
  { country: 'JP' },
  { country: 'BR' },
  { country: 'IE' },
  { country: 'IN' },
  { colo: 'FRA' },
  { colo: 'CDG' },
  { colo: 'EWR' },
  { colo: 'SIN' },
  { colo: 'LHR' },
  { colo: 'NRT' },
  { asn: 7922 },
  { asn: 3215 },
  { asn: 16509 },
  { asn: 3320 },
  { asn: 55836 },
  { country: 'IE', asn: 16509 },
  { country: 'SG', asn: 16509 },
  { country: 'US', asn: 7922 },
  { country: 'US', colo: 'EWR' },
]
const AGENTS = [
  'axios/1.12.2',
  'python-requests/2.32.5',
  'ExampleShop/8.4.1 (Android 15; Pixel 8) okhttp/4.12.0',
  'acme-sync/2.0 (build 118)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
]
const NEW_PATHS = ['/en-gb/checkout', '/api/v3/exports/:id/download', '/wp-json/wc/v3/orders/:id', '/t/:id']

/** Times are `+<minutes>m`. */
export function randomIncident(r: Random, place: Place): IncidentSpec {
  const kinds = [...causedKinds.keys()].filter((kind) => place.hasWorker || !WORKER_KINDS.has(kind))
  const kind =
    place.hasWorker && r.chance(0.15) ? r.pick([...WORKER_KINDS]) : r.chance(0.4) ? r.pick(COMMON) : r.pick(kinds)
  const long = place.hours * 60
  const minutes = Math.max(3, Math.round(Math.min(r.spread(3, 360), long * 0.35)))
  const early = r.chance(0.06)
  const start = early
    ? r.whole(0, 25)
    : r.whole(Math.round(long * 0.25), Math.max(Math.round(long * 0.25), Math.round(long * 0.95) - minutes))
  const scope = scopeFor(r, place, kind)
  return {
    kind,
    start: `+${start}m`,
    minutes,
    shape: r.pick(['step', 'step', 'step', 'ramp', 'pulse']),
    ...strengthFor(r, place, minutes, scope),
    ...scope,
  }
}

/** From barely 20 requests to half of the traffic. */
function strengthFor(r: Random, place: Place, minutes: number, scope: Partial<IncidentSpec>): Partial<IncidentSpec> {
  const narrow =
    scope.path !== undefined ||
    scope.country !== undefined ||
    scope.asn !== undefined ||
    scope.colo !== undefined ||
    scope.userAgent !== undefined
  if (!narrow && r.chance(0.3)) return { strength: { share: r.spread(0.03, 1) } }
  const total = Math.min(r.spread(25, 4_000), Math.max(30, 0.5 * place.ratePerMinute * minutes))
  return { strength: total / minutes }
}

function scopeFor(r: Random, place: Place, kind: IncidentKindName): Partial<IncidentSpec> {
  const worker = WORKER_KINDS.has(kind)
  const hosts = place.hosts.filter((host) => (worker ? host.worker !== undefined : host.kind !== 'legacy'))
  const host = r.pick(hosts)
  const rule =
    RULED.has(kind) && r.chance(0.5)
      ? { ruleId: r.pick(['5d2f71ab0c9c4b6e8a1234567890abcd', 'block-bad-bots', '100173']) }
      : {}
  const what = r.pick([
    'none',
    'host',
    'host',
    'host',
    'path',
    'client',
    'client',
    'host client',
    'agent',
    'path client',
  ] as const)
  const client = r.pick(CLIENTS)
  const scope: Partial<IncidentSpec> = { ...rule }
  if (what.includes('host') || what.includes('path')) scope.host = host.host
  if (what.includes('path') && kind !== 'uri-over-limit' && kind !== 'worker-method') {
    const usual = routesOf[host.kind]
      .filter((route) => route.weight > 0.5 && route.path !== '/')
      .map((route) => route.path)
    scope.path = r.chance(0.15) ? r.pick(NEW_PATHS) : r.pick(usual)
  }
  if (what.includes('client')) Object.assign(scope, client)
  if (what.includes('agent')) scope.userAgent = r.pick(AGENTS)
  return scope
}

/** What must not be taken for an incident. */
export function randomTrap(r: Random, place: Place): IncidentSpec {
  const kind = r.pick(TRAPS)
  const start = `+${r.whole(Math.round(place.hours * 15), place.hours * 60 - 30)}m`
  switch (kind) {
    case 'flash-crowd':
      return {
        kind,
        start,
        minutes: r.whole(15, 120),
        strength: { times: r.between(2, 7) },
        ...(r.chance(0.3) ? { host: r.pick(place.hosts).host } : {}),
      }
    case 'phantom-504':
      return { kind, start, minutes: r.whole(10, 90), strength: r.spread(5, Math.max(6, place.ratePerMinute)) }
    case 'stray-burst':
      return { kind, start, minutes: 2, strength: r.between(1, 3.5) }
    case 'log-gap':
      return { kind, start, minutes: r.whole(5, 60) }
    case 'stale-hiding-origin':
      return { kind, start, minutes: r.whole(10, 90), strength: { share: r.between(0.2, 0.9) } }
    default:
      return { kind, start, minutes: 20, strength: Math.max(1, place.ratePerMinute * 0.1) }
  }
}
