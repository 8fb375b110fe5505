/**
 * The catalogue's files as the build read and checked them, in one: to read YAML and check it takes longer than the rest of
 * a start. Where the build did not do so, or a file was changed since, there is none, and the files are read as they are.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { packageRoot } from '../runtime/package-root.js'

/** Values by the files' names. */
export type PreparedFiles = { readonly [file: string]: unknown }

const KEPT = new URL('dist/schema/status/catalogue.json', packageRoot)

/** Null: none, or an old one. `folder` is a URL that ends in a slash. */
export function preparedFiles(folder: URL, kept = KEPT): PreparedFiles | null {
  try {
    const made = statSync(kept).mtimeMs
    const names = readdirSync(folder)
    if (names.some((name) => statSync(new URL(name, folder)).mtimeMs > made)) return null
    const files = JSON.parse(readFileSync(kept, 'utf8')) as PreparedFiles
    // one that was taken away leaves no time behind
    return Object.keys(files).length === names.length && names.every((name) => name in files) ? files : null
  } catch {
    return null
  }
}

export function keepPrepared(files: PreparedFiles, kept = KEPT): void {
  writeFileSync(kept, JSON.stringify(files))
}
