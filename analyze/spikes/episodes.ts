/**
 * Episodes of a stretch of logs. Detection over weeks takes a second or two, and an open dashboard asks again with
 * every batch: what the days up to some hours ago taught is kept, so that only the last hours are looked at anew.
 */
import { LRUCache } from 'lru-cache'
import { DAY, HOUR, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { DetectOptions, Episode, History, Traffic } from './detect/index.js'
import type { TimeRange } from './sample.js'
import type { TimedClump } from './people/lone.js'
import { hostsToWatch, requestsIn, trafficOf, type TrafficOfClients } from './traffic.js'
import type { RequestsIn } from './traffic-memory.js'

/** What may still come late without a whole run; the memory of the past ends before. */
const FRESH_MS = 6 * HOUR
/** The memory moves on in steps of this. */
const STEP_MS = 6 * HOUR
/** Shorter stretches are looked at as a whole. */
const LEAST_KEPT_MS = DAY
/** Episodes that ended longer than this before the memory's end are over for good. */
const SETTLED_MS = HOUR
/** A memory that reaches further back than this beyond what is asked for is begun anew. */
const LONGEST_MS = 30 * DAY
/** Memories kept, by filters; each takes some MB where many hosts are watched. */
const MOST_MEMORIES = 6
/** Weeks are looked at in pieces of this, one after the other: what the detector reads of a month at once takes hundreds of MB. */
const PIECE_MS = 5 * DAY
/** Hosts that nothing befell for this long are forgotten, or a memory would grow with every host that ever failed. */
const HOSTS_MS = DAY

export type RunFunction = (
  traffic: Traffic,
  options: DetectOptions,
) => Promise<{ episodes: Episode[]; readonly history: History }>

export interface FoundEpisodes {
  episodes: Episode[]
  requestsIn: RequestsIn
  /** what single clients got, oldest first */
  clumps: TimedClump[]
  /** whether the logs tell clients apart */
  ofClients: boolean
}

export interface EpisodeFinder {
  /** `live`: the stretch ends with the newest logs, so it will be asked for again. */
  find(logs: TimeRange, filters: Filter[], live: boolean): Promise<FoundEpisodes>
}

interface Learned {
  from: number
  until: number
  history: History
  hosts: readonly string[]
  /** those that had ended when the memory ends */
  settled: Episode[]
  requestsIn: RequestsIn
  clumps: TimedClump[]
  ofClients: boolean
}

interface Memory extends Learned {
  /** sums of the days in it: late logs change them */
  fingerprint: string
}

export function episodeFinder(store: ReadRecords, run: RunFunction): EpisodeFinder {
  const memories = new LRUCache<string, Memory>({ max: MOST_MEMORIES })
  /** several pages ask at once: the second waits for what the first learns */
  const learning = new Map<string, Promise<unknown>>()

  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (learning.get(key) ?? Promise.resolve()).then(work, work)
    learning.set(key, mine)
    const done = () => {
      if (learning.get(key) === mine) learning.delete(key)
    }
    mine.then(done, done)
    return mine
  }

  async function fingerprintOf({ from, to }: TimeRange, filters: Filter[]): Promise<string> {
    const bounds = Float64Array.from({ length: Math.ceil((to - from) / DAY) + 1 }, (_, i) =>
      Math.min(to, from + i * DAY),
    )
    const query = { from, to, filters, audience: 'all' as const, bounds, by: [] }
    const { bucket, records, bytes } = await store.counts({ ...query, withBytes: true })
    return JSON.stringify([...bucket].map((day, i) => [day, records[i], bytes?.[i]]))
  }

  /** The memory up to `until`, grown from the one at hand if no late logs came in. */
  async function memoryUntil(until: number, from: number, filters: Filter[]): Promise<Memory> {
    const key = JSON.stringify(filters)
    const known = memories.get(key)
    const fits =
      known &&
      known.from <= from &&
      known.from > from - LONGEST_MS &&
      known.until <= until &&
      known.fingerprint === (await fingerprintOf({ from: known.from, to: known.until }, filters))
    if (known && fits && known.until === until) return known
    const begun = known && fits ? known : null
    const learned = await learn(begun, { from, to: until }, filters)
    const memory: Memory = {
      ...learned,
      fingerprint: await fingerprintOf({ from: learned.from, to: until }, filters),
    }
    memories.set(key, memory)
    return memory
  }

  /** Goes on from what is known to the end of the range, piece by piece. */
  async function learn(known: Learned | null, range: TimeRange, filters: Filter[]): Promise<Learned> {
    const rest = { from: known?.until ?? range.from, to: range.to }
    // a step of a running service: hosts that fail now join those that failed in the last day
    const hosts =
      known === null
        ? await hostsToWatch(store, rest, filters)
        : [
            ...new Set([
              ...(await hostsToWatch(store, rest, filters)),
              ...(await hostsToWatch(store, { from: rest.to - HOSTS_MS, to: rest.to }, filters)),
            ]),
          ]
    let learned = known
    const counted = (from: number) => {
      const to = Math.min(rest.to, Math.floor((from + PIECE_MS) / DAY) * DAY)
      return { to, traffic: trafficOf(store, { from, to, filters, only: hosts }) }
    }
    let next = counted(rest.from)
    for (let at = rest.from; learned === null || at < rest.to; at = learned.until) {
      const { to } = next
      const traffic = await next.traffic
      // the next piece is counted while the detector, on a thread of its own, reads this one
      if (to < rest.to) {
        next = counted(to)
        next.traffic.catch(() => {})
      }
      const { episodes, history } = await run(forDetector(traffic), {
        history: learned?.history,
        // of the pieces between nobody goes on from again
        isLast: learned !== known,
        hosts,
        reportFrom: learned ? learned.until - SETTLED_MS : undefined,
      })
      const sums = requestsIn(traffic)
      learned = {
        from: learned?.from ?? at,
        until: to,
        history,
        hosts,
        settled: goneOn(
          learned?.settled ?? [],
          episodes.filter((episode) => episode.end <= to - SETTLED_MS),
        ),
        requestsIn: learned ? joined(learned.requestsIn, sums) : sums,
        clumps: [...(learned?.clumps ?? []), ...timed(traffic)],
        ofClients: (learned?.ofClients ?? false) || traffic.ofClients,
      }
    }
    return learned
  }

  return {
    async find(logs, filters, live) {
      const until = Math.floor((logs.to - FRESH_MS) / STEP_MS) * STEP_MS
      if (until - logs.from < LEAST_KEPT_MS) {
        const traffic = await trafficOf(store, { ...logs, filters })
        const { episodes } = await run(forDetector(traffic), {})
        return { episodes, requestsIn: requestsIn(traffic), clumps: timed(traffic), ofClients: traffic.ofClients }
      }
      const memory = live
        ? await inTurn(JSON.stringify(filters), () => memoryUntil(until, logs.from, filters))
        : await learn(null, { from: logs.from, to: until }, filters)
      const traffic = await trafficOf(store, { from: until, to: logs.to, filters, hosts: memory.hosts })
      const { episodes } = await run(forDetector(traffic), {
        history: memory.history,
        isLast: !live,
        reportFrom: until - SETTLED_MS,
      })
      return {
        episodes: goneOn(memory.settled, episodes),
        requestsIn: joined(memory.requestsIn, requestsIn(traffic)),
        clumps: [...memory.clumps, ...timed(traffic)],
        ofClients: memory.ofClients || traffic.ofClients,
      }
    },
  }
}

