/**
 * The thread of the small tables, alerting's among them: its reads wait for nobody, its commits for a part of a batch at
 * most. Who signs in or is asked for a token waits neither for questions nor behind uploads.
 */
import { workerData } from 'node:worker_threads'
import { serve, type Served } from '../../runtime/threads.js'
import type { SmallRooms } from '../../store/ledger.js'
import { alertTables, type AlertTables } from '../alerts/alert-tables.js'
import { attempt, BUSY_TIMEOUT_MS, openToRead, openToWrite, type Connection } from '../database.js'
import { Patience } from '../patience.js'
import { beginAnew, goFirst } from '../precedence.js'
import { SameFile } from '../same-file.js'
import { ledgerTables, type LedgerTables } from './tables.js'

type Call = (...args: unknown[]) => unknown

export interface LedgerData {
  path: string
  precedence: SharedArrayBuffer
  waitMs: number | undefined
  /** nothing will be changed, since nothing can be */
  toRead: boolean
}

const { path, precedence, waitMs = BUSY_TIMEOUT_MS, toRead } = workerData as LedgerData
beginAnew(precedence)
let open: { db: Connection; file: SameFile; patience: Patience; ledger: LedgerTables } | null = null
let alertLog: AlertTables | null = null

/** Opens the file at the first call, whose caller then gets the error if it can't be opened. */
function running() {
  if (open) return open
  const db = toRead ? openToRead(path) : openToWrite(path, waitMs)
  open = attempt(path, 'open the small tables of', () => ({
    db,
    file: new SameFile(path),
    patience: new Patience(db, waitMs),
    ledger: ledgerTables(db),
  }))
  return open
}

/** Nobody is told of what went into a file that is gone. */
function answered(tried: string, call: () => unknown): unknown {
  return attempt(path, tried, () => {
    const { patience, file } = running()
    file.check()
    const answer = goFirst(precedence, () => patience.with(call))
    file.check()
    return answer
  })
}

const served = {
  start: () => {
    const { db } = running()
    // what a newer Faultline wrote is refused before anything is asked of it
    attempt(path, 'open the alerts in', () => (alertLog ??= alertTables(db, toRead)))
  },
  ledger: (room: keyof SmallRooms, name: string, args: unknown[]): unknown => {
    const calls = running().ledger[room] as unknown as { [name: string]: Call }
    return answered(`${name} (${room}) in`, () => calls[name](...args))
  },
  alerts: (name: keyof AlertTables, args: unknown[]): unknown => {
    const { db } = running()
    return answered(`${name} (alerts) in`, () => {
      alertLog ??= alertTables(db, toRead)
      return (alertLog[name] as Call)(...args)
    })
  },
  dispose: () => {
    open?.db.close()
    open = null
    alertLog = null
  },
} satisfies Served

export type ServedLedger = typeof served
serve(served)
