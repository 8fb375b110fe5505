/** One HTTP request to a receiver: short, to an allowed address, no redirects, nothing read beyond what a reason needs. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { AddressError, type AddressRules } from './addresses.js'

/** A receiver that has not answered by then is asked again later; the others do not wait for it. */
export const TIMEOUT_MS = 10_000
const MOST_ANSWER_BYTES = 16_384

export interface OutgoingRequest {
  url: string
  headers?: { [name: string]: string }
  body: string
}

export interface Answer {
  status: number
  /** lower-case names */
  headers: { [name: string]: string | string[] | undefined }
  body: string
}

/** Trouble on the way: no answer came. */
export class OutgoingError extends Error {
  constructor(
    message: string,
    readonly permanent = false,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'OutgoingError'
  }
}

export interface Outgoing {
  post(request: OutgoingRequest): Promise<Answer>
  readonly addresses: AddressRules
  readonly timeoutMs: number
}

export function createOutgoing(addresses: AddressRules, timeoutMs = TIMEOUT_MS): Outgoing {
  return { addresses, timeoutMs, post: (request) => post(request, addresses, timeoutMs) }
}

function post({ url, headers, body }: OutgoingRequest, addresses: AddressRules, timeoutMs: number): Promise<Answer> {
  const target = new URL(url)
  const host = target.hostname.replace(/^\[|\]$/g, '')
  // an address in the URL itself is never looked up
  const refused = isIP(host) === 0 ? null : addresses.refusal(host)
  if (refused) return Promise.reject(new OutgoingError(refused, true))
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs)
    let answered = false
    // a status that is there is the verdict, whatever becomes of the body
    const fail = (error: Error) => {
      if (!answered) reject(explained(error, target, signal.aborted, timeoutMs))
    }
    const request = send(
      target,
      {
        method: 'POST',
        agent: false,
        lookup: addresses.lookup,
        signal,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Faultline',
          ...headers,
          'content-length': bytes.length,
        },
      },
      (response) => {
        answered = true
        void read(response).then(resolve)
      },
    )
    request.on('error', fail)
    // 101: without this neither an answer nor an error would come
    request.on('upgrade', ({ statusCode = 101, headers }, socket) => {
      socket.destroy()
      resolve({ status: statusCode, headers, body: '' })
    })
    request.end(bytes)
  })
}

/** Resolves with what there is of the body when it ends, breaks, is long enough or takes too long. */
async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      // leaving the loop closes the connection: nobody keeps us reading
      if (size >= MOST_ANSWER_BYTES) break
    }
  } catch {
    /* cut */
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString('utf8').slice(0, MOST_ANSWER_BYTES),
  }
}

function explained(error: Error, target: URL, timedOut: boolean, timeoutMs: number): OutgoingError {
  if (timedOut) {
    return new OutgoingError(`${target.host} did not answer within ${timeoutMs / 1000} s`, false, { cause: error })
  }
  if (error instanceof AddressError) return new OutgoingError(error.message, true, { cause: error })
  const code = (error as NodeJS.ErrnoException).code
  const known: { [code: string]: string } = {
    ENOTFOUND: `${target.hostname} has no address: check the name`,
    ECONNREFUSED: `${target.host} refuses connections`,
    ECONNRESET: `${target.host} closed the connection`,
    CERT_HAS_EXPIRED: `the certificate of ${target.host} has expired`,
    DEPTH_ZERO_SELF_SIGNED_CERT: `the certificate of ${target.host} is self-signed`,
  }
  return new OutgoingError(known[code ?? ''] ?? `${target.host}: ${error.message}`, false, { cause: error })
}

/** Retry-After in seconds or as a date, ms from `now`; null if there is none. */
export function retryAfter(answer: Answer, now: number): number | null {
  const value = [answer.headers['retry-after']].flat()[0]
  if (value === undefined) return null
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
