/** What rests of which day: as the engine's own list of parts has it, copies that are not merged yet included. */
import type { Kept } from '../../store/kept.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'
import { text } from '../literal.js'

export async function keptDays({ columns }: Connection, tables: Tables): Promise<Kept> {
  const ours = `active AND database = ${text(tables.database)}`
  const [[used] = []] = await columns(`SELECT toFloat64(sum(bytes_on_disk)) FROM ${tables.parts} WHERE ${ours}`)
  const [days = [], records = [], bytes = []] = await columns(
    `SELECT partition, toFloat64(sum(rows)), toFloat64(sum(bytes_on_disk)) FROM ${tables.partsOnce}
      WHERE ${ours} AND table = ${text(tables.restWord('records'))} GROUP BY partition ORDER BY partition`,
  )
  return {
    used: Number(used ?? 0),
    days: days.map((day, i) => ({
      from: Date.parse(String(day)),
      records: Number(records[i]),
      bytes: Number(bytes[i]),
    })),
  }
}
