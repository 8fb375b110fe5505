/**
 * What single clients do: scanners, attacks, jobs that fail. All that one client gets within a quarter of an hour is one thing,
 * whatever its codes. Large ones are told, below a page; what comes back by the clock is a pattern, told once.
 */
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import { FAST_OF_CLUMP, MANY_OF_CLUMP, partsOfCode, type Clump } from '../clients.js'
import type { Episode, TroubleClass } from '../detect/index.js'

/** A clump with its times as epoch ms. */
export interface TimedClump extends Omit<Clump, 'first' | 'last' | 'many' | 'some' | 'earlier'> {
  start: number
  /** exclusive */
  end: number
  /** epoch ms: when it was clear that it would be told; null: only at its end */
  knownAt: number | null
  /** epoch ms: when it had so many that one that was served before is a victim; null: it never had */
  someAt: number | null
}

/** One client's errors in a row, all classes together. */
export interface Lone {
  client: number
  start: number
  end: number
  requests: number
  knownAt: number | null
  someAt: number | null
  statusClass: TroubleClass
  codes: Map<string, number>
  hosts: Map<string, number>
}

/** The same again and again, by the clock. */
export interface Pattern extends Lone {
  /** of one job on several machines all of them, the largest first */
  clients: number[]
  periodMs: number
  times: number
  /** of one time, at the median */
  requestsEach: number
  /** within the period, ms after its beginning in UTC */
  phaseMs: number
}

const APART_MS = 15 * MINUTE
/** A client's errors are told from so many requests on, if they come this fast or are such a part of all requests ... */
const LEAST_TOLD = MANY_OF_CLUMP
const LEAST_A_MINUTE = FAST_OF_CLUMP
const LEAST_PART = 0.3
/** ... or from so many on in any case. */
const MANY = 5_000
/** Where so many others of this part of its size came in the week before, it is what the site is used to. */
const USED_TO = 3
const USED_TO_PART = 0.5

/** Joins what one client got in several classes and pieces. */
export function lonesOf(clumps: readonly TimedClump[]): Lone[] {
  const byClient = grouped(clumps, ({ client }) => client)
  const lones: Lone[] = []
  for (const mine of byClient.values()) {
    let open: Lone | null = null
    let largest = 0
    for (const clump of mine.sort((a, b) => a.start - b.start)) {
      if (!open || clump.start > open.end + APART_MS) {
        open = { ...clump, codes: new Map(), hosts: new Map(), requests: 0 }
        largest = 0
        lones.push(open)
      }
      open.end = Math.max(open.end, clump.end)
      open.requests += clump.requests
      open.knownAt = sooner(open.knownAt, clump.knownAt)
      open.someAt = sooner(open.someAt, clump.someAt)
      if (clump.requests > largest) {
        largest = clump.requests
        open.statusClass = clump.statusClass
      }
      addAll(open.codes, clump.codes)
      addAll(open.hosts, clump.hosts)
    }
  }
  return lones.sort((a, b) => a.start - b.start)
}

const sooner = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

function addAll(to: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [key, n] of from) to.set(key, (to.get(key) ?? 0) + n)
}

/** Those that are worth a word. `requestsIn`: of all visitors. */
export function toldOf(lones: readonly Lone[], requestsIn: (from: number, to: number) => number): Lone[] {
  const large = lones.filter(({ start, end, requests }) => {
    if (requests < LEAST_TOLD) return false
    if (requests >= MANY) return true
    const minutes = (end - start) / MINUTE
    return requests / minutes >= LEAST_A_MINUTE || requests >= LEAST_PART * requestsIn(start, end)
  })
  return large.filter(({ start, requests }) => {
    const before = large.filter(
      (other) => other.start < start && other.start > start - 7 * DAY && other.requests >= USED_TO_PART * requests,
    )
    return before.length < USED_TO
  })
}

/** Times that make a pattern of hours or minutes, and of days. */
const TIMES = 5
const TIMES_OF_DAYS = 3
const LEAST_PERIOD = 20 * MINUTE
/** What comes by the clock comes this exactly, ms and as a part of the period. */
const JITTER_MS = 4 * MINUTE
const JITTER_PART = 0.03
/** Part of the gaps that must fit. */
const FITTING = 0.7
/** A pattern's single times are short. */
const SHORT_MS = 20 * MINUTE

