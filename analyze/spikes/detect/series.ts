import { exposureOf, type Exposure } from './exposure.js'
import { keyOf } from './relations.js'
import { joined, type State } from './state.js'
import type { Judged } from './watch-state.js'
import type { Scope, Traffic } from './types.js'

/** A series to watch: one of the site's, or the sum of a class. */
export interface Watched extends Judged {
  scope: Scope
  /** whether clients are told apart */
  ofClients: boolean
}

/** The site's series, those of each whole class, and those that were seen before and are silent now. */
export function allSeries(traffic: Traffic, state: State, zeros: Float64Array): Watched[] {
  const hosts = new Set([...traffic.totals.keys(), ...traffic.series.map((s) => s.host), ...state.usual.keys()])
  hosts.delete(null)
  // One host is the whole site.
  const several = hosts.size > 1
  const all = new Map<string, Watched>()
  let ofClients = false
  for (const series of traffic.series) {
    const { status, statusClass, source, host, counts, heads = counts, newcomers = counts } = series
    if (host !== null && !several) continue
    ofClients ||= series.heads !== undefined
    const one = {
      scope: { status, statusClass, source, host },
      counts,
      heads,
      newcomers,
      ofClients: series.heads !== undefined,
    }
    add(all, one)
    // 499 is a class of one.
    if (statusClass !== '499') add(all, { ...one, scope: { status: null, statusClass, source: null, host } })
  }
  for (const [key, { scope }] of state.members)
    if (!all.has(key)) all.set(key, { scope, counts: zeros, heads: zeros, newcomers: zeros, ofClients })
  return [...all.values()]
}

function add(all: Map<string, Watched>, one: Watched): void {
  const key = keyOf(one.scope)
  const same = all.get(key)
  if (!same) {
    // a class is a sum that others are added to
    const own = (counts: Float64Array) => (one.scope.status === null ? counts.slice() : counts)
    all.set(key, { ...one, counts: own(one.counts), heads: own(one.heads), newcomers: own(one.newcomers) })
    return
  }
  same.ofClients ||= one.ofClients
  for (const field of ['counts', 'heads', 'newcomers'] as const) {
    if (one.scope.status !== null) same[field] = same[field].slice()
    addTo(same[field], one[field])
  }
}

/** A loop of its own on arrays at hand: looking the field up for each minute took four times as long. */
function addTo(sums: Float64Array, more: Float64Array): void {
  for (let i = 0; i < more.length; i++) sums[i] += more[i]
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
      addTo(trouble, counts)
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
