/** Days of which records are gone and counted: what comes late cannot be told from what was counted, and is not stored. */
import { stringsOf } from '../../store/values.js'
import type { Connection } from '../database.js'
import { Catalog } from '../segments/catalog.js'
import { countableCells } from '../segments/counted.js'
import { DAY_MS } from '../segments/order.js'
import type { Rows } from '../segments/rows.js'
import type { SegmentSource } from '../segments/segment.js'

export class CountedDays {
  private readonly latest: number
  private catalog: Catalog | null = null

  constructor(
    private readonly db: Connection,
    private readonly source: SegmentSource,
  ) {
    this.latest = (db.prepare('select max(day) from counted_segment').pluck().get() as number | null) ?? -Infinity
  }

  /** Of the rows at `order`, all of `day`, those whose zone has no counts there. */
  without(rows: Rows, order: Uint32Array, day: number): Uint32Array {
    if (day > this.latest) return order
    const zones = this.zonesOf(day)
    if (zones.size === 0) return order
    const late = new Uint8Array(rows.rows)
    let at = 0
    for (const { codes, values } of rows.dimension('zone')) {
      const isCounted = stringsOf(values).map((zone) => zones.has(zone.toLowerCase()))
      for (let i = 0; i < codes.length; i++) if (isCounted[codes[i]]) late[at + i] = 1
      at += codes.length
    }
    return order.filter((row) => late[row] === 0)
  }

  /** In lower case; '' is what has no zone. */
  private zonesOf(day: number): Set<string> {
    const zones = new Set<string>()
    this.catalog ??= new Catalog(this.db, 'counted_segment')
    for (const info of this.catalog.overlapping(day * DAY_MS, (day + 1) * DAY_MS)) {
      const segment = this.source.open(info)
      const dictionary = segment.dictionary('zone')
      for (const code of new Set(countableCells(segment).dimension('zone')[0].codes))
        zones.add(dictionary.value(code).toLowerCase())
    }
    return zones
  }
}
