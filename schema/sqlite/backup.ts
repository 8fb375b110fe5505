/** A consistent copy of the store while it is in use. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { StoreError } from '../store/store-error.js'
import { attempt, makePrivate, openToRead } from './database.js'
import { at } from './failpoints.js'

/** Writes beside the target first: what bears the target's name is whole. */
export function backupTo(path: string, target: string): void {
  if (existsSync(target))
    throw new StoreError('STORE_UNUSABLE', `The backup would overwrite ${target}: name a file that does not exist yet.`)
  const unfinished = `${target}.unfinished`
  rmSync(unfinished, { force: true })
  const db = openToRead(path)
  try {
    attempt(target, 'write the backup', () => {
      makePrivate(unfinished)
      db.prepare('vacuum into ?').run(unfinished)
    })
    at('backup/written')
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    db.close()
  }
}