/** What was over and goes on after all is the same episode, which now ends later. */
function goneOn(settled: readonly Episode[], later: readonly Episode[]): Episode[] {
  const isSame = (a: Episode, b: Episode) =>
    a.start === b.start &&
    a.statusClass === b.statusClass &&
    a.status === b.status &&
    a.source === b.source &&
    a.host === b.host
  return [...settled.filter((one) => !later.some((other) => isSame(one, other))), ...later]
}

/** Without what it doesn't read: all of it crosses to another thread. */
const forDetector = ({ from, minutes, totals, series, weights }: TrafficOfClients): Traffic => ({
  from,
  minutes,
  totals,
  series,
  weights,
})

const timed = ({ from, clumps }: TrafficOfClients): TimedClump[] =>
  clumps
    .filter(({ last }) => last >= 0)
    .map(({ first, last, many, some, earlier: _, ...clump }) => ({
      ...clump,
      knownAt: many === null ? null : from + (many + 1) * MINUTE,
      someAt: some === null ? null : from + (some + 1) * MINUTE,
      start: from + Math.max(0, first) * MINUTE,
      end: from + (last + 1) * MINUTE,
    }))

const joined =
  (a: RequestsIn, b: RequestsIn): RequestsIn =>
  (range) =>
    a(range) + b(range)
