/** A file that was written before a field existed: it opens, answers, and takes in records that have the field. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import type { Store } from '../../../schema/store/store.js'
import { DAY, sample, START, storeBatch, type Sample } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-fields-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NEW = ['bot', 'botScoreSrc', 'edgeResponseContentType']

/** Takes out what an older Faultline would not have written: the fields' columns, and their names. */
function forgetFields(path: string): void {
  const db = new Database(path)
  for (const field of NEW) {
    const slots = db.prepare(`select id from slot where name like '%:' || ?`).pluck().all(field) as number[]
    expect(slots.length).toBeGreaterThan(0)
    for (const slot of slots) {
      db.prepare('delete from segment_blob where id % 256 = ?').run(slot)
      db.prepare('delete from slot where id = ?').run(slot)
    }
  }
  db.close()
}

const records = (from: number, count: number, values: Partial<Sample['record']>): Sample[] =>
  Array.from({ length: count }, (_, i) =>
    sample({ time: START + (from + i) * 1_000, rayId: (from + i).toString(16).padStart(16, '0'), ...values }),
  )

const everything = { from: START, to: START + DAY, filters: [], audience: 'all' as const }

async function byBot(store: Store): Promise<{ [key: string]: number }> {
  const counts = await store.records.counts({ ...everything, bounds: null, by: ['bot'] })
  return Object.fromEntries([...counts.group].map((group, i) => [counts.groups[group][0], counts.requests[i]]))
}

test('its records have nothing in the new fields; what comes later has', async () => {
  const path = join(folder, 'old.sqlite')
  let store = await openStore(`sqlite:${path}`)
  await storeBatch(store, records(0, 300, { bot: 'automated', edgeResponseContentType: 'text/html' }))
  await store.close()
  forgetFields(path)

  store = await openStore(`sqlite:${path}`)
  expect(await byBot(store)).toEqual({ '': 300 })
  const [old] = (await store.records.newest({ ...everything, limit: 1, after: null })).records
  expect(old).toMatchObject({ bot: null, botScoreSrc: null, edgeResponseContentType: null, host: 'www.example.com' })

  await storeBatch(store, records(300, 200, { bot: 'likely-human', edgeResponseContentType: 'application/json' }))
  expect(await byBot(store)).toEqual({ '': 300, 'likely-human': 200 })
  const json = await store.records.counts({
    ...everything,
    filters: [{ dimension: 'contentType', values: ['APPLICATION/json'] }],
    bounds: null,
    by: [],
  })
  expect(json.total.requests).toBe(200)
  expect(await store.records.presence(everything, NEW)).toEqual({
    bot: 200,
    botScoreSrc: 0,
    edgeResponseContentType: 200,
  })
  // taken out again, what is left is rewritten without the old segment's columns
  const [{ id }] = (await store.ledger.reports.page({ limit: 1, after: null })).items
  await store.batches.delete(id)
  expect(await byBot(store)).toEqual({ '': 300 })
  await store.close()
})
