/** The alert log of a file by itself, without the rest of a store. */
import { resolve } from 'node:path'
import type { AlertLog } from '../../../schema/store/alert-log.js'
import { attempt, openToWrite } from '../../../schema/sqlite/database.js'
import { openSmallTables } from '../../../schema/sqlite/ledger/open.js'
import { alertLogOver, alertTables } from '../../../schema/sqlite/alerts/alert-tables.js'

export interface OwnAlertLog extends AlertLog {
  close(): Promise<void>
}

/** In a thread of its own with a connection of its own. Rejects with a StoreError. */
export async function openAlertLog(file: string): Promise<OwnAlertLog> {
  const tables = openSmallTables(resolve(file))
  try {
    await tables.start()
  } catch (error) {
    await tables.close()
    throw error
  }
  return { ...tables.alerts, close: tables.close }
}

/** In this thread: one call after the other. Throws a StoreError. */
export function openAlertLogHere(file: string): OwnAlertLog {
  const path = resolve(file)
  const db = openToWrite(path)
  const tables = attempt(path, 'open the alerts in', () => alertTables(db))
  const log = alertLogOver(async (name, args) =>
    attempt(path, `${name} (alerts) in`, () => (tables[name] as (...args: unknown[]) => unknown)(...args)),
  )
  return {
    ...log,
    close: async () => {
      db.close()
    },
  }
}
