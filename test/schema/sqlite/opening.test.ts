/** Files that can not be opened, and what is said then. */
import { Database } from '../../../schema/sqlite/driver/index.js'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { keyFileOf } from '../../../schema/store/secrets/keys.js'
import { StoreError } from '../../../schema/store/store-error.js'
import { randomSamples, START, storeBatch } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-opening-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function refusal(url: string): Promise<StoreError> {
  const error = await openStore(url).then(
    (store) => store.close().then(() => null),
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(StoreError)
  return error as StoreError
}

describe('a store is refused, saying why and what to do', () => {
  test('a kind that nobody knows', async () => {
    const error = await refusal('mysql://db/logs')
    expect([error.code, error.message]).toEqual(['STORE_URL', expect.stringContaining('sqlite:PATH')])
    expect((await refusal('faultline.sqlite')).code).toBe('STORE_URL')
    expect((await refusal('sqlite:')).code).toBe('STORE_URL')
  })

  test('a file of a newer version', async () => {
    const path = join(folder, 'newer.sqlite')
    await (await openStore(`sqlite:${path}`)).close()
    const db = new Database(path)
    db.pragma('user_version = 4711')
    db.close()
    const error = await refusal(`sqlite:${path}`)
    expect(error.code).toBe('STORE_NEWER')
    expect(error.message).toContain(path)
    expect(error.message).toContain('4711')
  })

  test('a file that is no database', async () => {
    const path = join(folder, 'text.sqlite')
    writeFileSync(path, 'RayID,EdgeStartTimestamp\n'.repeat(1000))
    const error = await refusal(`sqlite:${path}`)
    expect([error.code, error.message]).toEqual(['STORE_UNUSABLE', expect.stringContaining('no SQLite database')])
    expect(statSync(path).size).toBe(25_000)
  })

  test('the database of another program, which stays as it is', async () => {
    const path = join(folder, 'other.sqlite')
    const db = new Database(path)
    db.exec('create table notes (text)')
    db.close()
    const error = await refusal(`sqlite:${path}`)
    expect([error.code, error.message]).toEqual(['STORE_UNUSABLE', expect.stringContaining('another program')])
    const after = new Database(path)
    expect(after.prepare('select name from sqlite_schema').pluck().all()).toEqual(['notes'])
    expect(after.pragma('journal_mode', { simple: true })).toBe('delete')
    after.close()
  })

  test.each([
    ['a folder', () => folder],
    ['a device or a pipe', () => '/dev/null'],
    [
      'a device or a pipe',
      () => {
        const path = join(folder, 'pipe')
        spawnSync('mkfifo', [path])
        return path
      },
    ],
  ])('a path that is %s', async (what, make) => {
    const path = make()
    const error = await refusal(`sqlite:${path}`)
    expect([error.code, error.message]).toEqual([
      'STORE_UNUSABLE',
      `${path} is ${what}, no file: name a file in it or beside it.`,
    ])
    const { restore } = await import('../../../schema/sqlite/restore.js')
    expect(() => restore(path, join(folder, 'restored.sqlite'))).toThrow(what)
  })

  test('one that is not there, where it is only to be read: a slip of the pen makes no store', async () => {
    const path = join(folder, 'mising.sqlite')
    const opening = openStore(`sqlite:${path}`, undefined, { toRead: true })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_UNUSABLE', message: expect.stringContaining(path) })
    expect(existsSync(path)).toBe(false)
  })

  test('a path below a file', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const error = await refusal(`sqlite:${join(file, 'store.sqlite')}`)
    expect([error.code, error.message]).toEqual(['STORE_UNUSABLE', expect.stringContaining(file)])
  })
})

