/** ClickHouse as one of the engines: in this process (`chdb:PATH`), and of a server (`clickhouse://…`). */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Engine } from '../store/engine.js'
import type { Connection } from './connection.js'
import { openClickHouseStore } from './clickhouse-store.js'
import { name, text } from './literal.js'
import { chdbPlace, serverPlace, type ChdbPlace } from './url.js'

export const chdb: Engine = {
  async open(url) {
    const place = chdbPlace(url)
    const { chdbConnection } = await import('./carriers/chdb.js')
    const connection = await chdbConnection(place.path)
    try {
      if (place.restore !== null) await restore(connection, place, resolve(place.restore))
    } catch (error) {
      await connection.close()
      throw error
    }
    return openClickHouseStore(connection, place)
  },
}

export const clickhouse: Engine = {
  async open(url) {
    const place = serverPlace(url)
    const { httpConnection } = await import('./carriers/http.js')
    return openClickHouseStore(await httpConnection(place), place)
  },
}

/** Fills a store that does not exist yet from a backup; one that does is left as it is. */
async function restore(connection: Connection, place: ChdbPlace, from: string): Promise<void> {
  const [found = []] = await connection.columns(
    `SELECT name FROM system.databases WHERE name = ${text(place.database)}`,
  )
  const { ledger } = place
  if (found.length > 0 || ledger.kind !== 'sqlite' || existsSync(ledger.path)) return
  mkdirSync(dirname(ledger.path), { recursive: true })
  copyFileSync(join(from, 'ledger.sqlite'), ledger.path)
  await connection.run(`RESTORE DATABASE faultline AS ${name(place.database)} FROM File(${text(join(from, 'tables'))})`)
}
