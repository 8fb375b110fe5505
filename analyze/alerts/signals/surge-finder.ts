/**
 * Surges from the detector of analyze/spikes. Remembers what the days before taught, so that each minute only the
 * last hours are looked at.
 */
import { LRUCache } from 'lru-cache'
import type { Filter } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { DetectOptions, Episode, History, Traffic } from '../../spikes/detect/types.js'
import { DAY, HOUR } from '../../../schema/words/duration.js'
import { selectionOfEpisode } from '../../spikes/explain.js'
import { parted, thoseEndedSo } from '../../spikes/outcomes.js'
import { floorMinute } from './minutes.js'
import type { FindSurges } from './find-surges.js'

/** What is needed of analyze/spikes. */
export interface SurgeDetector {
  /** `trafficOf` of spikes/traffic.ts */
  trafficOf(
    records: ReadRecords,
    range: { from: number; to: number; filters: Filter[]; hosts?: readonly string[] },
  ): Promise<Traffic>
  /** `run` of spikes/detect, here or in a thread */
  run(traffic: Traffic, options: DetectOptions): Promise<Detected> | Detected
}

export interface Detected {
  episodes: Episode[]
  readonly history: History
}

/** Weekly rhythms need more than a week. */
const HISTORY_MS = 15 * DAY
/** What may still come late; the memory of the past ends before. */
const FRESH_MS = 6 * HOUR
/** The memory moves on in steps of this. */
const STEP_MS = 6 * HOUR
/** Scopes remembered; each takes some MB where many hosts are watched. */
const MOST_MEMORIES = 20

export function surgeFinder(records: ReadRecords, { trafficOf, run }: SurgeDetector): FindSurges {
  const memories = new LRUCache<string, { from: number; history: History; hosts: readonly string[] }>({
    max: MOST_MEMORIES,
  })

  return async ({ scope, from, to, sensitivity }) => {
    const { from: first } = await records.extent()
    if (first === null || first >= to) return []
    const begin = Math.max(floorMinute(first), floorMinute(from - HISTORY_MS))
    const { places: filters, outcomes } = parted(scope.filters)
    const key = JSON.stringify([filters, sensitivity])
    const remembered = memories.get(key)
    // logs of an earlier time were taken in, or an earlier range is asked for: what was learned does not fit
    let memory =
      remembered && remembered.history.until <= Math.min(from, to - FRESH_MS) && remembered.from <= begin + DAY
        ? remembered
        : null
    const learnTo = Math.floor(Math.min(from, to - FRESH_MS) / STEP_MS) * STEP_MS
    const learned = memory?.history.until ?? begin
    if (learnTo > learned) {
      const past = await trafficOf(records, { from: learned, to: learnTo, filters, hosts: memory?.hosts })
      const { history } = await run(past, { sensitivity, history: memory?.history })
      memory = { from: memory?.from ?? begin, history, hosts: hostsOf(past) }
      memories.set(key, memory)
    }
    const traffic = await trafficOf(records, {
      from: memory?.history.until ?? begin,
      to,
      filters,
      hosts: memory?.hosts,
    })
    const { episodes } = await run(traffic, { sensitivity, history: memory?.history })
    const asked = episodes
      .filter((episode) => episode.end > from || episode.ongoing)
      .map((episode) => ({ episode, selection: selectionOfEpisode(episode, filters) }))
    return (await thoseEndedSo(records, asked, outcomes)).map(({ episode }) => episode)
  }
}

const hostsOf = ({ totals }: Traffic): string[] => [...totals.keys()].filter((host) => host !== null)
