/** SQLite's errors in the words of the store: what was tried, on which file, and what to do. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'
import { Database } from './driver/index.js'

const CHECK = 'Check that the path is right, that this user may write there, and the disk.'

/** Does somebody else hold the file? */
export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^(SQLITE_(BUSY|LOCKED)|STORE_BUSY$)/.test(code)
}

/** The index of the write-ahead log takes as much at once, bytes. */
const SHM_BYTES = 32_768

function hasNoRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < SHM_BYTES
  } catch {
    return false
  }
}

export function storeError(error: unknown, path: string, tried: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof StoreError) return error
  if (error.message === 'The database connection is not open') {
    return new StoreError('STORE_CLOSED', `Could not ${tried}: the store ${path} is closed.`, { cause: error })
  }
  // what the driver says by itself, before SQLite is asked
  if (error instanceof TypeError && error.message.startsWith('Cannot open database')) {
    return new StoreError('STORE_UNUSABLE', `Could not ${tried} ${path}: ${error.message}. ${CHECK}`, { cause: error })
  }
  const system = (error as NodeJS.ErrnoException).code
  if (error instanceof Database.SqliteError === false) {
    // from the file system: making the folder, renaming a backup
    if (!system || !/^E[A-Z]+$/.test(system) || !(error as NodeJS.ErrnoException).syscall) return error
    const code = system === 'ENOSPC' || system === 'EDQUOT' ? 'STORE_FULL' : 'STORE_UNUSABLE'
    return new StoreError(code, `Could not ${tried} ${path}: ${error.message}. ${CHECK}`, { cause: error })
  }
  const because = `Could not ${tried} ${path}: ${error.message} (${error.code}).`
  const cause = { cause: error }
  const code = error.code
  // what lies beside the file is made as it is opened; without room for that SQLite only says that it could not
  if (code.startsWith('SQLITE_FULL') || (/^SQLITE_(CANTOPEN|IOERR)/.test(code) && hasNoRoom(path))) {
    return new StoreError(
      'STORE_FULL',
      `${because} The disk is full: free space or move the store; what was committed before is whole.`,
      cause,
    )
  }
  if (isBusy(error)) {
    return new StoreError(
      'STORE_BUSY',
      `${because} Another process holds the file: \`lsof ${path}\` names it. Wait for it to end, or stop it; then writing goes on by itself.`,
      cause,
    )
  }
  if (code.startsWith('SQLITE_NOTADB')) {
    return new StoreError(
      'STORE_UNUSABLE',
      `${because} The file is no SQLite database: name another path, or move the file away.`,
      cause,
    )
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new StoreError('STORE_UNUSABLE', `${because} The file is damaged: restore it from a backup.`, cause)
  }
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)/.test(code)) {
    return new StoreError('STORE_UNUSABLE', `${because} ${CHECK}`, cause)
  }
  return error
}
