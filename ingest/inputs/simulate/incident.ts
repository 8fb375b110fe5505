import { kinds, strayOutcomes } from './kinds.js'
import type { IncidentKind, KindContext } from './kinds.js'
import { checkIncident, instant } from './options.js'
import type { IncidentSpec } from './spec.js'
import { statusClassOf } from './outcome.js'
import type { Outcome, Outcomes, SecurityRule } from './outcome.js'
import { gammaAroundOne, hash, poisson } from './random.js'
import type { Random } from './random.js'
import type { EdgeRequest } from './request.js'
import { securityRule } from './rules.js'
import { networksOf, scopeOf, targetsOf } from './scope.js'
import type { Target } from './scope.js'
import { agentOf, choiceOf, pickClient } from './traffic.js'
import type { Stream } from './traffic.js'
import type { Agent } from './world/agents.js'
import type { Network } from './world/networks.js'
import type { Choice, Host, Route, World } from './world/world.js'
import { minuteMs } from './time.js'

/** Shapes of a planted minute are overdispersed like the rest (coefficient of variation 20 %). */
const incidentCalm = 25

/** What all records of an incident have in common; null where they differ. A mixture of statuses is one of 5xx. */
export interface Signature {
  status: number | null
  source: string | null
}

/** Whether records of the other kind would be counted with these. */
export function includes(signature: Signature, other: Signature): boolean {
  const sameStatus =
    signature.status === null
      ? other.status === null || statusClassOf(other.status) === '5xx'
      : signature.status === other.status
  return sameStatus && (signature.source === null || signature.source === other.source)
}

/** A planted event: decides how many requests of its kind fall into a minute and what they are. */
export class Incident {
  readonly id: string
  readonly kindName: string
  readonly kind: IncidentKind
  readonly startMs: number
  readonly endMs: number
  readonly scope: Record<string, string>
  readonly spec: IncidentSpec
  /**
   * Requests that this event added or turned, and what the background brought of the same status and source
   * meanwhile.
   */
  requests = 0
  background = 0
  readonly #make: Outcomes
  readonly #targets: Choice<Target>
  readonly #hosts: Set<Host>
  readonly #routes: Set<Route>
  readonly #networks: Choice<Network> | null
  readonly #agent: Agent | null
  readonly #attackers: Choice<Agent> | null
  #signature: Signature | null = null
  readonly #outcomes = new Map<Route, Choice<Outcome>>()
  readonly #strength: number
  readonly #share: number
  readonly times: number
  readonly #rule: SecurityRule

