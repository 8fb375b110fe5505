/** Shapes of answers that schema/api gives as schemas only. */
import type { BatchReport } from '../../../schema/api/batches.js'
import type { Spike } from '../../../schema/api/spikes.js'
import type { RecordJson } from '../../../schema/words/record.js'
import type { StatusEntry } from '../../../schema/status/entry.js'

export interface Percentiles {
  measure: string
  percentiles: number[]
  step: number | string | null
  /** [epoch ms, one value in ms per percentile …] */
  series: { key: string; points: (number | null)[][] }[]
  /** the other window: its n-th point stands in the place of the n-th above */
  compared?: { from: string; to: string; series: Percentiles['series'] }
}

export interface RecordsAnswer {
  records: RecordJson[]
  next?: string | null
}

export interface BatchesAnswer {
  batches: BatchReport[]
  next: string | null
}

/** GET /api/v1/spikes/{id}, and of a window that somebody chose GET /api/v1/explain */
export type SpikeDetail = Spike & {
  series?: {
    step: number
    unit: 'requests' | 'ms'
    points: [number, number][]
    expected: [number, number][]
    upper: [number, number][]
  }
  firstRecords?: RecordJson[]
}

export interface StatusesAnswer {
  statuses: StatusEntry[]
}
