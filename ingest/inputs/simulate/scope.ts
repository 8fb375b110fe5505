import type { IncidentKind } from './kinds.js'
import { SimulateOptionError } from './options.js'
import type { IncidentSpec } from './spec.js'
import { Alias } from './random.js'
import type { Stream } from './traffic.js'
import type { Network } from './world/networks.js'
import type { Choice, Host, Route, World } from './world/world.js'

/** Where an incident's requests go and whose usual clients send them. */
export interface Target {
  stream: Stream
  route: Route
}

/**
 * Hosts, routes and streams in the scope, weighted by their usual traffic. Adds a route to the host if the path is
 * new.
 */
export function targetsOf(
  spec: IncidentSpec,
  kind: IncidentKind,
  world: World,
  streams: readonly Stream[],
): Choice<Target> {
  const hosts = hostsOf(spec, kind, world)
  const wanted = (route: Route): boolean =>
    (kind.routes === undefined || spec.path !== undefined || kind.routes.includes(route.kind)) &&
    (spec.path === undefined || route.path === spec.path || route.path.startsWith(`${spec.path.replace(/\/$/, '')}/`))
  const targets: Target[] = []
  const weights: number[] = []
  for (const stream of streams) {
    if (
      !hosts.includes(stream.host) ||
      stream.spec.internal ||
      ['scanners', 'monitors', 'crawlers'].includes(stream.kind)
    )
      continue
    const sum = stream.routes.of.reduce((total, use) => total + use.weight, 0)
    for (const use of stream.routes.of) {
      if (!wanted(use.route)) continue
      targets.push({ stream, route: use.route })
      weights.push((stream.share * use.weight) / sum)
    }
  }
  if (targets.length === 0) {
    for (const host of hosts) {
      const stream = streams
        .filter((each) => each.host === host && !each.spec.internal)
        .toSorted((a, b) => b.share - a.share)[0]
      const route = unusualRoute(spec, kind, host, world)
      if (!stream || !route) continue
      targets.push({ stream, route })
      weights.push(stream.share)
    }
  }
  if (targets.length === 0)
    throw new SimulateOptionError(`${spec.kind}: no host has routes that can show it; name a \`host\` and a \`path\``)
  return { of: targets, alias: new Alias(weights) }
}

/** A route of the host that nobody normally asks for, or a new one for the path of the spec. */
function unusualRoute(spec: IncidentSpec, kind: IncidentKind, host: Host, world: World): Route | undefined {
  if (spec.path === undefined) return host.routes.find((route) => kind.routes?.includes(route.kind))
  const usual = host.kind === 'api' ? 'api-read' : 'page'
  return world.addRoute(host, { kind: kind.routes?.[0] ?? usual, method: 'GET', path: spec.path, weight: 0 })
}

function hostsOf(spec: IncidentSpec, kind: IncidentKind, world: World): Host[] {
  if (spec.host !== undefined) {
    const name = spec.host.toLowerCase()
    const named = world.hosts.filter((host) => host.host === name)
    if (named.length === 0)
      throw new SimulateOptionError(
        `${spec.kind}: no host ${spec.host}; known: ${world.hosts.map((host) => host.host).join(', ')}`,
      )
    if (kind.workers === 'only' && named[0].worker === undefined) {
      throw new SimulateOptionError(`${spec.kind}: ${spec.host} has no Worker in front`)
    }
    return named
  }
  if (spec.kind === 'flash-crowd' || spec.kind === 'log-gap') return [...world.hosts]
  if (kind.workers === 'only') return world.hosts.filter((host) => host.worker !== undefined)
  const ordinary = world.hosts.filter((host) => host.worker === undefined && host.kind !== 'legacy')
  const served = ordinary.filter((host) => kind.routes !== undefined || host.kind !== 'assets')
  return served.length > 0 ? served : [...world.hosts]
}

/** Networks that the scope names; null where the usual ones of the stream will do. */
export function networksOf(spec: IncidentSpec, kind: IncidentKind, world: World): Choice<Network> | null {
  const { country, colo, asn } = spec
  const scoped = country !== undefined || colo !== undefined || asn !== undefined
  if (!scoped)
    return kind.clients === 'attackers' ? world.networkAlias(['cloud'], (network) => network.index % 3 === 0) : null
  const wanted = (network: Network): boolean =>
    (country === undefined || network.country === country.toUpperCase()) &&
    (colo === undefined || network.colo === colo.toUpperCase()) &&
    (asn === undefined || network.asn === asn)
  const visitors = kind.clients === 'visitors' ? world.networkAlias(['home', 'mobile'], wanted) : null
  const found = visitors ?? world.networkAlias(['home', 'mobile', 'cloud'], wanted)
  if (found === null)
    throw new SimulateOptionError(`${spec.kind}: no simulated network has that country, data centre and ASN together`)
  return found
}

/** The scope as the ground truth tells it: every value a string, in the case in which it is stored. */
export function scopeOf(spec: IncidentSpec, ruleId: string | undefined): Record<string, string> {
  const scope: Record<string, string> = {}
  if (spec.host !== undefined) scope.host = spec.host.toLowerCase()
  if (spec.path !== undefined) scope.path = spec.path
  if (spec.country !== undefined) scope.country = spec.country.toUpperCase()
  if (spec.colo !== undefined) scope.colo = spec.colo.toUpperCase()
  if (spec.asn !== undefined) scope.asn = String(spec.asn)
  if (spec.userAgent !== undefined) scope.userAgent = spec.userAgent
  if (ruleId) scope.securityRuleId = ruleId
  return scope
}
