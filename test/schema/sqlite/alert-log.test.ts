/** The alert log in a file: a thread of its own, a layout of its own. */
import { Database } from '../../../schema/sqlite/driver/index.js'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAlertLog, openAlertLogHere, type OwnAlertLog } from './alert-log-of-file.js'
import { openStore } from '../../../schema/open-store.js'

let folder: string
let path: string
const logs: OwnAlertLog[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-log-'))
  path = join(folder, 'store.sqlite')
})
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the file', () => {
  it('may be a store in use; the log has a thread of its own', async () => {
    const store = await openStore(`sqlite:${path}`)
    const log = await openAlertLog(path)
    logs.push(log)
    await log.setSetting('x', 'y')
    expect((await log.load()).settings).toEqual({ x: 'y' })
    expect((await store.records.extent()).records).toBe(0)
    await store.close()
    expect((await log.load()).settings).toEqual({ x: 'y' })
  })

  it('of a newer Faultline is not touched', async () => {
    await openAlertLogHere(path).close()
    const db = new Database(path)
    db.prepare('update alert_layout set version = 99').run()
    db.close()
    expect(() => openAlertLogHere(path)).toThrow(/newer Faultline/)
    await expect(openStore(`sqlite:${path}`)).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_NEWER' })
    await expect(openAlertLog(path)).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_NEWER' })
  })

  it('that cannot be written says what to do', async () => {
    writeFileSync(path, 'no database at all, only some text that is long enough to be looked at')
    await expect(openAlertLog(path)).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_UNUSABLE' })
  })
})
