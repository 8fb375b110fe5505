/** Names of the blobs a segment has. The numbers behind the names are the file's own, in its table `slot`. */
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../../words/fields.js'
import type { PercentileMeasure } from '../../store/query.js'
import type { Connection } from '../database.js'
import { damaged, rowCrc } from './checksum.js'
import { DURATIONS } from './histograms.js'
import { OVERVIEW_ROLLUPS, SITE_ROLLUPS } from './rollup.js'
import { TALLIED_FIELDS } from './tally.js'

/** What a counted segment has beside its dictionaries, see counted.ts. */
export const COUNTED_ROLLUPS = [
  'overviewDay',
  'overviewHour',
  'overviewQuarter',
  'siteDay',
  'siteHour',
  'siteQuarter',
] as const

export type SlotName =
  | 'time'
  | 'ray'
  | 'identity'
  | 'oddRays'
  | `codes:${DimensionField | 'batch'}`
  | `values:${DimensionField | 'batch'}`
  | `text:${DimensionField | 'batch'}`
  | `numbers:${MeasureField}`
  | (typeof OVERVIEW_ROLLUPS)[number]
  | (typeof SITE_ROLLUPS)[number]
  | (typeof COUNTED_ROLLUPS)[number]
  | `tally:${DimensionField}`
  | `${'histogram' | 'dayHistogram' | 'siteHistogram'}:${PercentileMeasure}`

const ALL: readonly SlotName[] = [
  'time',
  'ray',
  'identity',
  'oddRays',
  'codes:batch',
  'values:batch',
  'text:batch',
  ...OVERVIEW_ROLLUPS,
  ...SITE_ROLLUPS,
  ...DURATIONS.flatMap((d) => [`histogram:${d}`, `dayHistogram:${d}`, `siteHistogram:${d}`] as const),
  ...[...TALLIED_FIELDS].map((f) => `tally:${f}` as const),
  ...DIMENSION_FIELDS.flatMap((f) => [`codes:${f}`, `values:${f}`, `text:${f}`] as const),
  ...MEASURE_FIELDS.map((f) => `numbers:${f}` as const),
  'overviewQuarter',
  'siteQuarter',
]

/** ids of blobs are segment * 256 + slot */
export const SLOTS_PER_SEGMENT = 256

export type Slots = ReadonlyMap<SlotName, number>

/** Gives every name its number; fields that are new to the file get new ones. Needs a connection that may write. */
export function ensureSlots(db: Connection): void {
  db.transaction(() => {
    const insert = db.prepare('insert into slot (name) values (?) on conflict do nothing')
    const known = new Set(db.prepare('select name from slot').pluck().all())
    for (const name of ALL) if (!known.has(name)) insert.run(name)
    const unchecked = db.prepare('select id, name from slot where crc is null').all() as { id: number; name: string }[]
    const check = db.prepare('update slot set crc = ? where id = ?')
    for (const { id, name } of unchecked) check.run(rowCrc([id, name]), id)
    const highest = db.prepare('select max(id) from slot').pluck().get() as number
    if (highest >= SLOTS_PER_SEGMENT) throw new Error(`The file has run out of slots: ${highest} kinds of columns`)
  }).immediate()
}

/** Each name with its number. Throws where a name is not what was written. */
export function readSlots(db: Connection): Slots {
  const rows = db.prepare('select name, id, crc from slot').all() as { name: SlotName; id: number; crc: number }[]
  // under another name a column would seem to be absent
  for (const { name, id, crc } of rows) if (rowCrc([id, name]) !== crc) throw damaged(`the name of slot ${id}`)
  return new Map(rows.map(({ name, id }) => [name, id]))
}
