/**
 * A store that this user can only read: a file of another user, a backup on a disk that is mounted so. It answers everything and
 * takes nothing. SQLite itself reads such a file where a service has it open; where nobody has, it would have to make files beside
 * it, so a copy of it is read.
 */
import { accessSync, chmodSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EngineSettings } from '../store/engine.js'
import { StoreError } from '../store/store-error.js'
import type { Ledger } from '../store/ledger.js'
import type { Store } from '../store/store.js'
import { attempt, filesOf, realOf } from './database.js'
import { openSmallTables } from './ledger/open.js'
import { openReaders, type Answers } from './readers.js'
import { openSqliteStore } from './sqlite-store.js'
import { conditionOf } from './write-ahead-log.js'

/** False: the file is there, and this user may not write it, or not beside it. */
export function isWritable(path: string): boolean {
  if (!existsSync(path)) return true
  try {
    for (const place of [path, dirname(realOf(path))]) accessSync(place, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A store less what changes it. */
type Answering = Omit<Store, 'batches' | 'records' | 'ledger' | 'checkWritable'> & {
  records: Answers
  ledger: Omit<Ledger, 'adoptIdentityKey'>
}

/** Rejects with a StoreError that says what to do. */
export async function openSqliteToRead(url: string, path: string, settings: EngineSettings): Promise<Store> {
  const refuse = async () => {
    throw new StoreError(
      'STORE_UNUSABLE',
      `${path} can only be read by this user: nothing can be stored or changed there. ` +
        'Run it as the user whose file it is, or name another store.',
    )
  }
  const store = isInUse(path) ? await openBesideWriter(url, path, settings) : await openCopy(url, path, settings)
  return {
    ...store,
    batches: { open: refuse, write: refuse, take: refuse, close: refuse, delete: refuse },
    records: { ...store.records, expire: refuse, erase: refuse },
    ledger: { ...store.ledger, adoptIdentityKey: refuse },
    checkWritable: refuse,
  }
}

/** Is there what SQLite needs beside a file to read it? */
function isInUse(path: string): boolean {
  const real = realOf(path)
  return existsSync(`${real}-wal`) && existsSync(`${real}-shm`)
}

/** Of a copy, which this user may write: an older layout is brought up to date there. */
async function openCopy(url: string, path: string, settings: EngineSettings): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-read-'))
  const copy = join(folder, 'copy.sqlite')
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    attempt(path, 'copy', () => {
      for (const file of filesOf(path)) {
        const to = copy + file.slice(realOf(path).length)
        copyFileSync(file, to, constants.COPYFILE_FICLONE)
        chmodSync(to, 0o600)
      }
    })
    const store = await openSqliteStore(url, copy, settings)
    return { ...store, close: () => store.close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

/** The file itself, which another user's process writes. */
async function openBesideWriter(url: string, path: string, settings: EngineSettings): Promise<Answering> {
  let closing: Promise<void> | null = null
  const checkOpen = () => {
    if (closing) throw new StoreError('STORE_CLOSED', `The store ${path} is closed.`)
  }
  const readers = openReaders(path, checkOpen, settings)
  const small = openSmallTables(path, checkOpen, { toRead: true })
  const close = () =>
    (closing ??= (async () => {
      await readers.close()
      await small.close()
    })())
  try {
    const identityKey = await readers.ask('checked')
    return {
      url,
      records: readers.records,
      patient: readers.patient,
      ledger: { identityKey: async () => identityKey, reports: readers.reports, ...small.rooms },
      alerts: small.alerts,
      backup: readers.backup,
      size: readers.size,
      condition: async () => conditionOf(path),
      onAlerts: () => () => {},
      leases: null,
      onChange: () => () => {},
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
