/**
 * Samples of a site's ordinary traffic: what errors would look like if they hit everybody alike. Spikes that stand
 * near each other share them, and so does an explanation that is made again after new data.
 */
import { LRUCache } from 'lru-cache'
import { HOUR } from '../../schema/words/duration.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Filter } from '../../schema/store/query.js'
import type { Record } from '../../schema/words/record.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { lengthOf, type Baseline } from './baseline.js'
import { sampleRecords, type TimeRange } from './sample.js'
import { CONTRAST_DIMENSIONS } from './shares.js'

const SAMPLE_SIZE = 640
const SAMPLE_SLICES = 5
const READ: readonly FieldName[] = [...CONTRAST_DIMENSIONS, 'workerStatus', 'securityAction', 'originResponseStatus']
/** A host with fewer records in the sample of the whole site gets a sample of its own. */
const LEAST_OF_HOST = 100
/** Baselines are cut to whole steps of this, so that near ones are the same, as long as so much of them is left. */
const STEP_MS = 3 * HOUR
const LEAST_SHARED_MS = 6 * HOUR
const MOST_SAMPLES = 60

/** Requests of visitors in a range: tells whether something arrived there since. */
export type RequestsIn = (range: TimeRange) => number

export interface TrafficMemory {
  /** Requests of visitors of the time compared with, of one host or of all. */
  sample(baseline: Pick<Baseline, 'ranges'>, host: string | null, requestsIn: RequestsIn): Promise<readonly Record[]>
}

export function trafficMemory(store: ReadRecords): (filters: Filter[]) => TrafficMemory {
  const known = new LRUCache<string, Promise<Record[]>>({ max: MOST_SAMPLES })

  function ask(
    filters: Filter[],
    ranges: readonly TimeRange[],
    requests: number,
    host: string | null,
  ): Promise<Record[]> {
    const key = JSON.stringify([ranges, requests, host, filters])
    let sample = known.get(key)
    if (!sample) {
      const own: Filter[] = host === null ? [] : [{ dimension: 'host', values: [host] }]
      sample = sampleRecords(
        store,
        { from: 0, to: 0, filters: [...filters, ...own], audience: 'visitors' },
        { size: SAMPLE_SIZE, slices: SAMPLE_SLICES, ranges, fields: READ },
      )
      sample.catch(() => known.delete(key))
      known.set(key, sample)
    }
    return sample
  }

  return (filters) => ({
    async sample(baseline, host, requestsIn) {
      const ranges = shared(baseline.ranges)
      const requests = ranges.reduce((sum, range) => sum + requestsIn(range), 0)
      const all = await ask(filters, ranges, requests, null)
      if (host === null) return all
      const own = all.filter((record) => record.host === host)
      return own.length >= LEAST_OF_HOST || own.length === all.length ? own : ask(filters, ranges, requests, host)
    },
  })
}

function shared(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const from = Math.ceil(Math.min(...ranges.map((range) => range.from)) / STEP_MS) * STEP_MS
  const to = Math.floor(Math.max(...ranges.map((range) => range.to)) / STEP_MS) * STEP_MS
  return to - from >= LEAST_SHARED_MS && lengthOf(ranges) >= LEAST_SHARED_MS ? [{ from, to }] : ranges
}
