import { fieldOf, type FieldName } from '../../../schema/words/fields.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import type { Truth } from './log-level-scenario.js'

type TrueIncident = Truth['incidents'][number]
/** `find`: a detector should. `weak`: more often than not. `either`: naming it is neither right nor wrong. */
export type Wanted = 'find' | 'weak' | 'either'

/** What is said of a detection, whoever makes it. Times are epoch ms. */
export interface Said {
  start: number
  end: number
  detectedAt: number
  status: number | null
  statusClass: string
  host: string | null
  /** it speaks of expired copies, not of errors */
  isStale?: boolean
}

const MINUTE = 60_000
/** A spike may begin before its incident, and an incident's last errors come after it, by this much. */
const SLACK = 5 * MINUTE
/** Until then nobody can know what is usual. */
const COLD_MS = 60 * MINUTE

/**
 * By the requests that it added, and by how far they stand out of what came anyway: the past of a site is known to
 * within about 15 %, and a handful of strays is nothing.
 */
export function wantedOf(incident: TrueIncident, from: number): Wanted {
  const background = Math.max(incident.background, incident.expectedBackground)
  const visible = incident.requests / Math.sqrt(2 * background + (0.15 * background) ** 2 + 4)
  if (Date.parse(incident.start) - from < COLD_MS) return 'either'
  if (incident.requests < 20 || visible < 5.5) return 'either'
  return incident.requests < 60 || visible < 10 ? 'weak' : 'find'
}

/** Does this spike speak of this incident? Same class, same or unsaid status and host, overlapping time. */
export function speaksOf(said: Said, incident: TrueIncident): boolean {
  if (said.statusClass !== incident.statusClass) return false
  const status = said.status === null || incident.status === null || said.status === incident.status
  const host = said.host === null || incident.scope.host === undefined || said.host === incident.scope.host
  return status && host && meets(said, incident)
}

/**
 * Is that what is planted, told as what it is rather than as a rise of its code? Of an origin that became slow: that answers are
 * slow. It tells the incident; of its code, cause and scope it says nothing.
 */
export function tellsOtherwise(said: Said, incident: TrueIncident): boolean {
  const isSlow = said.statusClass === '2xx' && incident.cause === '499/slow-origin'
  return isSlow && meets(said, incident)
}

/** Expired copies in place of an origin that is down are no rise of any error, and no false alarm: they are what happened. */
export function isQuietTruth(said: Said, quiet: Truth['quiet']): boolean {
  return said.isStale === true && quiet.some((one) => one.kind === 'stale-hiding-origin' && meets(said, one))
}

const meets = (said: Said, { start, end }: { start: string; end: string }) =>
  said.start < Date.parse(end) + SLACK && Date.parse(start) - SLACK < said.end

export function saidBy(spike: Spike): Said {
  return {
    start: Date.parse(spike.start),
    end: Date.parse(spike.end),
    detectedAt: Date.parse(spike.detectedAt),
    status: spike.status,
    statusClass: spike.statusClass,
    host: spike.scope.host ?? null,
    isStale: spike.kind === 'stale',
  }
}

const FIELD_OF_SCOPE: { [name: string]: FieldName } = {
  host: 'host',
  path: 'path',
  country: 'country',
  colo: 'colo',
  asn: 'asn',
  userAgent: 'userAgent',
  securityRuleId: 'securityRuleId',
}

/** The planted scope as far as the export can show it. A host that is the only one sets nothing apart. */
export function tellableScope(incident: TrueIncident, truth: Truth): { [name: string]: string } {
  const single = Object.keys(truth.counts.host).length === 1
  return Object.fromEntries(
    Object.entries(incident.scope).filter(([name]) => {
      if (name === 'host' && single) return false
      return fieldOf(FIELD_OF_SCOPE[name]).from.some((field) => truth.fields.includes(field))
    }),
  )
}

/**
 * Right: everything planted is said, and nothing else that the planted records contradict. A value that follows from
 * the planted one (the country of a data centre, the host of a path) is right too; whether it follows is the caller's
 * to know.
 */
export function scopeFaults(spike: Spike, planted: { [name: string]: string }): string[] {
  const faults: string[] = []
  for (const [name, value] of Object.entries(planted)) {
    const said = spike.scope[name]
    if (said === undefined) faults.push(`${name} ${value} unsaid`)
    else if (said !== value && !(name === 'path' && said.startsWith(`${value}/`)))
      faults.push(`${name} ${said} instead of ${value}`)
  }
  return faults
}

/** What is said beyond what was planted. */
export function scopeExtras(spike: Spike, planted: { [name: string]: string }): [string, string][] {
  return Object.entries(spike.scope).filter(([name]) => planted[name] === undefined)
}

/** Whether the export holds the fields by which the catalogue tells the cause. */
export function isTellable(incident: TrueIncident, truth: Truth): boolean {
  const cause = loadCatalogue()
    .causes(incident.status ?? 0)
    .find(({ id }) => id === incident.cause)
  if (!cause) return false
  const exported = (field: FieldName) => fieldOf(field).from.some((name) => truth.fields.includes(name))
  const trend = cause.trend === undefined || cause.trend.measure.some((measure) => exported(measure))
  return trend && (cause.needs ?? []).every((field) => exported(field))
}
