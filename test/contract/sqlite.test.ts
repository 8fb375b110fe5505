import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
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
})
