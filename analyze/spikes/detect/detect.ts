import { exposureOf, findGaps, newUsual, type Exposure, type Usual } from './exposure.js'
import { incidents, sumsOf, type Incident, type Node } from './incidents.js'
import { TEMPERS, THRESHOLD } from './temper.js'
import { ceiling } from './scan.js'
import type { Band, DetectOptions, Episode, History, Scope, Traffic, TroubleClass } from './types.js'
import type { Run } from './run.js'
import { newWatch, watch, type Watch } from './watch.js'

/**
 * The map: traffic → gaps and exposure → one watch per series → incidents → episodes.
 */

const MINUTE = 60_000
/** Minutes that a history keeps of each series: enough to tell hosts and codes of an open incident apart. */
const RECALL = 360

interface State {
  minutes: number
  gaps: Usual
  usual: Map<string | null, Usual>
  /** Exposure of the last minutes, by host. */
  exposure: Map<string | null, Float64Array>
  /** What is usual on a host of which nothing was heard yet. */
  unheard: Usual
  members: Map<string, Member>
  /** Watches of series that have been zero so far, by class and host: statuses and hosts appear late. */
  silent: Map<string, Watch>
}

interface Member {
  scope: Scope
  watch: Watch
  runs: Run[]
  counts: Float64Array
  expected: Float32Array
}

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
export function run(traffic: Traffic, options: DetectOptions = {}): { episodes: Episode[]; readonly history: History } {
  const threshold = THRESHOLD[options.sensitivity ?? 'medium']
  const { state, origin, begun, all, exposureFor } = prepare(traffic, options.history)
  const nodes: Node[] = []
  for (const { scope, counts } of all) {
    const key = keyOf(scope)
    const member = state.members.get(key) ?? newMember(scope, state)
    state.members.set(key, member)
    const trace = { runs: member.runs, first: begun, expected: new Float32Array(traffic.minutes) }
    watch(member.watch, counts, exposureFor(scope.host), { statusClass: scope.statusClass, threshold }, trace)
    const recalled = member.expected.length
    member.counts = recalled > 0 ? joined(new Float64Array(recalled + traffic.minutes), member.counts, counts) : counts
    member.expected =
      recalled > 0 ? joined(new Float32Array(recalled + traffic.minutes), member.expected, trace.expected) : trace.expected
    nodes.push({ ...member, first: begun - recalled })
  }
  watchSilence(traffic.minutes, state, exposureFor, threshold)
  state.minutes = begun + traffic.minutes

  const exposureBetween = (host: string | null, start: number, end: number): number => {
    const exposure = state.exposure.get(host) ?? new Float64Array(0)
    const first = state.minutes - exposure.length
    return exposure.subarray(Math.max(0, start - first), Math.max(0, end - first)).reduce((a, b) => a + b, 0)
  }
  const from = options.reportFrom ?? -Infinity
  const episodes = (['4xx', '499', '5xx'] satisfies TroubleClass[])
    .flatMap((c) => incidents(nodes.filter((n) => n.scope.statusClass === c), exposureBetween))
    .map((incident) => episodeOf(incident, origin))
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
export function expectedBand(traffic: Traffic, scope: Scope, options: DetectOptions = {}): Band {
  const threshold = THRESHOLD[options.sensitivity ?? 'medium']
  const { state, begun, all, exposureFor, zeros } = prepare(traffic, options.history)
  const temper = TEMPERS[scope.statusClass]
  const wanted = scope.status === null ? { ...scope, source: null } : scope
  const member = state.members.get(keyOf(wanted)) ?? newMember(wanted, state)
  const counts = all.find((s) => keyOf(s.scope) === keyOf(wanted))?.counts ?? zeros
  const expected = new Float32Array(traffic.minutes)
  const upper = new Float32Array(traffic.minutes)
  const onExpected = (w: Watch, minute: number, usual: number, habit: number, evidence: number) => {
    upper[minute - begun] = ceiling(w, minute, usual, habit, evidence, temper, threshold)
  }
  const trace = { runs: member.runs, first: begun, expected, onExpected }
  watch(member.watch, counts, exposureFor(scope.host), { statusClass: scope.statusClass, threshold }, trace)
  return { from: traffic.from, expected, upper }
}

/** Bring traffic and what is known together: the series to watch, gaps and exposure. */
function prepare(traffic: Traffic, history: History | undefined) {
  if (history && history.until !== traffic.from) {
    throw new RangeError(`history ends at ${history.until}, but traffic begins at ${traffic.from}: they must meet`)
  }
  const state: State = history ? structuredClone(history.state as State) : newState()
  const zeros = new Float64Array(traffic.minutes)
  const all = allSeries(traffic, state, zeros)
  const gaps = findGaps(traffic.totals.get(null) ?? zeros, state.gaps)
  const exposureFor = exposureByHost(traffic, all, gaps, state)
  const begun = state.minutes
  return { state, begun, origin: traffic.from - begun * MINUTE, all, exposureFor, zeros }
}

function episodeOf({ node, source, start, end, ongoing, knownAt, score }: Incident, origin: number): Episode {
  const { observed, expected } = sumsOf(node, start, end)
  return {
    ...node.scope,
    source,
    start: origin + start * MINUTE,
    end: origin + end * MINUTE,
    ongoing,
    detectedAt: origin + knownAt * MINUTE,
    observed,
    expected,
    score,
  }
}

/** The site's series, those of each whole class, and those that were seen before and are silent now. */
function allSeries(traffic: Traffic, state: State, zeros: Float64Array): { scope: Scope; counts: Float64Array }[] {
  const hosts = new Set(traffic.series.map((s) => s.host))
  for (const { scope } of state.members.values()) hosts.add(scope.host)
  // One host is the whole site.
  const several = hosts.size > 2
  const all = new Map<string, { scope: Scope; counts: Float64Array }>()
  for (const { counts, ...scope } of traffic.series) {
    if (scope.host !== null && !several) continue
    add(all, scope, counts)
    // 499 is a class of one.
    if (scope.statusClass !== '499') add(all, { ...scope, status: null, source: null }, counts)
  }
  for (const [key, { scope }] of state.members) if (!all.has(key)) all.set(key, { scope, counts: zeros })
  return [...all.values()]
}

function add(all: Map<string, { scope: Scope; counts: Float64Array }>, scope: Scope, counts: Float64Array): void {
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
function exposureByHost(
  traffic: Traffic,
  all: { scope: Scope; counts: Float64Array }[],
  gaps: Uint8Array,
  state: State,
): (host: string | null) => Exposure {
  const { minutes, totals } = traffic
  const byHost = new Map<string | null, Exposure>()
  for (const host of new Set([...totals.keys(), ...state.usual.keys()])) {
    const usual = state.usual.get(host) ?? { ...state.unheard }
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

function newMember(scope: Scope, state: State): Member {
  const silent = state.silent.get(`${scope.statusClass} ${scope.host ?? ''}`) ?? state.silent.get(`${scope.statusClass} ?`)
  return {
    scope,
    watch: silent ? structuredClone(silent) : newWatch(),
    runs: [],
    counts: new Float64Array(0),
    expected: new Float32Array(0),
  }
}

/** Let the watches of silent series see these minutes, so that one that wakes later knows how long it slept. */
function watchSilence(
  minutes: number,
  state: State,
  exposureFor: (host: string | null) => Exposure,
  threshold: number,
): void {
  const zeros = new Float64Array(minutes)
  const trace = { runs: [], first: 0, expected: new Float32Array(0) }
  const nowhere = { due: zeros, ordinary: new Uint8Array(minutes) }
  for (const statusClass of ['4xx', '499', '5xx'] satisfies TroubleClass[]) {
    const tuning = { statusClass, threshold }
    for (const host of state.usual.keys()) {
      watch(silentWatch(state, `${statusClass} ${host ?? ''}`, `${statusClass} ?`), zeros, exposureFor(host), tuning, trace)
    }
    watch(silentWatch(state, `${statusClass} ?`), zeros, nowhere, tuning, trace)
  }
}

function silentWatch(state: State, key: string, like = key): Watch {
  const known = state.silent.get(key)
  if (known) return known
  const other = state.silent.get(like)
  const made = other ? structuredClone(other) : newWatch()
  state.silent.set(key, made)
  return made
}

function newState(): State {
  return {
    minutes: 0,
    gaps: newUsual(),
    usual: new Map(),
    exposure: new Map(),
    unheard: newUsual(),
    members: new Map(),
    silent: new Map(),
  }
}

/** The state without what lies further back than an open incident needs. */
function forget(state: State): State {
  const members = new Map<string, Member>()
  for (const [key, member] of state.members) {
    members.set(key, {
      ...member,
      runs: member.runs.filter((r) => !r.over || r === member.watch.last || r.end > state.minutes - RECALL),
      counts: member.counts.slice(-RECALL),
      expected: member.expected.slice(-RECALL),
    })
  }
  const exposure = new Map([...state.exposure].map(([host, list]) => [host, list.slice(-RECALL)]))
  return structuredClone({ ...state, members, exposure })
}

const keyOf = ({ statusClass, status, source, host }: Scope): string =>
  `${statusClass} ${status ?? ''} ${source ?? ''} ${host ?? ''}`

function joined<T extends Float64Array | Float32Array>(into: T, a: T, b: T): T {
  into.set(a)
  into.set(b, a.length)
  return into
}
