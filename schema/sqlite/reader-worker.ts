/** A reader's thread. Typed arrays of answers move to the caller. */
import { workerData } from 'node:worker_threads'
import type { Counts, Percentiles } from '../store/query.js'
import { Moved, serve } from '../runtime/threads.js'
import { buffersOf } from '../store/record-columns.js'
import type { ScanQuery } from '../store/scan.js'
import { backupTo } from './backup.js'
import { Reader } from './reader.js'

const { path, named } = workerData as { path: string; named?: number }
let reader: Reader | null = null
const running = () => (reader ??= new Reader(path, named))

function moved<T extends Counts | Percentiles>(answer: T): Moved<T> {
  return new Moved(
    answer,
    Object.values(answer)
      .filter(ArrayBuffer.isView)
      .map((view) => view.buffer as ArrayBuffer),
  )
}

const served = {
  counts: (...args: Parameters<Reader['counts']>) => moved(running().counts(...args)),
  percentiles: (...args: Parameters<Reader['percentiles']>) => moved(running().percentiles(...args)),
  newest: (...args: Parameters<Reader['newestColumns']>) => {
    const page = running().newestColumns(...args)
    return new Moved(page, buffersOf(page.columns))
  },
  scan: (query: ScanQuery) => {
    const page = running().scan(query)
    return new Moved(page, [page.block.buffer, page.batches.of.buffer as ArrayBuffer])
  },
  byRayId: (rayId: string) => running().byRayId(rayId),
  values: (...args: Parameters<Reader['values']>) => running().values(...args),
  presence: (...args: Parameters<Reader['presence']>) => running().presence(...args),
  extent: () => running().extent(),
  kept: () => running().kept(),
  reports: (...args: Parameters<Reader['reports']>) => running().reports(...args),
  report: (batch: string) => running().report(batch),
  rejectedLines: (...args: Parameters<Reader['rejectedLines']>) => running().rejectedLines(...args),
  lastChange: () => running().lastChange(),
  checked: () => running().checked(),
  backup: (target: string) => backupTo(path, target),
  dispose: () => {
    reader?.dispose()
  },
}

export type ServedReader = typeof served
serve(served)
