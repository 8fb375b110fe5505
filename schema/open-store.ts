/** The engines there are, by the scheme of their URL, and the door to them. */
import type { Engine, EngineEntry, EngineSettings } from './store/engine.js'
import { shownUrl } from './store/shown-url.js'
import { StoreError } from './store/store-error.js'
import type { Store } from './store/store.js'

/** Adding an engine: a folder, and a line here. */
export const ENGINES: readonly EngineEntry[] = [
  {
    scheme: 'sqlite',
    form: 'sqlite:PATH (a file, made if it is missing)',
    load: async () => (await import('./sqlite/engine.js')).sqlite,
  },
  {
    scheme: 'clickhouse',
    form: 'clickhouse://user@host:8123/database (a server of ClickHouse)',
    load: async () => (await import('./clickhouse/engine.js')).clickhouse,
  },
  {
    scheme: 'chdb',
    form: 'chdb:PATH (ClickHouse in this process, for trials)',
    load: async () => (await import('./clickhouse/engine.js')).chdb,
  },
]

/** Opens a store by its URL, for example `sqlite:data/faultline.sqlite`. Rejects with a StoreError. */
export async function openStore(
  url: string,
  engines: readonly EngineEntry[] = ENGINES,
  settings: EngineSettings = {},
): Promise<Store> {
  return (await engineOf(url, engines)).open(url, settings)
}

/** The engine of a URL. Rejects with a StoreError. */
export async function engineOf(url: string, engines: readonly EngineEntry[] = ENGINES): Promise<Engine> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1].toLowerCase()
  const entry = engines.find((engine) => engine.scheme === scheme)
  if (!entry) {
    const possible = engines.map(({ form }) => form).join(', ')
    throw new StoreError('STORE_URL', `"${shownUrl(url)}" names no store that Faultline knows. Possible: ${possible}.`)
  }
  return entry.load()
}
