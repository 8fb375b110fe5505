/**
 * The SQLite driver that this Node runs: better-sqlite3 13, whose package brings its binaries, where Node has
 * Node-API 10 (22.14 and newer). Node 20 would crash with it and has version 12, which `npm run build:driver` puts
 * into the folder `node20`, compiled where no binary can be had.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type BetterSqlite3 from 'better-sqlite3'
import { packageRoot } from '../../runtime/package-root.js'
import { StoreError } from '../../store/store-error.js'

type Driver = typeof BetterSqlite3

const NODE_API = 10
const FOLDERS = { 13: './', 12: 'schema/sqlite/driver/node20/' }

/** Throws a StoreError that names the command which mends it. */
export function loadDriver(nodeApi = Number(process.versions.napi), root = packageRoot): Driver {
  const major = nodeApi >= NODE_API ? 13 : 12
  const mend = `Run ${major === 13 ? 'npm install' : 'npm run build:driver'} in ${fileURLToPath(root)}`
  const require = createRequire(new URL(`${FOLDERS[major]}package.json`, root))
  let found: string
  try {
    found = (require('better-sqlite3/package.json') as { version: string }).version
  } catch (error) {
    throw unusable(`The SQLite driver is not installed. ${mend}.`, error)
  }
  if (!found.startsWith(`${major}.`)) {
    throw unusable(
      `The SQLite driver that is installed (${found}) is not the one for Node ${process.version}. ${mend}.`,
    )
  }
  try {
    const driver = require('better-sqlite3') as Driver
    // only now its binary is loaded
    new driver(':memory:').close()
    return driver
  } catch (error) {
    throw unusable(
      `The SQLite driver was built for another Node than ${process.version}, or not at all. ${mend}.`,
      error,
    )
  }
}

const unusable = (message: string, cause?: unknown) => new StoreError('STORE_UNUSABLE', message, { cause })

export const Database = loadDriver()
export type Connection = BetterSqlite3.Database
