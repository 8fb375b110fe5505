/** Any window explained like a spike, and what people wrote on the time line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Compile } from 'typebox/compile'
import { AnnotationSchema } from '../../schema/api/annotations.js'
import { SpikeSchema } from '../../schema/api/spikes.js'
import { startService, type TestService } from './service.js'

let service: TestService
const FROM = Date.UTC(2026, 4, 20, 6)
const MINUTE = 60_000
const at = (minute: number) => new Date(FROM + minute * MINUTE).toISOString()
const HOSTS = ['www.example.com', 'api.example.com']

/** Four hours; the API's origin answers a tenth of requests with 500 all along, half of them from minute 150 to 180. */
function* lines() {
  for (let minute = 0; minute < 240; minute++) {
    for (let n = 0; n < 40; n++) {
      const host = HOSTS[n % 2]
      const bad = host === HOSTS[1] && (n % 20 === 1 || (minute >= 150 && minute < 180 && n % 4 === 1))
      yield JSON.stringify({
        RayID: (minute * 1000 + n).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(FROM + minute * MINUTE + n * 1000).toISOString(),
        EdgeEndTimestamp: new Date(FROM + minute * MINUTE + n * 1000 + 80).toISOString(),
        ClientRequestHost: host,
        ClientRequestPath: bad ? '/orders' : ['/', '/orders', '/items'][n % 3],
        ClientRequestMethod: 'GET',
        ClientIP: `198.51.100.${n}`,
        ClientASN: 3320,
        ClientCountry: 'de',
        ClientRequestUserAgent: 'okhttp/4.12.0',
        ClientRequestSource: 'eyeball',
        EdgeColoCode: 'FRA',
        CacheCacheStatus: 'dynamic',
        EdgeResponseStatus: bad ? 500 : 200,
        OriginResponseStatus: bad ? 500 : 200,
      })
    }
  }
}

beforeAll(async () => {
  service = await startService()
  await service.post('/api/v1/logs', Buffer.from([...lines()].join('\n')))
}, 60_000)
afterAll(() => service.stop())

const isSpike = Compile(SpikeSchema)
const isAnnotation = Compile(AnnotationSchema)
const get = async (path: string) => (await service.get(`/api/v1/${path}`)).body

describe('GET /explain', () => {
  it('comes with the series of its requests and the first of them, as a spike does', async () => {
    const { spike } = await get(`explain?from=${at(150)}&to=${at(180)}`)
    const { step, unit, points, expected, upper } = spike.series
    expect({ step, unit, upper }).toEqual({ step: MINUTE, unit: 'requests', upper: [] })
    // an hour to both sides, as far as there are logs
    expect(points[0][0]).toBe(FROM + 90 * MINUTE)
    expect(points.at(-1)[0]).toBe(FROM + 239 * MINUTE)
    const within = points.filter(([time]: number[]) => time >= FROM + 150 * MINUTE && time < FROM + 180 * MINUTE)
    expect(within.reduce((sum: number, [, n]: number[]) => sum + n, 0)).toBe(spike.observed)
    // the usual of a minute is the thirtieth part of what is told of half an hour
    for (const [, usual] of expected) expect(usual * 30).toBeCloseTo(spike.expected, 0)
    expect(spike.firstRecords).toHaveLength(20)
    const times = spike.firstRecords.map((r: { time: string }) => Date.parse(r.time))
    expect(times[0]).toBe(FROM + 150 * MINUTE + 1_000)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(spike.firstRecords.every((r: { edgeResponseStatus: number }) => r.edgeResponseStatus === 500)).toBe(true)
  })

  it('of a long window has as many columns as a chart shows, of one that fills the logs no line of the usual', async () => {
    const { spike } = await get(`explain?from=${at(0)}&to=${at(240)}`)
    expect(spike.series.points).toHaveLength(240)
    expect(spike.series.expected).toEqual([])
    expect(spike.firstRecords[0].edgeResponseStatus).toBe(500)
  })

  it('has the shape of a spike, its figures those of the window and of the time before', async () => {
    const { spike, lang } = await get(`explain?from=${at(150)}&to=${at(180)}`)
    expect(isSpike.Check(spike)).toBe(true)
    expect(lang).toBe('en')
    const counted = await get(`breakdown?by=status&from=${at(150)}&to=${at(180)}&status=500`)
    expect(spike).toMatchObject({
      start: at(150),
      end: at(180),
      status: 500,
      source: 'origin',
      observed: counted.total,
    })
    // one or two a minute before
    expect(spike.expected).toBeGreaterThan(25)
    expect(spike.expected).toBeLessThan(75)
    expect(spike.scope).toMatchObject({ host: HOSTS[1], path: '/orders' })
    expect(spike.causes[0].id).toBe('500/origin-error')
  })

  it('of all that there is, it tells the part and claims nothing about what is usual', async () => {
    for (const [lang, said] of [
      ['en', 'the logs hold nothing to compare with'],
      ['fr', 'rien à quoi comparer'],
      ['zh', '没有可比较的时段'],
    ]) {
      for (const filter of ['', '&status=500']) {
        const { spike } = await get(`explain?from=${at(0)}&to=${at(240)}${filter}&lang=${lang}`)
        expect(spike).toMatchObject({ observed: 720, score: 0 })
        expect(spike.summary).toContain(said)
        // of the 4,800 of the API
        expect(spike.summary).toMatch(/\b15\s?%/u)
      }
    }
  })

  it('tells why this host, in three languages', async () => {
    const asked = `explain?from=${at(150)}&to=${at(180)}&host=${HOSTS[1]}`
    const spikes = await Promise.all(['en', 'fr', 'zh'].map(async (lang) => (await get(`${asked}&lang=${lang}`)).spike))
    expect(new Set(spikes.map(({ summary }) => summary)).size).toBe(3)
    expect(spikes.map(({ summary }) => summary).join()).toContain(HOSTS[1])
    expect(spikes[1].causes[0].title).toMatch(/serveur d’origine/)
  })

  it('a calm window is told as calm, an empty one as empty', async () => {
    const { spike } = await get(`explain?from=${at(60)}&to=${at(90)}`)
    expect(Math.abs(spike.observed - spike.expected)).toBeLessThan(0.3 * spike.observed + 5)
    expect(await get(`explain?from=${at(60)}&to=${at(90)}&status=404`)).toEqual({ spike: null, lang: 'en' })
    expect(await get(`explain?from=${at(900)}&to=${at(990)}`)).toEqual({ spike: null, lang: 'en' })
  })

  it('a misspelt filter is refused', async () => {
    expect((await service.get('/api/v1/explain?hots=www.example.com')).status).toBe(400)
  })
})

