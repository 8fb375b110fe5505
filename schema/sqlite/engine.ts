/** SQLite as one of the engines: `sqlite:PATH`. */
import { resolve } from 'node:path'
import type { Engine } from '../store/engine.js'
import { StoreError } from '../store/store-error.js'
import { shownUrl } from '../store/shown-url.js'
import { isWritable, openSqliteToRead } from './reading-store.js'
import { openSqliteStore } from './sqlite-store.js'

export const sqlite: Engine = {
  async open(url, settings) {
    const path = resolve(fileOf(url))
    if (settings.toRead && !isWritable(path)) return openSqliteToRead(shownUrl(url), path, settings)
    return openSqliteStore(shownUrl(url), path, settings)
  },
  async verify(url, repair) {
    const { verify } = await import('./verify.js')
    return verify(resolve(fileOf(url)), repair)
  },
  async restore(url, backup) {
    const { restore } = await import('./restore.js')
    return restore(resolve(backup), resolve(fileOf(url)))
  },
}

function fileOf(url: string): string {
  // sqlite:///var/x and sqlite:/var/x are the same file
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '' || path === ':memory:')
    throw new StoreError('STORE_URL', `"${shownUrl(url)}" names no file. Possible: sqlite:PATH.`)
  return path
}
