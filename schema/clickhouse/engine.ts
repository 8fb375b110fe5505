/** ClickHouse as one of the engines: in this process (`chdb:PATH`), and of a server (`clickhouse://…`). */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Engine } from '../store/engine.js'
import { noSuchStore } from '../store/store-error.js'
import type { Store } from '../store/store.js'
import type { Connection } from './connection.js'
import { openClickHouseStore } from './clickhouse-store.js'
import { restoreLedger } from './ledgers.js'
import { name, text } from './literal.js'
import { chdbPlace, serverPlace, type StorePlace } from './url.js'

export const chdb: Engine = {
  async open(url, { toRead = false } = {}) {
    const place = chdbPlace(url)
    if (toRead && place.restore === null && !existsSync(place.path)) throw noSuchStore(place.path)
    const { chdbConnection } = await import('./carriers/chdb.js')
    return openOrRestore(await chdbConnection(place.path), place)
  },
}

export const clickhouse: Engine = {
  async open(url) {
    const place = serverPlace(url)
    const { httpConnection } = await import('./carriers/http.js')
    return openOrRestore(await httpConnection(place), place)
  },
}

async function openOrRestore(connection: Connection, place: StorePlace): Promise<Store> {
  try {
    if (place.restore !== null) await restore(connection, place, resolve(place.restore))
  } catch (error) {
    await connection.close()
    throw error
  }
  return openClickHouseStore(connection, place)
}

/** Fills a store that does not exist yet from a backup; one that does is left as it is. */
async function restore(connection: Connection, place: StorePlace, from: string): Promise<void> {
  const [found = []] = await connection.columns(
    `SELECT name FROM system.databases WHERE name = ${text(place.database)}`,
  )
  if (found.length > 0 || !(await restoreLedger(place.ledger, from))) return
  const database = name(place.database)
  await connection.run(`RESTORE DATABASE faultline AS ${database} FROM File(${text(join(from, 'tables'))})`)
  // a restored table counts its changes from one anew, while its parts say that they have seen later ones: deletions would pass them by
  const [tables = []] = await connection.columns(
    `SELECT name FROM system.tables WHERE database = ${text(place.database)}`,
  )
  for (const table of tables)
    for (const word of ['DETACH', 'ATTACH'])
      await connection.run(`${word} TABLE ${database}.${name(String(table))}${word === 'DETACH' ? ' SYNC' : ''}`)
}
