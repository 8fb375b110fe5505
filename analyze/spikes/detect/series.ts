import { exposureOf, type Exposure } from './exposure.js'
import { keyOf } from './relations.js'
import { joined, type State } from './state.js'
import type { Scope, Traffic } from './types.js'

/** A series to watch: one of the site's, or the sum of a class. */
export interface Watched {
  scope: Scope
  counts: Float64Array
}

/** The site's series, those of each whole class, and those that were seen before and are silent now. */
export function allSeries(traffic: Traffic, state: State, zeros: Float64Array): Watched[] {
  const hosts = new Set([...traffic.totals.keys(), ...traffic.series.map((s) => s.host), ...state.usual.keys()])
  hosts.delete(null)
  // One host is the whole site.
  const several = hosts.size > 1
  const all = new Map<string, Watched>()
  for (const { counts, ...scope } of traffic.series) {
    if (scope.host !== null && !several) continue
    add(all, scope, counts)
    // 499 is a class of one.
    if (scope.statusClass !== '499') add(all, { ...scope, status: null, source: null }, counts)
  }
  for (const [key, { scope }] of state.members) if (!all.has(key)) all.set(key, { scope, counts: zeros })
  return [...all.values()]
}

function add(all: Map<string, Watched>, scope: Scope, counts: Float64Array): void {
  const key = keyOf(scope)
  const same = all.get(key)
  if (!same) {
    const { status, statusClass, source, host } = scope
    all.set(key, { scope: { status, statusClass, source, host }, counts: status === null ? counts.slice() : counts })
    return
  }
  if (scope.status !== null) same.counts = same.counts.slice()
  for (let i = 0; i < counts.length; i++) same.counts[i] += counts[i]
}

/** The exposure of each host; a host without totals shares the site's. */
export function exposureByHost(
  traffic: Traffic,
  all: readonly Watched[],
  gaps: Uint8Array,
  state: State,
): (host: string | null) => Exposure {
  const { minutes, totals } = traffic
  const byHost = new Map<string | null, Exposure>()
  const like = { ...((state.wasOneHost && state.usual.get(null)) || state.unheard) }
  for (const host of new Set([...totals.keys(), ...state.usual.keys()])) {
    const usual = state.usual.get(host) ?? { ...like }
    state.usual.set(host, usual)
    const trouble = new Float64Array(minutes)
    for (const { scope, counts } of all) {
      if (scope.status === null || scope.host !== host) continue
      for (let i = 0; i < minutes; i++) trouble[i] += counts[i]
    }
    const exposure = exposureOf(totals.get(host) ?? new Float64Array(minutes), trouble, gaps, usual)
    byHost.set(host, exposure)
    const recalled = state.exposure.get(host)
    const { due } = exposure
    state.exposure.set(host, recalled ? joined(new Float64Array(recalled.length + minutes), recalled, due) : due)
  }
  const nothing = new Float64Array(minutes)
  const unheard = exposureOf(nothing, nothing, gaps, state.unheard)
  return (host) => byHost.get(host) ?? byHost.get(null) ?? unheard
}
