/** Records newest first, a page at a time. */
import type { RecordQuery } from '../../store/query.js'
import type { RecordColumns } from '../../store/record-columns.js'
import type { RecordPage } from '../../store/records.js'
import { conditionsOf } from '../../store/conditions.js'
import { cursorOfPlace, identityText, newestFirst, placeOfCursor, type RecordPlace } from '../../store/record-order.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { codeFilters, selectRows } from './filters.js'
import { columnsOf, rayIdOf } from './record.js'
import { recordTable } from './tables.js'

/** Rows looked at in one go, from the newest backwards. */
const STRIDE = 8_192

class Found implements RecordPlace {
  readonly ray: string

  constructor(
    readonly segment: Segment,
    readonly row: number,
    readonly time: number,
  ) {
    this.ray = rayIdOf(segment, row) ?? ''
  }

  /** Read where it decides: between two of one time and RayID, and in a cursor. */
  get identity(): string {
    const identity = this.segment.identity()
    return identityText(identity[this.row * 2], identity[this.row * 2 + 1])
  }
}

/** A RecordPage whose records are columns. */
export type ColumnPage = Omit<RecordPage, 'records'> & { columns: RecordColumns }

/** `segments` overlap the selection, in any order. */
export function recordPage(source: SegmentSource, segments: readonly SegmentInfo[], query: RecordQuery): ColumnPage {
  const after = query.after === null ? null : placeOfCursor(query.after)
  const latest = [...segments].sort((a, b) => b.lastTime - a.lastTime)
  let found: Found[] = []
  for (const info of latest) {
    // everything in this and the following segments is older than the page
    if (found.length > query.limit && info.lastTime < found[query.limit].time) break
    if (after && info.firstTime > after.time) continue
    found.push(...newestOf(source.open(info), query, after))
    found.sort(newestFirst)
    found = found.slice(0, query.limit + 1)
  }
  const page = found.slice(0, query.limit)
  return {
    columns: columnsOf(page, query.fields),
    next: found.length > query.limit && page.length > 0 ? nextOf(page[page.length - 1], query) : null,
  }
}

const nextOf = (last: Found, { onlyPage }: RecordQuery) => (onlyPage ? '' : cursorOfPlace(last))

/** The first `limit + 1` after the cursor, and all that share the time of the last of them. */
function newestOf(segment: Segment, query: RecordQuery, after: RecordPlace | null): Found[] {
  const filters = codeFilters(segment, conditionsOf(query))
  if (filters === null) return []
  const table = recordTable(segment)
  const first = table.rowAt(query.from)
  const found: Found[] = []
  for (let to = table.rowAt(after ? Math.min(query.to, after.time + 1) : query.to); to > first; to -= STRIDE) {
    const rows = selectRows([{ from: Math.max(first, to - STRIDE), to }], filters, (field) => segment.packed(field))
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i]
      const time = segment.time()[row]
      if (found.length > query.limit && time < found[query.limit].time) return found
      const place = new Found(segment, row, time)
      if (after === null || newestFirst(after, place) < 0) found.push(place)
    }
  }
  return found
}
