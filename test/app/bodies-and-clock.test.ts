/** Bodies are watched by time that passes. */
import { request } from 'node:http'
import { afterEach, expect, it, vi } from 'vitest'
import { startService } from './service.js'

const line = (n: number) =>
  `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: n.toString(16).padStart(16, '0') })}\n`

afterEach(() => {
  vi.useRealTimers()
})

it('a clock that jumps forward cuts nobody who sends on', async () => {
  const slow = { slowestBytes: 1_000_000, slowMs: 60_000 }
  const service = await startService({ access: { token: null, allowedHosts: [], limits: slow } })
  const post = request(`${service.url}/api/v1/logs`, { method: 'POST' })
  const status = new Promise((resolve, reject) => {
    post.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    post.on('error', reject)
  })
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  for (let n = 1; n <= 3; n++) {
    post.write(line(n))
    vi.setSystemTime(Date.now() + 5 * 3_600_000)
    // the rate is looked at each second
    await new Promise((resolve) => setTimeout(resolve, 1_200))
  }
  post.end(line(4))
  expect(await status).toBe(200)
  await service.stop()
}, 60_000)
