/** What the detector reads, out of the store: visitor requests per minute by status, source and host, and how many clients they are. */
import { setImmediate as turn } from 'node:timers/promises'
import { DAY, MINUTE } from '../../schema/words/duration.js'
import type { Counts, Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { clientReader, tellsClients, type Clump } from './clients.js'
import type { Traffic } from './detect/index.js'
import { SeriesSums } from './series-sums.js'
import type { RequestsIn } from './traffic-memory.js'

/**
 * Hosts watched on their own: those with the most errors. The others are watched together. Of the last hours many more can be
 * watched than of weeks, and those are the hours in which a host that fails is among them.
 */
const MOST_HOSTS = 40
const MOST_HOSTS_OF_HOURS = 150
const BUSIEST = 5
/** Hosts that are told of a client's errors: of more, those with the most errors; the others have no name there. */
const MOST_TOLD_HOSTS = 1_000
/** A series that has fewer requests than this on any day can hold no spike; in hours each one counts. */
const LEAST_REQUESTS = 5
const PIECE_MS = 2 * DAY
const ERRORS: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }
/** Errors before the range: who failed in the hour before is no newcomer, ms. */
const LEAD_MS = 60 * MINUTE

export interface TrafficRange {
  from: number
  to: number
  filters: Filter[]
  /** hosts to be watched besides those with the most errors: what is known of them goes on */
  hosts?: readonly string[]
  /** hosts that were chosen for a longer stretch: these are watched and no others */
  only?: readonly string[]
}

/** The traffic, and what single clients made of it. */
export interface TrafficOfClients extends Traffic {
  /** Errors of single clients, in minutes since `from`; empty where clients cannot be told apart. */
  clumps: Clump[]
  /** whether they can */
  ofClients: boolean
}

/** Whole minutes; the last one only if the data reaches past its end. */
export async function trafficOf(
  store: ReadRecords,
  { from, to, filters, hosts: known = [], only }: TrafficRange,
): Promise<TrafficOfClients> {
  const first = Math.floor(from / MINUTE) * MINUTE
  const minutes = Math.max(0, Math.ceil((to - first) / MINUTE))
  const bounds = minuteBounds(first, minutes)
  const range = { from: first, to: first + minutes * MINUTE }
  const selection: Selection = { ...range, filters, audience: 'visitors' }
  const [all, chosen] = await Promise.all([
    store.counts({ ...selection, bounds, by: [] }),
    only ?? hostsToWatch(store, range, filters, known),
  ])
  const totals = new Map<string | null, Float64Array>([[null, new Float64Array(minutes)]])
  addCells(all, totals.get(null) as Float64Array)

  const hosts = new Set(chosen)
  const sums = new SeriesSums(hosts)
  const reader = clientReader()
  let ofClients = false
  for (const piece of pieces(first, minutes)) {
    const failing: Selection = { ...selection, ...piece, filters: [...filters, ERRORS] }
    const answers = await errorsOf(store, failing, hosts)
    ofClients ||= answers.some(tellsClients)
    const offset = (piece.from - first) / MINUTE
    const series = answers.map(({ groups }) => groups.map((names) => sums.of(names)))
    await eachCell(answers, ({ group, bucket, requests, records, values }, i, answer) => {
      const { code, host, site, own } = series[answer][group[i]]
      const minute = offset + bucket[i]
      const heads = reader.read(minute, code, host, values?.[i] ?? 0, requests[i], records[i])
      if (minute < 0) return
      site.add(minute, requests[i], heads.site)
      own?.add(minute, requests[i], heads.host)
    })
  }
  if (hosts.size > 0) {
    const perHost = await store.counts({
      ...selection,
      filters: [...filters, { dimension: 'host', values: [...hosts] }],
      bounds,
      by: ['host'],
    })
    for (const host of hosts) totals.set(host, new Float64Array(minutes))
    addGroups(
      perHost,
      perHost.groups.map(([host]) => totals.get(host)),
    )
  }
  const isShort = minutes * MINUTE <= PIECE_MS
  return {
    from: first,
    minutes,
    totals,
    series: sums.series(minutes, ofClients, (one) => isShort || one.mostIn(DAY / MINUTE) >= LEAST_REQUESTS),
    weights: weightsOf(all, minutes),
    clumps: reader.clumps(),
    ofClients,
  }
}

/**
 * Errors by minute, client, status, source and host. Whoever asks for a million hosts must not make a million series: then only the
 * hosts that are watched and those with the most errors are told apart, and a second answer has all the others as one, without
 * a name.
 */
