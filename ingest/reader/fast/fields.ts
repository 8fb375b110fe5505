/**
 * How the scanner takes the value of each name in the catalogue. A name that is missing here would make every line
 * that carries it an odd one: right, but slow.
 */
import { SECURITY_FIELDS } from '../security.js'
import * as L from './layout.js'

export interface ScannedField {
  kind: number
  /** where distinct values get their numbers */
  dictionary: number
  /** where the number of the value goes */
  slot: number
  /** where a number or a moment goes */
  number: number
  /** where position and length of a text go */
  text: number
}

function take(kind: number, to: Partial<Omit<ScannedField, 'kind'>>): ScannedField {
  return { kind, dictionary: L.NONE, slot: L.SLOT_NOWHERE, number: L.NUMBER_NOWHERE, text: L.TEXT_NOWHERE, ...to }
}

/** A value whose dictionary has a column. */
const column = (kind: number, dictionary: number, text?: number) =>
  take(kind, text === undefined ? { dictionary, slot: dictionary } : { dictionary, slot: dictionary, text })
/** A value that the decision on the source rests on. */
const fact = (kind: number, dictionary: number, place: number) => take(kind, { dictionary, slot: L.SLOT_FACTS + place })
const number = (kind: number, place: number) => take(kind, { number: place })

const SCANNED: { [name: string]: ScannedField } = {
  EdgeStartTimestamp: number(L.TIME, L.START),
  EdgeEndTimestamp: number(L.TIME, L.FINISH),
  RayID: take(L.RAY, {}),
  ZoneName: column(L.SCALAR, L.ZONE),
  ZoneID: take(L.SCALAR, { dictionary: L.ZONE, slot: L.SLOT_ZONE_ID }),
  ClientRequestHost: column(L.TEXT, L.HOST, L.TEXT_HOST),
  ClientRequestMethod: column(L.ANY, L.METHOD),
  ClientRequestPath: column(L.TEXT, L.PATH, L.TEXT_PATH),
  ClientRequestURI: take(L.TEXT, { text: L.TEXT_URI }),
  ClientIP: column(L.TEXT, L.CLIENT_IP, L.TEXT_CLIENT_IP),
  ClientCountry: column(L.ANY, L.COUNTRY),
  ClientASN: column(L.ANY, L.ASN),
  ClientRequestUserAgent: column(L.ANY, L.USER_AGENT),
  ClientRequestProtocol: column(L.ANY, L.PROTOCOL),
  EdgeColoCode: column(L.ANY, L.COLO),
  EdgePathingStatus: column(L.ANY, L.PATHING_STATUS),
  OriginIP: column(L.ANY, L.ORIGIN_IP),
  ParentRayID: column(L.PARENT, L.PARENT_RAY),
  EdgeResponseStatus: fact(L.STATUS, L.NONE, L.FACT_EDGE_STATUS),
  OriginResponseStatus: fact(L.STATUS, L.NONE, L.FACT_ORIGIN_STATUS),
  CacheCacheStatus: fact(L.SCALAR, L.CACHE_STATUS, L.FACT_CACHE_STATUS),
  CacheStatus: take(L.SCALAR, { dictionary: L.CACHE_STATUS, slot: L.SLOT_CACHE_STATUS }),
  ClientRequestSource: fact(L.SCALAR, L.REQUEST_SOURCE, L.FACT_REQUEST_SOURCE),
  RequestSource: take(L.SCALAR, { dictionary: L.REQUEST_SOURCE, slot: L.SLOT_OLD_REQUEST_SOURCE }),
  EdgePathingOp: fact(L.ANY, L.PATHING_OP, L.FACT_PATHING_OP),
  EdgePathingSrc: fact(L.ANY, L.PATHING_SRC, L.FACT_PATHING_SRC),
  WorkerStatus: fact(L.ANY, L.WORKER_STATUS, L.FACT_WORKER_STATUS),
  WorkerSubrequest: fact(L.ANY, L.WORKER_SUBREQUEST, L.FACT_WORKER_SUBREQUEST),
  EdgeResponseBytes: number(L.WHOLE, L.BYTES),
  EdgeTimeToFirstByteMs: number(L.AMOUNT, L.FIRST_BYTE),
  OriginResponseDurationMs: number(L.AMOUNT, L.ORIGIN_DURATION),
  OriginResponseTime: number(L.AMOUNT, L.ORIGIN_TIME),
  ...Object.fromEntries(
    SECURITY_FIELDS.map((name, i) => [
      name,
      take(L.ANY, { dictionary: L.SECURITY_PARTS + i, slot: L.SLOT_SECURITY + i }),
    ]),
  ),
}

/** How the scanner takes the name; a kind of `ODD` where it has no way. `keepClientIp`: as in the reader's settings. */
export function scannedField(name: string, keepClientIp: boolean): ScannedField {
  const field = SCANNED[name]
  if (!field) return take(L.ODD, {})
  return name === 'ClientIP' && !keepClientIp ? { ...field, dictionary: L.NONE, slot: L.SLOT_NOWHERE } : field
}
