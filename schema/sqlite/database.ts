/** Connections to the file: how it is opened, which version it has, and what a transaction is. */
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'
import { Database, type Connection } from './driver/index.js'
import { storeError } from './errors.js'
import { at } from './failpoints.js'
import { LATEST_VERSION, MIGRATIONS } from './migrations/index.js'

export type { Connection } from './driver/index.js'

/** "FLTL" in the file's header: tells our files from those of other programs. */
export const APPLICATION_ID = 0x464c544c

/** Columns are blobs of some 10 to 100 KB; larger pages make nothing faster and leave more of their last page empty. */
const PAGE_BYTES = 8_192
/** as SQLite calls it in numbers */
const INCREMENTAL = 2
/** Parts of other processes take a fraction of a second; whoever holds the file longer is told of, see `STORE_BUSY`. */
export const BUSY_TIMEOUT_MS = 10_000
const READER_CACHE_KB = 8_192
const WRITER_CACHE_KB = 16_384
/** the write-ahead log is moved into the file at this size, and cut back to it afterwards */
const WAL_PAGES = 4_096

/** Opens the file to write, makes it if it is missing, and brings its layout up to date. */
export function openToWrite(path: string, waitMs = BUSY_TIMEOUT_MS): Connection {
  return attempt(path, 'open the store', () => {
    checkIsFile(path)
    mkdirSync(dirname(path), { recursive: true })
    makePrivate(path)
    // told now rather than with the first part
    accessSync(path, constants.W_OK)
    const db = new Database(path, { timeout: waitMs })
    try {
      checkEngine(db)
      db.pragma(`page_size = ${PAGE_BYTES}`)
      // what deletions and merges free can be given back without writing the whole file again. Said again it would be written
      // again, in a file that may be full, or held by another process
      if (db.pragma('auto_vacuum', { simple: true }) !== INCREMENTAL) db.pragma('auto_vacuum = incremental')
      checkHeader(db, path)
      db.pragma('journal_mode = wal')
      db.pragma('synchronous = full')
      db.pragma(`cache_size = -${WRITER_CACHE_KB}`)
      db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
      db.pragma(`journal_size_limit = ${WAL_PAGES * PAGE_BYTES}`)
      migrate(db)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}

/** A pipe would be waited for without end, and a folder or a device is a disk error to SQLite. */
function checkIsFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isFile()) return
  const what = found.isDirectory() ? 'a folder' : 'a device or a pipe'
  throw new StoreError('STORE_UNUSABLE', `${path} is ${what}, no file: name a file in it or beside it.`)
}

/**
 * Makes the file if it is missing, for this user only: visitors' addresses and the secrets of notifiers rest in it.
 * SQLite gives its -wal and -shm files the same rights. Rights of a file that is there are its owner's affair.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/** Opens a file that a writer has opened before; the connection can not change it. */
export function openToRead(path: string): Connection {
  return attempt(path, 'open the store', () => {
    checkIsFile(path)
    const db = new Database(path, { timeout: BUSY_TIMEOUT_MS, readonly: true, fileMustExist: true })
    db.pragma(`cache_size = -${READER_CACHE_KB}`)
    return db
  })
}

/**
 * Up to 3.51.2 SQLite could lose commits when one connection wrote while another moved the write-ahead log into the file
 * (https://sqlite.org/wal.html#walresetbug); the mend went back into 3.44.6 and 3.50.7 only.
 */
export function losesCommits(version: string): boolean {
  const [major, minor, patch] = version.split('.').map(Number)
  if (major !== 3 || minor > 51) return major < 3
  if (minor === 51) return patch < 3
  return !((minor === 50 && patch >= 7) || (minor === 44 && patch >= 6))
}

function checkEngine(db: Connection): void {
  const version = db.prepare('select sqlite_version()').pluck().get() as string
  if (!losesCommits(version)) return
  throw new StoreError(
    'STORE_UNUSABLE',
    `The SQLite of this installation is ${version}, which can lose what was stored (sqlite.org/wal.html#walresetbug). ` +
      'Install Faultline again to get 3.51.3 or newer.',
  )
}

function checkHeader(db: Connection, path: string): void {
  const id = db.pragma('application_id', { simple: true }) as number
  const version = db.pragma('user_version', { simple: true }) as number
  if (id === APPLICATION_ID) {
    if (version > LATEST_VERSION) {
      throw new StoreError(
        'STORE_NEWER',
        `${path} was written by a newer Faultline (layout ${version}; this one knows up to ${LATEST_VERSION}). ` +
          'Install the newer Faultline again, or name another store.',
      )
    }
    return
  }
  const tables = db.prepare('select count(*) from sqlite_schema').pluck().get() as number
  if (tables > 0 || id !== 0) {
    throw new StoreError(
      'STORE_UNUSABLE',
      `${path} is a SQLite database of another program. Name another path for the store.`,
    )
  }
}

/** Throws where the layout is not the one of today. */
export function checkLayout(db: Connection, path: string): void {
  checkHeader(db, path)
  const version = db.pragma('user_version', { simple: true }) as number
  if (version === LATEST_VERSION) return
  throw new StoreError(
    'STORE_UNUSABLE',
    `${path} has the layout of an older Faultline (${version}; today's is ${LATEST_VERSION}), and this user may not change it. ` +
      'Run the command once as the user whose file it is, or on a copy.',
  )
}

/**
 * Applies what is missing, each migration in a transaction of its own. Two processes at once: the second finds it
 * done.
 */
export function migrate(db: Connection): void {
  const version = () => db.pragma('user_version', { simple: true }) as number
  for (const migration of MIGRATIONS) {
    if (version() >= migration.version) continue
    db.transaction(() => {
      if (version() >= migration.version) return
      db.exec(migration.sql)
      at('migrate/applied')
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${migration.version}`)
    }).immediate()
  }
}

/** Runs `work`; errors of SQLite come out as StoreError. `tried` completes "could not …". */
export function attempt<T>(path: string, tried: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, path, tried)
  }
}

/** Where the file lies that `path` leads to: SQLite keeps its others beside it, not beside a link. */
export function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Files that belong to the store at `path`. */
export function filesOf(path: string): string[] {
  const real = realOf(path)
  return [real, `${real}-wal`, `${real}-shm`].filter((file) => existsSync(file))
}