test('a damaged file says so when the damage is met', async () => {
  const path = join(folder, 'damaged.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(20_000, 1))
  await store.close()
  const file = openSync(path, 'r+')
  const noise = Buffer.alloc(16_384, 0xa5)
  for (let at = 16_384; at < statSync(path).size; at += noise.length) writeSync(file, noise, 0, noise.length, at)
  closeSync(file)
  const error = await openStore(`sqlite:${path}`)
    .then((opened) => opened.records.extent().finally(() => opened.close()))
    .catch((e: unknown) => e)
  expect(error).toBeInstanceOf(StoreError)
  expect([(error as StoreError).code, (error as StoreError).message]).toEqual([
    'STORE_UNUSABLE',
    expect.stringContaining('backup'),
  ])
})

test('a folder that is missing is made', async () => {
  const path = join(folder, 'new', 'folder', 'store.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(10, 1))
  expect(await store.size()).toBeGreaterThanOrEqual(statSync(path).size)
  await store.close()
})

test('under the name of a link the log and the key are found where they lie', async () => {
  const real = join(folder, 'real')
  mkdirSync(real)
  const link = join(folder, 'link.sqlite')
  writeFileSync(join(real, 'store.sqlite'), '')
  symlinkSync(join(real, 'store.sqlite'), link)
  const store = await openStore(`sqlite:${link}`)
  await storeBatch(store, randomSamples(500, 1))
  expect(readdirSync(real)).toEqual(['store.sqlite', 'store.sqlite-shm', 'store.sqlite-wal'])
  const log = statSync(join(real, 'store.sqlite-wal')).size
  expect((await store.condition()).logBytes).toBe(log)
  expect(await store.size()).toBeGreaterThan(log)
  expect(keyFileOf(store.url)).toBe(join(realpathSync(real), 'store.sqlite.key'))
  await store.close()
})

test('opened again it is not written to, so that a full disk or who holds it keeps nobody from reading', async () => {
  const path = join(folder, 'twice.sqlite')
  await (await openStore(`sqlite:${path}`)).close()
  const before = readFileSync(path)
  await (await openStore(`sqlite:${path}`, undefined, { toRead: true })).close()
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a closed store says so', async () => {
  const store = await openStore(`sqlite:${join(folder, 'closed.sqlite')}`)
  await store.close()
  await store.close()
  for (const call of [
    () => store.records.extent(),
    () =>
      store.batches.open({
        input: 'file',
        name: null,
      }),
    () => store.ledger.identityKey(),
    () => store.ledger.settings.set('a', 'b'),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  }
})

test('the files are for their user alone: addresses of visitors and secrets of notifiers rest in them', async () => {
  const path = join(folder, 'private.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(10, 1))
  await store.backup(`${path}.copy`)
  const rights = [path, `${path}-wal`, `${path}-shm`, `${path}.copy`].map((file) => statSync(file).mode & 0o777)
  await store.close()
  expect(rights).toEqual([0o600, 0o600, 0o600, 0o600])
})

test('a backup does not overwrite', async () => {
  const store = await openStore(`sqlite:${join(folder, 'backed.sqlite')}`)
  await storeBatch(store, randomSamples(10, 1))
  const copy = join(folder, 'copy.sqlite')
  await store.backup(copy)
  await expect(store.backup(copy)).rejects.toMatchObject({ code: 'STORE_UNUSABLE' })
  const opened = await openStore(`sqlite:${copy}`)
  expect((await opened.records.extent()).from).toBeGreaterThanOrEqual(START)
  await opened.close()
  await store.close()
})

test('no backup is restored beside the log of a store that is gone: it would be mixed into it', async () => {
  const path = join(folder, 'gone.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(100, 1))
  const copy = join(folder, 'of-gone.sqlite')
  await store.backup(copy)
  await storeBatch(store, randomSamples(100, 2))
  const log = readFileSync(`${path}-wal`)
  await store.close()
  // as a machine leaves it that lost its power, and whose owner removed the file alone
  rmSync(path)
  writeFileSync(`${path}-wal`, log)
  const { restore } = await import('../../../schema/sqlite/restore.js')
  expect(() => restore(copy, path)).toThrow('gone.sqlite-wal is left of a store')
  expect(existsSync(path)).toBe(false)
  rmSync(`${path}-wal`)
  expect(restore(copy, path).records).toBe(100)
})

test('a disk that is full says so, and what was stored before stays', async () => {
  const path = join(folder, 'full.sqlite')
  const store = await openStore(`sqlite:${path}`)
  await storeBatch(store, randomSamples(100, 1))
  await store.close()
  const { Writer } = await import('../../../schema/sqlite/writer.js')
  const writer = new Writer(path, 'test')
  // SQLite's own limit on the file gives the same error as a disk
  writer.db.pragma('max_page_count = 1')
  const { blockOf, progress } = await import('../../contract/sample-records.js')
  const { value: batch } = writer.open({ input: 'file', name: null })
  const write = () =>
    writer.write(batch, {
      number: 1,
      blocks: [blockOf(randomSamples(40_000, 2))],
      rejected: [],
      progress: progress(40_000),
    })
  expect(write).toThrowError(expect.objectContaining({ code: 'STORE_FULL' }))
  writer.dispose()
  const again = await openStore(`sqlite:${path}`)
  expect((await again.records.extent()).records).toBe(100)
  await again.close()
})
