/** Keeping records for so many days, on a real store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { keepForDays } from '../../../schema/store/retention.js'
import type { Store } from '../../../schema/store/store.js'
import { fill, lineOf } from '../../analyze/alerts/kit/real-store.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 4, 20, 12)
const anyTime = { from: 0, to: NOW + DAY, filters: [], audience: 'all' as const }

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-retention-'))
  store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`)
  // one a day, the oldest 20 days old
  await fill(
    store,
    Array.from({ length: 20 }, (_, i) => lineOf({ time: NOW - i * DAY - 1_000, status: 200 })),
  )
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function until(fits: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !fits(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(fits()).toBe(true)
}

test('what is older goes at start, records and rollups, and again at every turn', async () => {
  let time = NOW
  const removed: number[] = []
  const retention = keepForDays({
    days: 7,
    records: store.records,
    now: () => time,
    everyMs: 50,
    onExpired: (count) => removed.push(count),
    onError: (error) => {
      throw error
    },
  })
  await until(() => removed.length === 1)
  expect(removed).toEqual([13])
  expect(await store.records.extent()).toEqual({ records: 7, from: NOW - 6 * DAY - 1_000, to: NOW - 1_000 })
  expect((await store.records.counts({ ...anyTime, bounds: null, by: [] })).total.requests).toBe(7)
  time += 2 * DAY
  await until(() => removed.length === 2)
  await retention.stop()
  expect(removed).toEqual([13, 2])
  expect((await store.records.extent()).records).toBe(5)
})

test('trouble is told, and tried again', async () => {
  const told: string[] = []
  let calls = 0
  const retention = keepForDays({
    days: 1,
    everyMs: 20,
    onError: (error) => told.push(error.message),
    records: {
      expire: async () => {
        calls++
        if (calls === 1) throw new Error('busy')
        return 0
      },
    },
  })
  await until(() => calls >= 2)
  await retention.stop()
  expect(told).toEqual(['busy'])
})
