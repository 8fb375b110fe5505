/** What people say of a spike, over HTTP. */
import { afterEach, describe, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

let service: TestService
afterEach(() => service.stop())

const FROM = Date.UTC(2026, 4, 20, 6)

/** Two hours of a site; in the last half hour a third of the answers are 503. */
async function withSpike(): Promise<string> {
  service = await startService()
  const lines: string[] = []
  for (let minute = 0; minute < 120; minute++)
    for (let n = 0; n < 30; n++) {
      const status = minute >= 90 && n % 3 === 0 ? 503 : 200
      const at = FROM + minute * 60_000 + n * 1_900
      lines.push(
        JSON.stringify({
          RayID: (minute * 1000 + n).toString(16).padStart(16, '0'),
          EdgeStartTimestamp: new Date(at).toISOString(),
          EdgeEndTimestamp: new Date(at + 50).toISOString(),
          ClientRequestHost: 'www.example.com',
          ClientRequestPath: '/',
          ClientIP: `198.51.${minute % 200}.${n + 1}`,
          ClientRequestSource: 'eyeball',
          CacheCacheStatus: 'dynamic',
          EdgeResponseStatus: status,
          OriginResponseStatus: status,
        }),
      )
    }
  await service.post('/api/v1/logs', Buffer.from(lines.join('\n')))
  const { spikes } = (await service.get('/api/v1/spikes')).body
  expect(spikes).toHaveLength(1)
  expect(spikes[0].verdict).toBeNull()
  return spikes[0].id
}

const said = async (id: string) => [
  (await service.get('/api/v1/spikes')).body.spikes[0].verdict,
  (await service.get(`/api/v1/spikes/${id}`)).body.verdict,
]

describe('a verdict on a spike', () => {
  it('is kept, shown in the list and on the spike, replaced and taken back; it lowers nothing', async () => {
    const id = await withSpike()
    const before = (await service.get('/api/v1/spikes')).body.spikes[0]
    const path = `/api/v1/spikes/${id}/verdict`
    const put = await service.send('PUT', path, { verdict: 'not-a-problem', note: 'a load test' })
    expect(put).toMatchObject({ status: 200, body: { verdict: 'not-a-problem', note: 'a load test' } })
    const [listed, own] = await said(id)
    expect(listed).toEqual(put.body)
    expect(own).toEqual(put.body)
    const after = (await service.get('/api/v1/spikes')).body.spikes[0]
    expect({ ...after, verdict: null }).toEqual({ ...before, verdict: null })

    await service.send('PUT', path, { verdict: 'confirmed' })
    expect((await said(id))[0]).toMatchObject({ verdict: 'confirmed', note: null })

    expect((await service.send('DELETE', path)).status).toBe(204)
    expect(await said(id)).toEqual([null, null])
    expect(await service.send('DELETE', path)).toMatchObject({ status: 404, body: { code: 'NO_SUCH_VERDICT' } })
  })

  it('needs a spike and one of two words', async () => {
    const id = await withSpike()
    const nobody = await service.send('PUT', '/api/v1/spikes/20260520-000000-503-origin/verdict', {
      verdict: 'confirmed',
    })
    expect(nobody.status).toBe(404)
    for (const body of [{ verdict: 'maybe' }, {}, { verdict: 'confirmed', note: 'x'.repeat(2_001) }])
      expect((await service.send('PUT', `/api/v1/spikes/${id}/verdict`, body)).status).toBe(400)
    expect(await said(id)).toEqual([null, null])
  })
})
