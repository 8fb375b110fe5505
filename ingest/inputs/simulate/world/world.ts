import { Alias } from '../random.js'
import { worldAgents, describeAgent, withoutTls } from './agents.js'
import type { Agent, AgentGroup } from './agents.js'
import { defaultLatencyMs } from './hosts.js'
import type { HostSpec } from './hosts.js'
import { idPool } from './ids.js'
import type { IdPool } from './ids.js'
import { networks } from './networks.js'
import type { Network, NetworkKind } from './networks.js'
import { probes, routesOf } from './routes.js'
import type { RouteSpec } from './routes.js'

export interface Host extends HostSpec {
  readonly index: number
  readonly latencyMs: number
  /** `ClientRequestReferer` of a visitor who comes from the host itself. */
  readonly referer: Uint8Array
  readonly routes: Route[]
}

/** A route of one host, ready for writing and counting. */
export interface Route extends RouteSpec {
  readonly index: number
  readonly host: Host
  readonly ids: IdPool | null
  readonly prefix: Uint8Array
  readonly suffix: Uint8Array
  /** Each with its leading `?`. */
  readonly queryBytes: readonly Uint8Array[]
  readonly bytes: number
  readonly slowness: number
  /** `EdgeResponseContentType` of an ordinary answer, and whether that is JSON. */
  readonly contentType: Uint8Array
  readonly json: boolean
  /** Place of this route's first path in a tally of all paths. */
  readonly firstPath: number
}

/** The hosts, routes, networks and agents of one simulation. Incidents may add routes and agents. */
export class World {
  readonly hosts: Host[] = []
  readonly routes: Route[] = []
  readonly networks = networks
  readonly agents: Agent[] = worldAgents()
  pathCount = 0
  readonly #plain = new Map<Agent, Agent>()

  constructor(specs: readonly HostSpec[]) {
    for (const spec of specs) {
      const host: Host = {
        ...spec,
        host: spec.host.toLowerCase(),
        index: this.hosts.length,
        latencyMs: spec.latencyMs ?? defaultLatencyMs[spec.kind],
        referer: Buffer.from(`https://${spec.host.toLowerCase()}/`),
        routes: [],
      }
      this.hosts.push(host)
      for (const route of [...routesOf[spec.kind], ...probes]) this.addRoute(host, route)
    }
  }

  addRoute(host: Host, spec: RouteSpec): Route {
    const [prefix, suffix = ''] = spec.path.split(':id')
    const ids = spec.path.includes(':id') ? idPool(spec.id ?? 'number') : null
    const type = contentTypeOf(spec, host)
    const route: Route = {
      ...spec,
      index: this.routes.length,
      host,
      ids,
      prefix: Buffer.from(prefix),
      suffix: Buffer.from(suffix),
      queryBytes: (spec.queries ?? []).map((query) => Buffer.from(`?${query}`)),
      bytes: spec.bytes ?? 2_000,
      slowness: spec.slowness ?? 1,
      contentType: Buffer.from(type),
      json: type === 'application/json',
      firstPath: this.pathCount,
    }
    this.pathCount += ids?.size ?? 1
    this.routes.push(route)
    host.routes.push(route)
    return route
  }

  /** The agent of that string, described anew if the world does not know it. */
  addAgent(userAgent: string): Agent {
    const known = this.agents.find((agent) => agent.userAgent === userAgent)
    if (known) return known
    const agent = describeAgent(this.agents.length, 'service', userAgent, 'HTTP/1.1', 0)
    this.agents.push(agent)
    return agent
  }

  /** The same agent without TLS towards the client. */
  plain(agent: Agent): Agent {
    const known = this.#plain.get(agent)
    if (known) return known
    const plain = { ...withoutTls(agent), index: this.agents.length, weight: 0 }
    this.agents.push(plain)
    this.#plain.set(agent, plain)
    return plain
  }

  agentAlias(group: AgentGroup): Choice<Agent> {
    const agents = this.agents.filter((agent) => agent.group === group && agent.weight > 0)
    return { of: agents, alias: new Alias(agents.map((agent) => agent.weight)) }
  }

  networkAlias(
    kinds: readonly NetworkKind[],
    where: (network: Network) => boolean = () => true,
  ): Choice<Network> | null {
    const chosen = this.networks.filter((network) => kinds.includes(network.kind) && where(network))
    if (chosen.length === 0) return null
    return { of: chosen, alias: new Alias(chosen.map((network) => network.weight)) }
  }
}

/** Things with weights, and the table to pick one quickly. */
export interface Choice<T> {
  readonly of: readonly T[]
  readonly alias: Alias
}

/** The text of a route's path with the id of that number. */
export function pathOf(route: Route, id: number): string {
  return route.ids ? route.path.replace(':id', () => route.ids?.text(id) ?? '') : route.path
}

const typeByEnding: Readonly<Record<string, string>> = {
  js: 'application/javascript',
  css: 'text/css',
  avif: 'image/avif',
  webp: 'image/webp',
  woff2: 'font/woff2',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  ico: 'image/x-icon',
  txt: 'text/plain',
  xml: 'application/xml',
}

function contentTypeOf(route: RouteSpec, host: Host): string {
  const ending = /\.(\w+)$/.exec(route.path)?.[1] ?? ''
  const json =
    host.kind === 'api' || ['api-read', 'api-write', 'login', 'upload', 'batch', 'health'].includes(route.kind)
  return typeByEnding[ending] ?? (json ? 'application/json' : 'text/html')
}
