/** What does not fit is refused at once, before it is read; what was accepted is finished. */
import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGate, GATE_LIMITS } from '../../ingest/gate.js'
import { needs } from '../needs.js'
import { startService, type TestService } from './service.js'

const line = (n: number) =>
  `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: n.toString(16).padStart(16, '0') })}\n`

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** A post whose body comes bit by bit. */
function begin(
  headers: { [name: string]: string | number } = {},
  job = 'a',
): { sending: ClientRequest; answer: Promise<Answer> } {
  const sending = request(`${service.url}/api/v1/logs?job=${job}`, { method: 'POST', headers })
  const answer = once(sending, 'response').then(async ([response]: IncomingMessage[]) => {
    const chunks = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return {
      status: response.statusCode,
      headers: response.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    }
  })
  return { sending, answer }
}
interface Answer {
  status: number | undefined
  headers: IncomingMessage['headers']
  body: { code?: string; stored?: number; message?: string }
}

const posts = async () => Number(/^faultline_posts_in_progress (\d+)$/m.exec((await service.get('/metrics')).body)?.[1])

async function until(count: number): Promise<void> {
  for (let tries = 0; (await posts()) !== count; tries++) {
    if (tries > 200) throw new Error(`never ${count} posts in progress, but ${await posts()}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('a flood of posts', () => {
  it('is refused beyond the limit of uploads while small posts still come in, and what was accepted is finished', async () => {
    const uploads = Array.from({ length: GATE_LIMITS.uploads }, (_, i) => {
      const upload = begin({}, `job-${i}`)
      upload.sending.write(line(i))
      return upload
    })
    await until(GATE_LIMITS.uploads)
    const { sending, answer } = begin()
    sending.write(line(999))
    const refused = await answer
    expect([refused.status, refused.body.code, refused.headers['retry-after'], refused.headers.connection]).toEqual([
      503,
      'BUSY',
      String(GATE_LIMITS.retryAfter),
      'close',
    ])
    sending.destroy()
    expect((await service.post('/api/v1/logs', line(1_000))).body).toMatchObject({ stored: 1 })
    for (const upload of uploads) upload.sending.end()
    const answers = await Promise.all(uploads.map((upload) => upload.answer))
    expect(answers.map(({ status, body }) => [status, body.stored])).toEqual(uploads.map(() => [200, 1]))
    await until(0)
    expect((await service.get('/metrics')).body).toMatch(/^faultline_posts_refused_total 1$/m)
  })

  it('of one sender leaves room to the others', async () => {
    const held: ReturnType<typeof begin>[] = []
    for (;;) {
      const upload = begin({}, 'greedy')
      upload.sending.on('error', () => {})
      upload.sending.write(line(held.length))
      upload.answer.catch(() => {})
      const refused = await Promise.race([upload.answer, until(held.length + 1).then(() => null)])
      if (refused !== null) {
        expect([refused.status, refused.body.code]).toEqual([503, 'BUSY'])
        expect(refused.body.message).toContain('its share')
        break
      }
      held.push(upload)
    }
    expect(held.length).toBeGreaterThan(GATE_LIMITS.uploads / 2)
    expect(held.length).toBeLessThan(GATE_LIMITS.uploads)
    const other = begin({}, 'modest')
    other.sending.end(line(2_000))
    expect((await other.answer).status).toBe(200)
    for (const { sending } of held) sending.end()
    await until(0)
  })

  it('is refused beyond the bytes that small posts may hold', async () => {
    const gate = createGate({ ...GATE_LIMITS, heldBytes: 10_000_000 })
    const places = [gate.enter(6_000_000, 'a'), gate.enter(4_000_000, 'b')]
    expect(() => gate.enter(1, 'c')).toThrow(/10 MB/)
    places[1].leave()
    gate.enter(3_000_000, 'c')
    // uploads are told by their number
    gate.enter(null, 'd')
  })

  it('gives places of senders that go away to others', async () => {
    // few enough that all have come before the first is cut for sending nothing
    const gone = Array.from({ length: 24 }, () => {
      const post = begin({ 'content-length': 1_000 })
      post.answer.catch(() => {})
      post.sending.on('error', () => {})
      post.sending.write(line(7))
      return post
    })
    await until(gone.length)
    for (const { sending } of gone) sending.destroy()
    await until(0)
    expect((await service.post('/api/v1/logs', line(9))).status).toBe(200)
  })

  it('is refused when all places are taken', () => {
    const gate = createGate({ ...GATE_LIMITS, posts: 3 })
    const [first] = ['a', 'b', 'c'].map((sender) => gate.enter(10, sender))
    expect(() => gate.enter(10, 'd')).toThrow(/3 posts are being taken in/)
    first.leave()
    gate.enter(10, 'd')
  })
})

describe('a gate', () => {
  it('lets nobody in while it drains, and says how many did not leave in time', async () => {
    const gate = createGate()
    const [one, other] = [gate.enter(10, 'one'), gate.enter(null, 'other')]
    const drained = gate.drain(10_000)
    expect(() => gate.enter(10, 'one')).toThrow(/stopping/)
    one.leave()
    one.leave()
    expect(gate.state.posts).toBe(1)
    other.leave()
    expect(await drained).toBe(0)
    const slow = createGate()
    slow.enter(10, 'one')
    expect(await slow.drain(20)).toBe(1)
  })
})

describe('a stop', () => {
  it('waits for an upload that is coming in', async () => {
    const stopping = await startService()
    const sending = request(`${stopping.url}/api/v1/logs`, { method: 'POST' })
    const answer = once(sending, 'response') as Promise<IncomingMessage[]>
    sending.write(line(1))
    while (!/^faultline_posts_in_progress 1$/m.test((await stopping.get('/metrics')).body))
      await new Promise(setImmediate)
    const stopped = stopping.stop()
    await new Promise((resolve) => setTimeout(resolve, 100))
    sending.end(line(2))
    const [response] = await answer
    expect(response.statusCode).toBe(200)
    response.resume()
    await stopped
  })
})

describe('/metrics', () => {
  it('is what Prometheus takes', async () => {
    if (!needs('promtool', 'prometheus')) return
    const { body } = await service.get('/metrics')
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })
})
