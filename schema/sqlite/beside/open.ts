/** The door to the ledger of a store whose records rest elsewhere: threads over one SQLite file, for the processes of one machine. */
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { startThread, workerUrl, type Thread } from '../../runtime/threads.js'
import type { BesideNotes, LedgerBeside } from '../../store/beside.js'
import { backupTo } from '../backup.js'
import { filesOf } from '../database.js'
import { openSmallTables } from '../ledger/open.js'
import { conditionOf } from '../write-ahead-log.js'
import { reviveError } from '../revive-error.js'
import type { ServedLedgerFile } from './ledger-file-worker.js'

/** Owners of what was begun in this process: nobody here may take it for abandoned. */
const livingOwners = new Set<string>()

/** The names of all calls; `living`: those that are told which owners live here. */
const CALLS: { readonly [N in keyof BesideNotes]: 'plain' | 'living' } = {
  lastChange: 'plain',
  open: 'plain',
  begin: 'living',
  finish: 'plain',
  beginTogether: 'living',
  finishTogether: 'plain',
  unfinished: 'plain',
  takeLease: 'living',
  releaseLease: 'plain',
  close: 'plain',
  batchToDelete: 'plain',
  noteDeletion: 'plain',
  remove: 'plain',
  leftovers: 'plain',
  forgetPart: 'plain',
  expire: 'plain',
  abandonDead: 'living',
  checkWritable: 'plain',
  touch: 'plain',
  touchBefore: 'plain',
  summedHours: 'plain',
  unsummedHours: 'plain',
  beginSums: 'plain',
  finishSums: 'plain',
  oldSums: 'plain',
  forgetOldSums: 'plain',
  summedDays: 'plain',
  beginDay: 'plain',
  finishDay: 'plain',
  oldDays: 'plain',
  forgetOldDays: 'plain',
  belongsTo: 'plain',
  assign: 'plain',
  keepKey: 'plain',
}

/** `checkOpen` throws when the store was closed. Nothing is opened before the first call. */
export function openLedgerBeside(path: string, checkOpen: () => void): LedgerBeside {
  const owner = randomUUID()
  livingOwners.add(owner)
  const small = openSmallTables(path, checkOpen)
  let thread: Thread<ServedLedgerFile> | null = null

  function running(): Thread<ServedLedgerFile> {
    checkOpen()
    if (!thread?.alive) {
      const worker = workerUrl(import.meta.url, './ledger-file-worker.js')
      thread = startThread<ServedLedgerFile>(worker, { workerData: { path, owner } }, reviveError)
    }
    return thread
  }
  const notes = Object.fromEntries(
    Object.entries(CALLS).map(([name, takes]) => [
      name,
      async (...args: unknown[]) => {
        const call = running().call as (name: string, ...args: unknown[]) => Promise<unknown>
        return call(name, ...args, ...(takes === 'living' ? [[...livingOwners]] : []))
      },
    ]),
  ) as unknown as BesideNotes

  return {
    place: path,
    rooms: small.rooms,
    reports: {
      page: async (query) => running().call('reports', query),
      get: async (batch) => running().call('report', batch),
      rejectedLines: async (batch, query) => running().call('rejectedLines', batch, query),
    },
    alerts: small.alerts,
    notes,
    leases: null,
    condition: async () => conditionOf(path),
    size: async () => filesOf(path).reduce((sum, name) => sum + statSync(name).size, 0),
    backup: async (folder) => backupTo(path, join(folder, 'ledger.sqlite')),
    onAlerts: () => () => {},
    async close() {
      await small.close()
      await thread?.call('dispose').catch(() => {})
      await thread?.stop()
      livingOwners.delete(owner)
    },
  }
}
