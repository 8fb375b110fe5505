/** TLS by files: a certificate with its chain and its key, read again when they change, since certificates last weeks today. */
import { readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import { SECOND } from '../../schema/words/duration.js'

export interface TlsFiles {
  cert: string
  key: string
}

export interface TlsPair {
  cert: Buffer
  key: Buffer
}

/** Files are looked at this often, ms: watching by events misses links that are turned elsewhere, as certbot and Kubernetes do. */
const LOOK_MS = 10 * SECOND

/** Throws, with what to do, where they cannot be read or are no pair. */
export function readPair({ cert, key }: TlsFiles): TlsPair {
  const read = (path: string, what: string) => {
    try {
      return readFileSync(path)
    } catch (error) {
      throw new Error(`The ${what} ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
        cause: error,
      })
    }
  }
  const pair = { cert: read(cert, 'certificate'), key: read(key, 'key') }
  try {
    createSecureContext(pair)
    return pair
  } catch (error) {
    throw new Error(`${cert} and ${key} are no certificate with its key, both in PEM (${(error as Error).message}).`, {
      cause: error,
    })
  }
}

/** New connections get the new certificate; where the new files are no pair the old one stays. */
export function watchPair(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  on: { changed(): void; problem(error: unknown): void },
  lookMs = LOOK_MS,
): { look(): void; stop(): void } {
  const state = () =>
    [files.cert, files.key]
      .map((path) => statSync(path, { throwIfNoEntry: false }))
      .map((s) => s && `${s.mtimeMs} ${s.size} ${s.ino}`)
      .join()
  let known = state()
  const look = () => {
    try {
      const seen = state()
      if (seen === known) return
      known = seen
      server.setSecureContext(readPair(files))
      on.changed()
    } catch (error) {
      on.problem(error)
    }
  }
  const timer = setInterval(look, lookMs).unref()
  return { look, stop: () => clearInterval(timer) }
}
