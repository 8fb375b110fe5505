/** Where the ledger may rest: in a file for the processes of one machine, in PostgreSQL for many nodes. */
import { resolve } from 'node:path'
import type { LedgerBeside } from '../store/beside.js'
import { postgresPlace, type PostgresPlace } from '../postgres/url.js'

export type LedgerPlace = { kind: 'sqlite'; path: string } | ({ kind: 'postgres' } & PostgresPlace)

export const LEDGER_FORM = 'sqlite:PATH or postgres://user@host:5432/database'

/** Null: it is neither. Throws a StoreError where it is one and something in it is wrong. */
export function ledgerPlace(url: string, env: NodeJS.ProcessEnv): LedgerPlace | null {
  if (/^postgres(ql)?:/i.test(url)) return { kind: 'postgres', ...postgresPlace(url, env) }
  const path = url.replace(/^sqlite:(?:\/\/(?=\/))?/, '')
  return url.startsWith('sqlite:') && path !== '' ? { kind: 'sqlite', path: resolve(path) } : null
}

/** `checkOpen` throws when the store was closed. */
export async function openLedger(place: LedgerPlace, checkOpen: () => void): Promise<LedgerBeside> {
  if (place.kind === 'postgres') return (await import('../postgres/open.js')).openLedgerPostgres(place, checkOpen)
  return (await import('../sqlite/beside/open.js')).openLedgerBeside(place.path, checkOpen)
}
