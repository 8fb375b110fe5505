/** The alert log's thread: its reads wait for nobody, its commits for a part of a batch at most. */
import { workerData } from 'node:worker_threads'
import { serve, type Served } from '../../runtime/threads.js'
import { attempt, openToWrite, type Connection } from '../database.js'
import { alertTables, type AlertTables } from './alert-tables.js'

const { path } = workerData as { path: string }
let db: Connection | null = null
let tables: AlertTables | null = null

function call(name: keyof AlertTables, args: unknown[]): unknown {
  const running = tables
  if (!running) throw new Error('The alert log was not started')
  return attempt(path, `${name} (alerts) in`, () => (running[name] as (...args: unknown[]) => unknown)(...args))
}

const served = {
  start: () => {
    db = openToWrite(path)
    tables = attempt(path, 'open the alerts in', () => alertTables(db as Connection))
  },
  call,
  dispose: () => {
    db?.close()
  },
} satisfies Served

export type ServedAlerts = typeof served
serve(served)
