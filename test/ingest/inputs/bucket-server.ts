/**
 * A bucket with the two questions of S3 that are asked of it, and its troubles. It checks every signature, which none of the
 * S3 servers in the package registry does for version 4 and Node 20 (s3rver, which test/main/bucket.test.ts asks, takes any).
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isSignedWith } from './signature.js'

export const KEY = { id: 'key', secret: 'a-secret-of-somebody' }

interface Held {
  body: Buffer
  etag: string
  modified: number
}

/** What happens to a question in place of an answer. */
export type BucketFault = 403 | 500 | 503 | 'cut' | 'gone' | 'NoSuchBucket'

export class BucketServer {
  url = ''
  readonly objects = new Map<string, Held>()
  /** of a key that is lent: must come with each question, signed */
  sessionToken: string | null = null
  lists = 0
  /** keys of which bytes were asked */
  readonly read: string[] = []
  reading = 0
  mostAtOnce = 0
  isDead: () => boolean = () => false
  /** what a question for a list, or for an object, meets */
  fault: (key: string | null) => BucketFault | null = () => null
  /** called when an object was asked for, before it is answered */
  onRead: (key: string) => void | Promise<void> = () => {}
  private sorted: string[] | null = null
  private readonly server = createServer((request, response) => void this.answer(request, response))

  constructor(private readonly now: () => number = Date.now) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  put(key: string, body: Buffer, modified = this.now()): void {
    if (!this.objects.has(key)) this.sorted = null
    this.objects.set(key, { body, etag: createHash('md5').update(body).digest('hex'), modified })
  }

  delete(key: string): void {
    this.objects.delete(key)
    this.sorted = null
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDead()) return void request.socket.destroy()
    response.setHeader('date', new Date(this.now()).toUTCString())
    const url = new URL(request.url as string, this.url)
    const key = decodeURIComponent(url.pathname).replace(/^\/logs\/?/, '') || null
    const refuse = (status: number, code: string) =>
      response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
    if (!isSignedWith(request, KEY.id, KEY.secret)) return void refuse(403, 'SignatureDoesNotMatch')
    const signed = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1].split(';') ?? []
    const isSession =
      signed.includes('x-amz-security-token') && request.headers['x-amz-security-token'] === this.sessionToken
    if (this.sessionToken !== null && !isSession) return void refuse(400, 'ExpiredToken')
    const fault = this.fault(key)
    if (fault === 'NoSuchBucket') return void refuse(404, fault)
    if (fault === 403) return void refuse(403, 'AccessDenied')
    if (typeof fault === 'number') return void refuse(fault, 'SlowDown')
    if (key === null) return void this.list(url.searchParams, response)
    await this.object(key, request, response, fault)
  }

  private list(query: URLSearchParams, response: ServerResponse): void {
    this.lists++
    const prefix = query.get('prefix') ?? ''
    this.sorted ??= [...this.objects.keys()].sort()
    const begin = query.get('continuation-token') ?? ''
    const most = Number(query.get('max-keys') ?? 1000)
    const from = firstAfter(this.sorted, begin > prefix ? begin : prefix, begin > prefix)
    const keys = this.sorted.slice(from, from + most + 1).filter((key) => key.startsWith(prefix))
    const page = keys.slice(0, most)
    const contents = page.map((key) => {
      const { etag, modified, body } = this.objects.get(key) as Held
      return `<Contents><Key>${key.replaceAll('&', '&amp;')}</Key><LastModified>${new Date(modified).toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
    })
    const more = keys.length > page.length
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>logs</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>${contents.join('')}${more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''}</ListBucketResult>`,
      )
  }

  private async object(
    key: string,
    request: IncomingMessage,
    response: ServerResponse,
    fault: BucketFault | null,
  ): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.reading)
    response.once('close', () => this.reading--)
    await this.onRead(key)
    const held = this.objects.get(key)
    if (!held || fault === 'gone') return void response.writeHead(404).end()
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== `"${held.etag}"`)
      return void response.writeHead(412).end()
    this.read.push(key)
    response.writeHead(200, { 'content-length': held.body.length })
    if (fault === 'cut') {
      response.write(held.body.subarray(0, held.body.length / 2))
      await new Promise((resolve) => setImmediate(resolve))
      return void request.socket.destroy()
    }
    response.end(held.body)
  }
}

/** Place of the first of them that is not before `mark`; `beyond`: nor is it. */
function firstAfter(sorted: readonly string[], mark: string, beyond: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (beyond ? sorted[middle] > mark : sorted[middle] >= mark) high = middle
    else low = middle + 1
  }
  return low
}
