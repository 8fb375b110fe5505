/**
 * Rollups of one segment: requests, bytes and records by minute, by hour and of the day, per status, source and visitor, over all
 * sites together and per site (zone and host). They belong to the segment and live and die with it, so nothing has to be
 * added to or taken from a shared counter: deleting a batch gives back what was there before by itself.
 */
import type { DimensionField } from '../../words/fields.js'
import { addUpCells, combineKeys, keysOf, keysOfCells, widerSlots, type Cells, type Keys } from './cells.js'
import { OVERVIEW_FIELDS, type SegmentRows } from './summed.js'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** The rollups over all sites and those by site, coarsest first. */
export const OVERVIEW_ROLLUPS = ['overviewDay', 'overviewHour', 'overviewMinute'] as const
export const SITE_ROLLUPS = ['siteDay', 'siteHour', 'siteMinute'] as const

/**
 * A flood of random subdomains would make a cell per record: such a segment keeps no rollup by site and is scanned
 * instead.
 */
export const MAX_SITES = 1_000
/** A rollup by site and minute that is hardly smaller than the records costs disk for nothing. */
const WORTHWHILE = 0.5
/** Segments below this are soon merged with others; they keep everything. */
const SMALL_ROWS = 1_000

export interface Rollups {
  overviewMinute: Cells
  overviewHour: Cells
  overviewDay: Cells
  siteMinute: Cells | null
  siteHour: Cells | null
  siteDay: Cells | null
}

/** `rows` are of one day, in ascending time. */
export function rollUp(rows: SegmentRows, dayStart: number): Rollups {
  const overview = keysOf(rows.dimensions, OVERVIEW_FIELDS)
  const sites = keysOf(rows.dimensions, ['zone', 'host'])
  if (sites.count > MAX_SITES) {
    const minutes = minuteCells(rows, dayStart, overview)
    const hours = wider(minutes, 60)
    return {
      overviewMinute: minutes,
      overviewHour: hours,
      overviewDay: wider(hours, 24),
      siteMinute: null,
      siteHour: null,
      siteDay: null,
    }
  }
  const site = minuteCells(rows, dayStart, combineKeys(sites, overview))
  const minutes = fewerFields(site, OVERVIEW_FIELDS)
  const worthwhile = rows.rows < SMALL_ROWS || site.slot.length <= rows.rows * WORTHWHILE
  const [hours, siteHours] = [wider(minutes, 60), wider(site, 60)]
  return {
    overviewMinute: minutes,
    overviewHour: hours,
    overviewDay: wider(hours, 24),
    siteMinute: worthwhile ? site : null,
    siteHour: siteHours,
    siteDay: wider(siteHours, 24),
  }
}

function minuteCells({ time, measures }: SegmentRows, dayStart: number, keys: Keys): Cells {
  return addUpCells(
    {
      slot: minutesOf(time, dayStart),
      key: keys.ids,
      requests: measures.weight,
      bytes: weighted(measures.edgeResponseBytes, measures.weight),
    },
    keys.count,
    keys.codes,
  )
}

function minutesOf(time: Float64Array, dayStart: number): Uint32Array {
  const minutes = new Uint32Array(time.length)
  for (let i = 0; i < time.length; i++) minutes[i] = (time[i] - dayStart) / MINUTE_MS
  return minutes
}

/** 0 where absent. */
function weighted(numbers: Float64Array, weight: Float64Array): Float64Array {
  const out = new Float64Array(numbers.length)
  for (let i = 0; i < out.length; i++) {
    const number = numbers[i]
    if (number === number) out[i] = number * weight[i]
  }
  return out
}

/** The same sums in slots so many times as wide. */
export function wider(cells: Cells, slotsPerSlot: number): Cells {
  return recount(cells, Object.keys(cells.codes) as DimensionField[], slotsPerSlot)
}

/** The same sums, told apart by these fields only. */
export function fewerFields(cells: Cells, fields: readonly DimensionField[]): Cells {
  return recount(cells, fields, 1)
}

/** The same sums in wider slots or by fewer fields. */
function recount(from: Cells, fields: readonly DimensionField[], slotsPerSlot: number): Cells {
  const keys = keysOfCells(from, fields)
  const { slot, requests, bytes, records } = from
  return addUpCells(
    { slot: widerSlots(slot, slotsPerSlot), key: keys.ids, requests, bytes, records },
    keys.count,
    keys.codes,
  )
}