describe('annotations', () => {
  const write = (body: object) => service.send('POST', '/api/v1/annotations', body)

  it('are written, read, changed and deleted', async () => {
    const { status, body } = await write({ text: 'deploy 1.42', at: at(146), kind: 'deploy', by: 'ci' })
    expect([status, isAnnotation.Check(body)]).toEqual([201, true])
    expect(body).toMatchObject({ text: 'deploy 1.42', at: at(146), from: null, to: null, author: 'ci', url: null })
    const span = (await write({ text: 'sale', from: at(10), to: at(20), host: 'WWW.example.com' })).body
    expect(span).toMatchObject({ at: null, from: at(10), to: at(20), host: 'www.example.com', author: null })
    const texts = async (query: string) =>
      (await get(`annotations${query}`)).annotations.map(({ text }: { text: string }) => text)
    expect(await texts('')).toEqual(['sale', 'deploy 1.42'])
    expect(await texts(`?from=${at(20)}&to=${at(200)}`)).toEqual(['deploy 1.42'])
    const changed = await service.send('PATCH', `/api/v1/annotations/${span.id}`, { text: 'winter sale', host: null })
    expect(changed.body).toMatchObject({ text: 'winter sale', host: null, from: at(10), createdAt: span.createdAt })
    expect((await service.send('DELETE', `/api/v1/annotations/${span.id}`)).status).toBe(204)
    expect((await service.get(`/api/v1/annotations/${span.id}`)).status).toBe(404)
    expect(await texts('')).toEqual(['deploy 1.42'])
  })

  it('near the start are told, with how long after it began', async () => {
    const { spike } = await get(`explain?from=${at(150)}&to=${at(180)}`)
    expect(spike.after).toMatchObject({ text: 'deploy 1.42', at: at(146), sentence: '4 min after “deploy 1.42”' })
    expect(spike.summary).toContain('4 min after “deploy 1.42”')
    const { spikes } = await get('spikes?lang=fr')
    expect(spikes[0].summary).toContain('min après «\u202fdeploy 1.42\u202f»')
  })

  it.each([
    ['no time', { text: 'x' }],
    ['both', { text: 'x', at: at(1), from: at(1), to: at(2) }],
    ['half a span', { text: 'x', from: at(1) }],
    ['a span that ends before it begins', { text: 'x', from: at(2), to: at(1) }],
    ['no text', { text: ' ', at: at(1) }],
    ['an address that runs something', { text: 'x', at: at(1), url: 'javascript:alert(1)' }],
    ['no such time', { text: 'x', at: 'yesterday' }],
  ])('%s is refused', async (_, body) => {
    expect((await write(body)).status).toBe(400)
  })
})
