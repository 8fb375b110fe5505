/** Keys that AWS lends to whatever runs there, by servers that answer as its documentation says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bucket } from '../../../ingest/inputs/bucket/index.js'
import { keysOf } from '../../../ingest/inputs/bucket/keys.js'
import { openStorage } from '../../../ingest/inputs/bucket/storage.js'
import { BucketServer, KEY } from './bucket-server.js'

const ROLE = 'arn:aws:iam::123456789012:role/reads-logs'
const HOUR = 3_600_000
const folder = mkdtempSync(join(tmpdir(), 'faultline-roles-'))
const tokenFile = join(folder, 'token')
const logs = new BucketServer()
const { signal } = new AbortController()

/** What was asked, and the number of the key that is lent next: each has a session token of its own. */
let asked: string[] = []
let lent = 0
let until = Date.now() + HOUR
let trouble: ((response: ServerResponse) => void) | null = null

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return new URLSearchParams(Buffer.concat(pieces).toString())
}

const key = () => ({
  AccessKeyId: KEY.id,
  SecretAccessKey: KEY.secret,
  Token: `session ${++lent}`,
  Expiration: new Date(until).toISOString(),
})

/** STS, the agent of a container and the metadata of an instance. */
const aws = createServer(async (request, response) => {
  const { method, url = '', headers } = request
  asked.push(`${method} ${url}`)
  const refuse = (status: number, text = '') => void response.writeHead(status).end(text)
  if (trouble) return trouble(response)
  if (url === '/') {
    const form = await bodyOf(request)
    if (form.get('Action') !== 'AssumeRoleWithWebIdentity' || form.get('Version') !== '2011-06-15') return refuse(400)
    if (form.get('RoleArn') !== ROLE || form.get('WebIdentityToken') !== 'eyJ.of.pod')
      return refuse(
        403,
        '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>',
      )
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = key()
    return void response.end(
      `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><SessionToken>${Token}</SessionToken><SecretAccessKey>${SecretAccessKey}</SecretAccessKey><Expiration>${Expiration}</Expiration><AccessKeyId>${AccessKeyId}</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    )
  }
  if (url === '/v1/credentials')
    return headers.authorization === 'eyJ.of.pod' ? void response.end(JSON.stringify(key())) : refuse(401)
  if (url === '/latest/api/token' && method === 'PUT')
    return headers['x-aws-ec2-metadata-token-ttl-seconds'] ? void response.end('imds-token') : refuse(400)
  // version 1, without a token, is switched off
  if (headers['x-aws-ec2-metadata-token'] !== 'imds-token') return refuse(401)
  if (url === '/latest/meta-data/iam/security-credentials/') return void response.end('reads-logs\n')
  if (url === '/latest/meta-data/iam/security-credentials/reads-logs')
    return void response.end(JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...key() }))
  refuse(404)
})

let base = ''
beforeAll(async () => {
  writeFileSync(tokenFile, 'eyJ.of.pod\n')
  await logs.start()
  logs.put('http/20260520/a.log', Buffer.from('{}\n'))
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`
})
afterAll(() => {
  logs.stop()
  aws.close()
  rmSync(folder, { recursive: true })
})
let round = 0
beforeEach(() => {
  asked = []
  lent = 0
  round++
  until = Date.now() + HOUR
  trouble = null
})

/** Each test is another process: what it was lent is kept by what it runs with. */
const RUNS_AS: { [name: string]: () => { [name: string]: string } } = {
  'a web identity': () => ({
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_ARN: ROLE,
    AWS_ROLE_SESSION_NAME: `test-${round}`,
    AWS_ENDPOINT_URL_STS: base,
  }),
  'a container': () => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${base}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    AWS_ROLE_SESSION_NAME: `test-${round}`,
  }),
  'an instance': () => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: base, AWS_ROLE_SESSION_NAME: `test-${round}` }),
}
const settings = () => ({ url: 's3://logs/http/', endpoint: logs.url })

