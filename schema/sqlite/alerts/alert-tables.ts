/** The alert log on a connection: every call is one short transaction and blocks for no longer than that. */
import type { AlertLog } from '../../store/alert-log.js'
import type { Connection } from '../database.js'
import { editTables } from './edits.js'
import { episodeTables } from './episodes.js'
import { evaluationTables } from './evaluation.js'
import { checkAlertsAreThere, migrateAlerts } from './layout.js'
import { queueTables } from './queue.js'

/** The functions of AlertLog without promises, as a thread serves them. */
export type AlertTables = {
  [N in keyof AlertLog]: (...args: Parameters<AlertLog[N]>) => Awaited<ReturnType<AlertLog[N]>>
}

/** Makes the tables if they are missing, unless the file can only be read. The connection stays the caller's. */
export function alertTables(db: Connection, toRead = false): AlertTables {
  // secrets once rested here as they were given: what is overwritten is gone
  db.pragma('secure_delete = on')
  if (toRead) checkAlertsAreThere(db)
  else migrateAlerts(db)
  return { ...evaluationTables(db), ...editTables(db), ...episodeTables(db), ...queueTables(db) }
}

const NAMES: { readonly [N in keyof AlertTables]: true } = {
  load: true,
  commit: true,
  putRules: true,
  putSilence: true,
  deleteSilence: true,
  putMaintenance: true,
  deleteMaintenance: true,
  putNotifier: true,
  deleteNotifier: true,
  episodes: true,
  episode: true,
  acknowledge: true,
  claim: true,
  confirm: true,
  nextDue: true,
  finish: true,
  release: true,
  enqueue: true,
  tellings: true,
  deliveries: true,
  delivery: true,
  retry: true,
  hurry: true,
  counts: true,
  setSetting: true,
  expire: true,
}

/** An AlertLog whose calls go through `call`, which knows where the tables are: in another thread, or here. */
export function alertLogOver(call: (name: keyof AlertTables, args: unknown[]) => Promise<unknown>): AlertLog {
  const entries = Object.keys(NAMES).map((name) => [
    name,
    (...args: unknown[]) => call(name as keyof AlertTables, args),
  ])
  return Object.fromEntries(entries) as AlertLog
}
