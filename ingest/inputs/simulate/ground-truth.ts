/**
 * What was planted, counted while it was planted and not read back from the lines. Counts are of written lines (after
 * sampling). `counts` and `hours` are of visitors only; the rest is in `excluded`. Sources are who really answered: a
 * reader of an export without `OriginResponseStatus` cannot reach them. Countries and data centres are upper case,
 * hosts lower case.
 */
export interface GroundTruth {
  seed: number | string
  from: string
  to: string
  fields: readonly string[]
  sampleRate: number
  /** Lines written; each is one record. */
  lines: number
  records: number
  /** Requests before sampling. */
  requests: number
  visitors: number
  /** Records that no visitor saw, in total and by `ClientRequestSource`. */
  excluded: { total: number; requestSource: Record<string, number> }
  counts: {
    statusClass: Record<string, number>
    status: Record<string, number>
    source: Record<string, number>
    cacheStatus: Record<string, number>
    host: Record<string, number>
    country: Record<string, number>
    colo: Record<string, number>
    /** The 50 most requested paths (without query), most first, ties by path. */
    path: Array<{ path: string; count: number }>
  }
  /** Visitors by class for every hour (UTC) of the range, by `EdgeStartTimestamp`. */
  hours: Array<{ start: string; counts: Record<string, number> }>
  incidents: TrueIncident[]
  /**
   * Planted events that are no incidents: flash crowds, phantoms, nightly jobs, gaps, stray bursts, hidden failures.
   */
  quiet: QuietEvent[]
}

export interface TrueIncident {
  id: string
  kind: string
  start: string
  end: string
  /** Null where the records have several. */
  status: number | null
  statusClass: string
  source: string | null
  cause: string | null
  scope: Record<string, string>
  /** Visitors' requests that the incident brought or turned. */
  requests: number
  /**
   * Visitors' requests of the same status and source in the same time that were there anyway; of the class if status
   * is null.
   */
  background: number
  /** The same as the rest of the range predicts it, in proportion to the traffic. */
  expectedBackground: number
}

export interface QuietEvent {
  id: string
  kind: string
  start: string
  end: string
  scope: Record<string, string>
  /** Requests added or turned; 0 for a gap. */
  requests: number
}
