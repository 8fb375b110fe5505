/** The server under everything: how long it waits for whom, what it writes down, how answers are packed, its certificate. */
import type { Server as HttpsServer } from 'node:https'
import { constants } from 'node:zlib'
import type { FastifyCompressOptions } from '@fastify/compress'
import fastify, { LogController, type FastifyInstance } from 'fastify'
import { COMPILED_WHEN_ASKED, loadCompilers } from '../schema/api/compilers.js'
import { printLogLine } from '../schema/command-line/log-line.js'
import type { LogLevel } from '../schema/command-line/settings.js'
import { once } from '../schema/runtime/lazily.js'
import {
  CONNECTION_LIMITS,
  refuseConnection,
  serverOptions,
  watchConnections,
  type ConnectionLimits,
} from './access/connections.js'
import { withoutQueryToken } from './access/query-token.js'
import { readPair, watchPair, type TlsFiles } from './access/tls.js'

export interface ServerOptions {
  /** files of a certificate and its key; null: HTTP */
  tls: (TlsFiles & { lookMs?: number }) | null
  /** whose word on the sender's address is taken */
  trustedProxies?: readonly string[]
  connections?: Partial<ConnectionLimits>
  /** the least that is worth a line on stderr (JSON, but for a terminal), or where lines go in tests; false: nothing is written */
  log: false | LogLevel | { level: LogLevel; write: (line: string) => void }
}

/** Connections that may wait until they are accepted; beyond, the system resets them. Node's own, 511, are there within a second of a flood. */
export const BACKLOG = 4_096

/** What the log says of each address; at a terminal nothing, where the command says it in a sentence of its own. */
export const listeningText = (address: string): string => (process.stderr.isTTY ? '' : `Listening on ${address}`)

/**
 * Answers of the API, where they are long enough for it to pay. Bodies that come in are none of its business (their
 * content tells how they are packed), nor is the stream of events. Brotli at 11 would take seconds for a long answer.
 */
export const PACKED_ANSWERS: FastifyCompressOptions = {
  globalDecompression: false,
  threshold: 1_400,
  encodings: ['br', 'gzip'],
  customTypes: /^application\/json/,
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  zlibOptions: { level: 6 },
}

export interface Server {
  app: FastifyInstance
  /** Now, instead of within seconds. */
  lookAtCertificate(): void
}

/** Listens nowhere yet. Throws, with what to do, where certificate and key cannot be used. */
export function createServer({ tls, trustedProxies, connections, log }: ServerOptions): Server {
  const limits = { ...CONNECTION_LIMITS, ...connections }
  const app = fastify({
    logger: log === false ? false : loggerOf(log),
    // it would write addresses with their query strings
    logController: new LogController({ disableRequestLogging: true }),
    // an upload may take as long as its sender needs; Node would cut it off after five minutes
    requestTimeout: 0,
    // a store that is brought to a new layout, or a machine with other work, may need longer than fastify's ten seconds
    pluginTimeout: 0,
    keepAliveTimeout: limits.idleMs,
    connectionTimeout: limits.unreadMs,
    clientErrorHandler: refuseConnection(limits),
    ...(tls
      ? { https: { ...serverOptions(limits), handshakeTimeout: limits.headersMs, ...readPair(tls) } }
      : { http: serverOptions(limits) }),
    trustProxy: trustedProxies?.length ? [...trustedProxies] : false,
    routerOptions: { maxParamLength: 500 },
    rewriteUrl: (request) => decodable(withoutQueryToken(request)),
    forceCloseConnections: true,
    schemaController: COMPILED_WHEN_ASKED,
  })
  watchConnections(app, limits)
  // the first is the page, which asks its questions in some tens of ms
  const loadOnce = once(() => setImmediate(loadCompilers))
  app.addHook('onResponse', (_request, _reply, done) => {
    loadOnce()
    done()
  })
  return { app, lookAtCertificate: tls ? followCertificate(app, tls) : () => {} }
}

const loggerOf = (log: Exclude<ServerOptions['log'], false>) =>
  typeof log === 'string'
    ? { level: log, stream: { write: printLogLine } }
    : { level: log.level, stream: { write: log.write } }

/** A path with a stray % is an address like any other, which nobody has: the page says so, and the API in its own words. */
function decodable(url: string): string {
  const [path, ...query] = url.split('?')
  return isDecodable(path) ? url : [path.replaceAll('%', '%25'), ...query].join('?')
}

/** Takes what it calls for: the bundler leaves out a call whose result nobody wants, as if it could not throw. */
function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path).length <= path.length
  } catch {
    return false
  }
}

function followCertificate(app: FastifyInstance, tls: TlsFiles & { lookMs?: number }): () => void {
  const { look, stop } = watchPair(
    app.server as unknown as HttpsServer,
    tls,
    {
      changed: () => app.log.warn(`The certificate ${tls.cert} is another one now`),
      problem: (error) => app.log.error(error),
    },
    tls.lookMs,
  )
  app.addHook('onClose', async () => stop())
  return look
}
