/** Cloudflare's own count beside ours, from a server that answers as its GraphQL API is documented. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Witness, WitnessZone } from '../../schema/api/witness.js'
import { HOUR } from '../../schema/words/duration.js'
import { startService, type TestService } from './service.js'

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const TOKEN = 'a-token-of-cloudflare'
const TO = Math.floor(Date.now() / HOUR) * HOUR - HOUR
const HOURS = 6
/** Requests an hour by status. */
const TRUTH: { [status: string]: number } = { 200: 400, 404: 60, 503: 30 }

let service: TestService
let cloudflare: Server
let asked: { variables: { from: string; to: string; zone: string }; query: string }[] = []
/** what it answers instead */
/** remembered for five minutes like an answer, so each trouble is asked with a range of its own */
let troubles = 0
let trouble: { status: number; body: string } | null = null

beforeAll(async () => {
  cloudflare = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const question = JSON.parse(text) as (typeof asked)[number]
    asked.push(question)
    const send = (status: number, body: string) => response.writeHead(status).end(body)
    if (trouble) return send(trouble.status, trouble.body)
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return send(403, JSON.stringify({ data: null, errors: [{ message: 'Authentication error' }] }))
    const { from, to, zone } = question.variables
    const groups: object[] = []
    for (let hour = TO - HOURS * HOUR; zone === ZONE && hour < TO; hour += HOUR) {
      if (hour < Date.parse(from) || hour >= Date.parse(to)) continue
      for (const [status, n] of Object.entries(TRUTH))
        groups.push({
          count: n,
          // a tenth was looked at
          confidence: { count: { estimate: n, lower: n * 0.97, upper: n * 1.03, sampleSize: n / 10 } },
          dimensions: { datetimeHour: new Date(hour).toISOString(), edgeResponseStatus: Number(status) },
        })
    }
    send(200, JSON.stringify({ data: { viewer: { zones: [{ httpRequestsAdaptiveGroups: groups }] } }, errors: null }))
  })
  await new Promise<void>((resolve) => cloudflare.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}`
  service = await startService({
    witness: {
      api: { token: TOKEN, url },
      zones: ['whole', 'lost', 'filtered', 'sampled', 'absent'].map((name) => ({ id: ZONE, name: `${name}.example` })),
    },
  })
  const lines: string[] = []
  let ray = 0
  const write = (zone: string, keep: (hour: number, status: string, i: number) => boolean) => {
    for (let hour = 0; hour < HOURS; hour++)
      for (const [status, n] of Object.entries(TRUTH))
        for (let i = 0; i < n; i++) {
          if (!keep(hour, status, i)) continue
          const at = TO - (HOURS - hour) * HOUR + (i * HOUR) / n
          lines.push(
            JSON.stringify({
              EdgeStartTimestamp: new Date(at).toISOString(),
              EdgeResponseStatus: Number(status),
              RayID: (++ray).toString(16).padStart(16, '0'),
              ZoneName: `${zone}.example`,
              // what no visitor made is in neither count
              ClientRequestSource: 'eyeball',
            }),
          )
        }
  }
  write('whole', () => true)
  write('lost', (hour, _, i) => hour !== 3 || i % 2 === 0)
  write('filtered', (_, status) => status !== '200')
  write('sampled', (_hour, _status, i) => i % 10 === 0)
  lines.push(
    JSON.stringify({
      EdgeStartTimestamp: new Date(TO - HOUR).toISOString(),
      EdgeResponseStatus: 504,
      RayID: 'ffffffffffffffff',
      ZoneName: 'whole.example',
      ClientRequestSource: 'earlyHintsCache',
    }),
  )
  await service.post('/api/v1/logs', `${lines.join('\n')}\n`)
})
afterAll(async () => {
  await service?.stop()
  cloudflare.close()
})
beforeEach(() => {
  asked = []
  trouble = null
})

const range = (hours = HOURS) => `from=${TO - hours * HOUR}&to=${TO}`

it('says whether the two agree, and what their difference looks like', async () => {
  const { body } = await service.get(`/api/v1/witness?${range()}`)
  const zones: { [name: string]: WitnessZone } = Object.fromEntries(
    (body as Witness).zones.map((zone) => [zone.name?.split('.')[0], zone]),
  )
  expect(Object.fromEntries(Object.entries(zones).map(([name, { verdict }]) => [name, verdict]))).toEqual({
    whole: 'agrees',
    lost: 'lost',
    filtered: 'filter',
    sampled: 'sampling',
    absent: 'lost',
  })
  expect(zones.whole.total).toMatchObject({ here: 490 * HOURS, cloudflare: { estimate: 490 * HOURS } })
  expect(zones.whole.hours).toHaveLength(HOURS)
  expect(zones.lost.hours.filter(({ agrees }) => !agrees).map(({ from }) => from)).toEqual([
    new Date(TO - 3 * HOUR).toISOString(),
  ])
  expect(zones.filtered.statuses.filter(({ agrees }) => !agrees).map(({ status }) => status)).toEqual([200])
  expect(zones.sampled.share).toBeCloseTo(0.1, 2)
  // the bounds of a sum are narrower than the sum of bounds
  const { lower, upper, estimate } = zones.whole.total?.cloudflare ?? { lower: 0, upper: 0, estimate: 0 }
  expect((upper - lower) / estimate).toBeLessThan(0.03)
})

it('asks for visitors only, with bounds, once in five minutes, never for more than two days at once', async () => {
  await service.get(`/api/v1/witness?${range(100)}`)
  const before = asked.length
  // five names of one zone: one question each for three stretches of two days at most
  expect(before).toBe(3)
  for (const { query, variables } of asked) {
    expect(query).toContain('requestSource: "eyeball"')
    expect(query).toContain('confidence(level: 0.95)')
    expect(Date.parse(variables.to) - Date.parse(variables.from)).toBeLessThanOrEqual(48 * HOUR)
  }
  await service.get(`/api/v1/witness?${range(100)}`)
  expect(asked.length).toBe(before)
  expect((await service.get(`/api/v1/witness?${range(24 * 9)}`)).status).toBe(400)
})

it.each([
  [
    'a refusal',
    { status: 200, body: '{"data":null,"errors":[{"message":"zone is not authorized"}]}' },
    'Analytics Read',
  ],
  ['an error page', { status: 502, body: '<html>' }, 'five minutes'],
  ['an unknown zone', { status: 200, body: '{"data":{"viewer":{"zones":[]}},"errors":null}' }, 'id of the zone'],
])('tells %s and what to do, and everything else goes on', async (_, answer, todo) => {
  trouble = answer
  const { status, body } = await service.get(`/api/v1/witness?${range(++troubles)}`)
  trouble = null
  expect(status).toBe(200)
  expect((body as Witness).zones[0].problem).toMatchObject({ code: 'WITNESS_REFUSED' })
  expect((body as Witness).zones[0].problem?.message).toContain(todo)
})
