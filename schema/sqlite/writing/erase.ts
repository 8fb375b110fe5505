/** Erasing what is about one host, one visitor or a range of time: every segment that may hold some is written again without. */
import type { Connection } from '../database.js'
import type { Erasure, Erased } from '../../store/erasure.js'
import { Catalog } from '../segments/catalog.js'
import { QUARTER_MS } from '../segments/counted.js'
import { replaceCounts } from './expire.js'
import type { Removal } from './remove.js'
import { replaceWithout } from './remove.js'

/** Needs a transaction around it. */
export function eraseRecords(removal: Removal, what: Erasure): Erased {
  const { db, source, segments } = removal
  const from = what.from ?? -Infinity
  const to = what.to ?? Infinity
  let records = 0
  for (const info of new Catalog(db).every()) {
    if (info.lastTime < from || info.firstTime >= to) continue
    const segment = source.open(info)
    const hosts = what.host === undefined ? null : segment.dictionary('host').codesOf(what.host.toLowerCase())
    const clients = what.clientIp === undefined ? null : segment.dictionary('clientIp').codesOf(what.clientIp)
    if (hosts?.length === 0 || clients?.length === 0) continue
    const rows = segment.toRows()
    const hostCodes = hosts && segment.codes('host')
    const clientCodes = clients && segment.codes('clientIp')
    records += replaceWithout(
      segments,
      info,
      rows,
      (row) =>
        rows.time[row] >= from &&
        rows.time[row] < to &&
        (hosts === null || hosts.includes((hostCodes as ArrayLike<number>)[row])) &&
        (clients === null || clients.includes((clientCodes as ArrayLike<number>)[row])),
    )
  }
  return { records: records + eraseCounts(removal, what), samples: eraseSamples(db, what) }
}

/**
 * Counts know hosts and no visitors: of a visitor nothing is in them. Of a range they lose each quarter of an hour that it touches.
 */
function eraseCounts(removal: Removal, { host, clientIp, from = -Infinity, to = Infinity }: Erasure): number {
  if (clientIp !== undefined) return 0
  let records = 0
  for (const info of new Catalog(removal.db, 'counted_segment').every()) {
    if (info.lastTime < from || info.firstTime >= to) continue
    const wanted = host === undefined ? null : removal.source.open(info).dictionary('host').codesOf(host.toLowerCase())
    if (wanted?.length === 0) continue
    records += replaceCounts(
      removal,
      info,
      ({ time, dimension }, cell) =>
        time[cell] < to &&
        time[cell] + QUARTER_MS > from &&
        (wanted === null || wanted.includes(dimension('host')[0].codes[cell])),
    )
  }
  return records
}

/** Samples of rejected lines that name it, whenever they came: nobody knows of what time they tell. */
function eraseSamples(db: Connection, { host, clientIp }: Erasure): number {
  const remove = db.prepare('delete from rejected_line where instr(lower(sample), lower(?)) > 0')
  return [host, clientIp].reduce((sum, text) => sum + (text === undefined ? 0 : remove.run(text).changes), 0)
}
