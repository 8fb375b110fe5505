/** What the promises of the contract are written with. */
import { describe, expect, test } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import type { CountQuery, Selection } from '../../schema/store/query.js'
import type { Store } from '../../schema/store/store.js'
import { cellsOf } from './questions.js'
import { DAY, HOUR, START } from './sample-records.js'

/** An engine that must keep the contract. */
export interface StoreUnderTest {
  name: string
  /** The URL of a store that does not exist yet. */
  freshUrl(): Promise<string> | string
  /** A URL under which a backup written to `path` can be opened. */
  backupTarget(): { path: string; url: string }
  /** Waits for (or does) what the store does by itself in quiet times, such as merging. */
  settle?(store: Store, url: string): Promise<void>
  /** names of the places where a process of its own may be stopped, see schema/runtime/failpoints.ts */
  failpoints: readonly string[]
  /** The share of random questions that it is asked, where each goes to another engine and comes back: 1 unless said otherwise. */
  share?: number
  /** promises that the engine can not keep, by the name of the test, each with the reason */
  skips?: { [name: string]: string }
}

export interface Contract extends StoreUnderTest {
  /** A test, or a skipped one that says why. */
  test(name: string, work: () => Promise<unknown>, timeoutMs?: number): void
  withStore<T>(work: (store: Store, url: string) => Promise<T>): Promise<T>
}

/** Everything that samples hold. */
export const EVERYTHING: Selection = { from: START - 30 * DAY, to: START + 60 * DAY, filters: [], audience: 'all' }

/** One group of tests per promise; a skip that names none of them fails. */
export function contractOf(engine: StoreUnderTest, promises: { [about: string]: (contract: Contract) => void }): void {
  const unused = new Set(Object.keys(engine.skips ?? {}))
  const contract: Contract = {
    ...engine,
    test(name, work, timeoutMs) {
      const reason = engine.skips?.[name]
      unused.delete(name)
      if (reason === undefined) test(name, async () => void (await work()), timeoutMs)
      else test.skip(`${name} (${reason})`, () => {})
    },
    async withStore(work) {
      const url = await engine.freshUrl()
      const store = await openStore(url)
      try {
        return await work(store, url)
      } finally {
        await store.close()
      }
    },
  }
  for (const [about, promise] of Object.entries(promises)) describe(`${engine.name}: ${about}`, () => promise(contract))
  // the tests are known only when their groups have been gone through
  if (unused.size > 0)
    describe(`${engine.name}: skips`, () => test('name tests', () => expect([...unused]).toEqual([])))
}

/** Every figure that the tests compare before and after. */
export async function figures(store: Store) {
  const ask = async (query: Partial<CountQuery>) =>
    [...cellsOf(await store.records.counts({ ...EVERYTHING, bounds: null, by: [], ...query }))].sort()
  const hours = Float64Array.from({ length: 24 * 5 + 1 }, (_, i) => START + i * HOUR)
  const p = await store.records.percentiles({
    ...EVERYTHING,
    measure: 'edgeTimeToFirstByteMs',
    percentiles: [0.5, 0.95],
    bounds: null,
    by: [],
  })
  return {
    extent: await store.records.extent(),
    byStatus: await ask({ by: ['status', 'source', 'visitor'], bounds: hours }),
    bySite: await ask({ by: ['zone', 'host'], bounds: hours }),
    byPath: await ask({ by: ['path', 'country'] }),
    percentiles: [[...p.values], [...p.records]],
  }
}
