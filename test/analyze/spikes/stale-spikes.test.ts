/** Expired copies that the cache serves while the origin cannot be reached. */
import { expect, test } from 'vitest'
import { minuteOf, originFailed, spikesOf, type Fields, type Request } from './logs.js'

const SITE = { minutes: 360, perMinute: 45, hosts: ['www.example.com', 'shop.example.com'] }
const within = ({ minute }: Request, from: number, to: number) => minute >= from && minute < to
const copy = (cacheStatus: string): Fields => ({ CacheCacheStatus: cacheStatus, OriginResponseStatus: 0 })

test('are told where no error is, of the host that they are of', async () => {
  const found = await spikesOf({
    ...SITE,
    trouble: (r) =>
      r.host === 'shop.example.com' && r.random.chance(0.7) ? copy(within(r, 240, 280) ? 'stale' : 'hit') : null,
  })
  expect(found).toMatchObject([
    {
      kind: 'stale',
      severity: 'ticket',
      status: null,
      scope: { host: 'shop.example.com' },
      causes: [{ id: 'stale/origin-unreachable' }],
    },
  ])
  const [{ start, end, detectedAt, observed, summary, causes }] = found
  expect([minuteOf(start), minuteOf(end)]).toEqual([240, 280])
  expect(minuteOf(detectedAt)).toBeLessThanOrEqual(245)
  expect(observed).toBeGreaterThan(500)
  expect(summary).toMatch(/\d+% of the requests on shop\.example\.com got expired copies from cache \(before: 0%\)/)
  expect(causes[0].evidence[0].share).toBeGreaterThan(0.6)
})

test('that a site always has are none', async () => {
  const found = await spikesOf({
    ...SITE,
    trouble: (r) => (r.random.chance(0.5) ? copy(r.random.chance(0.05) ? 'stale' : 'hit') : null),
  })
  expect(found).toEqual([])
})

test('are told by the errors that go with them', async () => {
  const found = await spikesOf({
    ...SITE,
    trouble: (r) => {
      if (!within(r, 240, 280)) return null
      return r.random.chance(0.4) ? copy('stale') : originFailed(522, 19_000)
    },
  })
  expect(found).toMatchObject([{ kind: 'rise', status: 522 }])
  expect(found[0].causes[0].evidence.map(({ text }) => text).join()).toMatch(/got an old copy from cache/)
})
