/**
 * What a connection may do before, between and after its requests. Whoever holds one for nothing loses it; so neither headers that
 * never end nor peers that are gone nor answers that nobody reads take the room of others. Bodies have limits of their own, see
 * bodies.ts, and open pages theirs, see live/listener.ts.
 */
import { STATUS_CODES, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { errorBody } from '../../schema/api/errors.js'

export interface ConnectionLimits {
  /** Headers of a request, bytes: more are refused with 431. */
  headerBytes: number
  /** They are there so long after the connection, or their first byte, ms: else 408. */
  headersMs: number
  /** A connection may rest so long between two requests, ms. Longer than proxies rest, who would otherwise send into a closed one. */
  idleMs: number
  /** Who reads nothing of an answer for so long loses it, ms. */
  unreadMs: number
  /** A peer that has been silent for so long is asked by the system whether it is still there, ms. */
  probeMs: number
  /** Connections at once; beyond, the newest is closed. */
  most: number
  /** Of these, from one address. */
  mostOfAddress: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headerBytes: 16_384,
  headersMs: 30_000,
  idleMs: 72_000,
  unreadMs: 60_000,
  probeMs: 30_000,
  most: 8_192,
  mostOfAddress: 4_096,
}

/** It is looked this often whether headers are late, ms. */
const LOOK_EVERY_MS = 5_000
/** Lines about connections that were closed at once are so far apart, ms. */
const TOLD_EVERY_MS = 60_000
/** Who was refused for his headers may still be sending: closed at once he would see a reset instead of the reason, ms. */
const REFUSED_MS = 1_000

/** For Node's server, before it is made. */
export const serverOptions = (limits: ConnectionLimits) => ({
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersMs,
  connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, limits.headersMs / 4),
  keepAlive: true,
  keepAliveInitialDelay: limits.probeMs,
})

/** Answers what is no request as everything else is answered, and hangs up. */
export function refuseConnection(limits: ConnectionLimits): (error: Error & { code?: string }, socket: Socket) => void {
  const reasons: { [code: string]: readonly [number, string, string] } = {
    HPE_HEADER_OVERFLOW: [
      431,
      'HEADERS_TOO_LARGE',
      `The headers are larger than ${limits.headerBytes} bytes. Send fewer or shorter ones: cookies and the address are among them.`,
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
      408,
      'HEADERS_TOO_SLOW',
      `The headers were not there after ${limits.headersMs / 1_000} s.`,
    ],
  }
  const other = [400, 'BAD_REQUEST', 'This is no request that HTTP/1.1 knows.'] as const
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy()
    const reason = reasons[error.code ?? ''] ?? other
    const [status] = reason
    const body = JSON.stringify(errorBody(...reason))
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
    socket.resume()
    setTimeout(() => socket.destroy(), REFUSED_MS).unref()
  }
}

/** Counts connections, and looks after those whose answers nobody reads. */
export function watchConnections(app: FastifyInstance, limits: ConnectionLimits): void {
  const server = app.server as HttpServer
  let open = 0
  const ofAddress = new Map<string, number>()
  let closedAtOnce = 0
  let toldAt = -Infinity

  function tellClosed(address: string): void {
    closedAtOnce++
    if (performance.now() - toldAt < TOLD_EVERY_MS) return
    app.log.warn({ closed: closedAtOnce, open, last: address }, 'Connections were closed: too many are open')
    closedAtOnce = 0
    toldAt = performance.now()
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = ofAddress.get(address) ?? 0
    if (open >= limits.most || count >= limits.mostOfAddress) {
      tellClosed(address)
      socket.destroy()
      return
    }
    open++
    ofAddress.set(address, count + 1)
    socket.once('close', () => {
      open--
      const left = (ofAddress.get(address) ?? 1) - 1
      if (left > 0) ofAddress.set(address, left)
      else ofAddress.delete(address)
    })
  })

  // Node asks so of a socket on which nothing went either way: between two requests, while we are at one, while nobody reads
  const requests = new WeakMap<Socket, number>()
  const note = ({ socket }: IncomingMessage, response: ServerResponse) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1)
    response.once('close', () => requests.set(socket, (requests.get(socket) ?? 1) - 1))
  }
  server.on('request', note)
  server.on('checkContinue', note)
  server.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0 || (requests.get(socket) ?? 0) === 0) socket.destroy()
  })
}
