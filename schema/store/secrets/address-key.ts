/**
 * The key under which visitors' addresses are hashed: a file beside the store, made on first use. Whoever destroys it makes of
 * every hash that was stored a word that means nobody.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Null: the store is no file, and has nothing beside it. */
export function addressKeyFileOf(storeUrl: string): string | null {
  return storeUrl.startsWith('sqlite:')
    ? `${storeUrl.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')}.addresses.key`
    : null
}

/** Hexadecimal. Two that make it at once agree on one. */
export function addressKeyOf(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}

/** Overwrites the key, then removes its file. False: there was none. */
export function destroyAddressKey(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return false
  writeFileSync(file, randomBytes(found.size), { flush: true })
  rmSync(file)
  return true
}
