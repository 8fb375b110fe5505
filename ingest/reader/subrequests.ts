/**
 * Worker sub-requests inside their parent's record (Logpush option `merge_subrequests`), as the records that they are in an
 * export that does not merge them.
 */
import { isObject } from './line.js'
import type { Line, Names } from './names.js'

/** Sub-requests of sub-requests that are looked into. */
const MAX_DEPTH = 3

/** Each as it would be exported apart, and as it stood. */
export function subrequestsOf(parent: Line, names: Names, depth = 0): { line: Line; own: Line }[] {
  if (parent.Subrequests === undefined) return []
  return listOf(parent.Subrequests)
    .filter(isObject)
    .flatMap((own) => {
      const line = asExportedApart(names.of(own), parent)
      const inside = depth < MAX_DEPTH ? subrequestsOf(line, names, depth + 1) : []
      return [{ line, own }, ...inside]
    })
}

/** What a sub-request leaves to its parent: the zone, the moment, and that it is one. */
function asExportedApart(own: Line, parent: Line): Line {
  const timed = own.EdgeStartTimestamp !== undefined || own.EdgeEndTimestamp !== undefined
  const told =
    own.WorkerSubrequest !== undefined || own.ClientRequestSource !== undefined || own.RequestSource !== undefined
  const line: { [name: string]: unknown } = {}
  const leave = (name: string, value: unknown) => {
    if (value !== undefined) line[name] = value
  }
  if (own.ZoneName === undefined && own.ZoneID === undefined) {
    leave('ZoneName', parent.ZoneName)
    leave('ZoneID', parent.ZoneID)
  }
  if (!timed) leave('EdgeStartTimestamp', parent.EdgeStartTimestamp ?? parent.EdgeEndTimestamp)
  if (!told) leave('WorkerSubrequest', true)
  leave('SampleInterval', parent.SampleInterval)
  leave('ParentRayID', parent.RayID)
  return Object.assign(line, own)
}

/** A list, also one that a tool wrote as text. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string' || !value.startsWith('[')) return []
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
