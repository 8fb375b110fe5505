import { includes } from './incident.js'
import type { Incident } from './incident.js'
import { statusClassOf } from './outcome.js'
import type { QuietEvent, TrueIncident } from './ground-truth.js'
import type { Tally } from './tally.js'

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
