/** One write at a time to the records of a store: in this process by a line, over processes by the ledger's lease. */
import type { LedgerBeside } from '../store/beside.js'
import { StoreError } from '../store/store-error.js'

/** How often whoever waits for another process asks. */
const ASK_AGAIN_MS = 20
/** Whoever waits for longer is told: somebody holds on to it. */
const WAIT_AT_MOST_MS = 120_000

/** By the ledger's file: several stores of this process may share one. */
const lines = new Map<string, Promise<unknown>>()

/** Calls `work` when all of this process that came before are done. */
export function inLine<T>(ledger: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(ledger) ?? Promise.resolve()
  const done = before.then(work, work)
  const settled = done.then(
    () => {},
    () => {},
  )
  lines.set(ledger, settled)
  void settled.then(() => {
    if (lines.get(ledger) === settled) lines.delete(ledger)
  })
  return done
}

/** Asks until it is our turn. Rejects with a StoreError of code STORE_BUSY. */
export async function untilFree<T>(ledger: LedgerBeside, ask: () => Promise<T | 'wait'>): Promise<T> {
  for (const begun = performance.now(); ;) {
    const answer = await ask()
    if (answer !== 'wait') return answer
    if (performance.now() - begun > WAIT_AT_MOST_MS) {
      const message = `Another process has written to the store of the ledger ${ledger.place} for ${WAIT_AT_MOST_MS / 1000} s without a pause.`
      throw new StoreError('STORE_BUSY', message)
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** Calls `work` while nobody else writes. */
export function alone<T>(ledger: LedgerBeside, work: () => Promise<T>): Promise<T> {
  return inLine(ledger.place, async () => {
    await untilFree(ledger, async () => ((await ledger.notes.takeLease()) ? true : 'wait'))
    try {
      return await work()
    } finally {
      await ledger.notes.releaseLease().catch(() => {})
    }
  })
}
