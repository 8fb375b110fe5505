import { newUsual, type Exposure, type Usual } from './exposure.js'
import { keyOf } from './relations.js'
import type { Run } from './run.js'
import type { Scope, TroubleClass } from './types.js'
import { watch } from './watch.js'
import { likeWatch, newWatch, type Tuning, type Watch } from './watch-state.js'

/** Minutes that a history keeps of each series: enough to tell hosts and codes of an open incident apart. */
const RECALL = 360

/** All that is known after the minutes so far: the inside of a `History`. */
export interface State {
  minutes: number
  gaps: Usual
  usual: Map<string | null, Usual>
  /** Exposure of the last minutes, by host. */
  exposure: Map<string | null, Float64Array>
  /** Requests that a record stood for in the last minutes. */
  weights: Float64Array
  /** What is usual on a host of which nothing was heard yet. */
  unheard: Usual
  members: Map<string, Member>
  /** True while a site of one host is being told apart into several: each begins with what the whole has taught. */
  wasOneHost: boolean
  /** Watches of series that have been zero so far, by class and host: statuses and hosts appear late. */
  silent: Map<string, Watch>
}

export interface Member {
  scope: Scope
  watch: Watch
  runs: Run[]
  counts: Float64Array
  requests: Float64Array
  expected: Float32Array
}

export function newState(): State {
  return {
    minutes: 0,
    gaps: newUsual(),
    usual: new Map(),
    exposure: new Map(),
    weights: new Float64Array(0),
    unheard: newUsual(),
    members: new Map(),
    wasOneHost: false,
    silent: new Map(),
  }
}

/** A series that is heard of for the first time: it has been silent so far, or hidden in that of the whole site. */
export function newMember(scope: Scope, state: State): Member {
  const { statusClass, host } = scope
  const whole = host !== null && state.wasOneHost ? state.members.get(keyOf({ ...scope, host: null })) : undefined
  const like = whole?.watch ?? state.silent.get(`${statusClass} ${host ?? ''}`) ?? state.silent.get(`${statusClass} ?`)
  return {
    scope,
    watch: like ? likeWatch(like) : newWatch(),
    runs: [],
    counts: new Float64Array(0),
    requests: new Float64Array(0),
    expected: new Float32Array(0),
  }
}

/** Let the watches of silent series see these minutes, so that one that wakes later knows how long it slept. */
export function watchSilence(
  minutes: number,
  state: State,
  exposureFor: (host: string | null) => Exposure,
  tuningOf: (statusClass: TroubleClass) => Tuning,
): void {
  const zeros = new Float64Array(minutes)
  const silence = { heads: zeros, counts: zeros, newcomers: zeros }
  const trace = { runs: [], first: 0, expected: new Float32Array(0) }
  const nowhere = { due: zeros, requests: zeros, ordinary: new Uint8Array(minutes) }
  for (const statusClass of ['4xx', '499', '5xx'] satisfies TroubleClass[]) {
    const tuning = tuningOf(statusClass)
    for (const host of state.usual.keys()) {
      watch(
        silentWatch(state, `${statusClass} ${host ?? ''}`, `${statusClass} ?`),
        silence,
        exposureFor(host),
        tuning,
        trace,
      )
    }
    watch(silentWatch(state, `${statusClass} ?`), silence, nowhere, tuning, trace)
  }
}

function silentWatch(state: State, key: string, like = key): Watch {
  const known = state.silent.get(key)
  if (known) return known
  const other = state.silent.get(like)
  const made = other ? likeWatch(other) : newWatch()
  state.silent.set(key, made)
  return made
}

/** The state without what lies further back than an open incident needs; no copy, so nobody may go on with `state` itself. */
export function forget(state: State): State {
  const members = new Map<string, Member>()
  for (const [key, member] of state.members) {
    members.set(key, {
      ...member,
      runs: member.runs.filter((r) => !r.over || r === member.watch.last || r.end > state.minutes - RECALL),
      counts: member.counts.slice(-RECALL),
      requests: member.requests.slice(-RECALL),
      expected: member.expected.slice(-RECALL),
    })
  }
  const exposure = new Map([...state.exposure].map(([host, list]) => [host, list.slice(-RECALL)]))
  return { ...state, members, exposure, weights: state.weights.slice(-RECALL) }
}

/** Hosts that are no longer watched take their series along; should they fail again, they begin like any that is new. */
export function forgetHosts(state: State, kept: ReadonlySet<string>): void {
  const isGone = (host: string | null) => host !== null && !kept.has(host)
  for (const [key, { scope }] of state.members) if (isGone(scope.host)) state.members.delete(key)
  for (const host of state.usual.keys()) {
    if (!isGone(host)) continue
    state.usual.delete(host)
    state.exposure.delete(host)
    for (const statusClass of ['4xx', '499', '5xx'] satisfies TroubleClass[])
      state.silent.delete(`${statusClass} ${host}`)
  }
}

export function joined<T extends Float64Array | Float32Array>(into: T, a: T, b: T): T {
  into.set(a)
  into.set(b, a.length)
  return into
}
