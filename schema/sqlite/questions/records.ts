/** Records newest first, a page at a time. */
import type { RecordQuery } from '../../store/query.js'
import type { RecordPage } from '../../store/records.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { codeFilters, conditionsOf, selectRows } from './filters.js'
import { rayIdOf, recordsOf } from './record.js'
import { recordTable } from './tables.js'

/** Rows looked at in one go, from the newest backwards. */
const STRIDE = 8_192

interface Found {
  segment: Segment
  row: number
  time: number
  ray: string
  identity: string
}

/** `segments` overlap the selection, in any order. */
export function recordPage(source: SegmentSource, segments: readonly SegmentInfo[], query: RecordQuery): RecordPage {
  const after = query.after === null ? null : parseCursor(query.after)
  const newestFirst = [...segments].sort((a, b) => b.lastTime - a.lastTime)
  let found: Found[] = []
  for (const info of newestFirst) {
    // everything in this and the following segments is older than the page
    if (found.length > query.limit && info.lastTime < found[query.limit].time) break
    if (after && info.firstTime > after.time) continue
    found.push(...newestOf(source.open(info), query, after))
    found.sort(byPlace)
    found = found.slice(0, query.limit + 1)
  }
  const page = found.slice(0, query.limit)
  return {
    records: recordsOf(page, query.fields),
    next: found.length > query.limit && page.length > 0 ? formatCursor(page[page.length - 1]) : null,
  }
}

type Place = Pick<Found, 'time' | 'ray' | 'identity'>

/** Newest first, equal times by RayID, those without one first; the identity tells equal RayIDs apart. */
function byPlace(a: Place, b: Place): number {
  return b.time - a.time || compare(a.ray, b.ray) || compare(a.identity, b.identity)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first `limit + 1` after the cursor, and all that share the time of the last of them. */
function newestOf(segment: Segment, query: RecordQuery, after: Place | null): Found[] {
  const filters = codeFilters(segment, conditionsOf(query))
  if (filters === null) return []
  const table = recordTable(segment)
  const first = table.rowAt(query.from)
  const found: Found[] = []
  for (let to = table.rowAt(after ? Math.min(query.to, after.time + 1) : query.to); to > first; to -= STRIDE) {
    const rows = selectRows([{ from: Math.max(first, to - STRIDE), to }], filters, (field) => segment.codes(field))
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i]
      const time = segment.time()[row]
      if (found.length > query.limit && time < found[query.limit].time) return found
      const place = placeOf(segment, row, time)
      if (after === null || byPlace(after, place) < 0) found.push(place)
    }
  }
  return found
}

function placeOf(segment: Segment, row: number, time: number): Found {
  const identity = segment.identity()
  const hex = (word: number) => word.toString(16).padStart(8, '0')
  return {
    segment,
    row,
    time,
    ray: rayIdOf(segment, row) ?? '',
    identity: hex(identity[row * 2]) + hex(identity[row * 2 + 1]),
  }
}

/** A place in the order, not a number of rows: it stays right while records come and go. */
function formatCursor({ time, ray, identity }: Place): string {
  return Buffer.from(JSON.stringify([time, identity, ray])).toString('base64url')
}

function parseCursor(cursor: string): Place {
  try {
    const [time, identity, ray] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (typeof time === 'number' && typeof identity === 'string' && typeof ray === 'string')
      return { time, identity, ray }
  } catch {
    // said below
  }
  const message = `"${cursor.slice(0, 100)}" is no cursor of this store: take it from "next" of the page before`
  throw Object.assign(new RangeError(message), { code: 'BAD_CURSOR' })
}
