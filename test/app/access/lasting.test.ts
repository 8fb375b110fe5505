/** Whoever is shut out while an upload or a download is under way does not finish it. */
import { request } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { startService, type TestService } from '../service.js'

const TOKEN = 'a token for the first admin'
const line = (n: number) =>
  `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: n.toString(16).padStart(16, '0') })}\n`

async function start(): Promise<TestService> {
  const service = await startService({ access: { token: TOKEN, allowedHosts: null, lookMs: 100 } })
  onTestFinished(() => service.stop())
  return service
}

const admin = { 'authorization': `Bearer ${TOKEN}`, 'content-type': 'application/json' }

async function tokenOf(service: TestService, role: string): Promise<{ id: string; token: string }> {
  const body = JSON.stringify({ name: 'one', role })
  return (await service.post('/api/v1/tokens', body, admin)).body
}

/** Begins a post that lasts; resolves with its end: a status, or that it was hung up on. */
function beginUpload(service: TestService, headers: { [name: string]: string }) {
  const post = request(`${service.url}/api/v1/logs`, { method: 'POST', headers })
  const end = new Promise<number | 'hung up'>((resolve) => {
    post.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    post.on('error', () => resolve('hung up'))
  })
  return { post, end }
}

it('an upload ends when its token is revoked, and what came until then is told of', async () => {
  const service = await start()
  const { id, token } = await tokenOf(service, 'ingest')
  const { post, end } = beginUpload(service, { authorization: `Bearer ${token}` })
  // one part is committed after two seconds at the latest
  for (let n = 0; n < 5_000; n++) post.write(line(n))
  await expect.poll(async () => (await service.store.records.extent()).records, { timeout: 20_000 }).toBeGreaterThan(0)
  expect(
    (
      await fetch(`${service.url}/api/v1/tokens/${id}`, {
        method: 'DELETE',
        headers: { authorization: admin.authorization },
      })
    ).status,
  ).toBe(200)
  expect(await end).toBe('hung up')
  await expect.poll(async () => (await service.get('/api/v1/batches', admin)).body.batches[0].state).toBe('aborted')
}, 30_000)

it('an upload of a session that was ended ends, that of another goes on', async () => {
  const service = await start()
  const cookieOf = async () => {
    const { headers } = await service.post('/login', new URLSearchParams({ token: TOKEN }))
    return (headers.getSetCookie()[0] ?? '').split(';')[0]
  }
  const [one, other] = [await cookieOf(), await cookieOf()]
  const [ended, kept] = [one, other].map((cookie) => beginUpload(service, { cookie }))
  for (const [i, { post }] of [ended, kept].entries()) for (let n = 0; n < 5_000; n++) post.write(line(10_000 * i + n))
  // whoever signs out before the upload has arrived is refused instead
  await expect
    .poll(async () => (await service.get('/api/v1/batches', admin)).body.batches.length, { timeout: 20_000 })
    .toBe(2)
  await service.post('/logout', '', { 'cookie': one, 'content-type': 'application/x-www-form-urlencoded' })
  expect(await ended.end).toBe('hung up')
  kept.post.end(line(20_000))
  expect(await kept.end).toBe(200)
}, 30_000)

it('a token that runs out lets what it began come to its end', async () => {
  const service = await start()
  const expiresAt = new Date(Date.now() + 3_000).toISOString()
  const body = JSON.stringify({ name: 'short', role: 'ingest', expiresAt })
  const { token } = (await service.post('/api/v1/tokens', body, admin)).body
  const { post, end } = beginUpload(service, { authorization: `Bearer ${token}` })
  post.write(line(1))
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  post.end(line(2))
  expect(await end).toBe(200)
}, 30_000)
