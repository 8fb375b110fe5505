/** What this engine promises beyond the contract: where answers come from, and how much room a record takes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { CountQuery } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import {
  DAY,
  HOUR,
  MINUTE,
  randomFrom,
  randomSamples,
  sample,
  START,
  storeBatch,
} from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-own-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('answers come from rollups', () => {
  let store: Store
  beforeAll(async () => {
    store = await openStore(`sqlite:${join(folder, 'rollups.sqlite')}`)
    await storeBatch(store, randomSamples(3_000, 7), randomSamples(1_000, 8))
  })
  afterAll(() => store.close())

  const days = { from: START, to: START + 3 * DAY, filters: [], audience: 'visitors' as const }
  const hourly = Float64Array.from({ length: 73 }, (_, i) => START + i * HOUR)

  test.each<[string, CountQuery]>([
    ['classes of all days', { ...days, bounds: null, by: ['class'] }],
    ['statuses and sources by the hour', { ...days, bounds: hourly, by: ['status', 'source'] }],
    [
      'hosts by the hour, of one source',
      { ...days, bounds: hourly, by: ['host', 'zone'], filters: [{ dimension: 'source', values: ['edge'] }] },
    ],
    ['sources from some minute on', { ...days, from: START + 7 * MINUTE, bounds: null, by: ['source'] }],
    ['all addresses of whole days', { ...days, bounds: null, by: ['clientIp'] }],
  ])('%s', async (_, query) => {
    expect((await store.records.counts(query)).from).toBe('rollup')
  })

  test('but not paths by the hour', async () => {
    expect((await store.records.counts({ ...days, bounds: hourly, by: ['path'] })).from).toBe('records')
  })
})

test('a record takes less than 110 bytes with everything that is summed up of it', async () => {
  const store = await openStore(`sqlite:${join(folder, 'small.sqlite')}`)
  await storeBatch(store, randomSamples(20_000, 9, 1))
  expect((await store.size()) / 20_000).toBeLessThan(110)
  await store.close()
})

test('a flood of random subdomains makes no rollup of a cell per record', async () => {
  const store = await openStore(`sqlite:${join(folder, 'flood.sqlite')}`)
  const random = randomFrom(8)
  const flood = Array.from({ length: 20_000 }, (_, i) =>
    sample({
      time: START + i * 20,
      host: `${Math.floor(random() * 1e9)}.example.com`,
      rayId: i.toString(16).padStart(16, '0'),
    }),
  )
  await storeBatch(store, flood)
  expect((await store.size()) / 20_000).toBeLessThan(400)
  await store.close()
})
