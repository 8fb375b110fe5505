/** What a reader is asked, by name: from its thread, or by whoever opened the store to ask alone. */
import { Moved } from '../runtime/threads.js'
import type { Counts, Percentiles } from '../store/query.js'
import { buffersOf } from '../store/record-columns.js'
import type { ScanQuery } from '../store/scan.js'
import { backupTo } from './backup.js'
import { Reader } from './reader.js'

function moved<T extends Counts | Percentiles>(answer: T): Moved<T> {
  return new Moved(
    answer,
    Object.values(answer)
      .filter(ArrayBuffer.isView)
      .map((view) => view.buffer as ArrayBuffer),
  )
}

export type ServedReader = ReturnType<typeof readerCalls>

/** Typed arrays of answers move to the caller. The file is opened at the first call. */
export function readerCalls(path: string, named?: number) {
  let reader: Reader | null = null
  const running = () => (reader ??= new Reader(path, named))
  return {
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
}
