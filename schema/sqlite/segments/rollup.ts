/**
 * Rollups of one segment: requests, bytes and records by minute and by hour, per status, source and visitor, over all
 * sites together and per site (zone and host). They belong to the segment and live and die with it, so nothing has to be
 * added to or taken from a shared counter: deleting a batch gives back what was there before by itself.
 */
import type { Codes } from '../../block.js'
import type { DimensionField } from '../../fields.js'
import { combine } from './combine.js'
import type { Rows } from './rows.js'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** What a rollup can be asked for. */
export const OVERVIEW_FIELDS = ['edgeResponseStatus', 'source', 'visitor'] as const satisfies readonly DimensionField[]
export const SITE_FIELDS = ['zone', 'host', ...OVERVIEW_FIELDS] as const satisfies readonly DimensionField[]

/** A flood of random subdomains would make a cell per record: such a segment keeps no rollup by site and is scanned instead. */
const MAX_SITES = 1_000
/** A rollup by site and minute that is hardly smaller than the records costs disk for nothing. */
const WORTHWHILE = 0.5
/** Segments below this are soon merged with others; they keep everything. */
const SMALL_ROWS = 1_000

/** Cells in ascending slot order (slots of `width` ms, counted from the start of the day). */
export interface Cells {
  width: number
  slot: Uint32Array
  codes: { [field in DimensionField]?: Codes }
  requests: Float64Array
  bytes: Float64Array
  records: Uint32Array
}

export interface Rollups { overviewMinute: Cells; overviewHour: Cells; siteMinute: Cells | null; siteHour: Cells | null }

/** `rows` are of one day, in ascending time. */
export function rollUp(rows: Rows, dayStart: number): Rollups {
  const overview = keysOf(rows, OVERVIEW_FIELDS)
  const base = cellsOf(rows, dayStart, overview)
  const rollups: Rollups = { overviewMinute: base, overviewHour: coarser(base), siteMinute: null, siteHour: null }
  const sites = combineFields(rows, ['zone', 'host'])
  if (sites.count > MAX_SITES) return rollups
  const site = cellsOf(rows, dayStart, combineKeys(sites, overview))
  rollups.siteHour = coarser(site)
  if (rows.rows < SMALL_ROWS || site.slot.length <= rows.rows * WORTHWHILE) rollups.siteMinute = site
  return rollups
}

/** A key per row, and the codes that each key stands for. */
interface Keys { ids: Uint32Array; count: number; codes: { [field in DimensionField]?: Uint32Array } }

export function keysOf(rows: Rows, fields: readonly DimensionField[]): Keys {
  return fields.length === 1 ? oneField(rows, fields[0]) : combineFields(rows, fields)
}

function oneField(rows: Rows, field: DimensionField): Keys {
  const { codes, values } = rows.dimensions[field]
  return { ids: Uint32Array.from(codes), count: values.length, codes: { [field]: Uint32Array.from(values, (_, code) => code) } }
}

function combineFields(rows: Rows, fields: readonly DimensionField[]): Keys {
  return fields.slice(1).reduce((keys, field) => combineKeys(keys, oneField(rows, field)), oneField(rows, fields[0]))
}

export function combineKeys(a: Keys, b: Keys): Keys {
  const { ids, count, first, second } = combine(a.ids, a.count, b.ids, b.count)
  const codes: Keys['codes'] = {}
  for (const field of Object.keys(a.codes) as DimensionField[]) codes[field] = first.map((k) => (a.codes[field] as Uint32Array)[k])
  for (const field of Object.keys(b.codes) as DimensionField[]) codes[field] = second.map((k) => (b.codes[field] as Uint32Array)[k])
  return { ids, count, codes }
}

/** Adds the rows up, minute by minute. */
function cellsOf(rows: Rows, dayStart: number, keys: Keys): Cells {
  const { time, measures: { edgeResponseBytes, weight } } = rows
  const cells = new CellBuilder(keys.count)
  for (let i = 0; i < rows.rows; i++) {
    const w = weight[i]
    const bytes = edgeResponseBytes[i]
    cells.add(Math.floor((time[i] - dayStart) / MINUTE_MS), keys.ids[i], w, bytes === bytes ? bytes * w : 0, 1)
  }
  return cells.finish(MINUTE_MS, keys.codes)
}

/** The same cells by hour. */
function coarser(minutes: Cells): Cells {
  const fields = Object.keys(minutes.codes) as DimensionField[]
  const n = minutes.slot.length
  const keys = fields.map((field): Keys => {
    const codes = minutes.codes[field] as Codes
    let size = 0
    for (let i = 0; i < n; i++) if (codes[i] >= size) size = codes[i] + 1
    return { ids: Uint32Array.from(codes), count: size, codes: { [field]: Uint32Array.from({ length: size }, (_, c) => c) } }
  }).reduce(combineKeys)
  const cells = new CellBuilder(keys.count)
  for (let i = 0; i < n; i++) {
    cells.add(Math.floor(minutes.slot[i] / 60), keys.ids[i], minutes.requests[i], minutes.bytes[i], minutes.records[i])
  }
  return cells.finish(HOUR_MS, keys.codes)
}

/** Sums by (slot, key), the slots coming in ascending order. */
class CellBuilder {
  private cells = 0
  private slot = new Uint32Array(1024)
  private key = new Uint32Array(1024)
  private requests = new Float64Array(1024)
  private bytes = new Float64Array(1024)
  private records = new Uint32Array(1024)
  /** the cell of a key in the current slot: valid from `slotStart` on */
  private readonly cellOf: Int32Array
  private slotStart = 0
  private current = -1

  constructor(keys: number) {
    this.cellOf = new Int32Array(keys).fill(-1)
  }

  add(slot: number, key: number, requests: number, bytes: number, records: number): void {
    if (slot !== this.current) {
      this.current = slot
      this.slotStart = this.cells
    }
    let cell = this.cellOf[key]
    if (cell < this.slotStart) {
      if (this.cells === this.slot.length) this.grow()
      cell = this.cells++
      this.cellOf[key] = cell
      this.slot[cell] = slot
      this.key[cell] = key
    }
    this.requests[cell] += requests
    this.bytes[cell] += bytes
    this.records[cell] += records
  }

  private grow(): void {
    const double = <A extends Uint32Array | Float64Array>(a: A): A => {
      const out = new (a.constructor as new (n: number) => A)(a.length * 2)
      out.set(a)
      return out
    }
    this.slot = double(this.slot)
    this.key = double(this.key)
    this.requests = double(this.requests)
    this.bytes = double(this.bytes)
    this.records = double(this.records)
  }

  finish(width: number, codesOfKeys: Keys['codes']): Cells {
    const n = this.cells
    const codes: Cells['codes'] = {}
    for (const field of Object.keys(codesOfKeys) as DimensionField[]) {
      const ofKey = codesOfKeys[field] as Uint32Array
      const out = new Uint32Array(n)
      for (let i = 0; i < n; i++) out[i] = ofKey[this.key[i]]
      codes[field] = out
    }
    return {
      width, codes,
      slot: this.slot.slice(0, n),
      requests: this.requests.slice(0, n), bytes: this.bytes.slice(0, n), records: this.records.slice(0, n),
    }
  }
}

