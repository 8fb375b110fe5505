/** A store of an older Faultline is brought up to date when it is opened, with all that rests in it. */
import { Database } from '../../../schema/sqlite/driver/index.js'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { LATEST_VERSION, MIGRATIONS } from '../../../schema/sqlite/migrations/index.js'
import { EVERYTHING } from '../../contract/contract.js'
import { randomSamples, sample, storeBatch } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-migration-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Written by Faultline 0.1 with layout 1: 300 records in two batches, rejected lines, a setting, a silence. */
const OLD = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/store-of-layout-1.sqlite.gz')))

function oldStore(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, OLD)
  return path
}

const versionOf = (path: string) => {
  const db = new Database(path, { readonly: true })
  const version = db.pragma('user_version', { simple: true })
  db.close()
  return version
}

test('migrations are numbered from 1 without a gap', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1))
})

test('what rested in it is there, and everything new works on it', async () => {
  const path = oldStore('old.sqlite')
  expect(versionOf(path)).toBe(1)
  const store = await openStore(`sqlite:${path}`)
  expect((await store.records.extent()).records).toBe(300)
  const counts = await store.records.counts({ ...EVERYTHING, bounds: null, by: ['class'] })
  expect(counts.total.records).toBe(300)
  const { items } = await store.ledger.reports.page({ limit: 10, after: null })
  expect(items.map((r) => [r.id, r.name, r.state, r.stored, r.duplicates, r.rejected, r.message])).toEqual([
    ['2', 'night.ndjson', 'aborted', 100, 0, 3, 'the gzip stream ends early'],
    ['1', 'export.ndjson', 'complete', 200, 20, 0, null],
  ])
  expect(items[0].rejections.map(({ line }) => line)).toEqual([7, 14, 21])
  expect(await store.ledger.settings.get('kept')).toBe('{"since":"layout 1"}')
  expect((await store.alerts.load()).silences.map(({ id }) => id)).toEqual(['s1'])

  // its batches were closed, and their records are known: what comes again is a duplicate, what goes is gone
  await expect(
    store.batches.write('1', { number: 9, blocks: [], rejected: [], progress: { ...items[1] } }),
  ).rejects.toMatchObject({ code: 'BATCH_CLOSED' })
  const again = await storeBatch(store, randomSamples(300, 41).slice(0, 0), [sample({})])
  expect(again).toMatchObject({ id: '3', stored: 1 })
  expect(await store.batches.delete('2')).toEqual({ id: '2', removed: 100, broughtAgain: 0 })
  await store.ledger.audit.append([
    { time: 0, actor: null, role: null, address: null, action: 'a', target: null, outcome: 'done', detail: null },
  ])
  expect((await store.ledger.audit.page({ limit: 5, after: null })).items).toHaveLength(1)
  await store.close()
  expect(versionOf(path)).toBe(LATEST_VERSION)
})

test('a process killed in the middle of it leaves the old store, which the next one brings up to date', async () => {
  const path = oldStore('killed.sqlite')
  const script = join(folder, 'open.mjs')
  const dist = join(import.meta.dirname, '../../../dist/schema/open-store.js')
  writeFileSync(script, `import { openStore } from '${dist}'\nawait openStore('sqlite:${path}')\n`)
  const killed = spawnSync(process.execPath, [script], {
    env: { ...process.env, FAULTLINE_FAILPOINT: 'sqlite/migrate/applied' },
  })
  expect(killed.signal).toBe('SIGKILL')
  expect(versionOf(path)).toBe(1)
  const store = await openStore(`sqlite:${path}`)
  expect((await store.records.extent()).records).toBe(300)
  expect((await store.ledger.tokens.page({ limit: 5, after: null })).items).toEqual([])
  await store.close()
})

test('two that open it at once bring it up to date once', async () => {
  const url = `sqlite:${oldStore('two.sqlite')}`
  const stores = await Promise.all([openStore(url), openStore(url), openStore(url)])
  for (const store of stores) expect((await store.records.extent()).records).toBe(300)
  for (const store of stores) await store.close()
})
