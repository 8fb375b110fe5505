/** ClickHouse as the contract asks it: in process, and over HTTP; a database for each store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import { chdbConnection } from '../../schema/clickhouse/carriers/chdb.js'
import { shareSession, type SharedSession } from '../../schema/clickhouse/carriers/sessions.js'
import { FAILPOINTS, type Failpoint } from '../../schema/clickhouse/failpoints.js'
import { tablesOf } from '../../schema/clickhouse/layout.js'
import { sumUp, sumUpDay } from '../../schema/clickhouse/rollups/sum-up.js'
import { chdbPlace, serverPlace } from '../../schema/clickhouse/url.js'
import { openLedger } from '../../schema/clickhouse/ledgers.js'
import { LEDGER_PASSWORD, startPostgres, type PostgresServer } from '../postgres/server.js'
import { SERVER_PASSWORD, startServer, type TestServer } from '../clickhouse/server.js'
import type { StoreUnderTest } from './contract.js'

/**
 * `FAULTLINE_TEST_EVERYTHING=1`: all that the contract has goes over HTTP, and processes are stopped at every place (ten minutes).
 * Else what the wire or a crash can change; the rest is kept in process.
 */
export const EVERYTHING = process.env.FAULTLINE_TEST_EVERYTHING === '1'
if (EVERYTHING) vi.setConfig({ testTimeout: 600_000 })

/** Where something lies half done behind whoever is stopped. */
const HALF_DONE: readonly Failpoint[] = [
  'write/records',
  'delete/noted',
  'delete/keys',
  'delete/records',
  'expire/records',
]

/** Goes with the tests of the file. */
function folderOfTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-clickhouse-'))
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
    share: EVERYTHING ? 1 : 0.25,
    freshUrl: () => `chdb:${path}?database=store_${++stores}`,
    backupTarget: () => {
      const backup = join(folder, `backup-${++stores}`)
      return { path: backup, url: `chdb:${path}?database=store_${++stores}&restore=${backup}` }
    },
    failpoints: [],
    settle: async (_, url) => sumUpNow(url),
  }
}

/** The same with the ledger in PostgreSQL. Call it where a test file begins. */
export function manyNodesUnderTest(): StoreUnderTest & { postgres(): PostgresServer } {
  const under = chdbUnderTest()
  let postgres: PostgresServer
  beforeAll(async () => {
    process.env.FAULTLINE_LEDGER_PASSWORD = LEDGER_PASSWORD
    postgres = await startPostgres()
  })
  afterAll(async () => {
    await postgres.close()
    delete process.env.FAULTLINE_LEDGER_PASSWORD
  })
  return {
    ...under,
    name: 'ClickHouse with its ledger in PostgreSQL',
    postgres: () => postgres,
    freshUrl: async () => `${await under.freshUrl()}&ledger=${encodeURIComponent(postgres.freshUrl())}`,
    backupTarget: () => {
      const { path, url } = under.backupTarget()
      return { path, url: `${url}&ledger=${encodeURIComponent(postgres.freshUrl())}` }
    },
  }
}

/** Call it where a test file begins. `parameters`: of the store's URL; what they make of settings the engine gets. */
export function serverUnderTest(parameters = ''): StoreUnderTest & { server(): TestServer; folder: string } {
  const folder = folderOfTests()
  let stores = 0
  let server: TestServer
  beforeAll(async () => {
    process.env.FAULTLINE_CLICKHOUSE_PASSWORD = SERVER_PASSWORD
    const { settings } = serverPlace(`clickhouse://127.0.0.1/x?${parameters.replace(/^&/, '')}`, {})
    server = await startServer(join(folder, 'engine'), settings)
  })
  afterAll(async () => {
    await server.close()
    delete process.env.FAULTLINE_CLICKHOUSE_PASSWORD
  })
  const freshUrl = () => {
    const name = `store_${++stores}`
    return `clickhouse://${server.address}/${name}?ledger=sqlite:${join(folder, `${name}.sqlite`)}${parameters}`
  }
  return {
    name: 'clickhouse over HTTP',
    share: EVERYTHING ? 1 : 0.25,
    folder,
    server: () => server,
    freshUrl,
    backupTarget: () => {
      const path = join(folder, `backup-${++stores}`)
      return { path, url: `${freshUrl()}&restore=${path}` }
    },
    failpoints: FAILPOINTS.filter((place) => EVERYTHING || HALF_DONE.includes(place)).map(
      (place) => `clickhouse/${place}`,
    ),
  }
}

/** What the store does by itself once nothing has come for a while. */
async function sumUpNow(url: string): Promise<void> {
  const place = chdbPlace(url)
  const connection = await chdbConnection(place.path)
  const ledger = await openLedger(place.ledger, () => {})
  const writing = { connection, ledger, tables: tablesOf(place.database) }
  while (await sumUp(writing, -1));
  while (await sumUpDay(writing, -1));
  await ledger.close()
  await connection.close()
}
