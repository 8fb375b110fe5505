import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { Writer } from '../../schema/sqlite/writer.js'
import { storeContract } from './store-contract.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-contract-'))
let stores = 0
afterAll(() => rmSync(folder, { recursive: true }))

storeContract({
  name: 'sqlite',
  freshUrl: () => `sqlite:${join(folder, `store-${++stores}.sqlite`)}`,
  backupTarget: () => {
    const path = join(folder, `backup-${++stores}.sqlite`)
    return { path, url: `sqlite:${path}` }
  },
  // what the writer does in quiet times, done by another one beside it
  async settle(_, url) {
    const writer = new Writer(url.slice('sqlite:'.length), 'tidying')
    writer.tidyNow()
    writer.dispose()
  },
})
