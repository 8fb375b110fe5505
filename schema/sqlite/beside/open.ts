/** The door to the ledger of a store whose records rest elsewhere: threads over one SQLite file. */
import { randomUUID } from 'node:crypto'
import { startThread, workerUrl, type Thread } from '../../runtime/threads.js'
import type { AlertLog } from '../../store/alert-log.js'
import { openSmallTables } from '../ledger/open.js'
import type { SmallRooms } from '../ledger/tables.js'
import { reviveError } from '../revive-error.js'
import type { ServedLedgerFile } from './ledger-file-worker.js'

export type { BegunPart, Leftovers, PartSpan } from './ledger-file.js'
export type { Summed } from './hours.js'
export { filesOf } from '../database.js'
export { backupTo } from '../backup.js'

/** Owners of what was begun in this process: nobody here may take it for abandoned. */
const livingOwners = new Set<string>()
export const living = (): string[] => [...livingOwners]

export interface LedgerBeside {
  readonly path: string
  readonly rooms: SmallRooms
  readonly alerts: AlertLog
  /** Its calls, in a thread that is started again if it died. */
  file(): Thread<ServedLedgerFile>
  close(): Promise<void>
}

/** `checkOpen` throws when the store was closed. Nothing is opened before the first call. */
export function openLedgerBeside(path: string, checkOpen: () => void): LedgerBeside {
  const owner = randomUUID()
  livingOwners.add(owner)
  const small = openSmallTables(path, checkOpen)
  let thread: Thread<ServedLedgerFile> | null = null
  return {
    path,
    rooms: small.rooms,
    alerts: small.alerts,
    file() {
      checkOpen()
      if (!thread?.alive) {
        const worker = workerUrl(import.meta.url, './ledger-file-worker.js')
        thread = startThread<ServedLedgerFile>(worker, { workerData: { path, owner } }, reviveError)
      }
      return thread
    },
    async close() {
      await small.close()
      await thread?.call('dispose').catch(() => {})
      await thread?.stop()
      livingOwners.delete(owner)
    },
  }
}
