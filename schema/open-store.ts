/** The kinds of stores there are, by the scheme of their URL. */
import type { AlertLog } from './store/alert-log.js'
import { openSqliteStore } from './sqlite/sqlite-store.js'
import { StoreError, type Store } from './store/store.js'

interface Kind {
  form: string
  open(url: string, rest: string): Promise<Store>
  openAlertLog(rest: string): Promise<AlertLog>
}

const KINDS: { [scheme: string]: Kind } = {
  sqlite: {
    form: 'sqlite:PATH (a file, made if it is missing)',
    open: openSqliteStore,
    openAlertLog: async (rest) => (await import('./sqlite/alerts/open.js')).openAlertLog(rest),
  },
}

/** Opens a store by its URL, for example `sqlite:data/faultline.sqlite`. Rejects with a StoreError. */
export async function openStore(url: string): Promise<Store> {
  const { kind, rest } = kindOf(url)
  return kind.open(url, rest)
}

/** Opens the rules, alerts and notices that belong to a store; the store itself must have been opened before. */
export async function openAlertLog(url: string): Promise<AlertLog> {
  const { kind, rest } = kindOf(url)
  return kind.openAlertLog(rest)
}

function kindOf(url: string): { kind: Kind; rest: string } {
  const colon = url.indexOf(':')
  const kind = KINDS[url.slice(0, Math.max(0, colon)).toLowerCase()]
  const possible = Object.values(KINDS)
    .map((k) => k.form)
    .join(', ')
  if (!kind) throw new StoreError('STORE_URL', `"${url}" names no store that Faultline knows. Possible: ${possible}.`)
  // sqlite:///var/x and sqlite:/var/x are the same file
  const rest = url.slice(colon + 1).replace(/^\/\/(?=\/)/, '')
  if (rest === '' || rest === ':memory:')
    throw new StoreError('STORE_URL', `"${url}" names no file. Possible: ${possible}.`)
  return { kind, rest }
}
