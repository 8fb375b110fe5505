import { describe, expect, test } from 'vitest'
import { blocked, gaveUp, minuteOf, ofOrigin, originFailed, spikesOf, type Fields, type Request } from './logs.js'

const HOSTS = ['www.example.com', 'api.example.com', 'blog.example.com']
const SITE = { minutes: 300, perMinute: 60, hosts: HOSTS }
const within = ({ minute }: Request, from: number, to: number) => minute >= from && minute < to

describe('visitors who leave', () => {
  const leaving =
    (part: number, waits: (r: Request) => number, slowness: number) =>
    (r: Request): Fields | null => {
      if (!within(r, 200, 225)) return null
      if (r.random.chance(part)) return gaveUp(waits(r))
      const ms = Math.round(slowness * 40 * Math.exp(r.random.between(-0.7, 1.5)))
      return { EdgeTimeToFirstByteMs: ms, OriginResponseDurationMs: ms - 3 }
    }
  const cause = async (trouble: (r: Request) => Fields | null) => {
    const found = await spikesOf({ ...SITE, trouble })
    expect(found.map(({ status, start, end }) => [status, minuteOf(start), minuteOf(end)])).toEqual([[499, 200, 225]])
    return found[0].causes[0].id
  }

  test('while the other answers became slow', async () => {
    expect(await cause(leaving(0.3, (r) => r.random.whole(5_000, 30_000), 8))).toBe('499/slow-origin')
  })

  test('while the other answers are as fast as ever', async () => {
    expect(await cause(leaving(0.3, (r) => r.random.whole(50, 1_500), 1))).toBe('499/client-closed')
  })

  test('all of them, so that only a monitor still gets its fast answers: they had waited much longer than others before', async () => {
    expect(await cause(leaving(1, (r) => r.random.whole(5_000, 30_000), 1))).toBe('499/slow-origin')
  })

  test('most of them, on a site where nobody leaves otherwise, while the few answers that remain are slow', async () => {
    const nobody = (r: Request): Fields | null =>
      leaving(0.85, (one) => one.random.whole(5_000, 30_000), 8)(r) ?? {
        EdgeResponseStatus: 200,
        OriginResponseStatus: 200,
      }
    expect(await cause(nobody)).toBe('499/slow-origin')
  })

  test('all of them, on a site where nobody leaves otherwise, after far longer than an answer takes', async () => {
    const nobody = (r: Request): Fields | null =>
      leaving(1, (one) => one.random.whole(5_000, 30_000), 1)(r) ?? {
        EdgeResponseStatus: 200,
        OriginResponseStatus: 200,
      }
    expect(await cause(nobody)).toBe('499/slow-origin')
  })

  test('all of them, after no longer than others before', async () => {
    expect(await cause(leaving(1, (r) => r.random.whole(50, 3_000), 1))).toBe('499/client-closed')
  })
})

describe('several troubles at once are told one by one', () => {
  test('on two hosts, with different codes', async () => {
    const found = await spikesOf({
      ...SITE,
      trouble: (r) => {
        if (r.host === HOSTS[1] && within(r, 200, 240)) return originFailed(522, 19_000)
        return r.host === HOSTS[2] && within(r, 202, 240) && r.random.chance(0.6) ? ofOrigin(500) : null
      },
    })
    expect(found.map(({ causes, scope }) => [causes[0].id, scope])).toEqual([
      ['522/connection-timeout', { host: HOSTS[1] }],
      ['500/origin-error', { host: HOSTS[2] }],
    ])
  })

  test('a rule of the edge and a deploy at the origin', async () => {
    const found = await spikesOf({
      ...SITE,
      trouble: (r) => {
        if (r.path === '/login' && within(r, 200, 230) && r.random.chance(0.8))
          return blocked(403, 'firewallManaged', 'rule-7')
        return r.path === '/search' && within(r, 200, 230) && r.random.chance(0.8) ? ofOrigin(404) : null
      },
    })
    expect(found.map(({ causes, scope }) => [causes[0].id, scope]).sort()).toEqual([
      ['403/waf-managed-rule', { path: '/login', securityRuleId: 'rule-7' }],
      ['404/missing-resource', { path: '/search' }],
    ])
  })
})

describe('sampled logs', () => {
  const trouble = (r: Request): Fields | null =>
    r.host === HOSTS[0] && within(r, 200, 230) && r.random.chance(0.5) ? originFailed(521, 5) : null

  test('ten requests that are one record are one piece of evidence, and ten requests in what is told', async () => {
    const [whole, sampled] = [
      await spikesOf({ ...SITE, trouble }),
      await spikesOf({ ...SITE, trouble, sampleRate: 0.1 }),
    ]
    expect(whole).toHaveLength(1)
    expect(sampled.map(({ start, end, detectedAt, score }) => ({ start, end, detectedAt, score }))).toEqual(
      whole.map(({ start, end, detectedAt, score }) => ({ start, end, detectedAt, score })),
    )
    expect(sampled[0].observed).toBeCloseTo(10 * whole[0].observed, 5)
    expect(sampled[0].scope).toEqual({ host: HOSTS[0] })
  })
})

describe('where a trouble is', () => {
  test('a deploy breaks one path, with ids in it', async () => {
    const found = await spikesOf({
      ...SITE,
      trouble: (r) =>
        r.path.startsWith('/products/') && within(r, 250, 300) && r.random.chance(0.5) ? ofOrigin(500) : null,
    })
    expect(found.map(({ status, scope, ongoing, causes }) => [status, scope, ongoing, causes[0].id])).toEqual([
      [500, { path: '/products/:id' }, true, '500/origin-error'],
    ])
  })

  test('an export that begins amid an outage of one country', async () => {
    const found = await spikesOf({
      ...SITE,
      minutes: 120,
      trouble: (r) => (r.country === 'de' && within(r, 0, 30) ? blocked(403, 'country', '') : null),
    })
    expect(
      found.map(({ status, start, end, scope }) => [status, minuteOf(start), minuteOf(end), scope.country]),
    ).toEqual([[403, 0, 30, 'DE']])
  })
})
