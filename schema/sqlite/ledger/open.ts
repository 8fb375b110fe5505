/** The door to the small tables of a file: a thread of its own with a connection of its own. */
import { startThread, workerUrl, type Thread } from '../../runtime/threads.js'
import type { AlertLog } from '../../store/alert-log.js'
import type { SmallRooms } from '../../store/ledger.js'
import { alertLogOver } from '../alerts/alert-tables.js'
import { createPrecedence } from '../precedence.js'
import { reviveError } from '../revive-error.js'
import type { LedgerData, ServedLedger } from './ledger-worker.js'
import { ledgerOver } from './tables.js'

export interface SmallTables {
  rooms: SmallRooms
  alerts: AlertLog
  /** Opens the file now instead of with the first call. Rejects with a StoreError. */
  start(): Promise<void>
  close(): Promise<void>
}

/** The thread starts with the first call, and again if it died. `checkOpen` throws when the store was closed; `precedence`: over whom. */
export function openSmallTables(
  path: string,
  checkOpen: () => void = () => {},
  { precedence = createPrecedence(), waitMs, toRead = false }: Partial<LedgerData> = {},
): SmallTables {
  let thread: Thread<ServedLedger> | null = null

  function running(): Thread<ServedLedger> {
    checkOpen()
    if (!thread?.alive) {
      const worker = workerUrl(import.meta.url, './ledger-worker.js')
      thread = startThread<ServedLedger>(
        worker,
        { workerData: { path, precedence, waitMs, toRead } satisfies LedgerData },
        reviveError,
      )
    }
    return thread
  }

  return {
    rooms: ledgerOver(async (room, name, args) => running().call('ledger', room, name, args)),
    alerts: alertLogOver(async (name, args) => running().call('alerts', name, args)),
    start: async () => running().call('start'),
    async close() {
      await thread?.call('dispose').catch(() => {})
      await thread?.stop()
    },
  }
}
