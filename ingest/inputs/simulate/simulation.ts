import type { Incident } from './incident.js'
import { compileLine } from './line-writer.js'
import { resolveOptions } from './options.js'
import type { ResolvedOptions } from './options.js'
import type { SimulateOptions } from './spec.js'
import { Outcomes } from './outcome.js'
import { Output } from './output.js'
import { Plan } from './plan.js'
import { binomial, hash, mix, Random } from './random.js'
import { measure } from './request.js'
import type { EdgeRequest } from './request.js'
import { MinuteSlots } from './slots.js'
import { agentOf, pickClient, pickId, pickOutcome, pickQuery } from './traffic.js'
import { Tally } from './tally.js'
import { describeIncident, describeQuiet } from './truth.js'
import type { GroundTruth } from './ground-truth.js'
import { World } from './world/world.js'

/** Requests longer than this are written when they end, as Logpush would, not when they start. */
const shortMs = 2_500

/**
 * One run of the simulator. `chunks()` gives the log once; `truth()` tells what it held, also while it is being read.
 *
 * A minute goes like this: the plan says how many requests each stream and each incident brings, every request gets its
 * moment, and they are made in that order; long ones wait for their end.
 */
export class Simulation {
  /** Names of the fields of every line, in order. */
  readonly fields: readonly string[]
  readonly #options: ResolvedOptions
  readonly #random: Random
  readonly #sampling: Random
  readonly #world: World
  readonly #make = new Outcomes()
  readonly #plan: Plan
  readonly #tally: Tally
  readonly #write: (out: Output, request: EdgeRequest) => void
  readonly #out = new Output()
  readonly #slots = new MinuteSlots()
  /** Long requests by the second of their end. */
  readonly #waiting = new Map<number, EdgeRequest[]>()
  readonly #raySalt: number
  #rays = 0
  /** Incidents of the current minute. */
  #active: Incident[] = []
  /** Lines of Worker sub-requests that are still to be taken out of the background. */
  #debt = 0
  #minute = 0
  #lastMinute = false
  #second = 0
  #started = false

