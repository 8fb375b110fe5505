/** The log that is written to first stays small, and where a reader keeps it from that people are told. */
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { conditionOf, TOLD_BYTES, WriteAheadLog } from '../../../schema/sqlite/write-ahead-log.js'
import { hold } from '../../app/holder.js'
import { randomSamples, storeBatch } from '../../contract/sample-records.js'
import { diskFolder } from '../../quick-folder.js'

const folder = mkdtempSync(join(diskFolder(), 'faultline-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('is begun anew when it is large, as soon as nobody reads what is in it', async () => {
  const path = join(folder, 'store.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(100, 1))
  const reader = await hold(path, 'begin', 'select count(*) from segment')
  await storeBatch(store, randomSamples(2_000, 2))
  const db = new Database(path)
  const log = new WriteAheadLog(db, path, 100_000)
  const size = () => statSync(`${path}-wal`).size
  const before = size()
  expect(before).toBeGreaterThan(100_000)
  log.keepSmall(0)
  expect(size()).toBe(before)
  expect((await store.condition()).logBytes).toBe(before)
  await reader.letGo()
  // not again at once: each try may wait for readers
  log.keepSmall(1_000)
  expect(size()).toBe(before)
  log.keepSmall(60_000)
  expect(size()).toBe(0)
  db.close()
  expect((await store.records.extent()).records).toBe(2_100)
  await store.close()
}, 30_000)

it('is told of beyond a size, with the way to find who holds it', () => {
  const path = join(folder, 'told.sqlite')
  expect(conditionOf(path)).toEqual({ logBytes: 0, advice: [] })
  new Database(`${path}-wal`).exec('create table t (a)').close()
  truncateSync(`${path}-wal`, TOLD_BYTES + 1)
  const { logBytes, advice } = conditionOf(path)
  expect(logBytes).toBe(TOLD_BYTES + 1)
  expect(advice).toEqual([expect.stringMatching(/256 MB.*lsof/)])
})
