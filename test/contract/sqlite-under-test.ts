import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { FAILPOINTS } from '../../schema/sqlite/failpoints.js'
import { Writer } from '../../schema/sqlite/writer.js'
import type { StoreUnderTest } from './contract.js'

/** Call it where a test file begins: the folder goes with its tests. */
export function sqliteUnderTest(): StoreUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-contract-'))
  let stores = 0
  afterAll(() => rmSync(folder, { recursive: true }))
  return {
    name: 'sqlite',
    freshUrl: () => `sqlite:${join(folder, `store-${++stores}.sqlite`)}`,
    backupTarget: () => {
      const path = join(folder, `backup-${++stores}.sqlite`)
      return { path, url: `sqlite:${path}` }
    },
    failpoints: FAILPOINTS.map((place) => `sqlite/${place}`),
    // what the writer does in quiet times, done by another one beside it
    async settle(_, url) {
      const writer = new Writer(url.slice('sqlite:'.length), 'tidying')
      writer.tidyNow()
      writer.dispose()
    },
  }
}
