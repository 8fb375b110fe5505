/** Answers that became slow while their statuses stayed what they were, explained over HTTP. */
import { afterEach, describe, expect, it } from 'vitest'
import { Compile } from 'typebox/compile'
import { SpikeSchema } from '../../schema/api/spikes.js'
import { startService, type TestService } from './service.js'

let service: TestService
afterEach(() => service.stop())

const FROM = Date.UTC(2026, 4, 20, 6)
const MINUTE = 60_000
const at = (minute: number) => new Date(FROM + minute * MINUTE).toISOString()
const COLOS = ['FRA', 'CDG', 'IAD']
const PATHS = ['/', '/search', '/cart', '/items']
const isSpike = Compile(SpikeSchema)

interface Asked {
  colo: string
  path: string
  cached: boolean
}

async function take(slowness: (asked: Asked) => { ttfb?: number; origin?: number; status?: number; cache?: string }) {
  service = await startService()
  const lines: string[] = []
  for (let minute = 0; minute < 120; minute++)
    for (let n = 0; n < 48; n++) {
      const asked = { colo: COLOS[n % 3], path: PATHS[Math.floor(n / 3) % 4], cached: n % 4 === 0 }
      const usual = { ttfb: asked.cached ? 8 : 60 + (n % 7) * 5, origin: asked.cached ? 0 : 50 + (n % 7) * 5 }
      const own = {
        ...usual,
        status: 200,
        cache: asked.cached ? 'hit' : 'dynamic',
        ...(minute >= 90 ? slowness(asked) : {}),
      }
      const start = FROM + minute * MINUTE + n * 1000
      lines.push(
        JSON.stringify({
          RayID: (minute * 1000 + n).toString(16).padStart(16, '0'),
          EdgeStartTimestamp: new Date(start).toISOString(),
          EdgeEndTimestamp: new Date(start + own.ttfb + 5).toISOString(),
          ClientRequestHost: 'www.example.com',
          ClientRequestPath: asked.path,
          ClientRequestMethod: 'GET',
          ClientIP: `198.51.100.${n}`,
          ClientASN: 3320,
          ClientCountry: 'de',
          ClientRequestUserAgent: 'okhttp/4.12.0',
          ClientRequestSource: 'eyeball',
          EdgeColoCode: asked.colo,
          CacheCacheStatus: own.cache,
          EdgeTimeToFirstByteMs: own.ttfb,
          OriginResponseDurationMs: own.origin,
          EdgeResponseStatus: own.status,
          OriginResponseStatus: asked.cached ? 0 : own.status,
        }),
      )
    }
  await service.post('/api/v1/logs', Buffer.from(lines.join('\n')))
}

const explained = async (lang = 'en', more = '') =>
  (await service.get(`/api/v1/explain?from=${at(90)}&to=${at(120)}&lang=${lang}${more}`)).body.spike

describe('answers become slow', () => {
  it('everywhere: the origin', async () => {
    await take(({ cached }) => (cached ? {} : { ttfb: 900, origin: 890 }))
    const spike = await explained()
    expect(isSpike.Check(spike)).toBe(true)
    expect(spike).toMatchObject({ status: null, kind: 'slow' })
    expect(spike.causes.map(({ id }: { id: string }) => id)).toEqual(['latency/slow-origin'])
    expect(spike.summary).toMatch(/answers take 1\d× as long as usual, 890 ms instead of \d\d ms at the median/)
    expect(spike.causes[0].evidence[0].text).toMatch(/OriginResponseDurationMs/)
    // a filter on a class of answers asks the same
    expect((await explained('en', '&class=2xx')).causes[0].id).toBe('latency/slow-origin')
  })

  it('through one data centre only', async () => {
    await take(({ colo }) => (colo === 'FRA' ? { ttfb: 1_500 } : {}))
    const spike = await explained()
    expect(spike.causes[0].id).toBe('latency/slow-edge-location')
    expect(spike.scope).toEqual({ colo: 'FRA' })
    // a third of 48 a minute, and not what came through the others
    expect(spike.observed).toBe(480)
    expect(spike.causes[0].evidence[0].text).toMatch(
      /data centre FRA took 1\.5 s.*before: \d+ ms.*all others \d+ ms \(before: \d+ ms\)/,
    )
    const [french, chinese] = [await explained('fr'), await explained('zh')]
    expect(french.summary).toMatch(/centre de données FRA prennent .* fois plus de temps que d’habitude/)
    expect(chinese.summary).toMatch(/经由数据中心 FRA 的响应耗时为平时的 [\d.]+ 倍/)
  })

  it('on one path only', async () => {
    await take(({ path, cached }) => (path === '/search' && !cached ? { ttfb: 2_000, origin: 1_990 } : {}))
    const spike = await explained()
    expect(spike.causes[0].id).toBe('latency/slow-path')
    expect(spike.scope).toEqual({ path: '/search' })
    expect(spike.observed).toBe(360)
  })

  it('not at all: nothing is told', async () => {
    await take(() => ({}))
    expect(await explained()).toBeNull()
  })
})

describe('beside errors', () => {
  it('time-outs are told with the slowness of the other answers, and with the old copies that hide more', async () => {
    let [hits, misses] = [0, 0]
    await take(({ cached }) => {
      if (cached) return hits++ % 2 ? { cache: 'stale' } : {}
      return misses++ % 3 === 0 ? { status: 524, ttfb: 120_000, origin: 0 } : { ttfb: 4_000, origin: 3_990 }
    })
    const spike = await explained()
    expect(spike.status).toBe(524)
    expect(spike.causes[0].id).toBe('524/origin-timeout')
    const told = spike.causes[0].evidence.map(({ text }: { text: string }) => text).join('\n')
    expect(told).toMatch(/Other answers of the origin became .*× as slow/)
    expect(told).toMatch(/old copy from cache/)
  })
})
