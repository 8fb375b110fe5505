/** A backup of a store whose ledger rests in PostgreSQL is both, of one moment, and becomes a store again. */
import { rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import { manyNodesUnderTest } from '../contract/clickhouse-under-test.js'
import { figures } from '../contract/contract.js'
import { progress, randomSamples, storeBatch } from '../contract/sample-records.js'
import { needsEngine, needsPostgres } from '../needs.js'

if (needsEngine('chdb') && needsPostgres())
  describe('a backup with a ledger in PostgreSQL', () => {
    const under = manyNodesUnderTest()

    it('is restored to the same figures, reports, rooms and numbers', async () => {
      const store = await openStore(await under.freshUrl())
      const samples = randomSamples(900, 5)
      const first = await storeBatch(store, samples.slice(0, 600))
      await storeBatch(store, samples.slice(300))
      const gone = await storeBatch(store, randomSamples(10, 6))
      await store.batches.delete(gone.id)
      await store.ledger.settings.set('note', 'größer als 2^53: "9007199254740993"\n')
      const entry = {
        time: 1_780_000_000_000,
        actor: 'someone',
        role: 'admin' as const,
        address: null,
        action: 'token.create',
        target: null,
        outcome: 'done' as const,
        detail: {},
      }
      await store.ledger.audit.append([entry])
      const before = await figures(store)
      const reports = await store.ledger.reports.page({ limit: 10, after: null })
      const target = under.backupTarget()
      await store.backup(target.path)

      const copy = await openStore(target.url)
      expect(await figures(copy)).toEqual(before)
      expect(await copy.ledger.reports.page({ limit: 10, after: null })).toEqual(reports)
      expect(await copy.ledger.settings.get('note')).toBe('größer als 2^53: "9007199254740993"\n')
      expect((await copy.ledger.audit.page({ limit: 5, after: null })).items).toEqual(
        (await store.ledger.audit.page({ limit: 5, after: null })).items,
      )
      // known when they come again, and no number is given twice
      expect(await storeBatch(copy, samples)).toMatchObject({ stored: 0, duplicates: 900 })
      const next = await copy.batches.open({ input: 'file', name: null })
      expect(Number(next)).toBeGreaterThan(Number(gone.id))
      await copy.batches.close(next, 'complete', progress(0), null)
      expect((await copy.batches.delete(first.id))?.removed).toBe(600)
      await copy.close()
      // opened again with the same words it is left as it is
      const again = await openStore(target.url)
      expect((await again.records.extent()).records).toBe(before.extent.records - 600)
      await again.close()

      // not over the ledger of a store, not into one of another kind, and whole or not at all
      const [, ledgerOfCopy] = target.url.split('&ledger=')
      const into = (ledger: string) =>
        openStore(`${target.url.split('&ledger=')[0].replace(/database=\w+/, 'database=other')}&ledger=${ledger}`)
      await expect(into(ledgerOfCopy)).rejects.toMatchObject({ message: expect.stringContaining('already') as string })
      await expect(into(encodeURIComponent(`sqlite:${target.path}.sqlite`))).rejects.toMatchObject({
        message: expect.stringContaining('is of PostgreSQL') as string,
      })
      const broken = `${target.path}-broken`
      mkdirSync(broken)
      writeFileSync(join(broken, 'ledger.ndjson'), '{"layout":99}\n')
      await expect(openStore(`${(await under.freshUrl()).replace(/&/, `&restore=${broken}&`)}`)).rejects.toMatchObject({
        message: expect.stringContaining('has layout 99') as string,
      })
      rmSync(broken, { recursive: true })
      await store.close()
    })
  })
