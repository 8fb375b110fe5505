/** The doors to the alert log of a SQLite file. */
import { resolve } from 'node:path'
import type { AlertLog } from '../../store/alert-log.js'
import { StoreError } from '../../store/store.js'
import { startThread, workerUrl, type ErrorReviver } from '../../runtime/threads.js'
import { attempt, openToWrite } from '../database.js'
import { alertLogOver, alertTables } from './alert-tables.js'
import type { ServedAlerts } from './alert-worker.js'

const reviveError: ErrorReviver = ({ name, message, code, stack }) => {
  const error =
    name === 'StoreError'
      ? new StoreError(code as StoreError['code'], message)
      : Object.assign(new Error(message), { name, code })
  if (stack) error.stack = stack
  return error
}

/** In a thread of its own with a connection of its own. Rejects with a StoreError. */
export async function openAlertLog(file: string): Promise<AlertLog> {
  const path = resolve(file)
  const thread = startThread<ServedAlerts>(
    workerUrl(import.meta.url, './alert-worker.js'),
    { workerData: { path } },
    reviveError,
  )
  try {
    await thread.call('start')
  } catch (error) {
    await thread.stop()
    throw error
  }
  return alertLogOver(
    (name, args) => thread.call('call', name, args),
    async () => {
      await thread.call('dispose').catch(() => {})
      await thread.stop()
    },
  )
}

/** In this thread: for the command line, and for tests of one call after the other. Throws a StoreError. */
export function openAlertLogHere(file: string): AlertLog {
  const path = resolve(file)
  const db = openToWrite(path)
  const tables = attempt(path, 'open the alerts in', () => alertTables(db))
  return alertLogOver(
    async (name, args) =>
      attempt(path, `${name} (alerts) in`, () => (tables[name] as (...args: unknown[]) => unknown)(...args)),
    async () => {
      db.close()
    },
  )
}
