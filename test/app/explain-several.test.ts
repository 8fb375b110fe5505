/** Windows whose errors are of several classes, codes or writers: what is said has the figures of what it names. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

const FROM = Date.UTC(2026, 4, 20, 6)
const MINUTE = 60_000
const at = (minute: number) => new Date(FROM + minute * MINUTE).toISOString()
let service: TestService

/** Three hours. In the third a minute has 20 answers of 404, eight of 503 and two of 499; on one host nineteen 404 and a 503. */
function* lines() {
  for (let minute = 0; minute < 180; minute++)
    for (let n = 0; n < 60; n++) {
      const late = minute >= 120
      const nearly = n >= 40
      const mixed = n < 20 ? 404 : n < 28 ? 503 : n < 30 ? 499 : 200
      const status = !late ? 200 : nearly ? (n === 59 ? 503 : 404) : mixed
      yield JSON.stringify({
        RayID: (minute * 1000 + n).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(FROM + minute * MINUTE + n * 500).toISOString(),
        EdgeEndTimestamp: new Date(FROM + minute * MINUTE + n * 500 + 80).toISOString(),
        ClientRequestHost: nearly ? 'nearly.example.com' : 'mixed.example.com',
        ClientRequestPath: '/',
        ClientIP: `198.51.100.${n}`,
        ClientRequestSource: 'eyeball',
        EdgeResponseStatus: status,
        OriginResponseStatus: status === 499 ? 0 : status,
      })
    }
}

beforeAll(async () => {
  service = await startService()
  await service.post('/api/v1/logs', Buffer.from([...lines()].join('\n')))
}, 60_000)
afterAll(() => service.stop())

const explained = async (host: string, lang = 'en') =>
  (await service.get(`/api/v1/explain?host=${host}&from=${at(120)}&to=${at(180)}&lang=${lang}`)).body.spike

it.each([
  ['en', '4xx, 5xx and 499 responses of several codes (404 66%, 503 27%, 499 7%)'],
  ['fr', 'des réponses 4xx, 5xx et 499 de plusieurs codes'],
  ['zh', '平时没有 4xx、5xx、499 响应'],
])('errors of several classes are called that, in %s', async (lang, said) => {
  const spike = await explained('mixed.example.com', lang)
  expect(spike).toMatchObject({ status: null, classes: ['4xx', '5xx', '499'], observed: 1_800 })
  expect(spike.summary).toContain(said)
})

it('where nearly all are of one code, the figures are those of that code', async () => {
  const spike = await explained('nearly.example.com')
  expect(spike).toMatchObject({ status: 404, observed: 1_140 })
  expect(spike.classes).toBeUndefined()
  expect(spike.summary).toContain('1,140 requests')
})
