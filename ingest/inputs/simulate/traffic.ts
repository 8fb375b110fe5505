import { backgroundMix, imageResizingMix, phantomMix } from './background.js'
import type { Mix } from './background.js'
import type { Outcome, Outcomes } from './outcome.js'
import { Alias, mix } from './random.js'
import type { Random } from './random.js'
import { streamShares, streamSpecs } from './streams.js'
import type { StreamKind, StreamSpec } from './streams.js'
import type { Agent } from './world/agents.js'
import type { Network } from './world/networks.js'
import type { Choice, Host, Route, World } from './world/world.js'

/** A route as one stream uses it. */
export interface RouteUse {
  readonly route: Route
  readonly weight: number
  /** How requests end well and how they fail (status 400 and above); null if they never do the one or the other. */
  readonly good: Choice<Outcome> | null
  readonly bad: Choice<Outcome> | null
  /** Usual share of failures. */
  readonly badShare: number
}

/** Traffic of one kind of client to one host. */
export interface Stream {
  readonly kind: StreamKind
  readonly spec: StreamSpec
  readonly host: Host
  /** Part of all traffic. */
  readonly share: number
  readonly routes: Choice<RouteUse>
  readonly networks: Choice<Network>
  readonly agents: Choice<Agent>
  /** How many client addresses each network brings. */
  readonly addresses: number
}

/** A visitor asks about this often; the number of addresses follows from it. */
const requestsPerClient = 6

/** All streams of a world; their shares sum to 1. `requests` is about how many there will be. */
export function streamsOf(world: World, make: Outcomes, internal: boolean, requests: number): Stream[] {
  const drafts: Stream[] = []
  for (const host of world.hosts) {
    const shares = Object.entries(streamShares[host.kind]) as Array<[StreamKind, number]>
    for (const [kind, share] of shares) {
      const spec = streamSpecs[kind]
      if (spec.internal && !internal) continue
      const uses = host.routes.flatMap((route): RouteUse[] => {
        const weight = useWeight(spec, route)
        return weight > 0 ? [useOf(route, weight, mixOf(make, kind, spec, host, route))] : []
      })
      const networks =
        kind === 'crawlers'
          ? world.networkAlias(['cloud'], (network) => network.country === 'US')
          : world.networkAlias(spec.networks)
      if (uses.length === 0 || networks === null) continue
      drafts.push({
        kind,
        spec,
        host,
        share: host.share * share,
        networks,
        addresses: 0,
        agents: world.agentAlias(spec.group),
        routes: { of: uses, alias: new Alias(uses.map((use) => use.weight)) },
      })
    }
  }
  const sum = drafts.reduce((total, stream) => total + stream.share, 0)
  const clients = requests / requestsPerClient
  return drafts.map((stream) => ({
    ...stream,
    share: stream.share / sum,
    addresses: Math.ceil(Math.min(stream.spec.addresses, Math.max(3, (2 * clients) / stream.networks.of.length))),
  }))
}

function useOf(route: Route, weight: number, mix: Mix): RouteUse {
  const sum = (pairs: Mix): number => pairs.reduce((total, [, part]) => total + part, 0)
  const good = mix.filter(([outcome, part]) => part > 0 && outcome.status < 400)
  const bad = mix.filter(([outcome, part]) => part > 0 && outcome.status >= 400)
  return {
    route,
    weight,
    good: good.length > 0 ? choiceOf(good) : null,
    bad: bad.length > 0 ? choiceOf(bad) : null,
    badShare: sum(bad) / sum(mix),
  }
}

/** How a request of the background ends; `mood` multiplies the usual share of failures. */
export function pickOutcome(random: Random, use: RouteUse, mood: number): Outcome {
  const fails = use.good === null || (use.bad !== null && random.unit() < use.badShare * mood)
  const choice = (fails ? use.bad : use.good) as Choice<Outcome>
  return choice.of[choice.alias.pick(random)]
}

export function choiceOf(pairs: Mix): Choice<Outcome> {
  return { of: pairs.map(([outcome]) => outcome), alias: new Alias(pairs.map(([, weight]) => weight)) }
}

/** How much of a stream goes to a route; probes and health checks only get who asks for them by name. */
function useWeight(spec: StreamSpec, route: Route): number {
  if (spec.routes && !spec.routes.includes(route.kind)) return 0
  if (!spec.routes && (route.kind === 'probe' || route.kind === 'health')) return 0
  if (spec.group === 'crawler' && route.method !== 'GET') return 0
  if (route.kind === 'health') return 8
  if (spec.group === 'monitor') return route.path === '/' ? 2 : 0
  return route.weight
}

function mixOf(make: Outcomes, kind: StreamKind, spec: StreamSpec, host: Host, route: Route): Mix {
  if (kind === 'earlyHints') return phantomMix(make)
  if (kind === 'imageResizing') return imageResizingMix(make)
  return backgroundMix(make, host, route, spec.group)
}

/** A client of a network: the same number is always the same address, a few come back often, most seldom. */
export function pickClient(random: Random, addresses: number): number {
  const u = random.unit()
  return Math.floor(addresses * u * u)
}

/** Every client keeps its agent. */
export function agentOf(agents: Choice<Agent>, network: Network, client: number): Agent {
  return agents.of[agents.alias.at((mix((network.index << 15) | client) >>> 0) / 4294967296)]
}

/** An id of the route: few are popular, many are rare; every route has its own favourites. */
export function pickId(random: Random, route: Route): number {
  if (route.ids === null) return 0
  const u = random.unit()
  return (Math.floor(route.ids.size * u * u) + route.index * 97) % route.ids.size
}

/** A query string of the route, or -1 for none. */
export function pickQuery(random: Random, route: Route): number {
  const count = route.queryBytes.length
  if (count === 0) return -1
  const always = route.kind === 'search' || route.kind === 'long-uri'
  return always || random.bits() % 3 === 0 ? random.below(count) : -1
}
