/** The small tables on a connection: every call is one short transaction and blocks for no longer than that. */
import type { SmallRooms } from '../../store/ledger.js'
import type { Connection } from '../database.js'
import { annotationTable } from './annotations.js'
import { auditTable } from './audit.js'
import { checkpointTable } from './checkpoints.js'
import { incidentTable } from './incidents.js'
import { sessionTable } from './sessions.js'
import { settingTable } from './settings.js'
import type { Table } from './table.js'
import { tokenTable } from './tokens.js'

export type LedgerTables = { [R in keyof SmallRooms]: Table<SmallRooms[R]> }

export function ledgerTables(db: Connection): LedgerTables {
  return {
    settings: settingTable(db),
    checkpoints: checkpointTable(db),
    tokens: tokenTable(db),
    sessions: sessionTable(db),
    audit: auditTable(db),
    annotations: annotationTable(db),
    incidents: incidentTable(db),
  }
}

/** The names of all calls: whoever passes them on over a thread has nothing else to go by. */
const CALLS: { readonly [R in keyof SmallRooms]: { readonly [N in keyof SmallRooms[R]]: true } } = {
  settings: { get: true, set: true },
  checkpoints: { get: true, page: true, put: true, remove: true },
  tokens: { create: true, page: true, get: true, byHash: true, used: true, revoke: true },
  sessions: { begin: true, get: true, page: true, seen: true, end: true, endAll: true, expire: true },
  audit: { append: true, page: true, expire: true },
  annotations: { create: true, get: true, page: true, change: true, remove: true },
  incidents: { create: true, get: true, page: true, remove: true },
}

/** A ledger's rooms whose calls go through `call`, which knows where the tables are. */
export function ledgerOver(
  call: (room: keyof SmallRooms, name: string, args: unknown[]) => Promise<unknown>,
): SmallRooms {
  const rooms = Object.entries(CALLS).map(([room, names]) => [
    room,
    Object.fromEntries(
      Object.keys(names).map((name) => [name, (...args: unknown[]) => call(room as keyof SmallRooms, name, args)]),
    ),
  ])
  return Object.fromEntries(rooms) as SmallRooms
}
