/** What rests of which day: as the engine's own list of parts has it, copies that are not merged yet included. */
import type { Kept } from '../../store/kept.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'

export async function keptDays({ columns }: Connection, { database }: Tables): Promise<Kept> {
  const ours = `active AND database = '${database}'`
  const [[used] = []] = await columns(`SELECT toFloat64(sum(bytes_on_disk)) FROM system.parts WHERE ${ours}`)
  const [days = [], records = [], bytes = []] = await columns(
    `SELECT partition, toFloat64(sum(rows)), toFloat64(sum(bytes_on_disk)) FROM system.parts
      WHERE ${ours} AND table = 'records' GROUP BY partition ORDER BY partition`,
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
