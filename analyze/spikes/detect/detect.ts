import { MINUTE } from '../../../schema/words/duration.js'
import { findGaps } from './exposure.js'
import { incidents, type Incident } from './incidents.js'
import { requestsOf, type Node } from './node.js'
import { keyOf } from './relations.js'
import { CALM_FANO, ceiling, NEW_FANO } from './scan.js'
import { allSeries, exposureByHost, type Watched } from './series.js'
import { forget, forgetHosts, joined, newMember, newState, watchSilence, type State } from './state.js'
import { TEMPERS, TEMPERS_OF_CLIENTS, THRESHOLD } from './temper.js'
import type { Band, DetectOptions, Episode, History, Scope, Traffic, TroubleClass } from './types.js'
import { watch } from './watch.js'
import type { Tuning, Watch } from './watch-state.js'
import { inRecords, weightOf } from './weights.js'

/**
 * The map: traffic → gaps and exposure → one watch per series → incidents → episodes. Inside, counts are of records.
 */

/** Find the episodes of `traffic`, oldest first. */
export function detectEpisodes(traffic: Traffic, options: DetectOptions = {}): Episode[] {
  return run(traffic, options).episodes
}

/** What the minutes of `traffic` teach, for runs over the minutes that follow. */
export function learn(traffic: Traffic, options: DetectOptions = {}): History {
  return run(traffic, options).history
}

/**
 * Both at once. Running over a stretch and then, with its history, over the next gives the same as one run over both;
 * so a service keeps the history of a few hours ago and looks each minute at the minutes since: 300 series × 6 hours
 * take tens of milliseconds, and what arrived late in those hours still counts.
 */
export function run(
  requests: Traffic,
  options: DetectOptions = {},
): { episodes: Episode[]; readonly history: History } {
  const traffic = inRecords(requests)
  const { state, origin, begun, all, exposureFor } = prepare(traffic, options)
  const nodes: Node[] = []
  const members = all.map(({ scope }) => state.members.get(keyOf(scope)) ?? newMember(scope, state))
  all.forEach((series, n) => {
    const { scope } = series
    const member = members[n]
    state.members.set(keyOf(scope), member)
    const trace = { runs: member.runs, first: begun, expected: new Float32Array(traffic.minutes) }
    watch(member.watch, series, exposureFor(scope.host), tuningOf(series, options), trace)
    const recalled = member.expected.length
    const recall = (before: Float64Array, now: Float64Array) =>
      recalled > 0 ? joined(new Float64Array(recalled + traffic.minutes), before, now) : now
    member.counts = recall(member.counts, series.heads)
    member.requests = recall(member.requests, series.counts)
    member.expected =
      recalled > 0
        ? joined(new Float32Array(recalled + traffic.minutes), member.expected, trace.expected)
        : trace.expected
    nodes.push({ ...member, first: begun - recalled })
  })
  const ofClients = all.some((series) => series.ofClients)
  watchSilence(traffic.minutes, state, exposureFor, (c) => tuningOf({ scope: { statusClass: c }, ofClients }, options))
  state.minutes = begun + traffic.minutes
  const weights = traffic.weights ?? new Float64Array(traffic.minutes).fill(1)
  state.weights = joined(new Float64Array(state.weights.length + traffic.minutes), state.weights, weights)

  const exposureBetween = (host: string | null, start: number, end: number): number => {
    const exposure = state.exposure.get(host) ?? new Float64Array(0)
    const first = state.minutes - exposure.length
    return exposure.subarray(Math.max(0, start - first), Math.max(0, end - first)).reduce((a, b) => a + b, 0)
  }
  const from = options.reportFrom ?? -Infinity
  const episodes = (['4xx', '499', '5xx'] satisfies TroubleClass[])
    .flatMap((c) =>
      incidents(
        nodes.filter((n) => n.scope.statusClass === c),
        exposureBetween,
      ),
    )
    .map((incident) => episodeOf(incident, origin, state))
    .filter((e) => e.end > from)
    .sort((a, b) => a.start - b.start || a.detectedAt - b.detectedAt)
  return {
    episodes,
    get history() {
      return { version: 1 as const, until: origin + state.minutes * MINUTE, state: forget(state) }
    },
  }
}

