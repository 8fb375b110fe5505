/**
 * A server that speaks ClickHouse's HTTP interface as far as Faultline's client uses it, with the engine itself (chdb) behind
 * it: https://clickhouse.com/docs/interfaces/http. Trouble of networks and servers can be ordered.
 */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { shareSession, type SharedSession } from '../../schema/clickhouse/carriers/sessions.js'
import { text } from '../../schema/clickhouse/literal.js'

/** What goes wrong with a request; null: nothing. */
export type Trouble =
  /** the connection is cut when the body has begun to come */
  | { cut: 'before' }
  /** it is done, and the connection cut in place of an answer */
  | { cut: 'after' }
  /** an answer of a proxy in between */
  | { status: number }
  /** an error as the engine says it, without doing anything */
  | { code: number; message: string }
  | { delayMs: number }

export interface TestServer {
  /** without scheme: user@host:port */
  address: string
  port: number
  /** statements that came, with the trouble that they met */
  asked: string[]
  /** decides on each statement */
  trouble: (sql: string) => Trouble | null
  /** does not answer any more, connections included; `start` goes on under the same port */
  stop(): Promise<void>
  start(): Promise<void>
  /** asks the engine itself */
  run(sql: string): Promise<unknown>
  close(): Promise<void>
}

const PASSWORD = 'open sesame'
export const SERVER_PASSWORD = PASSWORD

/**
 * The only shard and replica of a cluster: tables over shards are real, with all that they do to a question. What needs a Keeper or a
 * second server is taken out of statements on the way (`ON CLUSTER`, `Replicated`).
 */
export const CLUSTER = 'here'
const CLUSTER_CONFIG = `<tcp_port>9000</tcp_port><remote_servers><${CLUSTER}><shard><replica>
  <host>127.0.0.1</host><port>9000</port></replica></shard></${CLUSTER}></remote_servers>`

/** `folder`: where the engine's data lies. `settings`: of every statement, as the client sends them. */
export async function startServer(folder: string, settings: { [name: string]: string } = {}): Promise<TestServer> {
  const session = await shareSession(folder, CLUSTER_CONFIG)
  const set = Object.entries(settings).map(([name, value]) => `${name} = ${text(value)}`)
  for (const kind of ['read', 'write'] as const) if (set.length > 0) await session.query(`SET ${set.join(', ')}`, kind)
  const sockets = new Set<Socket>()
  const running = new Map<string, Promise<unknown>>()
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) exception(response, error)
      else response.destroy()
    })
  })
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  const server: TestServer = {
    address: '',
    port: 0,
    asked: [],
    trouble: () => null,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    start: () => new Promise((resolve) => http.listen(server.port, '127.0.0.1', () => resolve())),
    run: (sql) => session.query(sql, 'write'),
    async close() {
      await server.stop()
      await Promise.allSettled(running.values())
      await session.release()
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server')
    if (url.pathname === '/ping') return void response.end('Ok.\n')
    if (!isKnown(request)) {
      const said = 'default: Authentication failed: password is incorrect, or there is no user with such name.'
      return exception(response, {
        clickhouseCode: 516,
        message: `Code: 516. DB::Exception: ${said} (AUTHENTICATION_FAILED)`,
      })
    }
    const inUrl = url.searchParams.get('query')
    const early = inUrl === null ? null : server.trouble(inUrl)
    if (early !== null && 'cut' in early && early.cut === 'before') {
      request.once('data', () => request.socket.destroy())
      return
    }
    const body = await buffer(request)
    const sql = inUrl ?? body.toString('utf8')
    server.asked.push(sql)
    const trouble = inUrl === null ? server.trouble(sql) : early
    if (trouble !== null) {
      if ('cut' in trouble && trouble.cut === 'before') return void request.socket.destroy()
      if ('status' in trouble) return void response.writeHead(trouble.status).end('<html>upstream</html>')
      if ('code' in trouble) return exception(response, { clickhouseCode: trouble.code, message: trouble.message })
      if ('delayMs' in trouble) await new Promise((resolve) => setTimeout(resolve, trouble.delayMs))
    }
    const id = url.searchParams.get('query_id') ?? randomUUID()
    const kill = /^KILL QUERY WHERE query_id LIKE '([^%]*)%' SYNC/.exec(sql)
    if (kill) {
      await Promise.allSettled([...running].filter(([key]) => key.startsWith(kill[1])).map(([, done]) => done))
      return void response.end()
    }
    const alone = sql.replaceAll(` ON CLUSTER '${CLUSTER}'`, '').replaceAll('ENGINE = Replicated', 'ENGINE = ')
    const work = run(session, alone, inUrl === null ? null : body)
    running.set(id, work)
    try {
      const bytes = await work
      if (trouble !== null && 'cut' in trouble) request.socket.destroy()
      else response.writeHead(200, { 'X-ClickHouse-Query-Id': id, 'X-ClickHouse-Summary': '{}' }).end(bytes)
    } finally {
      running.delete(id)
    }
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()))
  server.port = (http.address() as AddressInfo).port
  server.address = `default@127.0.0.1:${server.port}`
  return server
}

/** The engine takes rows from a file only: the body becomes one. */
async function run(session: SharedSession, sql: string, body: Buffer | null): Promise<Uint8Array> {
  const kind = /^\s*SELECT/i.test(sql) ? 'read' : 'write'
  if (body === null) return session.query(sql, kind)
  const file = join(session.folder, `${randomUUID()}.native`)
  try {
    await writeFile(file, body)
    const carried = sql
      .replace(
        /\binput\(('(?:[^'\\]|\\.)*')\)/,
        (_, structure: string) => `file(${text(file)}, 'Native', ${structure})`,
      )
      .replace(/ FORMAT Native\s*$/, '')
    return await session.query(carried, kind)
  } finally {
    await rm(file, { force: true })
  }
}

function isKnown({ headers }: IncomingMessage): boolean {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  const [user, password] =
    basic === undefined
      ? [headers['x-clickhouse-user'], headers['x-clickhouse-key']]
      : Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s)
  return user === 'default' && password === PASSWORD
}

/** As the engine says it; what carried it here has added words of its own. */
function exception(response: ServerResponse, error: unknown): void {
  const own = ((error as Error).cause ?? error) as { clickhouseCode?: number; message: string }
  const code = own.clickhouseCode ?? 1002
  const status = code === 516 ? 403 : code === 81 ? 404 : 500
  response.writeHead(status, {
    'X-ClickHouse-Exception-Code': String(code),
    'Content-Type': 'text/plain; charset=UTF-8',
  })
  response.end(`${own.message} (version 26.7.2.1 (official build))\n`)
}
