/** The threads that answer questions, and what can be asked. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { lanes } from '../runtime/lanes.js'
import { onThisThread } from '../runtime/same-thread.js'
import { sharedCalls } from '../runtime/shared-calls.js'
import { FEW_YOUNG, startThread, workerUrl, type Thread } from '../runtime/threads.js'
import { withBounds } from '../store/buckets.js'
import type { EngineSettings } from '../store/engine.js'
import type { Reports } from '../store/ledger/reports.js'
import { recordsOf } from '../store/record-columns.js'
import type { ReadRecords, Records } from '../store/records.js'
import { filesOf } from './database.js'
import { readerCalls, type ServedReader } from './reader-calls.js'
import { reviveError } from './revive-error.js'

const READERS = 2

/** What is asked of records. */
export type Answers = ReadRecords & Pick<Records, 'kept'>

export interface Readers {
  ask: Thread<ServedReader>['call']
  records: Answers
  /** the same, after what people ask */
  patient: Answers
  reports: Reports
  backup(target: string): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** What is open of readers. */
interface Open {
  prompt: Readers['ask']
  patient: Readers['ask']
  close(): Promise<void>
}

/** `checkOpen` throws when the store was closed. */
export function openReaders(
  path: string,
  checkOpen: () => void,
  { namedValues, alone = false }: Pick<EngineSettings, 'namedValues' | 'alone'> = {},
): Readers {
  const { prompt: ask, patient, close } = (alone ? openHere : openThreads)(path, checkOpen, namedValues)
  return {
    ask,
    records: answersOf(ask),
    patient: answersOf(patient),
    reports: {
      page: (query) => ask('reports', query),
      get: (batch) => ask('report', batch),
      rejectedLines: (batch, query) => ask('rejectedLines', batch, query),
    },
    async backup(target) {
      // a thread of its own: a large copy takes its time
      const thread = startReader(path)
      try {
        await thread.call('backup', resolve(target))
      } finally {
        await thread.stop()
      }
    },
    size: async () => filesOf(path).reduce((sum, name) => sum + statSync(name).size, 0),
    close,
  }
}

/** Threads start with the first question, since taking a file in needs none; those that died are replaced. */
function openThreads(path: string, checkOpen: () => void, named?: number): Open {
  const threads: Thread<ServedReader>[] = []

  function running(): readonly Thread<ServedReader>[] {
    checkOpen()
    for (let i = 0; i < READERS; i++) if (!threads[i]?.alive) threads[i] = startReader(path, named)
    return threads
  }

  return {
    ...sharedCalls(lanes(running)),
    async close() {
      for (const thread of threads) await thread.call('dispose').catch(() => {})
      await Promise.all(threads.map((thread) => thread.stop()))
    },
  }
}

function openHere(path: string, checkOpen: () => void, named?: number): Open {
  const { call } = onThisThread<ServedReader>(readerCalls(path, named))
  const ask: Readers['ask'] = async (...question) => {
    checkOpen()
    return call(...question)
  }
  return { prompt: ask, patient: ask, close: () => call('dispose') }
}

const answersOf = (ask: Readers['ask']): Answers => ({
  counts: (query) => ask('counts', withBounds(query)),
  percentiles: (query) => ask('percentiles', withBounds(query)),
  async newest(query) {
    const { columns, ...page } = await ask('newest', query)
    return { records: recordsOf(columns), ...page }
  },
  scan: (query) => ask('scan', query),
  byRayId: (rayId) => ask('byRayId', rayId),
  extent: () => ask('extent'),
  values: (query) => ask('values', query),
  presence: (selection, fields) => ask('presence', selection, fields),
  kept: () => ask('kept'),
})

function startReader(path: string, named?: number): Thread<ServedReader> {
  return startThread<ServedReader>(
    workerUrl(import.meta.url, './reader-worker.js'),
    { workerData: { path, named }, resourceLimits: FEW_YOUNG },
    reviveError,
  )
}
