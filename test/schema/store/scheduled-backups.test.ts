/** Copies by the clock, on a real store. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { verify } from '../../../schema/sqlite/verify.js'
import { backUpByTheClock, type ScheduledBackupOptions } from '../../../schema/store/scheduled-backups.js'
import type { Store } from '../../../schema/store/store.js'
import { randomSamples, storeBatch } from '../../contract/sample-records.js'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 4, 20, 12)

let root: string
let folder: string
let store: Store
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'faultline-backups-'))
  folder = join(root, 'copies')
  store = await openStore(`sqlite:${join(root, 'store.sqlite')}`)
  await storeBatch(store, randomSamples(200, 3))
})
afterEach(async () => {
  await store.close()
  rmSync(root, { recursive: true, force: true })
})

/** A service that looks once, at some time. */
async function lookAt(now: number, more: Partial<ScheduledBackupOptions> = {}): Promise<Error[]> {
  const errors: Error[] = []
  const options = { store, folder, keep: 2, hours: 24, onError: (error: Error) => errors.push(error), now: () => now }
  const backups = backUpByTheClock({ ...options, ...more })
  await backups.stop()
  return errors
}

test('one is made when it is due, each is whole, the newest are kept, and nothing else in the folder is touched', async () => {
  expect(await lookAt(NOON)).toEqual([])
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  await lookAt(NOON + 23 * HOUR)
  expect(readdirSync(folder)).toEqual(['faultline-20260520T120000Z.sqlite', 'notes.txt'])
  await lookAt(NOON + 24 * HOUR)
  await lookAt(NOON + 48 * HOUR)
  const copies = ['faultline-20260521T120000Z.sqlite', 'faultline-20260522T120000Z.sqlite']
  expect(readdirSync(folder)).toEqual([...copies, 'notes.txt'])
  for (const copy of copies) expect(verify(join(folder, copy), false)).toMatchObject({ records: 200, findings: [] })
})

test('a copy that fails leaves the older ones, is told, and is made at the next look', async () => {
  await lookAt(NOON, { keep: 1 })
  const full = { backup: () => Promise.reject(new Error('no room')) }
  expect((await lookAt(NOON + 24 * HOUR, { keep: 1, store: full })).map(({ message }) => message)).toEqual(['no room'])
  expect(readdirSync(folder)).toEqual(['faultline-20260520T120000Z.sqlite'])
  expect(await lookAt(NOON + 25 * HOUR, { keep: 1 })).toEqual([])
  expect(readdirSync(folder)).toEqual(['faultline-20260521T130000Z.sqlite'])
})

test('a clock that was ahead for an hour, and is set back, stops no copies: those of a time to come go first', async () => {
  await lookAt(NOON)
  await lookAt(NOON + 10 * 365 * 24 * HOUR)
  await lookAt(NOON + HOUR)
  expect(readdirSync(folder)).toEqual(['faultline-20260520T120000Z.sqlite', 'faultline-20360517T120000Z.sqlite'])
  await lookAt(NOON + 24 * HOUR)
  await lookAt(NOON + 48 * HOUR)
  expect(readdirSync(folder)).toEqual(['faultline-20260521T120000Z.sqlite', 'faultline-20260522T120000Z.sqlite'])
  // with one copy to keep it is the new one that stays
  await lookAt(NOON + 9 * 365 * 24 * HOUR, { keep: 1 })
  await lookAt(NOON + 72 * HOUR, { keep: 1 })
  expect(readdirSync(folder)).toEqual(['faultline-20260523T120000Z.sqlite'])
})

test('what a service that was killed left half written goes before the next copy, what is being written stays', async () => {
  await lookAt(NOON)
  const [old, current] = [
    'faultline-20260520T130000Z.sqlite.unfinished',
    'faultline-20260521T115900Z.sqlite.unfinished',
  ]
  for (const [name, at] of [
    [old, NOON],
    [current, NOON + 24 * HOUR - 60_000],
  ] as const) {
    writeFileSync(join(folder, name), 'half')
    utimesSync(join(folder, name), at / 1000, at / 1000)
  }
  await lookAt(NOON + 24 * HOUR)
  expect(readdirSync(folder)).toEqual(
    ['faultline-20260520T120000Z.sqlite', current, 'faultline-20260521T120000Z.sqlite'].sort(),
  )
})