describe.each(Object.entries(RUNS_AS))('the role of %s', (_, environment) => {
  it('lists and reads, asked for once', async () => {
    logs.sessionToken = 'session 1'
    for (let look = 0; look < 3; look++) {
      const storage = openStorage(settings(), environment())
      const { objects } = await storage.page('http/', null, signal)
      expect(objects.map((one) => one.key)).toEqual(['http/20260520/a.log'])
      expect(await storage.read(objects[0], signal)).not.toBe(null)
    }
    expect(lent).toBe(1)
  })

  it('is asked for again before it ends, and holds on while whoever lends is away', async () => {
    let now = until - HOUR
    const keys = keysOf({ url: 's3://logs/' }, environment(), () => now)
    const token = async () => (await keys.key(signal)).sessionToken
    expect([await token(), await token()]).toEqual(['session 1', 'session 1'])
    now = until - 6 * 60_000
    expect(await token()).toBe('session 1')
    now = until - 4 * 60_000
    trouble = (response) => void response.writeHead(500).end('no')
    expect(await token()).toBe('session 1')
    trouble = null
    until += HOUR
    expect(await token()).toBe('session 2')
    now = until + 1
    trouble = (response) => void response.socket?.destroy()
    await expect(token()).rejects.toMatchObject({
      code: 'BUCKET_KEYLESS',
      message: expect.stringContaining('127.0.0.1'),
    })
  })

  it('is asked for again where the storage says that it is over', async () => {
    logs.sessionToken = 'session 2'
    const storage = openStorage(settings(), environment())
    await expect(storage.page('http/', null, signal)).rejects.toMatchObject({ code: 'BUCKET_FORBIDDEN' })
    expect((await storage.page('http/', null, signal)).objects).toHaveLength(1)
  })
})

describe('without a key', () => {
  it.each<[string, () => { [name: string]: string }, RegExp]>([
    [
      'nobody lends one',
      () => ({ AWS_EC2_METADATA_DISABLED: 'true' }),
      /no key for the bucket: none was set.*AWS_ROLE_ARN/,
    ],
    [
      'the role may not be taken',
      () => ({ ...RUNS_AS['a web identity'](), AWS_ROLE_ARN: 'arn:aws:iam::1:role/other' }),
      /answered HTTP 403: "Not authorized to perform sts:AssumeRoleWithWebIdentity"/,
    ],
    [
      'its token is not there',
      () => ({ ...RUNS_AS['a web identity'](), AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'none') }),
      /the token in .*none can not be read \(ENOENT\)/,
    ],
    [
      'a token would go to somebody without TLS',
      () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://198.51.100.7/key', AWS_CONTAINER_AUTHORIZATION_TOKEN: 'x' }),
      /to which a token does not go without TLS/,
    ],
  ])('%s: says so and what to do', async (_, environment, message) => {
    await expect(openStorage(settings(), environment()).page('', null, signal)).rejects.toMatchObject({
      code: 'BUCKET_KEYLESS',
      message: expect.stringMatching(message),
    })
  })

  it('variables of AWS are a key too', async () => {
    logs.sessionToken = 'of a shell'
    const environment = {
      AWS_ACCESS_KEY_ID: KEY.id,
      AWS_SECRET_ACCESS_KEY: KEY.secret,
      AWS_SESSION_TOKEN: 'of a shell',
    }
    expect((await openStorage(settings(), environment).page('http/', null, signal)).objects).toHaveLength(1)
  })

  it.each([
    [{ url: 's3://logs/' }, []],
    [{ url: 's3://logs/', accessKeyId: 'a' }, [/"secretAccessKey" is missing/]],
    [{ url: 's3://logs/', secretAccessKey: 'b' }, [/"accessKeyId" is missing/]],
    [{ url: 'r2://logs/', account: '0'.repeat(32) }, [/only AWS lends keys/]],
  ])('%j', (given, reasons) => {
    expect(bucket.problems?.(given)).toEqual(
      reasons.map((reason) => ({ at: 'url', reason: expect.stringMatching(reason) })),
    )
  })
})