  constructor(
    spec: IncidentSpec,
    number: number,
    fromMs: number,
    world: World,
    streams: readonly Stream[],
    make: Outcomes,
  ) {
    checkIncident(spec)
    this.spec = spec
    this.kindName = spec.kind
    this.kind = kinds[spec.kind]
    this.id = spec.id ?? `${spec.kind}-${number + 1}`
    const start = instant(spec.start, 'start', fromMs)
    const end = start + Math.round(spec.minutes * minuteMs)
    // A gap is made of whole minutes, so that no request of a kept minute is lost.
    this.startMs = spec.kind === 'log-gap' ? Math.floor(start / minuteMs) * minuteMs : start
    this.endMs = spec.kind === 'log-gap' ? Math.ceil(end / minuteMs) * minuteMs : end
    const { strength } = spec
    this.times = typeof strength === 'object' && 'times' in strength ? strength.times : 5
    this.#share = typeof strength === 'object' && 'share' in strength ? strength.share : 0
    this.#strength = typeof strength === 'number' ? strength : this.#share > 0 ? 0 : this.kind.strength
    this.#make = make
    this.#rule = this.kind.rule?.(spec.ruleId) ?? securityRule('unknown', 'log', '', false)
    this.#targets = targetsOf(spec, this.kind, world, streams)
    this.#hosts = new Set(this.#targets.of.map(({ stream }) => stream.host))
    this.#routes = new Set(this.#targets.of.map(({ route }) => route))
    this.#networks = networksOf(spec, this.kind, world)
    this.#attackers = this.kind.clients === 'attackers' ? world.agentAlias('service') : null
    this.#agent = spec.userAgent === undefined ? null : world.addAgent(spec.userAgent)
    this.scope = scopeOf(spec, this.kind.rule && this.#rule.id)
  }

  /** Whether the event plants requests of its own, in number independent of the traffic. */
  get plants(): boolean {
    return this.#strength > 0 && !['flash-crowd', 'log-gap'].includes(this.kindName)
  }

  get share(): number {
    return this.#share
  }

  get extra(): boolean {
    return this.spec.extra ?? this.kind.extra
  }

  /** Height from 0 to 1 at a moment. */
  heightAt(ms: number): number {
    if (ms < this.startMs || ms >= this.endMs) return 0
    if (this.spec.shape === 'ramp') return (ms - this.startMs) / (this.endMs - this.startMs)
    if (this.spec.shape === 'pulse') return Math.floor((ms - this.startMs) / minuteMs) % 5 < 3 ? 1 : 0
    return 1
  }

  /** Which part of a minute the event covers. */
  overlap(minuteStart: number): number {
    return Math.max(0, Math.min(this.endMs, minuteStart + minuteMs) - Math.max(this.startMs, minuteStart)) / minuteMs
  }

  /** How many requests the event plants in a minute of the range. */
  countIn(minuteStart: number, random: Random, range: { fromMs: number; toMs: number }): number {
    const from = Math.max(this.startMs, minuteStart, range.fromMs)
    const covered = Math.max(0, Math.min(this.endMs, minuteStart + minuteMs, range.toMs) - from) / minuteMs
    if (covered === 0) return 0
    const middle = from + (covered * minuteMs) / 2
    const mean = this.#strength * covered * this.heightAt(middle)
    return mean === 0 ? 0 : poisson(random, mean * gammaAroundOne(random, incidentCalm))
  }

  /** Chooses who asks for what; route and client still lack id, query and measures. */
  choose(random: Random, request: EdgeRequest): void {
    const { stream, route } = this.#targets.of[this.#targets.alias.pick(random)]
    const networks = this.#networks ?? stream.networks
    request.host = stream.host
    request.route = route
    request.network = networks.of[networks.alias.pick(random)]
    // Attackers use a few addresses that nobody else has.
    request.client = this.#attackers ? 30_000 + random.below(24) : pickClient(random, stream.addresses)
    request.agent = this.#agent ?? agentOf(this.#attackers ?? stream.agents, request.network, request.client)
    request.outcome = this.outcomeFor(route, random)
  }

  outcomeFor(route: Route, random: Random): Outcome {
    const outcomes = this.#outcomesOf(route)
    return outcomes.of[outcomes.alias.pick(random)]
  }

  /** Whether a background request lies in the event's scope. */
  covers(request: EdgeRequest): boolean {
    const { country, colo, asn } = this.spec
    return (
      this.#routes.has(request.route) &&
      this.#hosts.has(request.host) &&
      (country === undefined || request.network.country === country.toUpperCase()) &&
      (colo === undefined || request.network.colo === colo.toUpperCase()) &&
      (asn === undefined || request.network.asn === asn) &&
      (this.#agent === null || request.agent.userAgent === this.#agent.userAgent)
    )
  }

  /** Whether the event's requests would have come from this stream; those are left out when planted ones come in. */
  drawsFrom(stream: Stream): boolean {
    return (
      this.#hosts.has(stream.host) && !stream.spec.internal && stream.kind !== 'scanners' && stream.kind !== 'monitors'
    )
  }

  /**
   * How much longer the origin takes: fully in scope, less for the rest of the host, whose requests wait beside the
   * slow ones.
   */
  slownessFor(request: EdgeRequest, own: boolean): number {
    if (!this.#hosts.has(request.host)) return 1
    const full = 1 + (this.kind.slowness - 1) * this.heightAt(request.startMs)
    return own || this.covers(request) ? full : Math.sqrt(full)
  }

  concerns(host: Host): boolean {
    return this.#hosts.has(host)
  }

  /** Status and source of the records, null where there are several. */
  get signature(): Signature {
    this.#signature ??= this.#findSignature()
    return this.#signature
  }

  /**
   * Sees a request that is not the event's own: for a flash crowd everyone counts, for an incident what looks like
   * it.
   */
  notice(request: EdgeRequest): void {
    const { outcome, startMs } = request
    if (!outcome.visitor || startMs < this.startMs || startMs >= this.endMs) return
    if (this.kindName === 'flash-crowd') {
      if (this.#hosts.has(request.host)) this.requests += 1
    } else if (!this.kind.quiet && outcome.status >= 400 && includes(this.signature, outcome)) {
      this.background += 1
    }
  }

  #findSignature(): Signature {
    const looks = this.#targets.of.flatMap(({ route }) => (this.kind.quiet ? [] : this.#outcomesOf(route).of))
    const only = <T>(values: T[]): T | null => (new Set(values).size === 1 ? values[0] : null)
    return { status: only(looks.map((look) => look.status)), source: only(looks.map((look) => look.source)) }
  }

  #outcomesOf(route: Route): Choice<Outcome> {
    return this.#outcomes.get(route) ?? this.#rememberOutcomes(route)
  }

  #rememberOutcomes(route: Route): Choice<Outcome> {
    const scopedBy = this.spec.country !== undefined ? 'country' : this.spec.asn !== undefined ? 'asn' : 'ip'
    const context: KindContext = { make: this.#make, route, rule: this.#rule, scopedBy }
    const pairs = this.kind.mix(context)
    const stray = this.kindName === 'stray-burst' ? strayOutcomes(context) : null
    // A burst is of one code: the one that its name picks.
    const outcomes = choiceOf(stray ? [[stray[(hash(this.id) >>> 0) % stray.length][0], 1]] : pairs)
    this.#outcomes.set(route, outcomes)
    return outcomes
  }
}
