/** Taking out what is too old: records first, into counts where these stay longer, then the counts. */
import { limitOf, type Expiry, type Limit } from '../../store/expiry.js'
import { Catalog, type SegmentInfo } from '../segments/catalog.js'
import { countableCells, countableRecords, encodeCounted, type Countable } from '../segments/counted.js'
import { DAY_MS } from '../segments/order.js'
import { replaceWithout, type Removal } from './remove.js'

/** A step of removing what is old. */
export interface Expired {
  removed: number
  /** there is more to remove */
  more: boolean
  /** counts went or came: answers are others though no record went */
  counts: boolean
}

const countsBefore = ({ before, countsBefore = before }: Limit) => Math.min(before, countsBefore)

/**
 * Removes what is older than its limit, of at most `most` segments, the oldest first. Needs a transaction around it; whatever is left
 * to the next one is whole.
 */
export function expireRecords(removal: Removal, expiry: Expiry, most: number): Expired {
  const { db, source } = removal
  const limits = [expiry, ...(expiry.zones?.values() ?? [])]
  checkDays(limits)
  const latest = Math.max(...limits.map(({ before }) => before))
  const latestCounts = Math.max(...limits.map(countsBefore))
  let removed = 0
  let counts = false
  let steps = 0
  for (const info of new Catalog(db).overlapping(-Infinity, latest)) {
    const limit = limitsIn(source, info, expiry)
    if (limit.none) continue
    if (steps === most) return { removed, more: true, counts }
    const expired = expireSegment(removal, info, limit)
    if (expired.removed > 0) steps++
    removed += expired.removed
    counts ||= expired.counted
  }
  for (const info of new Catalog(db, 'counted_segment').overlapping(-Infinity, latestCounts)) {
    const limit = limitsIn(source, info, expiry)
    if (limit.noCounts) continue
    if (steps === most) return { removed, more: true, counts }
    if (expireCounts(removal, info, expiry) === 0) continue
    steps++
    counts = true
  }
  const earliest = Math.min(...limits.map(({ before }) => before))
  db.prepare('delete from duplicate where last_time < ?').run(earliest)
  for (const table of ['rejected_line', 'part']) {
    db.prepare(
      `delete from ${table} where batch in (select id from batch where received_at < ? and state <> 'open')`,
    ).run(earliest)
  }
  return { removed, more: false, counts }
}

/** Of a day there are records or counts of them, of each zone: a limit in the middle of a day would make both. */
function checkDays(limits: readonly Limit[]): void {
  for (const limit of limits) {
    const counts = countsBefore(limit)
    if (counts < limit.before && [limit.before, counts].some((time) => Number.isFinite(time) && time % DAY_MS !== 0))
      throw new RangeError('Counts outlive their records by whole days (UTC): both limits must be the beginning of one')
  }
}

interface LimitsOfSegment {
  /** by code of the zone */
  byZone: Limit[]
  /** nothing goes */
  none: boolean
  noCounts: boolean
}

/** The limits of the zones that a segment has. */
function limitsIn(source: Removal['source'], info: SegmentInfo, expiry: Expiry): LimitsOfSegment {
  const segment = source.open(info)
  const dictionary = segment.dictionary('zone')
  const byZone = Array.from({ length: dictionary.size }, (_, code) => limitOf(expiry, dictionary.value(code)))
  const occurs = new Uint8Array(dictionary.size)
  if (expiry.zones === undefined || expiry.zones.size === 0) occurs.fill(1)
  else {
    const codes = info.counted ? countableCells(segment).dimension('zone')[0].codes : segment.codes('zone')
    for (let i = 0; i < codes.length; i++) occurs[codes[i]] = 1
  }
  const own = byZone.filter((_, code) => occurs[code] === 1)
  return {
    byZone,
    none: own.every(({ before }) => before <= info.firstTime),
    noCounts: own.every((limit) => countsBefore(limit) <= info.lastTime),
  }
}

function expireSegment(
  removal: Removal,
  info: SegmentInfo,
  { byZone }: LimitsOfSegment,
): { removed: number; counted: boolean } {
  const { source, segments, counted } = removal
  const staysCounted = byZone.some((limit) => countsBefore(limit) < limit.before)
  if (!staysCounted && byZone.every(({ before }) => before > info.lastTime)) {
    segments.remove(info.id)
    return { removed: info.rows, counted: false }
  }
  const segment = source.open(info)
  const rows = segment.toRows()
  const zone = segment.codes('zone')
  const goes = (row: number) => rows.time[row] < byZone[zone[row]].before
  const stays = (row: number) => goes(row) && rows.time[row] >= countsBefore(byZone[zone[row]])
  const kept = staysCounted ? Uint32Array.from({ length: rows.rows }, (_, row) => row).filter(stays) : null
  const isCounted = kept !== null && kept.length > 0
  if (isCounted) {
    const batch = segment.codes('batch')
    const ids = segment.dictionary('batch')
    const batches = new Map<number, number>()
    for (const row of kept) {
      const id = Number(ids.value(batch[row]))
      batches.set(id, (batches.get(id) ?? 0) + 1)
    }
    const span = { from: rows.time[kept[0]], to: rows.time[kept[kept.length - 1]] }
    counted.insert(encodeCounted(countableRecords(rows), kept, span, batches))
  }
  return { removed: replaceWithout(segments, info, rows, goes), counted: isCounted }
}

function expireCounts(removal: Removal, info: SegmentInfo, expiry: Expiry): number {
  const { values, codes } = zonesOf(removal, info)
  const gone = values.map((zone) => countsBefore(limitOf(expiry, zone)) > info.lastTime)
  return replaceCounts(removal, info, (_, cell) => gone[codes[cell]])
}

function zonesOf({ source }: Removal, info: SegmentInfo): { values: string[]; codes: ArrayLike<number> } {
  const segment = source.open(info)
  const dictionary = segment.dictionary('zone')
  return {
    values: Array.from({ length: dictionary.size }, (_, code) => dictionary.value(code)),
    codes: countableCells(segment).dimension('zone')[0].codes,
  }
}

/** Writes counts again without the cells that go; says how many records those had counted. */
export function replaceCounts(
  { db, source, counted }: Pick<Removal, 'db' | 'source' | 'counted'>,
  info: SegmentInfo,
  goes: (cells: Countable, cell: number) => boolean,
): number {
  const cells = countableCells(source.open(info))
  const rest = Uint32Array.from({ length: cells.rows }, (_, cell) => cell).filter((cell) => !goes(cells, cell))
  if (rest.length === cells.rows) return 0
  let left = 0
  if (rest.length > 0) {
    // which of its records a batch had brought is no longer known: it had brought some
    const batches = db.prepare('select batch, rows from counted_segment_batch where segment = ?').all(info.id) as {
      batch: number
      rows: number
    }[]
    const span = { from: info.firstTime, to: info.lastTime }
    counted.insert(encodeCounted(cells, rest, span, new Map(batches.map(({ batch, rows }) => [batch, rows]))))
    for (const cell of rest) left += cells.records[cell]
  }
  counted.remove(info.id)
  return info.rows - left
}
