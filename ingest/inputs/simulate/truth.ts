import { includes } from './incident.js'
import type { Incident } from './incident.js'
import { statusClassOf } from './outcome.js'
import type { Tally } from './tally.js'

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

/**
 * The incident as the truth tells it. `all` are the planted incidents, whose requests are no background;
 * `trafficShare` is the part of all traffic that is expected in the incident's time.
 */
export function describeIncident(
  incident: Incident,
  all: readonly Incident[],
  tally: Tally,
  trafficShare: number,
): TrueIncident {
  const { signature } = incident
  const statusClass = signature.status === null ? '5xx' : statusClassOf(signature.status)
  const planted = all
    .filter((other) => includes(signature, other.signature))
    .reduce((sum, other) => sum + other.requests, 0)
  const expected = Math.max(0, tally.visitorsOf(signature) - planted) * trafficShare
  return {
    id: incident.id,
    kind: incident.kindName,
    start: new Date(incident.startMs).toISOString(),
    end: new Date(incident.endMs).toISOString(),
    status: signature.status,
    statusClass,
    source: signature.source,
    cause: incident.kind.cause,
    scope: incident.scope,
    requests: incident.requests,
    background: incident.background,
    expectedBackground: Math.round(expected * 100) / 100,
  }
}

export function describeQuiet(incident: Incident): QuietEvent {
  return {
    id: incident.id,
    kind: incident.kindName,
    start: new Date(incident.startMs).toISOString(),
    end: new Date(incident.endMs).toISOString(),
    scope: incident.scope,
    requests:
      incident.kindName === 'flash-crowd'
        ? Math.round(incident.requests * (1 - 1 / incident.times))
        : incident.requests,
  }
}
