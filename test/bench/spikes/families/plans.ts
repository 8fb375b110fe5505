import { ruled, type Answer } from '../log-level-other.js'
import type { Random } from '../../../analyze/worlds/random.js'
import type { Label } from './corpus.js'
import { FAILURES } from './extras.js'
import { ofOrigin, type Hit, type Plan, type PlannedLabel } from './site.js'

/** What plans of families are made with. */
export type Family = (r: Random) => Plan

export const PATHS = [
  '/',
  '/products',
  '/products/7',
  '/cart',
  '/search',
  '/login',
  '/account',
  '/news',
  '/api/items',
  '/checkout',
]

export function site(
  r: Random,
  given: Partial<Plan> & { minutes: number; rate: number },
  hosts = r.pick([1, 1, 2, 4]),
): Plan {
  const names = Array.from({ length: hosts }, (_, i) => ({
    name: `${['www', 'shop', 'api', 'm'][i] ?? `s${i}`}.${r.pick(['alder', 'brook', 'cedar', 'dune'])}.example`,
    weight: i === 0 ? 3 : r.between(0.3, 2),
  }))
  return {
    hosts: names,
    paths: PATHS,
    rhythm: r.between(0.2, 0.85),
    weekend: r.between(0.5, 1.2),
    usual: [
      { share: r.spread(0.003, 0.04), answer: ofOrigin(404) },
      { share: r.spread(0.0005, 0.01), answer: ruled(403, 'firewallManaged', 'block', 'old-rule') },
      {
        share: r.spread(0.001, 0.008),
        answer: () => ({ status: 499, origin: 0, wait: (rr) => rr.whole(200, 4_000), source: 'client' }),
      },
      { share: r.spread(0.0001, 0.002), answer: (rr) => ofOrigin(rr.pick([500, 502, 503]))(rr) },
    ],
    troubles: [],
    extras: [],
    labels: [],
    stay: r.between(3, 14),
    ...given,
  }
}

/** Part of the visitors' requests in scope fails; the label says so. */
export function outage(
  plan: Plan,
  from: number,
  minutes: number,
  {
    part,
    status,
    answer,
    scope = {},
    told = 'find',
  }: {
    part: number | ((minute: number) => number)
    status: number
    answer: (r: Random) => Answer
    scope?: { [name: string]: string }
    told?: PlannedLabel['told']
  },
): PlannedLabel {
  const label: PlannedLabel = { from, to: from + minutes, status, statusClass: classOf(status), told, scope }
  plan.troubles.push({
    from,
    to: from + minutes,
    hits: (hit) => inScope(scope, hit),
    part: typeof part === 'number' ? () => part : part,
    answer,
    label,
  })
  plan.labels.push(label)
  return label
}

export const classOf = (status: number): Label['statusClass'] =>
  status === 499 ? '499' : status >= 500 ? '5xx' : '4xx'

export function inScope(scope: { [name: string]: string }, hit: Hit): boolean {
  return (
    (scope.host === undefined || scope.host === hit.host) &&
    (scope.path === undefined || scope.path === hit.path) &&
    (scope.country === undefined || scope.country === hit.client.country.toUpperCase()) &&
    (scope.colo === undefined || scope.colo === hit.client.colo) &&
    (scope.userAgent === undefined || scope.userAgent === hit.client.agent) &&
    (scope.asn === undefined || scope.asn === String(hit.client.asn))
  )
}

/** An only host sets nothing apart: no spike names it. */
export const ofHost = ({ hosts }: Plan, host: string): { [name: string]: string } => (hosts.length > 1 ? { host } : {})

export function plainOutage(r: Random, plan: Plan, from: number, minutes: number, failures: number): PlannedLabel {
  const [status, answer] = r.pick(FAILURES)
  const part = Math.min(0.95, failures / (plan.rate * (1 - plan.rhythm / 2) * minutes))
  return outage(plan, from, minutes, { part, status, answer })
}

export const late = (r: Random, plan: Plan, length: number) =>
  r.whole(Math.round(plan.minutes * 0.4), plan.minutes - length - 30)
