/**
 * A ledger as a file and back: all tables of one moment, a row a line as PostgreSQL says it in JSON, so that nothing is lost on the way.
 * Who holds what at the time is left out.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { StoreError } from '../store/store-error.js'
import { openDatabase, type Asked, type Database } from './database.js'
import type { PostgresPlace } from './url.js'

/** Rows of a step. */
const ROWS = 1_000
/** Of processes that live at the time, and what the tables of a ledger are. */
const LEFT_OUT = ['lease', 'owner', 'layout']

/** One row, which only rises. */
const FLOOR = 'audit_floor'

type Line = { layout: number } | { sequence: string; value: number } | { table: string; rows: string[] }

/** Writes it; the file must not be there yet. */
export async function copyOut(db: Database, file: string): Promise<void> {
  const out = await open(file, 'wx', 0o600)
  try {
    await db.read('copy', async (ask) => {
      const write = (line: Line) => out.appendFile(`${JSON.stringify(line)}\n`)
      await write({ layout: await layoutOf(ask) })
      const schema = db.place.schema
      const sequences = await ask.rows<{ name: string; value: number }>(
        'select sequencename as name, last_value as value from pg_sequences where schemaname = @schema and last_value is not null',
        { schema },
      )
      for (const { name, value } of sequences) await write({ sequence: name, value })
      for (const table of await tablesOf(ask, schema)) {
        await ask.run(`declare copied no scroll cursor for select row_to_json(t)::text as row from ${table} t`)
        for (;;) {
          const rows = await ask.rows<{ row: string }>(`fetch ${ROWS} from copied`)
          if (rows.length > 0) await write({ table, rows: rows.map(({ row }) => row) })
          if (rows.length < ROWS) break
        }
        await ask.run('close copied')
      }
    })
    await out.sync()
  } finally {
    await out.close()
  }
}

/** Fills a ledger that is nobody's yet, as a whole or not at all. Rejects with a StoreError. */
export async function copyIn(place: PostgresPlace, file: string): Promise<void> {
  const db = openDatabase(place)
  try {
    await db.commit('fill', 'records', async (ask) => {
      if ((await ask.value("select 1 from setting where name = 'store-id'")) !== undefined)
        throw refused(`${place.url} is the ledger of a store already. Name another schema (?schema=NAME).`)
      const known = new Set(await tablesOf(ask, place.schema))
      // what new tables begin with
      for (const table of [...known].reverse()) if (table !== FLOOR) await ask.run(`delete from ${table}`)
      for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        const line = JSON.parse(text) as Line
        if ('layout' in line) {
          const layout = await layoutOf(ask)
          if (line.layout === layout) continue
          throw refused(
            `${file} has layout ${line.layout}, this Faultline makes ${layout}. Restore it with the Faultline that wrote it, and start this one on it then.`,
          )
        }
        if ('sequence' in line) await ask.run('select setval(@sequence::regclass, @value)', { ...line })
        else if (line.table === FLOOR)
          await ask.run(`update ${FLOOR} set time = (@row::json ->> 'time')::bigint`, { row: line.rows[0] })
        else if (known.has(line.table))
          await ask.run(
            `insert into ${line.table} overriding system value select * from json_populate_recordset(null::${line.table}, @rows::json)`,
            { rows: `[${line.rows.join(',')}]` },
          )
        else throw refused(`${file} has a table ${line.table}, which no ledger has.`)
      }
    })
  } finally {
    await db.close()
  }
}

const refused = (message: string) => new StoreError('STORE_UNUSABLE', message)

const layoutOf = async (ask: Asked): Promise<number> => (await ask.value<number>('select version from layout')) ?? 0

/** In the order in which they were made: what refers to another comes after it. */
async function tablesOf(ask: Asked, schema: string): Promise<string[]> {
  const found = await ask.rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = @schema and c.relkind = 'r' and not c.relname = any(@leftOut) order by c.oid`,
    { schema, leftOut: LEFT_OUT },
  )
  return found.map(({ name }) => name)
}
