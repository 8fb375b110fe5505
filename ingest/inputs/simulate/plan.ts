import { nightlyJobs, strayBursts } from './ambient.js'
import { Incident } from './incident.js'
import { demoIncidents } from './demo.js'
import { SimulateOptionError } from './options.js'
import type { ResolvedOptions } from './options.js'
import type { IncidentSpec, SimulateOptions } from './spec.js'
import type { Outcomes } from './outcome.js'
import { binomial, poisson } from './random.js'
import type { Random } from './random.js'
import { minuteWeights, moods } from './rhythm.js'
import type { MinuteSlots } from './slots.js'
import { streamsOf } from './traffic.js'
import type { Stream } from './traffic.js'
import type { World } from './world/world.js'
import { minuteMs } from './time.js'

/** What the whole site shares: sigma of the slow wander and gamma shape of a minute. */
const siteWander = 0.05
const siteCalm = 250

/** The same for the share of errors in a stream, which comes in spells. */
const errorWander = 0.22
const errorCalm = 9

/** Traffic that grows with a flash crowd: people and what their visits cause. */
const crowdStreams = ['people', 'apps', 'earlyHints', 'imageResizing']

/**
 * Everything that is decided before the first line: how much traffic each stream expects in each minute, which events
 * happen and how many requests each of them plants when. Nothing here depends on how the lines are read.
 */
export class Plan {
  readonly streams: Stream[]
  /** From the options; all of them are in the truth. */
  readonly planted: Incident[]
  /** Nightly jobs and stray bursts; the jobs are in the truth as quiet events, the bursts are part of the noise. */
  readonly ambient: Incident[]
  readonly firstMinute: number
  readonly minutes: number
  /** Requests in total, planted ones included. */
  readonly total: number
  /** Planted requests that come on top of the usual traffic. */
  readonly extra: number
  readonly #options: ResolvedOptions
  readonly #weights: Float64Array[]
  /** By stream and minute: how many errors it has, relative to its usual share. */
  readonly #errorMoods: Float64Array[]
  /** Expected background of each minute, and from it to the end. */
  readonly #sums: Float64Array
  readonly #ahead: Float64Array
  /** For minutes in which something happens: the incidents and how many requests each plants. */
  readonly #events = new Map<number, Array<{ incident: Incident; count: number }>>()

  constructor(given: SimulateOptions, options: ResolvedOptions, world: World, make: Outcomes, random: Random) {
    const { fromMs, toMs, ratePerMinute } = options
    this.#options = options
    this.streams = streamsOf(world, make, options.internal, (ratePerMinute * (toMs - fromMs)) / minuteMs)
    const incidentOf = (spec: IncidentSpec, i: number): Incident =>
      new Incident(spec, i, fromMs, world, this.streams, make)
    this.planted = specsOf(given, options).map(incidentOf)
    this.ambient = [
      ...(options.nightlyJob ? nightlyJobs(world.hosts, ratePerMinute, fromMs, toMs) : []),
      ...(options.strays ? strayBursts(random, world, ratePerMinute, fromMs, toMs) : []),
    ].map(incidentOf)
    this.firstMinute = Math.floor(fromMs / minuteMs)
    this.minutes = Math.ceil(toMs / minuteMs) - this.firstMinute
    this.#weights = this.#expectTraffic(random)
    this.#errorMoods = this.streams.map(() =>
      moods(random, errorWander * options.unrest, errorCalm / options.unrest ** 2, this.minutes),
    )
    this.#sums = new Float64Array(this.minutes)
    for (const weights of this.#weights) weights.forEach((weight, m) => (this.#sums[m] += weight))
    this.#ahead = new Float64Array(this.minutes + 1)
    for (let m = this.minutes - 1; m >= 0; m -= 1) this.#ahead[m] = this.#ahead[m + 1] + this.#sums[m]
    this.extra = this.#placeEvents(random)
    this.total = options.lines ?? poisson(random, (ratePerMinute * (toMs - fromMs)) / minuteMs) + this.extra
  }

  /** Which part of the background still to come falls into this minute; 1 in the last minute that has any. */
  partOf(m: number): number {
    return this.#sums[m] > 0 ? this.#sums[m] / this.#ahead[m] : 0
  }