/**
 * Draw one series against what was expected of it: what the past predicts, and the count at which one minute alone
 * would be an episode. `scope` is a series of `traffic`, or a whole class (status and source null).
 */
export function expectedBand(requests: Traffic, scope: Scope, options: DetectOptions = {}): Band {
  const traffic = inRecords(requests)
  const { state, begun, all, exposureFor, zeros } = prepare(traffic, options)
  const wanted = scope.status === null ? { ...scope, source: null } : scope
  const member = state.members.get(keyOf(wanted)) ?? newMember(wanted, state)
  const none = { heads: zeros, counts: zeros, newcomers: zeros, ofClients: false }
  const series = all.find((s) => keyOf(s.scope) === keyOf(wanted)) ?? none
  const tuning = tuningOf({ scope, ofClients: series.ofClients }, options)
  const expected = new Float32Array(traffic.minutes)
  const upper = new Float32Array(traffic.minutes)
  const onExpected = (w: Watch, minute: number, usual: number, habit: number, evidence: number) => {
    upper[minute - begun] = ceiling(w, minute, usual, habit, evidence, tuning.temper, tuning.threshold)
  }
  const trace = { runs: member.runs, first: begun, expected, onExpected }
  watch(member.watch, series, exposureFor(scope.host), tuning, trace)
  inRequests(series, expected, upper)
  traffic.weights?.forEach((weight, i) => {
    expected[i] *= weight
    upper[i] *= weight
  })
  return { from: traffic.from, expected, upper }
}

/** Bring traffic and what is known together: the series to watch, gaps and exposure. */
function prepare(traffic: Traffic, { history, hosts, isLast = false }: DetectOptions) {
  if (history && history.until !== traffic.from) {
    throw new RangeError(`history ends at ${history.until}, but traffic begins at ${traffic.from}: they must meet`)
  }
  const known = history?.state as State | undefined
  const state = known ? (isLast ? known : structuredClone(known)) : newState()
  state.wasOneHost = state.minutes > 0 && ![...state.members.values()].some((m) => m.scope.host !== null)
  if (hosts) forgetHosts(state, new Set(hosts))
  const zeros = new Float64Array(traffic.minutes)
  const all = allSeries(traffic, state, zeros)
  const gaps = findGaps(traffic.totals.get(null) ?? zeros, state.gaps)
  const exposureFor = exposureByHost(traffic, all, gaps, state)
  const begun = state.minutes
  return { state, begun, origin: traffic.from - begun * MINUTE, all, exposureFor, zeros }
}

/** A drawn band is held against requests; what was judged are clients. */
function inRequests(
  { counts, heads }: Pick<Watched, 'counts' | 'heads'>,
  expected: Float32Array,
  upper: Float32Array,
): void {
  const requests = counts.reduce((sum, n) => sum + n, 0)
  const judged = heads.reduce((sum, n) => sum + n, 0)
  const each = judged > 0 ? requests / judged : 1
  for (let i = 0; i < expected.length; i++) {
    expected[i] *= each
    upper[i] *= each
  }
}

function tuningOf(
  { scope: { statusClass }, ofClients }: { scope: { statusClass: TroubleClass }; ofClients: boolean },
  { sensitivity = 'medium' }: DetectOptions,
): Tuning {
  const temper = (ofClients ? TEMPERS_OF_CLIENTS : TEMPERS)[statusClass]
  return {
    temper,
    calmScatter: { fano: CALM_FANO, wobble: temper.wobble },
    newScatter: { fano: NEW_FANO, wobble: temper.wobble },
    threshold: THRESHOLD[sensitivity] + temper.caution,
    habits: !ofClients,
  }
}

function episodeOf(
  { node, source, start, end, ongoing, knownAt, score }: Incident,
  origin: number,
  state: State,
): Episode {
  const { observed, expected } = requestsOf(node, start, end)
  const weight = weightOf(node, start, end, state.weights, state.minutes - state.weights.length)
  return {
    ...node.scope,
    source,
    start: origin + start * MINUTE,
    end: origin + end * MINUTE,
    ongoing,
    detectedAt: origin + knownAt * MINUTE,
    observed: observed * weight,
    expected: expected * weight,
    score,
  }
}
