/**
 * What every store must do. A store's test file calls `storeContract` with the way to make a fresh one; a reader
 * of the suite learns what the interface promises.
 */
import { contractOf, type StoreUnderTest } from './contract.js'
import { alertPromises } from './promises/alerts.js'
import { answerPromises } from './promises/answers.js'
import { batchPromises } from './promises/batches.js'
import { wholeBatchPromises } from './promises/whole-batches.js'
import { countsOnlyPromises } from './promises/counts-only.js'
import { crashPromises } from './promises/crashes.js'
import { deletionPromises } from './promises/deletion.js'
import { duplicatePromises } from './promises/duplicates.js'
import { ledgerPromises } from './promises/ledger.js'
import { scanPromises } from './promises/scan.js'
import { writerPromises } from './promises/writers.js'

const PROMISES = {
  'batches': batchPromises,
  'whole batches': wholeBatchPromises,
  'duplicates': duplicatePromises,
  'deletion': deletionPromises,
  'counts only': countsOnlyPromises,
  'answers': answerPromises,
  'scans': scanPromises,
  'ledger': ledgerPromises,
  'alerts': alertPromises,
  'writers': writerPromises,
}

/** `only`: some of the promises, where another run of the same engine keeps the others. */
export function storeContract(engine: StoreUnderTest, only?: readonly (keyof typeof PROMISES)[]): void {
  const chosen = Object.entries(PROMISES).filter(([about]) => only?.includes(about as keyof typeof PROMISES) ?? true)
  contractOf(engine, Object.fromEntries(chosen))
}

/** The same with processes that are killed; apart from the others, since each walk is a process of its own. */
export function crashContract(engine: StoreUnderTest): void {
  contractOf(engine, { crashes: crashPromises })
}