  isLast(m: number): boolean {
    return !(this.#ahead[m + 1] > 0)
  }

  errorMood(stream: number, m: number): number {
    return this.#errorMoods[stream][m]
  }

  eventsOf(m: number): ReadonlyArray<{ incident: Incident; count: number }> {
    return this.#events.get(m) ?? []
  }

  /** Which part of the whole background is expected between two moments. */
  shareBetween(startMs: number, endMs: number): number {
    let sum = 0
    for (let m = 0; m < this.minutes; m += 1) {
      const at = (this.firstMinute + m) * minuteMs
      sum += (this.#sums[m] * Math.max(0, Math.min(endMs, at + minuteMs) - Math.max(startMs, at))) / minuteMs
    }
    return this.#ahead[0] > 0 ? sum / this.#ahead[0] : 0
  }

  /**
   * Fills the slots of a minute: `count` background requests shared among the streams, and the planted ones (as -1 -
   * place in `eventsOf`), which take the place of background requests unless they come on top. Returns how many found
   * no place.
   */
  fill(slots: MinuteSlots, m: number, count: number, random: Random): number {
    const { fromMs, toMs } = this.#options
    const start = (this.firstMinute + m) * minuteMs
    slots.begin(Math.max(fromMs, start), Math.min(toMs, start + minuteMs))
    const counts = this.#share(m, count, random)
    let displaced = 0
    this.eventsOf(m).forEach(({ incident, count: planted }, place) => {
      for (let i = 0; i < planted; i += 1) slots.add(-1 - place, random, incident.startMs, incident.endMs)
      if (!incident.extra) displaced += planted - takeOut(counts, this.streams, incident, planted, random)
    })
    counts.forEach((n, stream) => {
      for (let i = 0; i < n; i += 1) slots.add(stream, random)
    })
    slots.sort(random)
    return displaced
  }

  #expectTraffic(random: Random): Float64Array[] {
    const { rhythm, unrest, fromMs, toMs } = this.#options
    const site = moods(random, siteWander * unrest, siteCalm / unrest ** 2, this.minutes)
    const gaps = this.planted.filter((incident) => incident.kindName === 'log-gap')
    const crowds = this.planted.filter((incident) => incident.kindName === 'flash-crowd')
    const startMs = this.firstMinute * minuteMs
    return this.streams.map((stream) => {
      const weights = minuteWeights(random, stream.spec, rhythm, unrest, startMs, this.minutes)
      for (let m = 0; m < this.minutes; m += 1) {
        const at = startMs + m * minuteMs
        // The first and the last minute of a range may be cut.
        weights[m] *= (site[m] * stream.share * (Math.min(toMs, at + minuteMs) - Math.max(fromMs, at))) / minuteMs
        if (gaps.some((gap) => gap.overlap(at) > 0)) weights[m] = 0
        for (const crowd of crowds) {
          if (crowdStreams.includes(stream.kind) && crowd.concerns(stream.host)) {
            weights[m] *= 1 + (crowd.times - 1) * crowd.heightAt(at + minuteMs / 2)
          }
        }
      }
      return weights
    })
  }

  /** Returns how many requests come on top of the background. */
  #placeEvents(random: Random): number {
    let extra = 0
    for (const incident of [...this.planted, ...this.ambient]) {
      const first = Math.max(0, Math.floor(incident.startMs / minuteMs) - this.firstMinute)
      const end = Math.min(this.minutes, Math.ceil(incident.endMs / minuteMs) - this.firstMinute)
      for (let m = first; m < end; m += 1) {
        const drawn = incident.plants ? incident.countIn((this.firstMinute + m) * minuteMs, random, this.#options) : 0
        // No logs, no incident in them.
        const count = this.#sums[m] > 0 ? drawn : 0
        if (incident.extra) extra += count
        const events = this.#events.get(m)
        if (events) events.push({ incident, count })
        else this.#events.set(m, [{ incident, count }])
      }
    }
    return extra
  }

  #share(m: number, count: number, random: Random): number[] {
    let left = count
    let weightLeft = this.#sums[m]
    return this.#weights.map((weights, i) => {
      const n =
        i === this.#weights.length - 1
          ? left
          : binomial(random, left, weightLeft > 0 ? Math.min(1, weights[m] / weightLeft) : 0)
      weightLeft -= weights[m]
      left -= n
      return n
    })
  }
}

function specsOf(given: SimulateOptions, options: ResolvedOptions): readonly IncidentSpec[] {
  const incidents = given.incidents ?? (given.preset === 'demo' ? 'demo' : 'none')
  if (incidents === 'none') return []
  if (incidents === 'demo') return demoIncidents(options)
  if (Array.isArray(incidents)) return incidents as readonly IncidentSpec[]
  throw new SimulateOptionError(`\`incidents\` must be none, demo or a list, not ${JSON.stringify(incidents)}`)
}

/**
 * Takes up to `wanted` requests out of the streams that an incident draws from, in proportion; returns how many it
 * got.
 */
function takeOut(
  counts: number[],
  streams: readonly Stream[],
  incident: Incident,
  wanted: number,
  random: Random,
): number {
  const from = streams.flatMap((stream, i) => (incident.drawsFrom(stream) ? [i] : []))
  let there = from.reduce((sum, i) => sum + counts[i], 0)
  let left = Math.min(wanted, there)
  const taken = left
  for (const i of from) {
    if (there === 0) break
    const n = Math.min(counts[i], left, Math.max(binomial(random, left, counts[i] / there), left - (there - counts[i])))
    there -= counts[i]
    counts[i] -= n
    left -= n
  }
  return taken
}
