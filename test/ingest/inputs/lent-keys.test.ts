/** Keys of other kinds: lent ones of S3 with a session token, and the key of an account of Cloudflare's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStorage } from '../../../ingest/inputs/bucket/storage.js'
import { cloudflareAuth } from '../../../schema/runtime/cloudflare-auth.js'
import { BucketServer, KEY } from './bucket-server.js'

describe('a bucket with a lent key', () => {
  const server = new BucketServer()
  beforeAll(async () => {
    await server.start()
    server.sessionToken = 'FwoGZXIvYXdzE/+=='
    server.put('http/20260520/a.log', Buffer.from('{}\n'))
  })
  afterAll(() => server.stop())
  const storage = (sessionToken?: string) =>
    openStorage({
      url: 's3://logs/http/',
      endpoint: server.url,
      accessKeyId: KEY.id,
      secretAccessKey: KEY.secret,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    })
  const signal = new AbortController().signal

  it('lists and reads with its token, signed', async () => {
    const lent = storage('FwoGZXIvYXdzE/+==')
    const { objects } = await lent.page('http/', null, signal)
    expect(objects.map(({ key }) => key)).toEqual(['http/20260520/a.log'])
    const pieces: Uint8Array[] = []
    for await (const piece of (await lent.read(objects[0], signal)) ?? []) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('{}\n')
  })
  it.each([undefined, 'an old one'])('says what to do when it is over: %s', (token) =>
    expect(storage(token).page('http/', null, signal)).rejects.toMatchObject({
      code: 'BUCKET_FORBIDDEN',
      message: expect.stringMatching(/ExpiredToken.*session token is over.*Put new ones in/),
    }),
  )
})

describe("Cloudflare's API is told who asks", () => {
  it.each([
    ['a token', 'v1.0-abc_DEF123', { authorization: 'Bearer v1.0-abc_DEF123' }],
    ['a file with a line feed', 'abc\n', { authorization: 'Bearer abc' }],
    [
      'the key of an account',
      'ops@example.com:0123456789abcdef0123456789abcdef01234',
      { 'x-auth-email': 'ops@example.com', 'x-auth-key': '0123456789abcdef0123456789abcdef01234' },
    ],
  ])('%s', (_, given, headers) => expect(cloudflareAuth(given)).toEqual(headers))
})
