/** Who guesses secrets waits; who has the right one does not. Addresses are those that a trusted proxy names. */
import { afterEach, expect, it } from 'vitest'
import type { AccessOptions } from '../../dashboard/access/plugin.js'
import { startService, type TestService } from './service.js'

const TOKEN = 'correct-horse-battery-staple'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

let service: TestService
afterEach(() => service.stop())

const start = async (access: Partial<AccessOptions> = {}) => {
  service = await startService({
    access: { token: TOKEN, allowedHosts: null, trustedProxies: ['127.0.0.1'], ...access },
  })
}

const signIn = async (from: string, token: string) => {
  const { status, headers, body } = await service.post('/login', `token=${token}`, { ...FORM, 'x-forwarded-for': from })
  return { status, headers, body: String(body) }
}
const ask = async (from: string, token: string) =>
  service.get('/api/v1/summary', { 'authorization': `Bearer ${token}`, 'x-forwarded-for': from })
const times = async <T>(n: number, work: () => Promise<T>) => {
  const out: T[] = []
  for (let i = 0; i < n; i++) out.push(await work())
  return out
}

it('after ten wrong sign-ins an address waits, and no other does', async () => {
  await start()
  const wrong = await times(10, () => signIn('203.0.113.1', 'guess'))
  expect(wrong.map((one) => one.status)).toEqual(Array(10).fill(401))
  const eleventh = await signIn('203.0.113.1', 'guess')
  expect(eleventh.status).toBe(429)
  expect(eleventh.body).toContain('Wait a minute')
  expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(eleventh.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  // not even looked at: else one could go on guessing and see when it is right
  expect((await signIn('203.0.113.1', TOKEN)).status).toBe(429)
  expect((await signIn('203.0.113.2', TOKEN)).status).toBe(303)
  expect((await service.get('/healthz', { 'x-forwarded-for': '203.0.113.1' })).status).toBe(200)
})

it('counts wrong tokens in headers and at the sign-in together', async () => {
  await start()
  await times(5, () => ask('203.0.113.1', 'guess'))
  await times(5, () => signIn('203.0.113.1', 'guess'))
  const refused = await ask('203.0.113.1', TOKEN)
  expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_FAILURES'])
  expect(refused.headers.get('retry-after')).not.toBeNull()
  expect((await ask('203.0.113.2', TOKEN)).status).toBe(200)
})

it('a flood of two thousand guesses is looked at ten times', async () => {
  await start()
  const statuses: number[] = []
  const guess = async () => {
    while (statuses.length < 2_000) statuses.push((await ask('203.0.113.1', 'guess')).status)
  }
  await Promise.all(Array.from({ length: 20 }, guess))
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(12)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1_988)
}, 60_000)

it('senders who had the right token are not held up by a guesser behind the same address, nor are sessions', async () => {
  await start()
  expect((await ask('203.0.113.1', TOKEN)).status).toBe(200)
  const cookie = ((await signIn('203.0.113.7', TOKEN)).headers.get('set-cookie') as string).split(';')[0]
  expect((await times(15, () => ask('203.0.113.1', 'guess'))).map((one) => one.status)).toEqual([
    ...Array(10).fill(401),
    ...Array(5).fill(429),
  ])
  expect((await ask('203.0.113.1', TOKEN)).status).toBe(200)
  await times(15, () => ask('203.0.113.9', 'guess'))
  expect((await service.get('/api/v1/summary', { cookie, 'x-forwarded-for': '203.0.113.9' })).status).toBe(200)
})

it('takes a network of IPv6 for one address', async () => {
  await start()
  for (let i = 0; i < 11; i++) await ask(`2001:db8:1:2::${i + 1}`, 'guess')
  expect((await ask('2001:db8:1:2:ffff::1', TOKEN)).status).toBe(429)
  expect((await ask('2001:db8:1:3::1', TOKEN)).status).toBe(200)
})

it('opens again when the time is over', async () => {
  await start({ limits: { failures: { max: 3, windowMs: 3_000 } } })
  await times(3, () => ask('203.0.113.1', 'guess'))
  expect((await ask('203.0.113.1', TOKEN)).status).toBe(429)
  await expect.poll(async () => (await ask('203.0.113.1', TOKEN)).status, { interval: 200 }).toBe(200)
})

it('believes nobody who is not named as a proxy', async () => {
  await start({ trustedProxies: [] })
  let n = 0
  await times(10, () => ask(`203.0.113.${n++}`, 'guess'))
  expect((await ask('203.0.113.200', 'guess')).status).toBe(429)
})

it('limits changes by one address, not logs nor questions', async () => {
  await start({ limits: { changes: { max: 3, windowMs: 60_000 } } })
  const headers = { 'authorization': `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.1' }
  const remove = (from: string) =>
    fetch(`${service.url}/api/v1/batches/7`, { method: 'DELETE', headers: { ...headers, 'x-forwarded-for': from } })
  expect((await times(3, () => remove('203.0.113.1'))).map((one) => one.status)).toEqual([404, 404, 404])
  const refused = await remove('203.0.113.1')
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'TOO_MANY_CHANGES'])
  expect(refused.headers.get('retry-after')).not.toBeNull()
  expect((await remove('203.0.113.2')).status).toBe(404)
  for (let i = 0; i < 6; i++)
    expect((await service.post('/api/v1/logs', '{"content":"tests"}', headers)).status).toBe(200)
  expect((await service.get('/api/v1/summary', headers)).status).toBe(200)
})
