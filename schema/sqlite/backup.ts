/** A consistent copy of the store while it is in use. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'
import { attempt, makePrivate, openToRead, type Connection } from './database.js'
import { at } from './failpoints.js'

/** Writes beside the target first: what bears the target's name is whole, also after a power cut. */
export function backupTo(path: string, target: string): void {
  if (existsSync(target))
    throw new StoreError('STORE_UNUSABLE', `The backup would overwrite ${target}: name a file that does not exist yet.`)
  const unfinished = `${target}.unfinished`
  const db = openToRead(path)
  try {
    attempt(target, 'write the backup', () => {
      rmSync(unfinished, { force: true })
      checkRoom(db, path, target)
      makePrivate(unfinished)
      try {
        db.prepare('vacuum into ?').run(unfinished)
      } catch (error) {
        throw hasNoRoom(error) ? noRoom(target, `could not be written whole: ${(error as Error).message}`) : error
      }
      // SQLite leaves that to whoever asks: older copies may go once this one has its name
      sync(unfinished)
      at('backup/written')
      renameSync(unfinished, target)
      sync(dirname(target))
    })
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    db.close()
  }
}

/** Before anything is written: a copy that does not fit would take the last room from those who write the store itself. */
function checkRoom(db: Connection, path: string, target: string): void {
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number
  const needed = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  const { bavail, bsize } = statfsSync(dirname(target))
  const free = bavail * bsize
  if (free < needed)
    throw noRoom(target, `needs ${inMb(needed)} MB for what is in ${path}, and ${inMb(free)} MB are free there`)
}

const inMb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
const hasNoRoom = (error: unknown) => /^(SQLITE_FULL|ENOSPC|EDQUOT)/.test((error as { code?: string }).code ?? '')

const noRoom = (target: string, why: string) =>
  new StoreError(
    'STORE_FULL',
    `The backup ${target} ${why}. Free space there, or name a place on another disk. The store itself is whole, and goes on.`,
  )

/** Until it is on the disk. A folder cannot be told so on every system. */
function sync(path: string): void {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    fsyncSync(file)
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
  } finally {
    if (file !== null) closeSync(file)
  }
}
