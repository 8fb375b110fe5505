/** Where the ledger may rest: in a file for the processes of one machine, in PostgreSQL for many nodes. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { LedgerBeside } from '../store/beside.js'
import { StoreError } from '../store/store-error.js'
import { postgresPlace, type PostgresPlace } from '../postgres/url.js'

export type LedgerPlace = { kind: 'sqlite'; path: string } | ({ kind: 'postgres' } & PostgresPlace)

export const LEDGER_FORM = 'sqlite:PATH or postgres://user@host:5432/database'

/** Null: it is neither. Throws a StoreError where it is one and something in it is wrong. */
export function ledgerPlace(url: string, env: NodeJS.ProcessEnv): LedgerPlace | null {
  if (/^postgres(ql)?:/i.test(url)) return { kind: 'postgres', ...postgresPlace(url, env) }
  const path = url.replace(/^sqlite:(?:\/\/(?=\/))?/, '')
  return url.startsWith('sqlite:') && path !== '' ? { kind: 'sqlite', path: resolve(path) } : null
}

/** Fills a ledger that is nobody's yet from the folder of a backup, of whichever kind the two are. False: there is one already. */
export async function restoreLedger(place: LedgerPlace, folder: string): Promise<boolean> {
  const [file, rows] = [join(folder, 'ledger.sqlite'), join(folder, 'ledger.ndjson')]
  if (existsSync(place.kind === 'sqlite' ? rows : file)) {
    const kind = place.kind === 'sqlite' ? 'PostgreSQL' : 'a SQLite file'
    throw new StoreError('STORE_URL', `The ledger in ${folder} is of ${kind}: name one of that kind (?ledger=URL).`)
  }
  if (place.kind === 'postgres') {
    await (await import('../postgres/copy.js')).copyIn(place, rows)
    return true
  }
  if (existsSync(place.path)) return false
  mkdirSync(dirname(place.path), { recursive: true })
  copyFileSync(file, place.path)
  return true
}

/** `checkOpen` throws when the store was closed. */
export async function openLedger(place: LedgerPlace, checkOpen: () => void): Promise<LedgerBeside> {
  if (place.kind === 'postgres') return (await import('../postgres/open.js')).openLedgerPostgres(place, checkOpen)
  return (await import('../sqlite/beside/open.js')).openLedgerBeside(place.path, checkOpen)
}
