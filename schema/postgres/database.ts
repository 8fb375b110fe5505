/** A pool of connections to one ledger, and what is asked of them: snapshots to read, commits to write. */
import type { Pool, PoolClient } from 'pg'
import { StoreError } from '../store/store-error.js'
import { postgresError } from './errors.js'
import { migrate } from './migrations/migrate.js'
import type { PostgresPlace } from './url.js'

export type Params = { readonly [name: string]: unknown }

/** Statements with `@name` for what is given. */
export interface Asked {
  rows<R>(sql: string, params?: Params): Promise<R[]>
  row<R>(sql: string, params?: Params): Promise<R | undefined>
  /** the first column of the first row */
  value<T>(sql: string, params?: Params): Promise<T | undefined>
  /** Says how many rows it changed. */
  run(sql: string, params?: Params): Promise<number>
}

/** What is changed by one at a time, over all nodes: order and figures are then those of one after the other, as in a file. */
export type Domain = 'records' | 'people' | 'alerts'

export interface Database {
  readonly place: PostgresPlace
  /** All that `work` asks is of one moment. `tried` completes "could not … the ledger". */
  read<T>(tried: string, work: (asked: Asked) => Promise<T>): Promise<T>
  /** All of it, or nothing; durable when it resolves. Not to be called within itself. */
  commit<T>(tried: string, domain: Domain | null, work: (asked: Asked) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const MOST_CONNECTIONS = 10
const CONNECT_WITHIN_MS = 10_000
/** A statement that takes longer is given up. */
const STATEMENT_MS = 30_000
/**
 * A process that is stopped in the middle of a transaction loses it, and what it holds is free again; also the machine that is gone
 * without a word.
 */
const IDLE_IN_TRANSACTION_MS = 10_000

/** Connects with the first call, whose caller gets the error if it can not. `checkOpen` throws when the store was closed. */
export function openDatabase(place: PostgresPlace, checkOpen: () => void = () => {}): Database {
  let opening: Promise<Pool> | null = null

  const pool = (): Promise<Pool> => {
    checkOpen()
    opening ??= connect(place).catch((error: unknown) => {
      // the next call tries anew
      opening = null
      throw error
    })
    return opening
  }

  /** A connection that answers to `begin`: one of the pool may have died since it was last used. */
  async function begun(begin: string): Promise<PoolClient> {
    for (let attempts = 1; ; attempts++) {
      const client = await (await pool()).connect()
      try {
        await client.query(begin)
        return client
      } catch (error) {
        client.release(error as Error)
        const said = postgresError(error, place, 'ask')
        const isDead = said instanceof StoreError && said.code === 'STORE_UNREACHABLE'
        if (!isDead || attempts > MOST_CONNECTIONS) throw error
      }
    }
  }

  async function transaction<T>(tried: string, begin: string, work: (asked: Asked) => Promise<T>): Promise<T> {
    let client: PoolClient | null = null
    try {
      client = await begun(begin)
      const done = await work(askedOf(client))
      await client.query('commit')
      client.release()
      return done
    } catch (error) {
      // rolls back, whatever state it is in
      const isSound = await client?.query('rollback').then(
        () => true,
        () => false,
      )
      client?.release(isSound !== true)
      throw postgresError(error, place, tried)
    }
  }

  return {
    place,
    read: (tried, work) => transaction(tried, 'begin isolation level repeatable read read only', work),
    commit: (tried, domain, work) => transaction(tried, domain === null ? 'begin' : beginOf(place, domain), work),
    async close() {
      const opened = await opening?.catch(() => null)
      opening = null
      await opened?.end()
    },
  }
}

const beginOf = ({ schema }: PostgresPlace, domain: Domain): string =>
  `begin; select pg_advisory_xact_lock(hashtextextended('${schema}/${domain}', 0))`

async function connect(place: PostgresPlace): Promise<Pool> {
  const { default: pg } = await import('pg')
  const types = {
    // numbers of 64 bits as numbers: times, counts and ids stay below 2^53
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
        ? Number
        : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  }
  const { host, port, user, password, database, schema, ssl } = place
  const opened = new pg.Pool({
    host,
    port,
    user,
    password,
    database,
    ssl,
    types,
    max: MOST_CONNECTIONS,
    application_name: 'faultline',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 5_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    allowExitOnIdle: true,
    options: `-c search_path=${schema}`,
  })
  // one that breaks is replaced by the next call: idle, or in the middle of a transaction, whose query then says so
  opened.on('error', () => {})
  opened.on('connect', (client) => client.on('error', () => {}))
  try {
    const client = await opened.connect()
    try {
      await migrate(client, place)
    } finally {
      client.release()
    }
    return opened
  } catch (error) {
    await opened.end().catch(() => {})
    throw postgresError(error, place, 'open')
  }
}

const compiled = new Map<string, { text: string; names: string[] }>()

/** `@name` becomes `$1`, the same name the same number. */
function compile(sql: string): { text: string; names: string[] } {
  let found = compiled.get(sql)
  if (found === undefined) {
    const names: string[] = []
    const text = sql.replaceAll(/@(\w+)/g, (_, name: string) => {
      if (!names.includes(name)) names.push(name)
      return `$${names.indexOf(name) + 1}`
    })
    compiled.set(sql, (found = { text, names }))
  }
  return found
}

function askedOf(client: PoolClient): Asked {
  const query = (sql: string, params: Params = {}) => {
    const { text, names } = compile(sql)
    return client.query(
      text,
      names.map((name) => storable(params[name])),
    )
  }
  return {
    rows: async (sql, params) => (await query(sql, params)).rows,
    row: async (sql, params) => (await query(sql, params)).rows[0],
    async value(sql, params) {
      const [row] = (await query(sql, params)).rows as { [column: string]: unknown }[]
      return row === undefined ? undefined : (Object.values(row)[0] as never)
    },
    run: async (sql, params) => (await query(sql, params)).rowCount ?? 0,
  }
}

/** Text in PostgreSQL has no NUL; some who send logs do. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD')
  return Array.isArray(value) ? value.map(storable) : value
}
