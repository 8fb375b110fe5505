/** A disk that is full at whichever moment of a migration, a copy or a restoration: all or nothing, and nothing is left lying there. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { LATEST_VERSION } from '../../../schema/sqlite/migrations/index.js'
import { restore } from '../../../schema/sqlite/restore.js'
import { randomSamples, storeBatch } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-no-room-'))
const disk = join(folder, 'disk')
mkdirSync(disk)
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status === 0
afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', disk])
  rmSync(folder, { recursive: true })
})
afterEach(() => {
  for (const name of readdirSync(disk)) rmSync(join(disk, name))
})

const OLD = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/store-of-layout-1.sqlite.gz')))
const path = join(disk, 'faultline.sqlite')
const filler = join(disk, 'filler')

/** Leaves so many kB. */
function leave(kilobytes: number): void {
  rmSync(filler, { force: true })
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - kilobytes * 1_024)))
}

const recordsIn = async () => {
  const store = await openStore(`sqlite:${path}`)
  const { records } = await store.records.extent()
  await store.close()
  return records
}
const codeOf = (tried: Promise<unknown>) =>
  tried.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
/** kB that are left: from none to enough, close together where it is little */
const ROOMS = [0, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 1_536, 2_048, 4_096, 8_192]

describe.skipIf(!isMounted)('without room (where this user may mount a disk)', () => {
  it('a migration is done or was not begun, and goes on when there is room', async () => {
    const met = new Set<string>()
    for (const room of ROOMS) {
      for (const name of readdirSync(disk)) rmSync(join(disk, name))
      writeFileSync(path, OLD)
      leave(room)
      const code = await codeOf(recordsIn())
      met.add(code)
      expect(['done', 'STORE_FULL'], `${room} kB: ${code}`).toContain(code)
      rmSync(filler)
      expect(await recordsIn(), `${room} kB`).toBe(300)
      const db = new Database(path, { readonly: true })
      expect([db.pragma('user_version', { simple: true }), db.pragma('integrity_check', { simple: true })]).toEqual([
        LATEST_VERSION,
        'ok',
      ])
      db.close()
    }
    expect([...met].sort()).toEqual(['STORE_FULL', 'done'])
  }, 120_000)

  it('a copy is whole or not there', async () => {
    const store = await openStore(`sqlite:${join(folder, 'source.sqlite')}`)
    await storeBatch(store, randomSamples(3_000, 7))
    for (const room of ROOMS) {
      leave(room)
      const code = await codeOf(store.backup(join(disk, 'copy.sqlite')))
      expect(['done', 'STORE_FULL'], `${room} kB: ${code}`).toContain(code)
      expect(readdirSync(disk).sort(), `${room} kB`).toEqual(code === 'done' ? ['copy.sqlite', 'filler'] : ['filler'])
      rmSync(join(disk, 'copy.sqlite'), { force: true })
    }
    await store.close()
  }, 120_000)

  it('a restoration leaves what there was, or puts all in its place', async () => {
    const backup = join(folder, 'backup.sqlite')
    const source = await openStore(`sqlite:${join(folder, 'other.sqlite')}`)
    await storeBatch(source, randomSamples(3_000, 8))
    await source.backup(backup)
    await source.close()
    for (const room of ROOMS) {
      for (const name of readdirSync(disk)) rmSync(join(disk, name))
      leave(room)
      const code = await codeOf((async () => restore(backup, path))())
      expect(['done', 'STORE_FULL'], `${room} kB: ${code}`).toContain(code)
      const there = readdirSync(disk).filter((name) => name !== 'filler')
      expect(there, `${room} kB`).toEqual(code === 'done' ? ['faultline.sqlite'] : [])
      if (code === 'done') {
        rmSync(filler)
        expect(await recordsIn()).toBe(3_000)
      }
    }
  }, 120_000)
})
