import { includes } from './incident.js'
import type { Signature } from './incident.js'
import { statusClassOf } from './outcome.js'
import type { Outcome } from './outcome.js'
import type { EdgeRequest } from './request.js'
import type { GroundTruth } from './ground-truth.js'
import { pathOf } from './world/world.js'
import type { World } from './world/world.js'
import { hourMs } from './time.js'

/** Classes in the order of the hourly rows. */
export const statusClasses = ['2xx', '3xx', '4xx', '499', '5xx', 'other'] as const

/** Counts requests as they are planted. Plain arrays by index, because this runs for every line. */
export class Tally {
  lines = 0
  requests = 0
  readonly #world: World
  readonly #firstHour: number
  readonly #hosts: number
  #outcomes: Outcome[] = []
  #byOutcomeAndHost: number[] = []
  readonly #byNetwork: Float64Array
  #byPath: Float64Array
  readonly #byHourAndClass: Float64Array
  /** Class index by outcome index. */
  readonly #classOf: number[] = []

  constructor(world: World, fromMs: number, toMs: number) {
    this.#world = world
    this.#hosts = world.hosts.length
    this.#firstHour = Math.floor(fromMs / hourMs)
    const hours = Math.ceil(toMs / hourMs) - this.#firstHour
    this.#byHourAndClass = new Float64Array(hours * statusClasses.length)
    this.#byNetwork = new Float64Array(world.networks.length)
    this.#byPath = new Float64Array(world.pathCount)
  }

  add(request: EdgeRequest): void {
    this.lines += 1
    const { outcome } = request
    if (this.#outcomes[outcome.index] === undefined) this.#meet(outcome)
    this.#byOutcomeAndHost[outcome.index * this.#hosts + request.host.index] += 1
    if (!outcome.visitor) return
    this.#byNetwork[request.network.index] += 1
    this.#byPath[request.route.firstPath + request.id] += 1
    const hour = Math.floor(request.startMs / hourMs) - this.#firstHour
    this.#byHourAndClass[hour * statusClasses.length + this.#classOf[outcome.index]] += 1
  }

  #meet(outcome: Outcome): void {
    while (this.#byOutcomeAndHost.length < (outcome.index + 1) * this.#hosts) this.#byOutcomeAndHost.push(0)
    this.#outcomes[outcome.index] = outcome
    this.#classOf[outcome.index] = statusClasses.indexOf(
      statusClassOf(outcome.status) as (typeof statusClasses)[number],
    )
    if (this.#byPath.length < this.#world.pathCount) {
      const longer = new Float64Array(this.#world.pathCount)
      longer.set(this.#byPath)
      this.#byPath = longer
    }
  }

  /** Written visitors whose records look like that. */
  visitorsOf(signature: Signature): number {
    let sum = 0
    this.#eachOutcome((outcome, _, count) => {
      if (outcome.visitor && includes(signature, outcome)) sum += count
    })
    return sum
  }

  counts(): Pick<GroundTruth, 'visitors' | 'excluded' | 'counts'> {
    const byClass: Record<string, number> = {}
    const status: Record<string, number> = {}
    const source: Record<string, number> = {}
    const cacheStatus: Record<string, number> = {}
    const host: Record<string, number> = {}
    const requestSource: Record<string, number> = {}
    let visitors = 0
    let excluded = 0
    this.#eachOutcome((outcome, hostIndex, count) => {
      if (!outcome.visitor) {
        excluded += count
        bump(requestSource, outcome.requestSource, count)
        return
      }
      visitors += count
      bump(byClass, statusClassOf(outcome.status), count)
      bump(status, String(outcome.status), count)
      bump(source, outcome.source, count)
      bump(cacheStatus, outcome.cache, count)
      bump(host, this.#world.hosts[hostIndex].host, count)
    })
    const country: Record<string, number> = {}
    const colo: Record<string, number> = {}
    this.#byNetwork.forEach((count, i) => {
      bump(country, this.#world.networks[i].country, count)
      bump(colo, this.#world.networks[i].colo, count)
    })
    return {
      visitors,
      excluded: { total: excluded, requestSource: sorted(requestSource) },
      counts: {
        statusClass: sorted(byClass),
        status: sorted(status),
        source: sorted(source),
        cacheStatus: sorted(cacheStatus),
        host: sorted(host),
        country: sorted(country),
        colo: sorted(colo),
        path: this.#paths(),
      },
    }
  }

  hours(): GroundTruth['hours'] {
    const rows: GroundTruth['hours'] = []
    for (let at = 0; at < this.#byHourAndClass.length; at += statusClasses.length) {
      const counts = Object.fromEntries(statusClasses.map((name, i) => [name, this.#byHourAndClass[at + i]]))
      rows.push({ start: new Date((this.#firstHour + at / statusClasses.length) * hourMs).toISOString(), counts })
    }
    return rows
  }

  #paths(): Array<{ path: string; count: number }> {
    const byPath = new Map<string, number>()
    for (const route of this.#world.routes) {
      for (let id = 0; id < (route.ids?.size ?? 1); id += 1) {
        const count = this.#byPath[route.firstPath + id]
        if (count > 0) byPath.set(pathOf(route, id), (byPath.get(pathOf(route, id)) ?? 0) + count)
      }
    }
    return [...byPath]
      .map(([path, count]) => ({ path, count }))
      .sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
      .slice(0, 50)
  }

  #eachOutcome(visit: (outcome: Outcome, hostIndex: number, count: number) => void): void {
    this.#outcomes.forEach((outcome) => {
      for (let host = 0; host < this.#hosts; host += 1) {
        const count = this.#byOutcomeAndHost[outcome.index * this.#hosts + host]
        if (count > 0) visit(outcome, host, count)
      }
    })
  }
}

function bump(counts: Record<string, number>, key: string, by: number): void {
  if (by > 0) counts[key] = (counts[key] ?? 0) + by
}

/** Most first, ties by key (except that JavaScript puts whole numbers in front, in their order). */
function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
}