async function errorsOf(store: ReadRecords, failing: Selection, watched: ReadonlySet<string>): Promise<Counts[]> {
  const bounds = minuteBounds(failing.from, (failing.to - failing.from) / MINUTE)
  const cells = { bounds, apart: 'clientIp' as const }
  const most = await store.counts({ ...failing, bounds: null, by: ['host'], limit: MOST_TOLD_HOSTS })
  if (most.total.values <= MOST_TOLD_HOSTS)
    return [await store.counts({ ...failing, ...cells, by: ['status', 'source', 'host'] })]
  const told: Filter = { dimension: 'host', values: [...new Set([...watched, ...most.groups.map(([host]) => host)])] }
  const of = (filter: Filter, by: Dimension[]) =>
    store.counts({ ...failing, filters: [...failing.filters, filter], ...cells, by })
  return [await of(told, ['status', 'source', 'host']), await of({ ...told, not: true }, ['status', 'source'])]
}

/** Cells looked at before others have their turn: a flood has a million of them, and posts and pages wait for this thread. */
const CELLS_AT_ONCE = 10_000

/** All cells of the answers in the order of time; they have the same buckets, and come in their order. */
async function eachCell(
  answers: readonly Counts[],
  use: (of: Counts, cell: number, answer: number) => void,
): Promise<void> {
  const next = answers.map(() => 0)
  let seen = 0
  for (let bucket = 0; ;) {
    let later = Infinity
    answers.forEach((of, answer) => {
      for (; next[answer] < of.bucket.length && of.bucket[next[answer]] <= bucket; next[answer]++)
        use(of, next[answer], answer)
      if (next[answer] < of.bucket.length) later = Math.min(later, of.bucket[next[answer]])
    })
    if (later === Infinity) return
    bucket = later
    const all = next.reduce((sum, n) => sum + n, 0)
    if (all - seen >= CELLS_AT_ONCE) {
      seen = all
      await turn()
    }
  }
}

// Loops of their own, which are compiled without all that is around them.

function addCells({ bucket, requests }: Counts, sums: Float64Array): void {
  for (let i = 0; i < requests.length; i++) sums[bucket[i]] += requests[i]
}

function addGroups({ bucket, group, requests }: Counts, sumsOf: readonly (Float64Array | undefined)[]): void {
  for (let i = 0; i < requests.length; i++) {
    const sums = sumsOf[group[i]]
    if (sums) sums[bucket[i]] += requests[i]
  }
}

const minuteBounds = (from: number, minutes: number): Float64Array =>
  Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE)

/** Days, the first with the hour before it: many small answers take less memory than a large one. */
function* pieces(first: number, minutes: number): Generator<{ from: number; to: number }> {
  const end = first + minutes * MINUTE
  let from = first - LEAD_MS
  while (from < end) {
    const to = Math.min(end, Math.floor(from / DAY) * DAY + DAY)
    yield { from, to }
    from = to
  }
}

/**
 * The hosts of a range with the most errors, some of the busiest, and those that are known; only the latter where there is but
 * one: it is the whole site.
 */
export async function hostsToWatch(
  store: ReadRecords,
  { from, to }: { from: number; to: number },
  filters: Filter[],
  known: readonly string[] = [],
): Promise<string[]> {
  const most = to - from <= PIECE_MS ? MOST_HOSTS_OF_HOURS : MOST_HOSTS
  // of a million hosts, those that matter and no more; one may be the one without a name
  const heaviest = (more: Filter[], limit: number) =>
    store.counts({
      from,
      to,
      filters: [...filters, ...more],
      audience: 'visitors',
      bounds: null,
      by: ['host'],
      limit: limit + 1,
    })
  // what fails is held against hosts that don't
  const [failing, busiest] = await Promise.all([heaviest([ERRORS], most), heaviest([], BUSIEST)])
  if (busiest.total.values < 2) return [...known]
  return [...new Set([...hostsOf(failing).slice(0, most), ...hostsOf(busiest).slice(0, BUSIEST), ...known])]
}

/** Those with a name, the most requests first. */
function hostsOf({ groups, group, requests }: Counts): string[] {
  return [...group]
    .map((g, i) => ({ host: groups[g][0], requests: requests[i] }))
    .filter(({ host }) => host !== '')
    .sort((a, b) => b.requests - a.requests || (a.host < b.host ? -1 : 1))
    .map(({ host }) => host)
}

/** Requests that a record stands for, by minute; undefined where logs are whole. */
function weightsOf({ bucket, requests, records }: Counts, minutes: number): Float64Array | undefined {
  if (requests.every((n, i) => n === records[i])) return undefined
  const weights = new Float64Array(minutes).fill(1)
  for (let i = 0; i < requests.length; i++) if (records[i] > 0) weights[bucket[i]] = requests[i] / records[i]
  return weights
}

/** Requests of visitors between two times, out of the minutes at hand. */
export function requestsIn({ from, minutes, totals }: Traffic): RequestsIn {
  const sums = new Float64Array(minutes + 1)
  totals.get(null)?.forEach((n, i) => {
    sums[i + 1] = sums[i] + n
  })
  const at = (minute: number) => sums[Math.min(minutes, Math.max(0, minute))]
  // whole minutes that the range touches: of four seconds there are requests too
  return (range) => at(Math.ceil((range.to - from) / MINUTE)) - at(Math.floor((range.from - from) / MINUTE))
}
