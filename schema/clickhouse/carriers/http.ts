/** ClickHouse over HTTP, by its own client. Rows go along as the body of the request. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { StoreError } from '../../store/store-error.js'
import { SETTINGS, type Cell, type Connection } from '../connection.js'
import { engineError } from '../errors.js'
import { text } from '../literal.js'
import type { ServerPlace } from '../url.js'

/** Everything that is asked may be asked again, so whoever gets no answer asks again, of the next host if there are several. */
const ATTEMPTS = 3
const PAUSE_MS = 200
/** Answers of long statements are whole or an error, never a beginning with an error behind it. */
const WHOLE_ANSWERS = { wait_end_of_query: 1 } as const

type Work<T> = (client: ClickHouseClient) => Promise<T>

export async function httpConnection(place: ServerPlace): Promise<Connection> {
  const { createClient } = await import('@clickhouse/client')
  const quiet = class {
    trace(): void {}
    debug(): void {}
    info(): void {}
    warn(): void {}
    error(): void {}
  }
  const clients = place.hosts.map((url) =>
    createClient({
      url,
      username: place.user,
      password: place.password,
      application: 'faultline',
      request_timeout: place.timeout,
      compression: { request: place.compress, response: place.compress },
      clickhouse_settings: { ...SETTINGS, ...WHOLE_ANSWERS, ...place.settings } as unknown as ClickHouseSettings,
      // its errors come to whoever asked
      log: { LoggerClass: quiet },
    }),
  )
  let at = 0
  let closed = false

  async function attempt<T>(work: Work<T>): Promise<T> {
    for (let attempts = 1; ; attempts++) {
      if (closed) throw new StoreError('STORE_CLOSED', `The store ${place.url} is closed.`)
      try {
        return await work(clients[at])
      } catch (error) {
        const said = httpError(error, place, place.hosts[at])
        if (!(said instanceof StoreError) || said.code !== 'STORE_UNREACHABLE' || attempts === ATTEMPTS) throw said
        at = (at + 1) % clients.length
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempts))
      }
    }
  }

  const stop = (id: string) =>
    attempt(async (client) => {
      await client.command({ query: `KILL QUERY WHERE query_id LIKE ${text(`${id}%`)} SYNC` })
    })

  return {
    columns: (sql) =>
      attempt(async (client) => {
        const { stream } = await client.exec({ query: `${sql} FORMAT JSONCompactColumns` })
        return JSON.parse((await textOf(stream)) || '[]') as Cell[][]
      }),
    run: (sql) =>
      attempt(async (client) => {
        await client.command({ query: sql })
      }),
    send: ({ pieces, structure }, statement, id = randomUUID()) => {
      let tries = 0
      const sql = `${statement(`input(${text(structure)})`)} FORMAT Native`
      return attempt(async (client) => {
        const values = Readable.from(pieces, { objectMode: false })
        // an id is taken while its statement runs, which the one of before may
        const { stream } = await client.exec({ query: sql, values, query_id: `${id}-${++tries}` })
        await textOf(stream)
      })
    },
    stop,
    async close() {
      closed = true
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}

/** What the client rejects with, in the words of the store. */
function httpError(error: unknown, place: ServerPlace, host: string): Error {
  if (error instanceof StoreError || !(error instanceof Error)) return error as Error
  const tried = `ask ${place.url}`
  // the client knows an error of the engine by its form, a proxy in between may have changed that
  const code = (error as { code?: string }).code ?? /^Code: (\d+)/.exec(error.message)?.[1]
  if (code !== undefined && /^\d+$/.test(code)) return engineError(Number(code), error.message, tried, error)
  const why = (error as NodeJS.ErrnoException).code ?? error.message
  const message = `ClickHouse does not answer at ${host} (${String(why).split('\n')[0].slice(0, 200)}). Check that it runs and can be reached from here; what was sent may or may not have arrived, and can be sent again.`
  return new StoreError('STORE_UNREACHABLE', message, { cause: error })
}
