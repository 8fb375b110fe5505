/** SQLite as one of the engines: `sqlite:PATH`. */
import type { Engine } from '../store/engine.js'
import { StoreError } from '../store/store-error.js'
import { shownUrl } from '../store/shown-url.js'
import { openSqliteStore } from './sqlite-store.js'

export const sqlite: Engine = {
  async open(url) {
    // sqlite:///var/x and sqlite:/var/x are the same file
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    if (path === '' || path === ':memory:')
      throw new StoreError('STORE_URL', `"${shownUrl(url)}" names no file. Possible: sqlite:PATH.`)
    return openSqliteStore(shownUrl(url), path)
  },
}
