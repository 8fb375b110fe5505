/** What a process left half done is taken out, and nothing of it that others brought meanwhile. */
import { describe, expect, it } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import { tablesOf } from '../../schema/clickhouse/layout.js'
import { openLedger } from '../../schema/clickhouse/ledgers.js'
import { chdbPlace } from '../../schema/clickhouse/url.js'
import { tidyUp } from '../../schema/clickhouse/writing/batches.js'
import { insertParts } from '../../schema/clickhouse/writing/insert.js'
import { openStore } from '../../schema/open-store.js'
import { openBlock } from '../../schema/store/moving-block.js'
import { chdbUnderTest } from '../contract/clickhouse-under-test.js'
import { blockOf, progress, randomSamples, storeBatch } from '../contract/sample-records.js'
import { needsEngine } from '../needs.js'

if (needsEngine('chdb'))
  describe('a part that nobody finishes', () => {
    const under = chdbUnderTest()

    it.each(['a part', 'a small batch'])('%s that brought the same meanwhile stays', async (how) => {
      const url = String(await under.freshUrl())
      const place = chdbPlace(url)
      const store = await openStore(url)
      const [connection, ledger] = [await chdbConnection(place.path), await openLedger(place.ledger, () => {})]
      const tables = tablesOf(place.database)
      const samples = randomSamples(300, 4)
      const block = openBlock(blockOf(samples))
      const times = samples.map(({ record }) => record.time)
      const span = { rows: 300, from: Math.min(...times), to: Math.max(...times) }
      const { value: id } = await ledger.notes.open({ input: 'logpush', name: null }, null)
      const begun = await ledger.notes.begin(id, 1, span)
      if (typeof begun === 'string' || !('turn' in begun)) throw new Error('somebody else writes')
      await insertParts(connection, tables, [{ ...begun, ...span, blocks: [block] }], 'half', [])
      await ledger.notes.releaseLease()

      if (how === 'a part') await storeBatch(store, samples)
      else {
        const origin = { input: 'logpush', name: null } as const
        const rest = { rejected: [], progress: progress(300), message: null }
        await store.batches.take({ origin, blocks: [blockOf(samples)], ...rest })
      }
      expect((await store.records.extent()).records).toBe(300)
      await ledger.notes.close(id, 'aborted', progress(0), 'gone')
      await tidyUp({ connection, tables, ledger })
      expect((await ledger.notes.leftovers()).parts).toEqual([])
      expect((await store.records.extent()).records).toBe(300)
      expect(await storeBatch(store, samples)).toMatchObject({ stored: 0, duplicates: 300 })
      await ledger.close()
      await connection.close()
      await store.close()
    })
  })
