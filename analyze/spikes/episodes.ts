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
import { requestsIn, trafficOf, type TrafficOfClients } from './traffic.js'
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

interface Memory {
  from: number
  until: number
  /** sums of the days in it: late logs change them */
  fingerprint: string
  history: History
  hosts: readonly string[]
  /** those that had ended when the memory ends */
  settled: Episode[]
  requestsIn: RequestsIn
  clumps: TimedClump[]
  ofClients: boolean
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
    const { bucket, records, bytes } = await store.counts({ from, to, filters, audience: 'all', bounds, by: [] })
    return JSON.stringify([...bucket].map((day, i) => [day, records[i], bytes[i]]))
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
    const base = known && fits ? known : null
    const range = { from: base?.until ?? from, to: until }
    const traffic = await trafficOf(store, { ...range, filters, hosts: base?.hosts })
    const { episodes, history } = await run(forDetector(traffic), {
      history: base?.history,
      reportFrom: base ? base.until - SETTLED_MS : undefined,
    })
    const sums = requestsIn(traffic)
    const memory: Memory = {
      from: base?.from ?? from,
      until,
      history,
      hosts: [...traffic.totals.keys()].filter((host) => host !== null),
      fingerprint: await fingerprintOf({ from: base?.from ?? from, to: until }, filters),
      settled: [...(base?.settled ?? []), ...episodes.filter((episode) => episode.end <= until - SETTLED_MS)],
      requestsIn: base ? joined(base.requestsIn, sums) : sums,
      clumps: [...(base?.clumps ?? []), ...timed(traffic)],
      ofClients: (base?.ofClients ?? false) || traffic.ofClients,
    }
    memories.set(key, memory)
    return memory
  }

  return {
    async find(logs, filters, live) {
      const until = Math.floor((logs.to - FRESH_MS) / STEP_MS) * STEP_MS
      if (!live || until - logs.from < LEAST_KEPT_MS) {
        const traffic = await trafficOf(store, { ...logs, filters })
        const { episodes } = await run(forDetector(traffic), {})
        return { episodes, requestsIn: requestsIn(traffic), clumps: timed(traffic), ofClients: traffic.ofClients }
      }
      const memory = await inTurn(JSON.stringify(filters), () => memoryUntil(until, logs.from, filters))
      const traffic = await trafficOf(store, { from: until, to: logs.to, filters, hosts: memory.hosts })
      const { episodes } = await run(forDetector(traffic), {
        history: memory.history,
        reportFrom: until - SETTLED_MS,
      })
      return {
        episodes: [...memory.settled, ...episodes],
        requestsIn: joined(memory.requestsIn, requestsIn(traffic)),
        clumps: [...memory.clumps, ...timed(traffic)],
        ofClients: memory.ofClients || traffic.ofClients,
      }
    },
  }
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
    .map(({ first, last, ...clump }) => ({
      ...clump,
      start: from + Math.max(0, first) * MINUTE,
      end: from + (last + 1) * MINUTE,
    }))

const joined =
  (a: RequestsIn, b: RequestsIn): RequestsIn =>
  (range) =>
    a(range) + b(range)
