/** Who asks alone is answered without threads, as one with threads is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { CountQuery } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import { EVERYTHING, figures } from '../../contract/contract.js'
import { naiveCounts } from '../../contract/naive-answers.js'
import { anyQuestions, cellsOf } from '../../contract/questions.js'
import { randomSamples, storeBatch } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-alone-'))
const url = `sqlite:${join(folder, 'store.sqlite')}`
const samples = randomSamples(1_500, 11)
const records = samples.map(({ record }) => record)
let store: Store

beforeAll(async () => {
  store = await openStore(url, undefined, { alone: true })
  await storeBatch(store, samples.slice(0, 900), samples.slice(900))
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

test('any question agrees with a count of the records', () =>
  fc.assert(
    fc.asyncProperty(anyQuestions, async (query: CountQuery) => {
      expect(cellsOf(await store.records.counts(query))).toEqual(naiveCounts(records, query))
    }),
    { numRuns: 40 },
  ))

test('records, figures and reports are those that threads tell', async () => {
  const beside = await openStore(url)
  try {
    const page = { ...EVERYTHING, limit: 50, after: null }
    expect(await store.records.newest(page)).toEqual(await beside.records.newest(page))
    expect(await figures(store)).toEqual(await figures(beside))
    const reports = { limit: 10, after: null }
    expect(await store.ledger.reports.page(reports)).toEqual(await beside.ledger.reports.page(reports))
  } finally {
    await beside.close()
  }
})

test('what is stored meanwhile is in the next answer, and an answer may be changed by whoever got it', async () => {
  const first = await store.records.extent()
  first.records = -1
  const more = randomSamples(20, 12).map(({ record, ...rest }) => ({
    ...rest,
    record: { ...record, rayId: `ab${record.rayId?.slice(2)}` },
  }))
  expect((await store.records.extent()).records).toBe(1_500)
  await storeBatch(store, more)
  expect((await store.records.extent()).records).toBe(1_520)
})

test('it refuses as threads do', async () => {
  await expect(store.records.newest({ ...EVERYTHING, limit: 5, after: 'none' })).rejects.toMatchObject({
    code: 'BAD_CURSOR',
  })
  const closed = await openStore(url, undefined, { alone: true })
  await closed.close()
  await expect(closed.records.extent()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})

test('a signal is heard between two questions', async () => {
  let heard = false
  setImmediate(() => (heard = true))
  await store.records.extent()
  expect(heard).toBe(true)
})
