/** ClickHouse as the contract asks it: in process, and over HTTP; a database for each store. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { shareSession, type SharedSession } from '../../schema/clickhouse/carriers/sessions.js'
import { FAILPOINTS } from '../../schema/clickhouse/failpoints.js'
import { SERVER_PASSWORD, startServer, type TestServer } from '../clickhouse/server.js'
import type { StoreUnderTest } from './contract.js'

/** Thousands of small files that are flushed one by one: in memory where there is enough of it. */
function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > 2 ** 30) return '/dev/shm'
  } catch {
    // not every system has one
  }
  return tmpdir()
}

/** Goes with the tests of the file. */
function folderOfTests(): string {
  const folder = mkdtempSync(join(quickFolder(), 'faultline-clickhouse-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Call it where a test file begins. A process has one folder open at a time, so it stays open. */
export function chdbUnderTest(): StoreUnderTest {
  const folder = folderOfTests()
  const path = join(folder, 'engine')
  let stores = 0
  let keeping: SharedSession
  beforeAll(async () => void (keeping = await shareSession(path)))
  afterAll(() => keeping.release())
  return {
    name: 'chdb',
    freshUrl: () => `chdb:${path}?database=store_${++stores}`,
    backupTarget: () => {
      const backup = join(folder, `backup-${++stores}`)
      return { path: backup, url: `chdb:${path}?database=store_${++stores}&restore=${backup}` }
    },
    failpoints: [],
  }
}

/** Call it where a test file begins. */
export function serverUnderTest(): StoreUnderTest & { server(): TestServer; folder: string } {
  const folder = folderOfTests()
  let stores = 0
  let server: TestServer
  beforeAll(async () => {
    process.env.FAULTLINE_CLICKHOUSE_PASSWORD = SERVER_PASSWORD
    server = await startServer(join(folder, 'engine'))
  })
  afterAll(async () => {
    await server.close()
    delete process.env.FAULTLINE_CLICKHOUSE_PASSWORD
  })
  return {
    name: 'clickhouse over HTTP',
    folder,
    server: () => server,
    freshUrl: () => {
      const name = `store_${++stores}`
      return `clickhouse://${server.address}/${name}?ledger=sqlite:${join(folder, `${name}.sqlite`)}`
    },
    backupTarget: () => ({ path: join(folder, `backup-${++stores}`), url: '' }),
    failpoints: FAILPOINTS.map((place) => `clickhouse/${place}`),
    skips: { 'a backup taken while writing opens and answers': 'a server restores its own backups' },
  }
}
