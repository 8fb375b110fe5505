/**
 * chdb, the engine in process. Half a gigabyte, so it comes with nothing: it is found where `npm run engines` puts it, or
 * where its user installed it.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../../runtime/package-root.js'
import { StoreError } from '../../store/store-error.js'

// its types are not at hand where it is not installed: what is used of it
export interface Session {
  queryAsync(sql: string, options: { format: string }): Promise<{ bytes(): Uint8Array }>
  close(): void
}

export interface ChdbPackage {
  Session: new (path: string, options?: { connectionArgs?: readonly string[] }) => Session
}

/** Rejects with a StoreError that says how to install it. */
export async function loadChdb(): Promise<ChdbPackage> {
  const places = [new URL('test/engines/package.json', packageRoot), pathToFileURL(join(process.cwd(), 'package.json'))]
  let cause: unknown
  for (const place of [...places, import.meta.url]) {
    try {
      return createRequire(place)('chdb') as ChdbPackage
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') cause = error
    }
  }
  const advice = 'npm run engines, in the folder of Faultline, or npm install chdb where you start it'
  const message =
    cause === undefined
      ? `chdb: stores need the package chdb, which is not installed: ${advice}.`
      : `The package chdb could not be started: ${(cause as Error).message}. It runs on Linux and macOS; install it again: ${advice}.`
  throw new StoreError('STORE_UNUSABLE', message, { cause })
}
