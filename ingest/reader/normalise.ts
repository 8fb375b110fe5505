/**
 * One parsed line to one record. This is what a line *means*; the fast reader must come to the same record.
 */
import type { RejectionReason } from '../../schema/api/batches.js'
import type { Record } from '../../schema/words/record.js'
import { decideSource, isVisitor, type SourceFacts, type VisitorSettings } from '../../schema/words/source.js'
import { formOf, type AddressForm } from './client-address.js'
import { isLogpushTest, isObject } from './line.js'
import { folded, namesOf, type FieldMapping, type Line } from './names.js'
import { flattenNested } from './nested.js'
import { readFields } from './readings.js'
import { securityOf } from './security.js'
import { parseTimestamp } from './timestamp.js'
import { amount, flag, status, text } from './values.js'

export interface ReadSettings extends VisitorSettings {
  /** what a record stands for that does not say so itself: 1 / sample rate of the job */
  weight: number
  /** keep the query string (off by default: it can hold secrets) */
  keepQuery: boolean
  /** keep the visitor's address */
  keepClientIp: boolean
  /** in which form it is kept */
  addresses: AddressForm
  /** fields that the input has under names of its own */
  fields: FieldMapping
  /** only records of these zones, in lower case; null: of all */
  zones: readonly string[] | null
}

export const DEFAULT_READ_SETTINGS: ReadSettings = {
  orangeToOrangeIsVisitor: true,
  weight: 1,
  keepQuery: false,
  keepClientIp: true,
  addresses: 'whole',
  fields: {},
  zones: null,
}

/** What tells requests with one RayID apart, exactly as received. */
export interface IdentityFacts {
  host: string
  uri: string
  clientIp: string
}

export type Normalised =
  | { kind: 'record'; record: Record; identity: IdentityFacts }
  | { kind: 'rejected'; reason: RejectionReason }
  /** Cloudflare's test upload at the creation of a Logpush job: not a log line, not an error */
  | { kind: 'test' }

const rejected = (reason: RejectionReason): Normalised => ({ kind: 'rejected', reason })

export function normalise(parsed: unknown, settings: ReadSettings): Normalised {
  if (!isObject(parsed)) return rejected('not-an-object')
  if (isLogpushTest(parsed)) return { kind: 'test' }
  const named = namesOf(settings.fields).of(parsed)
  const line = 'EdgeResponseStatus' in named ? named : (flattenNested(parsed) ?? named)

  const refusal = unusable(line)
  if (refusal) return rejected(refusal)
  const start = parseTimestamp(line.EdgeStartTimestamp)
  const end = parseTimestamp(line.EdgeEndTimestamp)
  // a start that is no time is a mistake; only where none was exported the end stands in
  const time = has(line.EdgeStartTimestamp) ? start : end
  const edgeResponseStatus = status(line.EdgeResponseStatus)
  if (time === null) return rejected('bad-time')
  if (edgeResponseStatus === null) return rejected('bad-status')
  const record = recordOf(line, time, start, end, edgeResponseStatus, settings)
  if (settings.zones !== null && !settings.zones.includes(record.zone?.toLowerCase() ?? ''))
    return rejected('other-zone')
  return { kind: 'record', record, identity: identityFacts(line) }
}

/** Lines of other datasets share destinations with ours; firewall_events even carries EdgeResponseStatus, but no start and end. */
function unusable(line: Line): RejectionReason | null {
  const timed = has(line.EdgeStartTimestamp) || has(line.EdgeEndTimestamp)
  const statused = has(line.EdgeResponseStatus)
  if (!timed && !statused) return Object.keys(line).length === 0 ? 'no-time' : 'other-dataset'
  if (!timed) return Object.keys(line).some((key) => OTHER_TIMES.has(folded(key))) ? 'other-dataset' : 'no-time'
  return statused ? null : 'no-status'
}

/** When something was, in datasets that are none of ours. */
const OTHER_TIMES = new Set(['datetime', 'timestamp'])

const has = (value: unknown) => value !== undefined && value !== null && value !== ''

function recordOf(
  line: Line,
  time: number,
  start: number | null,
  end: number | null,
  edgeResponseStatus: number,
  settings: ReadSettings,
): Record {
  const uri = text(line.ClientRequestURI)
  const mark = uri === null ? -1 : uri.indexOf('?')
  const read = readFields(line)
  const security = securityOf(line)
  const facts: SourceFacts = { ...read, ...security, edgeResponseStatus, workerSubrequest: flag(line.WorkerSubrequest) }
  const { source, reason } = decideSource(facts)
  return {
    ...read,
    ...security,
    edgeResponseStatus,
    time,
    path: text(line.ClientRequestPath) ?? (uri === null ? null : text(mark < 0 ? uri : uri.slice(0, mark))),
    query: settings.keepQuery && uri !== null && mark >= 0 ? text(uri.slice(mark + 1)) : null,
    source,
    sourceReason: reason,
    visitor: isVisitor(facts, settings),
    clientIp: keptAddress(text(line.ClientIP), settings),
    originResponseDurationMs: amount(line.OriginResponseDurationMs) ?? nanoseconds(line.OriginResponseTime),
    totalMs: start !== null && end !== null && end >= start ? end - start : null,
    weight: ownWeight(line) ?? settings.weight,
  }
}

function keptAddress(address: string | null, { keepClientIp, addresses }: ReadSettings): string | null {
  return keepClientIp && address !== null ? formOf(addresses)(address) : null
}

/** More is a mistake: Instant Logs keep at least one of a million. */
export const MAX_SAMPLE_INTERVAL = 1_000_000

/** What a record says of itself that it stands for (Instant Logs; it changes from line to line); null: it says nothing usable. */
export function ownWeight(line: Line): number | null {
  const interval = amount(line.SampleInterval)
  return interval !== null && interval >= 1 && interval <= MAX_SAMPLE_INTERVAL ? interval : null
}

function nanoseconds(value: unknown): number | null {
  const ns = amount(value)
  return ns === null ? null : Math.round(ns / 1e4) / 100
}

function identityFacts(line: Line): IdentityFacts {
  const uri = text(line.ClientRequestURI) ?? text(line.ClientRequestPath)
  return { host: text(line.ClientRequestHost) ?? '', uri: uri ?? '', clientIp: text(line.ClientIP) ?? '' }
}
