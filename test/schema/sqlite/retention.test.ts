/** Keeping records for so many days, on a real store. */
import fc from 'fast-check'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removalOf, type Kept, type KeptDay } from '../../../schema/store/kept.js'
import { openStore } from '../../../schema/open-store.js'
import { keepWithin } from '../../../schema/store/retention.js'
import type { Store } from '../../../schema/store/store.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { verify } from '../../../schema/sqlite/verify.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { randomFrom, sample, storeBatch } from '../../contract/sample-records.js'
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
  for (let i = 0; i < 3_000 && !fits(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(fits()).toBe(true)
}

test('what is older goes at start, records and rollups, and again at every turn', async () => {
  let time = NOW
  const removed: number[] = []
  const retention = keepWithin({
    days: 7,
    bytes: null,
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
  const retention = keepWithin({
    days: 1,
    bytes: null,
    everyMs: 20,
    onError: (error) => told.push(error.message),
    records: {
      kept: async () => ({ used: 10, days: [{ from: 0, records: 1, bytes: 10 }] }),
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

test('by size the oldest days go until it fits, room is given back, and what is left is whole', async () => {
  const random = randomFrom(9)
  // days of unequal size, values that do not compress away
  for (let day = 0; day < 8; day++)
    await storeBatch(
      store,
      Array.from({ length: 1_000 + 400 * (day % 3) }, (_, i) =>
        sample({
          time: NOW - (8 - day) * DAY + i * 1_000,
          rayId: `${day}${Math.floor(random() * 2 ** 48).toString(16)}`.padStart(16, '0'),
          path: `/${random().toString(36)}${random().toString(36)}`,
          userAgent: `agent ${random().toString(36)}`,
        }),
      ),
    )
  const whole = await store.records.kept()
  expect(whole.days.reduce((sum, { records }) => sum + records, 0)).toBe((await store.records.extent()).records)
  expect(whole.used).toBeLessThanOrEqual(await store.size())
  const limit = Math.round(whole.used * 0.6)
  const told: { removed: number; before: number; by: string }[] = []
  const overfull: number[] = []
  const retention = keepWithin({
    days: null,
    bytes: limit,
    records: store.records,
    now: () => NOW,
    everyMs: 20,
    onExpired: (removed, { before, by }) => told.push({ removed, before, by }),
    onOverfull: (used) => overfull.push(used),
    onError: (error) => {
      throw error
    },
  })
  await until(() => told.length > 0)
  // more turns: it stays as it is
  await new Promise((resolve) => setTimeout(resolve, 100))
  await retention.stop()
  const left = await store.records.kept()
  expect(left.used).toBeLessThanOrEqual(limit)
  // no more went than had to: with the last day that went it would not fit, which takes some pages more than it has bytes
  const room = ({ bytes }: KeptDay) => bytes * 2 + 50_000
  const last = whole.days.filter(({ from }) => from < (told.at(-1)?.before ?? 0)).at(-1) as KeptDay
  expect(left.used + room(last)).toBeGreaterThan(limit)
  expect(told.every(({ by, before }) => by === 'size' && before % DAY === 0)).toBe(true)
  const gone = told.reduce((sum, { removed }) => sum + removed, 0)
  const { records, from } = await store.records.extent()
  expect(records).toBe(whole.days.reduce((sum, day) => sum + day.records, 0) - gone)
  expect(from).toBeGreaterThanOrEqual(told.at(-1)?.before as number)
  expect((await store.records.counts({ ...anyTime, bounds: null, by: [] })).total.records).toBe(records)
  expect(overfull).toEqual([])
  await store.close()
  const path = join(folder, 'store.sqlite')
  const before = statSync(path).size
  const writer = new Writer(path, 'tidying')
  writer.tidyNow()
  writer.dispose()
  expect(statSync(path).size).toBeLessThanOrEqual(before)
  expect((await verify(path, false)).findings).toEqual([])
  store = await openStore(`sqlite:${path}`)
})

test('the last day stays, however small the limit is, and that is told once', async () => {
  const overfull: number[] = []
  const retention = keepWithin({
    days: null,
    bytes: 1,
    records: store.records,
    now: () => NOW,
    everyMs: 20,
    onOverfull: (used) => overfull.push(used),
    onError: (error) => {
      throw error
    },
  })
  await until(() => overfull.length > 0)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await retention.stop()
  expect(overfull).toHaveLength(1)
  expect((await store.records.kept()).days.map(({ from }) => from)).toEqual([Math.floor((NOW - 1_000) / DAY) * DAY])
})

test('whatever rests, limits take the oldest, no more than they must, and never the last day', () => {
  const kept = fc
    .array(fc.record({ gap: fc.integer({ min: 1, max: 4 }), bytes: fc.integer({ min: 1, max: 1_000 }) }), {
      maxLength: 12,
    })
    .chain((days) =>
      fc.record({
        days: fc.constant(days),
        over: fc.integer({ min: 0, max: 500 }),
        ahead: fc.integer({ min: 0, max: 3 }),
      }),
    )
    .map(({ days, over, ahead }): Kept => {
      let from = NOW - 20 * DAY - (NOW % DAY)
      const list = days.map(({ gap, bytes }): KeptDay => ({ from: (from += gap * DAY), records: bytes, bytes }))
      // clocks that are wrong
      for (let i = 1; i <= ahead; i++) list.push({ from: NOW - (NOW % DAY) + 400 * DAY * i, records: 1, bytes: 5 })
      const sorted = list.sort((a, b) => a.from - b.from)
      return { used: sorted.reduce((sum, { bytes }) => sum + bytes, over), days: sorted }
    })
  fc.assert(
    fc.property(kept, fc.integer({ min: 1, max: 6_000 }), (all, bytes) => {
      const removal = removalOf(all, { days: null, bytes }, NOW)
      const begun = all.days.filter(({ from }) => from <= NOW)
      const gone = all.days.filter(({ from }) => removal !== null && from < removal.before)
      expect(gone.every((day) => begun.slice(0, -1).includes(day))).toBe(true)
      const freed = gone.reduce((sum, day) => sum + day.bytes, 0)
      if (all.used <= bytes) expect(removal).toBeNull()
      else if (gone.length < begun.length - 1) expect(all.used - freed).toBeLessThanOrEqual(bytes)
      if (gone.length > 0) expect(all.used - freed + (gone.at(-1) as KeptDay).bytes).toBeGreaterThan(bytes)
    }),
  )
  expect(
    removalOf({ used: 5, days: [{ from: NOW - 9 * DAY, records: 1, bytes: 5 }] }, { days: 7, bytes: 10 }, NOW),
  ).toEqual({
    before: NOW - 7 * DAY,
    by: 'age',
  })
})

test('records go first, each zone by its own limit, counts when they are too old, and the file stays whole', async () => {
  const path = join(folder, 'store.sqlite')
  // zones over forty days, besides those that are there already, of example.com
  for (const zone of ['example.org', null])
    await storeBatch(
      store,
      Array.from({ length: 400 }, (_, i) =>
        sample({
          time: NOW - (40 - i / 10) * DAY + 5_000,
          zone,
          rayId: `${zone === null ? 'a' : 'b'}${i.toString(16)}`.padStart(16, '0'),
        }),
      ),
    )
  const today = NOW - (NOW % DAY)
  const told: [number, string][] = []
  const zones = new Map([['example.org', { days: 10, countsDays: 20 }]])
  const turns = { records: store.records, now: () => NOW, everyMs: 20 }
  const first = keepWithin({
    ...turns,
    days: 5,
    countsDays: 30,
    zones,
    bytes: null,
    onExpired: (removed, { by }) => told.push([removed, by]),
    onError: (error) => {
      throw error
    },
  })
  await until(() => told.length > 0)
  await first.stop()
  const by = async (from: number, to: number) => {
    const counts = await store.records.counts({ ...anyTime, from, to, bounds: null, by: ['zone'] })
    return Object.fromEntries(counts.groups.map(([zone], i) => [zone, counts.records[i]]))
  }
  const { records, from, counted } = await store.records.extent()
  expect(told).toEqual([[820 - records, 'age']])
  expect(from).toBeGreaterThanOrEqual(today - 10 * DAY)
  expect(counted?.to).toBe(today - 5 * DAY)
  const oldest = [
    [today - 30 * DAY, today - 20 * DAY],
    [today - 20 * DAY, today - 10 * DAY],
  ]
  expect(await by(0, today - 30 * DAY)).toEqual({})
  expect(await by(oldest[0][0], oldest[0][1])).toEqual({ '': 100 })
  expect(await by(oldest[1][0], oldest[1][1])).toEqual({ '': 100, 'example.org': 100, 'example.com': 9 })
  expect((await store.records.kept()).days.find((day) => day.from === today - 8 * DAY)).toMatchObject({
    records: 10,
    counted: { records: 11 },
    zones: { 'example.org': 10 },
  })
  await store.close()
  expect((await verify(path, false)).findings).toEqual([])

  // by size: records of the oldest days, then counts
  store = await openStore(`sqlite:${path}`)
  const used: number[] = []
  const second = keepWithin({
    ...turns,
    records: store.records,
    days: 5,
    countsDays: 30,
    zones,
    bytes: 1,
    onOverfull: (bytes) => used.push(bytes),
    onError: (error) => {
      throw error
    },
  })
  await until(() => used.length > 0)
  await second.stop()
  const left = await store.records.kept()
  expect(left.days.map((day) => [day.from, day.counted])).toEqual([[today, undefined]])
  await store.close()
  expect((await verify(path, false)).findings).toEqual([])
  store = await openStore(`sqlite:${path}`)
})

test('a byte that changed in counts is found, and cannot be made anew', async () => {
  const path = join(folder, 'store.sqlite')
  await store.records.expire({ before: NOW - (NOW % DAY), countsBefore: 0 })
  await store.close()
  const db = new Database(path)
  db.exec(`update counted_segment_blob set data = cast(data || x'00' as blob)
    where id = (select min(id) from counted_segment_blob where id % 256 = (select id from slot where name = 'siteDay'))`)
  db.close()
  const { findings } = verify(path, true)
  expect(findings).toEqual([
    { kind: 'records', what: expect.stringMatching(/^siteDay of counted segment 1 of /), repaired: false },
  ])
  store = await openStore(`sqlite:${path}`)
  const byHost = { ...anyTime, bounds: null, by: ['host' as const] }
  await expect(store.records.counts(byHost)).rejects.toMatchObject({
    code: 'STORE_DAMAGED',
  })
})
