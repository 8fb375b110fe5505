/**
 * Cloudflare's Logpull as its documentation describes it, with its limits and its troubles: windows by the time of receipt,
 * an hour at most, at least a minute and at most seven days back, 15 requests a minute, gzip, order as it comes.
 * https://developers.cloudflare.com/logs/logpull/requesting-logs/ (facts on errors: /additional-details/)
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { simulate, type GroundTruth } from '../../../ingest/inputs/simulate/index.js'
import { LOGPUSH_FIELDS } from '../../../schema/words/fields.js'

export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
export const TOKEN = 'a-token-that-nobody-may-see'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What happens to a question in place of an answer. */
export type Fault = 'cut' | 'half-line' | 'error-line' | 'silence' | 429 | 408 | 500 | 502 | 401 | 'retention' | 'html'

interface Received {
  at: number
  line: string
}

export interface Logs {
  received: Received[]
  truth: GroundTruth
}

/** The simulator's records as Cloudflare gets them: one to four minutes after the request, a whole minute's worth at a time. */
export function logsOf(from: number, to: number, lines: number): Logs {
  const simulation = simulate({ seed: 7, from, to, lines, shape: 'status', incidents: [] })
  const text = Buffer.concat([...simulation.chunks()].map((chunk) => Buffer.from(chunk))).toString()
  const received = text
    .trimEnd()
    .split('\n')
    .map((line, n) => {
      const ended = Number(/"EdgeEndTimestamp":(\d+)/.exec(line)?.[1].slice(0, 13))
      const delay = MINUTE + ((n * 7_919) % (3 * MINUTE))
      return { at: Math.floor((ended + delay) / MINUTE) * MINUTE + 1_000, line }
    })
    .sort((a, b) => a.at - b.at)
  return { received, truth: simulation.truth() }
}

export class LogpullServer {
  url = ''
  /** questions for windows, as they came */
  readonly asked: { from: number; to: number; sample: string | null }[] = []
  tooOften = 0
  requestsAMinute = 15
  /** what the next questions for windows meet, one each */
  faults: (Fault | null)[] = []
  /** what every question meets while it is set */
  always: Fault | null = null
  /** called with each question for a window; `half`: when half of an answer is out */
  onAsk: (when: 'asked' | 'half' | 'answered') => void = () => {}
  isDead: () => boolean = () => false
  private readonly times: number[] = []
  private readonly server = createServer((request, response) => void this.answer(request, response))

  constructor(
    private readonly logs: Logs,
    private readonly now: () => number = Date.now,
  ) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/client/v4`
    return this
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, this.url)
    if (this.isDead()) return void request.socket.destroy()
    response.setHeader('date', new Date(this.now()).toUTCString())
    const refuse = (status: number, code: number, message: string) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }))
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void refuse(403, 10_000, 'Authentication error')
    const path = `/client/v4/zones/${ZONE}/logs/received`
    if (!url.pathname.startsWith(path)) return void refuse(404, 7_003, 'Could not route to the requested zone')
    if (this.isTooMuch()) {
      this.tooOften++
      response.setHeader('retry-after', '30')
      return void refuse(429, 10_013, 'Rate limited')
    }
    if (url.pathname === `${path}/fields`) {
      // a zone whose list lacks one of ours
      const fields = LOGPUSH_FIELDS.filter((name) => name !== 'OriginIP').map((name) => [name, 'about it'])
      return void response.end(JSON.stringify(Object.fromEntries(fields)))
    }
    const fault = this.faults.shift() ?? this.always
    this.onAsk('asked')
    await this.window(url.searchParams, request, response, refuse, fault)
  }

  private async window(
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
    refuse: (status: number, code: number, message: string) => void,
    fault: Fault | null,
  ): Promise<void> {
    const [from, to] = ['start', 'end'].map((name) => Date.parse(query.get(name) ?? ''))
    this.asked.push({ from, to, sample: query.get('sample') })
    if (fault === 'retention') return refuse(400, 1_010, 'bad query: log retention is not turned on for this zone')
    if (fault === 401) return refuse(401, 10_000, 'Authentication error')
    if (fault === 'html') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway')
    if (fault === 429) response.setHeader('retry-after', '90')
    if (typeof fault === 'number') return refuse(fault, 0, 'no')
    const wrong = this.wrongRange(from, to)
    if (wrong !== null) return void response.writeHead(400).end(`bad query: error parsing time: ${wrong}`)
    const names = (query.get('fields') ?? '').split(',')
    if (names.includes('OriginIP')) return void response.writeHead(400).end('bad query: unknown field: "OriginIP"')

    const lines = this.logs.received
      .filter(({ at }) => at >= from && at < to)
      .map(({ line }) => {
        const all = JSON.parse(line) as { [name: string]: unknown }
        const times = /"(?:EdgeStart|EdgeEnd)Timestamp":(\d+)/g
        const exact = Object.fromEntries([...line.matchAll(times)].map(([pair, value]) => [pair.split('"')[1], value]))
        // times of 19 digits are written as they were: JSON.parse rounds them
        const fields = names
          .filter((name) => name in all)
          .map((name) => `"${name}":${exact[name] ?? JSON.stringify(all[name])}`)
        return `{${fields.join(',')}}\n`
      })
    const body = Buffer.from(lines.reverse().join(''))
    if (fault === 'silence') {
      response.write(body.subarray(0, body.length / 2))
      return
    }
    if (fault === 'half-line') return void response.end(body.subarray(0, body.length / 2))
    if (fault === 'error-line')
      return void response.end(
        Buffer.concat([wholeLines(body, body.length / 2), Buffer.from('Error streaming data.\n')]),
      )
    const packed = gzipSync(body)
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
    response.write(packed.subarray(0, packed.length / 2))
    await new Promise((resolve) => setImmediate(resolve))
    this.onAsk('half')
    if (fault === 'cut') return void request.socket.destroy()
    response.end(packed.subarray(packed.length / 2))
    this.onAsk('answered')
  }

  private wrongRange(from: number, to: number): string | null {
    const now = this.now()
    if (!(to > from)) return 'invalid time range: end before start'
    if (to - from > HOUR) return 'invalid time range: range exceeds 1h0m0s'
    if (from < now - 7 * DAY) return 'invalid time range: too early: logs older than 168h0m0s are not available'
    if (to > now - MINUTE) return 'invalid time range: too recent: end must be at least 1m0s before now'
    return null
  }

  private isTooMuch(): boolean {
    const now = this.now()
    while (this.times.length > 0 && this.times[0] <= now - MINUTE) this.times.shift()
    this.times.push(now)
    return this.times.length > this.requestsAMinute
  }
}

const wholeLines = (body: Buffer, length: number) => body.subarray(0, body.lastIndexOf(10, Math.floor(length)) + 1)
