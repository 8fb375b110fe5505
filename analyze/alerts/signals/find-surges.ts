/** What is asked of whoever finds surges. */
import type { Scope } from '../../../schema/api/rule-fields.js'

/** What alerting needs to know of an episode of the detector (analyze/spikes/detect/types.ts). Times are epoch ms. */
export interface SurgeEpisode {
  status: number | null
  statusClass: string
  source: string | null
  host: string | null
  start: number
  /** exclusive */
  end: number
  ongoing: boolean
  detectedAt: number
  observed: number
  expected: number
  score: number
}

/** The surges of a scope that overlap [from, to), with no data from `to` on; `to` is a whole minute. */
export type FindSurges = (ask: {
  scope: Scope
  from: number
  to: number
  sensitivity: 'low' | 'medium' | 'high'
}) => Promise<SurgeEpisode[]>
