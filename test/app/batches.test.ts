/** Reports of batches and what they list, over more than one page of everything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MOST_REJECTED_LINES } from '../../schema/words/rejections.js'
import { startService, type TestService } from './service.js'

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const good = (n: number) =>
  JSON.stringify({
    EdgeStartTimestamp: '2026-05-20T14:05:00Z',
    EdgeResponseStatus: 200,
    RayID: n.toString(16).padStart(16, '0'),
    ClientRequestHost: 'www.example.com',
  })

async function rejectedOf(body: string, query = ''): Promise<{ id: string; rejected: number; lines: Downloaded[] }> {
  const { body: report } = await service.post(`/api/v1/logs${query}`, body)
  const { body: text, headers, status } = await service.get(`/api/v1/batches/${report.id}/rejected`)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  return {
    id: report.id,
    rejected: report.rejected,
    lines: text
      .split('\n')
      .slice(0, -1)
      .map((l: string) => JSON.parse(l)),
  }
}

interface Downloaded {
  input: string
  line: number
  reason: string
  sample: string
}

describe('GET /api/v1/batches/{id}/rejected', () => {
  it('gives every rejected line among good ones, once and in order, over several pages', async () => {
    const body = Array.from({ length: 9_000 }, (_, i) => (i % 3 === 2 ? `bad line ${i + 1}` : good(i))).join('\n')
    const { rejected, lines } = await rejectedOf(body, '?name=mixed.log')
    expect(rejected).toBe(3_000)
    expect(lines.map((one) => one.line)).toEqual(Array.from({ length: 3_000 }, (_, i) => 3 * i + 3))
    expect(lines[2_999]).toMatchObject({ input: 'mixed.log', line: 9_000, reason: 'not-json', sample: 'bad line 9000' })
  })

  it('gives them where they came in several parts, with bad lines first and last', async () => {
    const body = Array.from({ length: 24_000 }, (_, i) =>
      i < 2_500 || i >= 22_500 || i % 1_000 === 0 ? `bad ${i + 1}` : good(100_000 + i),
    )
    const wanted = body.flatMap((text, i) => (text.startsWith('bad') ? [i + 1] : []))
    const { lines } = await rejectedOf(`${good(99_999)}\n${body.join('\n')}\n`)
    expect(lines.map((one) => one.line - 1)).toEqual(wanted)
  })

  it('keeps as many as it says, and counts all', async () => {
    const body = `${good(200_000)}\n${'bad\n'.repeat(MOST_REJECTED_LINES + 2_345)}`
    const { rejected, lines } = await rejectedOf(body)
    expect([rejected, lines.length, lines.at(-1)?.line]).toEqual([
      MOST_REJECTED_LINES + 2_345,
      MOST_REJECTED_LINES,
      MOST_REJECTED_LINES + 1,
    ])
  })

  it('is empty where every line was good', async () => {
    expect((await rejectedOf(`${good(300_000)}\n`)).lines).toEqual([])
  })
})

describe('GET /api/v1/batches', () => {
  it('pages by id: every batch once, also where some were removed in between', async () => {
    for (let i = 0; i < 7; i++) await service.post('/api/v1/logs', `${good(400_000 + i)}\n`)
    const all = (await service.get('/api/v1/batches?limit=500')).body.batches.map((b: { id: string }) => b.id)
    await fetch(`${service.url}/api/v1/batches/${all[3]}`, { method: 'DELETE' })
    const left = all.filter((_: string, i: number) => i !== 3)
    const seen: string[] = []
    for (let after = ''; ;) {
      const { batches, next } = (await service.get(`/api/v1/batches?limit=2${after}`)).body
      seen.push(...batches.map((b: { id: string }) => b.id))
      if (next === null) break
      after = `&after=${encodeURIComponent(next)}`
    }
    expect(seen).toEqual(left)
    const before = await service.get(`/api/v1/batches?limit=3&before=${left[1]}`)
    expect(before.body.batches.map((b: { id: string }) => b.id)).toEqual(left.slice(2, 5))
    expect((await service.get('/api/v1/batches?after=yesterday')).body.code).toBe('BAD_CURSOR')
  })
})

describe('GET /api/v1/records', () => {
  it('pages through records of one moment and one RayID, each once', async () => {
    const lines = Array.from({ length: 50 }, (_, i) =>
      JSON.stringify({
        EdgeStartTimestamp: '2026-05-21T00:00:00Z',
        EdgeResponseStatus: 200,
        RayID: i < 25 ? 'ffffffffffffffff' : `fffffffffffffe${i}`,
        ClientRequestHost: 'pages.example.com',
        ClientIP: `203.0.113.${i}`,
      }),
    )
    await service.post('/api/v1/logs', lines.join('\n'))
    const seen: string[] = []
    for (let after = ''; ;) {
      const { records, next } = (await service.get(`/api/v1/records?host=pages.example.com&limit=7${after}`)).body
      seen.push(...records.map((r: { clientIp: string }) => r.clientIp))
      if (next === null) break
      after = `&after=${encodeURIComponent(next)}`
    }
    expect(seen).toHaveLength(50)
    expect(new Set(seen).size).toBe(50)
  })
})

describe('a cursor that is none', () => {
  it.each(['records?after=abc', 'alerts?after=abc', 'alerts?after=x%20y', 'notifiers/deliveries?before=abc'])(
    'is refused, not read as the first page: %s',
    async (path) => {
      expect(await service.get(`/api/v1/${path}`)).toMatchObject({ status: 400 })
    },
  )
})

it('a report says who sent the batch, and from where', async () => {
  const { body } = await service.post('/api/v1/logs', good(0xabcde))
  expect(body).toMatchObject({ sender: null, senderAddress: '127.0.0.1' })
  const guarded = await startService({ access: { token: 'a-token-of-enough-length', allowedHosts: [] } })
  const { status, body: report } = await guarded.post('/api/v1/logs', good(1), {
    authorization: 'Bearer a-token-of-enough-length',
  })
  expect([status, report.sender, report.senderAddress]).toEqual([200, 'FAULTLINE_TOKEN', '127.0.0.1'])
  await guarded.stop()
})
