/**
 * Merging small segments of a day into larger ones: Logpush sends a few hundred records every half minute, and a question
 * pays for every segment that it opens. Done in small steps while the writer has nothing else to do; the transaction at
 * the end only puts the finished segment in the place of the others, if these are still there.
 */
import type { Catalog, SegmentInfo, SegmentTable } from '../segments/catalog.js'
import type { Connection } from '../database.js'
import { at } from '../failpoints.js'
import { encodeSteps } from '../segments/encode.js'
import { rowsByDay } from '../segments/order.js'
import { concatRows } from '../segments/rows.js'
import type { SegmentSource } from '../segments/segment.js'

/** Larger segments make breakdowns cheaper and the look-up of one record dearer. */
export const MAX_SEGMENT_ROWS = 131_072
/** Segments of more than half of that are left alone. */
const FULL_ROWS = MAX_SEGMENT_ROWS / 2
/**
 * While data comes in, segments of similar size (within a factor of 8) are merged this many at a time, so that each
 * record moves few times.
 */
const TOGETHER = 8
const TIER_FACTOR = 8
/** Segments opened for one merge at most. */
const MAX_TOGETHER = 256

/** Segments of one day to merge next; null if there is nothing to do. `quiet`: no more data is expected soon. */
export function nextMerge(catalog: Catalog, quiet: boolean): SegmentInfo[] | null {
  const days = new Map<number, SegmentInfo[]>()
  for (const info of catalog.every()) {
    if (info.rows > FULL_ROWS) continue
    const day = days.get(info.day)
    if (day) day.push(info)
    else days.set(info.day, [info])
  }
  for (const segments of days.values()) {
    const group = quiet ? fitting(segments) : sameTier(segments)
    if (group.length >= (quiet ? 2 : TOGETHER)) return group
  }
  return null
}

/** The first run of neighbours in time that fit into one segment together. */
function fitting(segments: readonly SegmentInfo[]): SegmentInfo[] {
  let run: SegmentInfo[] = []
  let rows = 0
  for (const info of segments) {
    if (rows + info.rows > MAX_SEGMENT_ROWS || run.length === MAX_TOGETHER) {
      if (run.length >= 2) break
      run = []
      rows = 0
    }
    run.push(info)
    rows += info.rows
  }
  return run
}

function sameTier(segments: readonly SegmentInfo[]): SegmentInfo[] {
  const tiers = new Map<number, SegmentInfo[]>()
  for (const info of segments) {
    const tier = Math.floor(Math.log(info.rows) / Math.log(TIER_FACTOR))
    const members = tiers.get(tier)
    if (members) members.push(info)
    else tiers.set(tier, [info])
  }
  for (const [, members] of [...tiers].sort(([a], [b]) => a - b))
    if (members.length >= TOGETHER) return fitting(members)
  return []
}

interface Merging {
  db: Connection
  catalog: Catalog
  source: SegmentSource
  segments: SegmentTable
}

/** Merges them; false if one of them had gone by the end, which leaves everything as it was. */
export function* mergeSegments(
  { db, catalog, source, segments }: Merging,
  group: readonly SegmentInfo[],
): Generator<void, boolean> {
  let merged
  try {
    const rows = concatRows(group.map((info) => source.open(info).toRows()))
    yield
    const [{ order }] = rowsByDay(rows.time)
    merged = yield* encodeSteps(rows, order)
  } catch (error) {
    // read step by step: in between one of them may have gone
    if (group.some((info) => catalog.one(info.id) === null)) return false
    throw error
  }
  const isMerged = db
    .transaction(() => {
      if (group.some((info) => catalog.one(info.id) === null)) return false
      for (const info of group) segments.remove(info.id)
      segments.insert(merged)
      at('merge/replaced')
      return true
    })
    .immediate()
  at('merge/committed')
  return isMerged
}
