/** The log of the service: a line a batch, a line a refusal, nothing that is secret, and no flood of lines. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

const TOKEN = 'the-secret-of-the-service'
const LINE = `${JSON.stringify({
  RayID: '8f00000000000001',
  EdgeStartTimestamp: '2026-05-20T10:00:00Z',
  EdgeResponseStatus: 503,
  ClientRequestURI: '/pay?card=4111111111111111',
  ClientIP: '203.0.113.77',
})}\n`

let service: TestService
let lines: string[] = []
beforeAll(async () => {
  service = await startService({
    access: { token: TOKEN, allowedHosts: [] },
    log: { level: 'info', write: (line) => lines.push(line) },
  })
})
afterAll(() => service.stop())

const logged = (message: string) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === message)
const post = (token: string, query = '') =>
  service.post(`/api/v1/logs?job=shop${query}`, `${LINE}{"no":\n`, { authorization: `Bearer ${token}` })

it('has a line for a batch with what it came to', async () => {
  lines = []
  expect((await post(TOKEN)).status).toBe(200)
  expect(logged('A batch is stored')).toEqual([
    expect.objectContaining({
      level: 30,
      job: 'shop',
      state: 'complete',
      lines: 2,
      stored: 1,
      duplicates: 0,
      rejected: 1,
    }),
  ])
  expect(logged('A request was refused')).toEqual([])
})

it('is counted in /metrics as well, with what the threads did', async () => {
  const metrics = async () => (await service.get('/metrics', { authorization: `Bearer ${TOKEN}` })).body as string
  const valueOf = (text: string, name: string) =>
    Number(
      text
        .split('\n')
        .find((l) => l.startsWith(`${name} `))
        ?.split(' ')[1],
    )
  const before = await metrics()
  const { body } = await post(TOKEN)
  const after = await metrics()
  const rise = (name: string) => valueOf(after, name) - (valueOf(before, name) || 0)
  const brought = [
    'lines_total{input="upload"}',
    'stored_records_total{input="upload"}',
    'duplicate_records_total{input="upload"}',
  ]
  expect(brought.map((name) => rise(`faultline_${name}`))).toEqual([2, 0, 1])
  expect(rise(`faultline_rejected_lines_total{input="upload",reason="${body.rejections[0].reason}"}`)).toBe(1)
  expect(valueOf(after, 'faultline_threads{thread="sqlite/writer"}')).toBeGreaterThan(0)
  expect(valueOf(after, 'faultline_thread_waiting_calls{thread="sqlite/writer"}')).toBeGreaterThanOrEqual(0)
  expect(valueOf(after, 'faultline_thread_busy_seconds_total{thread="sqlite/writer"}')).toBeGreaterThan(0)
})

it('has a line for a refusal with its code, and no secret of either', async () => {
  lines = []
  expect((await post('a-wrong-token', '&key=hidden')).status).toBe(401)
  await service.get('/api/v1/nothing?key=hidden', { authorization: `Bearer ${TOKEN}` })
  await expect.poll(() => logged('A request was refused').length).toBe(2)
  expect(logged('A request was refused')).toEqual([
    expect.objectContaining({ method: 'POST', route: '/api/v1/logs', status: 401, from: '127.0.0.1' }),
    expect.objectContaining({ method: 'GET', status: 404, code: 'NO_SUCH_ROUTE' }),
  ])
  for (const secret of [TOKEN, 'a-wrong-token', 'hidden', '203.0.113.77', '4111111111111111'])
    expect(lines.join('')).not.toContain(secret)
})

it('counts what a flood of refusals brings instead of writing it down', async () => {
  lines = []
  await Promise.all(
    Array.from({ length: 60 }, () => service.get('/api/v1/nothing', { authorization: `Bearer ${TOKEN}` })),
  )
  await expect.poll(() => logged('More requests were refused').length, { timeout: 5_000 }).toBeGreaterThan(0)
  const alone = logged('A request was refused').length
  const counted = logged('More requests were refused').reduce((sum, { refused }) => sum + refused.NO_SUCH_ROUTE, 0)
  expect(alone + counted).toBe(60)
  expect(alone).toBeLessThanOrEqual(20)
})
