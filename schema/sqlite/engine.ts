/** SQLite as one of the engines: `sqlite:PATH`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Engine } from '../store/engine.js'
import { noSuchStore, StoreError } from '../store/store-error.js'
import { shownUrl } from '../store/shown-url.js'
import { isWritable, openSqliteToRead } from './reading-store.js'
import { openSqliteStore } from './sqlite-store.js'

export const sqlite: Engine = {
  async open(url, settings) {
    const path = resolve(fileOf(url))
    const shown = shownUrl(url)
    if (!settings.toRead) return openSqliteStore(shown, path, settings)
    if (!existsSync(path)) throw noSuchStore(path)
    if (!isWritable(path)) return openSqliteToRead(shown, path, settings)
    try {
      return await openSqliteStore(shown, path, settings)
    } catch (error) {
      // a full disk, or somebody who writes, is no reason not to read
      const { code } = error as { code?: string }
      if (code !== 'STORE_FULL' && code !== 'STORE_BUSY') throw error
      return openSqliteToRead(shown, path, settings)
    }
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
