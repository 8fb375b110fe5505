/** Logs into a store that is there for one answer. */
import type { Taken } from '../schema/api/standalone-report.js'
import type { Store } from '../schema/store/store.js'
import { readSettings, type ReadingOptions } from './commands/reading.js'
import { showProgress } from './commands/progress.js'
import { createReaderPool } from './reader/pool.js'
import { takeFiles } from './take-files.js'

/** Takes in files, folders and stdin; says on the terminal how far it is, if `progress`. */
export async function readLogs(
  paths: readonly string[],
  store: Store,
  options: ReadingOptions,
  progress: boolean,
): Promise<Taken> {
  const readers = createReaderPool()
  readers.start()
  try {
    const report = await takeFiles(paths, {
      store,
      readers,
      settings: readSettings(options),
      ...(progress ? showProgress() : {}),
    })
    const { lines, stored, duplicates, rejected, rejections, missingFields, via, weighted, leftOut, refused } = report
    const inputs = paths.map((path) => (path === '-' ? 'stdin' : path))
    return { inputs, lines, stored, duplicates, rejected, rejections, missingFields, via, weighted, leftOut, refused }
  } finally {
    await readers.close()
  }
}
