/** The kinds of stores there are, by the scheme of their URL. */
import { StoreError, type Store } from './store.js'
import { openSqliteStore } from './sqlite/sqlite-store.js'

const KINDS: { [scheme: string]: { form: string; open(url: string, rest: string): Promise<Store> } } = {
  sqlite: { form: 'sqlite:PATH (a file, made if it is missing)', open: openSqliteStore },
}

/** Opens a store by its URL, for example `sqlite:data/faultline.sqlite`. Rejects with a StoreError. */
export async function openStore(url: string): Promise<Store> {
  const colon = url.indexOf(':')
  const kind = KINDS[url.slice(0, Math.max(0, colon)).toLowerCase()]
  const possible = Object.values(KINDS).map((k) => k.form).join(', ')
  if (!kind) throw new StoreError('STORE_URL', `"${url}" names no store that Faultline knows. Possible: ${possible}.`)
  // sqlite:///var/x and sqlite:/var/x are the same file
  const rest = url.slice(colon + 1).replace(/^\/\/(?=\/)/, '')
  if (rest === '' || rest === ':memory:') throw new StoreError('STORE_URL', `"${url}" names no file. Possible: ${possible}.`)
  return kind.open(url, rest)
}
