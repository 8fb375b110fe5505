/** A reader's thread. Typed arrays of answers move to the caller. */
import { workerData } from 'node:worker_threads'
import type { Counts, Percentiles } from '../store/query.js'
import { Moved, serve } from '../runtime/threads.js'
import { backupTo } from './backup.js'
import { Reader } from './reader.js'

const { path } = workerData as { path: string }
let reader: Reader | null = null
const running = () => (reader ??= new Reader(path))

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
  newest: (...args: Parameters<Reader['newest']>) => running().newest(...args),
  byRayId: (rayId: string) => running().byRayId(rayId),
  values: (...args: Parameters<Reader['values']>) => running().values(...args),
  presence: (...args: Parameters<Reader['presence']>) => running().presence(...args),
  extent: () => running().extent(),
  batches: (...args: Parameters<Reader['batches']>) => running().batches(...args),
  batch: (id: number) => running().batch(id),
  rejectedLines: (...args: Parameters<Reader['rejectedLines']>) => running().rejectedLines(...args),
  getSetting: (name: string) => running().getSetting(name),
  lastChange: () => running().lastChange(),
  backup: (target: string) => backupTo(path, target),
  dispose: () => {
    reader?.dispose()
  },
}

export type ServedReader = typeof served
serve(served)