  constructor(given: SimulateOptions) {
    const options = resolveOptions(given)
    this.#options = options
    this.fields = options.fieldNames
    this.#random = new Random(`${options.seed} requests`)
    this.#sampling = new Random(`${options.seed} sampling`)
    this.#raySalt = hash(`${options.seed} rays`)
    // Without records of sub-requests a Worker would be a wall, so its hosts become ordinary ones.
    this.#world = new World(
      options.internal ? options.hosts : options.hosts.map((host) => ({ ...host, worker: undefined })),
    )
    this.#plan = new Plan(given, options, this.#world, this.#make, new Random(`${options.seed} plan`))
    this.#tally = new Tally(this.#world, options.fromMs, options.toMs)
    this.#write = compileLine(options.fieldNames, options.timestamps)
    this.#second = Math.floor(options.fromMs / 1000)
  }

  /**
   * The log as chunks of about 1 MiB of whole lines, each in a buffer of its own, ordered by end time give or take a
   * few seconds. Can be read once.
   */
  *chunks(): Generator<Buffer, void, undefined> {
    if (this.#started) throw new Error('a simulation can be read once; make another one with the same options')
    this.#started = true
    const plan = this.#plan
    const slots = this.#slots
    let background = Math.max(0, plan.total - plan.extra)
    for (let m = 0; m < plan.minutes; m += 1) {
      this.#minute = m
      this.#lastMinute = plan.isLast(m)
      this.#active = plan.eventsOf(m).map(({ incident }) => incident)
      const count = binomial(this.#random, background, plan.partOf(m))
      const displaced = plan.fill(slots, m, count, this.#random)
      for (let i = 0; i < slots.size; i += 1) {
        const startMs = slots.timeAt(i)
        this.#releaseUntil(Math.floor(startMs / 1000))
        this.#begin(slots.whoAt(i), startMs)
        if (this.#out.full) yield this.#out.take()
      }
      background = Math.max(0, background - count - displaced - this.#debt)
      this.#debt = 0
    }
    for (const second of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      this.#release(second)
      if (this.#out.full) yield this.#out.take()
    }
    if (!this.#out.empty) yield this.#out.take()
  }

  /** What has been planted so far; whole once `chunks()` has ended. */
  truth(): GroundTruth {
    const { seed, fromMs, toMs, sampleRate } = this.#options
    const { planted, ambient } = this.#plan
    const incidents = planted.filter((incident) => !incident.kind.quiet)
    const jobs = ambient.filter((incident) => incident.kindName === 'nightly-job')
    return {
      seed,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      fields: this.fields,
      sampleRate,
      lines: this.#tally.lines,
      records: this.#tally.lines,
      requests: this.#tally.requests,
      ...this.#tally.counts(),
      hours: this.#tally.hours(),
      incidents: incidents.map((incident) =>
        describeIncident(incident, incidents, this.#tally, this.#plan.shareBetween(incident.startMs, incident.endMs)),
      ),
      quiet: [...planted.filter((incident) => incident.kind.quiet), ...jobs].map(describeQuiet),
    }
  }

  /** Makes the request of a slot: of a stream, or of an incident of this minute as -1 - place. */
  #begin(who: number, startMs: number): void {
    const random = this.#random
    const request = this.#request
    request.startMs = startMs
    let cause: Incident | null = null
    if (who < 0) {
      cause = this.#active[-1 - who]
      cause.choose(random, request)
    } else {
      this.#slots.backgroundLeft -= 1
      if (this.#debt > 0) {
        this.#debt -= 1
        return
      }
      const stream = this.#plan.streams[who]
      const use = stream.routes.of[stream.routes.alias.pick(random)]
      request.host = stream.host
      request.route = use.route
      request.network = stream.networks.of[stream.networks.alias.pick(random)]
      request.client = pickClient(random, stream.addresses)
      request.agent = agentOf(stream.agents, request.network, request.client)
      request.outcome = pickOutcome(random, use, this.#plan.errorMood(who, this.#minute))
      if (this.#active.length > 0) cause = this.#turn(request)
    }
    request.id = pickId(random, request.route)
    request.query = pickQuery(random, request.route)
    this.#finish(request, cause)
  }

  /** Lets an incident that turns a share of the usual requests have this one. */
  #turn(request: EdgeRequest): Incident | null {
    for (const incident of this.#active) {
      if (incident.share === 0 || !request.outcome.visitor || !incident.covers(request)) continue
      if (this.#random.unit() >= incident.share * incident.heightAt(request.startMs)) continue
      request.outcome = incident.outcomeFor(request.route, this.#random)
      return incident
    }
    return null
  }

  #finish(request: EdgeRequest, cause: Incident | null): void {
    const random = this.#random
    const { outcome } = request
    let slowness = 1
    for (const incident of this.#active) {
      if (incident.kind.slowness > 1) slowness *= incident.slownessFor(request, incident === cause)
    }
    if (outcome.scheme === 'http') request.agent = this.#world.plain(request.agent)
    measure(request, random, slowness)
    this.#giveRayId(request)
    request.parentHigh = 0
    request.parentLow = 0
    request.subrequests = 0
    if (outcome.child !== null) {
      const wanted = (random.bits() & 7) === 0 ? 2 : 1
      // The very last lines must not overrun the total.
      if (!this.#lastMinute || this.#slots.backgroundLeft >= this.#debt + wanted) request.subrequests = wanted
      for (let i = 0; i < request.subrequests; i += 1) this.#fetch(request, outcome.child, slowness)
    }
    this.#send(request, cause)
  }

  /** A Worker's sub-request: a record of its own, in place of one of the background. */
  #fetch(parent: EdgeRequest, outcome: EdgeRequest['outcome'], slowness: number): void {
    const child = { ...parent, outcome, subrequests: 0, parentHigh: parent.rayHigh, parentLow: parent.rayLow }
    child.startMs = parent.startMs + Math.min(this.#random.bits() & 3, this.#options.toMs - 1 - parent.startMs)
    child.agent = this.#world.plain(parent.agent)
    measure(child, this.#random, slowness)
    parent.endMs = Math.max(parent.endMs, child.endMs)
    this.#giveRayId(child)
    this.#debt += 1
    this.#send(child, null)
  }

  /**
   * RayIDs grow with time in their first half, as real ones do, and scatter a counter in the second: unique in a run.
   */
  #giveRayId(request: EdgeRequest): void {
    request.rayHigh = Math.floor(2_048_883_412 + (request.startMs / 1000 - 1_677_821_346) * 6.2137) | 0
    request.rayLow = mix((this.#rays + this.#raySalt) | 0)
    this.#rays += 1
  }

  /** Counts the request and writes it, now or at its end, unless sampling leaves it out. */
  #send(request: EdgeRequest, cause: Incident | null): void {
    const { sampleRate } = this.#options
    this.#tally.requests += 1
    if (sampleRate < 1 && this.#sampling.unit() >= sampleRate) return
    this.#tally.add(request)
    if (cause) cause.requests += 1
    for (const incident of this.#active) if (incident !== cause) incident.notice(request)
    if (request.endMs - request.startMs <= shortMs) {
      this.#write(this.#out, request)
      return
    }
    // Never a second that was already released: the start may lie a little behind the clock.
    const second = Math.max(this.#second, Math.floor(request.endMs / 1000))
    const others = this.#waiting.get(second)
    if (others) others.push({ ...request })
    else this.#waiting.set(second, [{ ...request }])
  }

  #releaseUntil(second: number): void {
    if (this.#waiting.size === 0) {
      this.#second = Math.max(this.#second, second)
      return
    }
    for (; this.#second < second; this.#second += 1) this.#release(this.#second)
  }

  #release(second: number): void {
    const due = this.#waiting.get(second)
    if (due === undefined) return
    this.#waiting.delete(second)
    for (const request of due) this.#write(this.#out, request)
  }

  /** Reused for every request; what has to wait is copied. */
  readonly #request = blankRequest()
}

/** Everything is set before use; the placeholders keep the object's shape the same throughout. */
function blankRequest(): EdgeRequest {
  const unset = null as never
  return {
    startMs: 0.5,
    endMs: 0.5,
    outcome: unset,
    host: unset,
    route: unset,
    id: 0,
    query: -1,
    network: unset,
    agent: unset,
    client: 0,
    rayHigh: 0,
    rayLow: 0,
    parentHigh: 0,
    parentLow: 0,
    subrequests: 0,
    firstByteMs: 0,
    originMs: 0,
    originHeaderMs: 0,
    originTcpMs: 0,
    originTlsMs: 0,
    originDnsMs: 0,
    bodyBytes: 0,
    requestBytes: 0,
    clientPort: 0,
    workerCpuUs: 0,
  }
}
