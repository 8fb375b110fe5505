/**
 * What a sender may do with a body. Whoever is answered before the body has come was refused: the connection ends, it is not
 * read on. Whoever is waited for has to bring something. So nobody keeps a connection, or the network, busy for nothing.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import plugin from 'fastify-plugin'
import { RequestError } from '../../schema/api/errors.js'

export interface BodyLimits {
  /** A body that is waited for brings at least `slowestBytes` in `slowMs`, or it is cut: 1 kB/s over 30 s. */
  slowestBytes: number
  slowMs: number
  /** The body of somebody unknown, who can do no more than sign in, is there after this long, or it is cut. */
  strangerMs: number
  /**
   * After a refusal so much is still read and dropped, for so long: a connection that is closed while bytes arrive is reset,
   * and the sender may never see the reason.
   */
  strangerRest: Rest
  /** The same for somebody known, who sent the wrong thing and needs to be told so. */
  knownRest: Rest
}

interface Rest {
  bytes: number
  ms: number
}

export const BODY_LIMITS: BodyLimits = {
  slowestBytes: 30_000,
  slowMs: 30_000,
  strangerMs: 5_000,
  strangerRest: { bytes: 1_048_576, ms: 2_000 },
  knownRest: { bytes: Infinity, ms: 60_000 },
}

async function bodies(app: FastifyInstance, limits: BodyLimits): Promise<void> {
  // who asks first whether to send (curl, for more than a megabyte) is told so when the body is wanted, not before
  const asking = new WeakSet<IncomingMessage>()
  app.server.on('checkContinue', (request, response) => {
    asking.add(request)
    app.routing(request, response)
  })

  const open = new WeakMap<IncomingMessage, Body>()

  app.addHook('preParsing', async (request, reply) => {
    const { raw } = request
    if (asking.delete(raw)) reply.raw.writeContinue()
    if (hasCome(raw)) return undefined
    const body = new Body(raw)
    open.set(raw, body)
    const timer = request.known ? watchRate(body, limits) : limitTime(body, limits)
    for (const over of [body, reply.raw]) over.once('close', () => clearInterval(timer))
    return body
  })

  app.addHook('onSend', async (request, reply) => {
    if (hasCome(request.raw)) return
    reply.header('connection', 'close')
    open.get(request.raw)?.destroy()
    // a flood that is refused for want of room is not read on either
    const isTold = request.known && reply.statusCode !== 503
    closeGently(request, isTold ? limits.knownRest : limits.strangerRest)
  })
}

function hasCome(raw: IncomingMessage): boolean {
  const { 'transfer-encoding': encoding, 'content-length': length } = raw.headers
  return raw.complete || raw.readableEnded || (encoding === undefined && !(Number(length) > 0))
}

/** A request's body that can be cut without hanging up: whoever reads it meets the error, and can answer with the reason. */
class Body extends Readable {
  /** bytes that came */
  received = 0
  private readonly receive = (chunk: Uint8Array) => {
    this.received += chunk.length
    if (!this.push(chunk)) this.raw.pause()
  }

  constructor(private readonly raw: IncomingMessage) {
    super()
    raw.on('data', this.receive)
    raw.pause()
    raw.once('end', () => this.push(null))
    raw.once('error', (error) => this.destroy(error))
    raw.once('close', () => {
      if (!raw.complete) this.destroy(Object.assign(new Error('The sender went away'), { code: 'ECONNRESET' }))
    })
  }

  override _read(): void {
    this.raw.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.raw.off('data', this.receive)
    this.raw.pause()
    done(error)
  }

  /** Is it the sender who is waited for? */
  get isAwaited(): boolean {
    return !this.raw.isPaused() && this.readableLength === 0
  }

  refuse(message: string): void {
    if (!this.readableEnded) this.destroy(new RequestError(408, 'BODY_TOO_SLOW', message))
  }
}

function limitTime(body: Body, { strangerMs }: BodyLimits): NodeJS.Timeout {
  return setTimeout(() => body.refuse(`The body was not there after ${strangerMs / 1_000} s.`), strangerMs)
}

function watchRate(body: Body, { slowestBytes, slowMs }: BodyLimits): NodeJS.Timeout {
  let since = performance.now()
  let from = 0
  const look = () => {
    const isWindowOver = performance.now() - since >= slowMs
    if (body.isAwaited && isWindowOver && body.received - from < slowestBytes) {
      body.refuse(
        `The body brought less than ${slowestBytes} bytes in ${slowMs / 1_000} s. Send it again in one go, or over a faster line.`,
      )
    } else if (!body.isAwaited || isWindowOver) {
      since = performance.now()
      from = body.received
    }
  }
  return setInterval(look, Math.min(1_000, slowMs / 4))
}

/**
 * The answer, the end of our side, and meanwhile the rest of the body up to the limit; beyond it nothing is read, and the
 * sender stands until it is over. Node by itself would read on for as long as the sender likes, or reset the connection.
 */
function closeGently({ raw }: FastifyRequest, { bytes, ms }: Rest): void {
  const { socket } = raw
  let left = bytes
  raw.on('data', (chunk: Uint8Array) => {
    left -= chunk.length
    if (left < 0) raw.pause()
  })
  raw.resume()
  // called by Node when the answer has been written
  socket.destroySoon = () => {
    const close = () => socket.destroy()
    const timer = setTimeout(close, ms)
    socket.once('close', () => clearTimeout(timer))
    if (raw.readableEnded) socket.end(close)
    else {
      raw.once('end', close)
      socket.end()
    }
  }
}

export const bodyPlugin = plugin(bodies, { name: 'bodies' })