/** Is it so much, of all requests meanwhile or in any case, that nobody overlooks it? */
export const isLoud = (requests: number, all: number): boolean => requests >= MANY || requests >= LEAST_PART * all

export function patternsOf(lones: readonly Lone[]): Pattern[] {
  const short = lones.filter(({ start, end }) => end - start <= SHORT_MS)
  const byKind = grouped(short, (lone) => `${lone.client} ${mainOf(lone.codes)}`)
  return sameJobs([...byKind.values()].flatMap((times) => patternOf(times) ?? []))
}

/** Clients that fail at the same times with the same code on the same host are one job on several machines. */
function sameJobs(patterns: readonly Pattern[]): Pattern[] {
  const jobs: Pattern[] = []
  for (const one of [...patterns].sort((a, b) => b.requests - a.requests)) {
    const slack = Math.max(JITTER_MS, JITTER_PART * one.periodMs)
    const job = jobs.find((other) => {
      const apart = Math.abs(one.phaseMs - other.phaseMs)
      return (
        Math.abs(one.periodMs - other.periodMs) <= slack &&
        Math.min(apart, one.periodMs - apart) <= slack &&
        mainOf(one.codes) === mainOf(other.codes) &&
        mainOf(one.hosts) === mainOf(other.hosts)
      )
    })
    if (!job) {
      jobs.push({ ...one, clients: [one.client] })
      continue
    }
    job.clients.push(one.client)
    job.start = Math.min(job.start, one.start)
    job.end = Math.max(job.end, one.end)
    job.requests += one.requests
    job.requestsEach += one.requestsEach
    addAll(job.codes, one.codes)
    addAll(job.hosts, one.hosts)
  }
  return jobs
}

function patternOf(times: readonly Lone[]): Pattern | null {
  if (times.length < TIMES_OF_DAYS) return null
  const gaps = times.slice(1).map((one, i) => one.start - times[i].start)
  const periodMs = Math.round(middle(gaps) / MINUTE) * MINUTE
  const slack = Math.max(JITTER_MS, JITTER_PART * periodMs)
  const fits = gaps.filter((gap) => {
    const multiple = Math.max(1, Math.round(gap / periodMs))
    return multiple <= 3 && Math.abs(gap - multiple * periodMs) <= slack
  })
  if (periodMs < LEAST_PERIOD || fits.length < FITTING * gaps.length) return null
  if (times.length < (periodMs >= DAY - slack ? TIMES_OF_DAYS : TIMES)) return null
  const codes = new Map<string, number>()
  const hosts = new Map<string, number>()
  for (const one of times) {
    addAll(codes, one.codes)
    addAll(hosts, one.hosts)
  }
  const [first] = times
  return {
    client: first.client,
    clients: [first.client],
    statusClass: first.statusClass,
    knownAt: null,
    someAt: null,
    start: first.start,
    end: (times.at(-1) ?? first).end,
    requests: times.reduce((sum, one) => sum + one.requests, 0),
    codes,
    hosts,
    periodMs,
    times: times.length,
    requestsEach: middle(times.map((one) => one.requests)),
    phaseMs: middle(times.map((one) => one.start % periodMs)),
  }
}

export function mainOf(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0]
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** A code, or a host, that has at least this part of a client's errors is the incident's. */
const NEARLY_ALL = 0.9

/** `until`: the end of the logs, epoch ms. */
export function episodeOfLone(lone: Lone, until: number): Episode {
  const [code, host] = [mainOf(lone.codes), mainOf(lone.hosts)]
  const { status, source } = partsOfCode(code)
  const one = (lone.codes.get(code) ?? 0) >= NEARLY_ALL * lone.requests
  return {
    status: one ? status : null,
    statusClass: lone.statusClass,
    source: one ? source : null,
    host: (lone.hosts.get(host) ?? 0) >= NEARLY_ALL * lone.requests && host !== '' ? host : null,
    start: lone.start,
    end: lone.end,
    ongoing: lone.end > until - APART_MS,
    detectedAt: lone.knownAt ?? lone.end,
    observed: lone.requests,
    expected: 0,
    score: 0,
  }
}
