import { existsSync } from 'node:fs'

/**
 * The folder that holds package.json, as a URL ending in a slash. Files that are data (the status catalogue) are
 * read from there, so that the sources under test and the build in dist/ find the same ones.
 */
export const packageRoot: URL = findPackageRoot(import.meta.url)

/**
 * Walks up from a module to the nearest folder with a package.json.
 * Throws an Error with code `PACKAGE_ROOT_MISSING` if no folder above has one.
 */
export function findPackageRoot(from: string): URL {
  let folder = new URL('.', from)
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('..', folder)
    if (above.href === folder.href) {
      throw Object.assign(
        new Error(
          `No package.json in any folder above ${from}. Install the package whole: its data files lie beside package.json.`,
        ),
        { code: 'PACKAGE_ROOT_MISSING' },
      )
    }
    folder = above
  }
  return folder
}
