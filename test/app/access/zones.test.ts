/** Somebody limited to zones sees and sends these and no others, whichever way they ask. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from '../service.js'

const TOKEN = 'correct-horse-battery-staple'
const ADMIN = { authorization: `Bearer ${TOKEN}` }
const START = Date.parse('2026-05-20T14:00:00Z')

let service: TestService
let mine: { authorization: string }

const line = (i: number, zone: string | null, more: object = {}) =>
  JSON.stringify({
    EdgeStartTimestamp: new Date(START + i * 1_000).toISOString(),
    EdgeResponseStatus: 200,
    OriginResponseStatus: 200,
    RayID: (0x7a1f7ad4df2f8000n + BigInt(i)).toString(16),
    ClientRequestHost: `www.${zone ?? 'nowhere.example'}`,
    ClientRequestPath: `/of/${zone}`,
    ...(zone === null ? {} : { ZoneName: zone }),
    ...more,
  })

beforeAll(async () => {
  service = await startService({ access: { token: TOKEN, allowedHosts: null } })
  const made = await service.post(
    '/api/v1/tokens',
    JSON.stringify({ name: 'one zone', role: 'operate', zones: ['Mine.example'] }),
    { ...ADMIN, 'content-type': 'application/json' },
  )
  mine = { authorization: `Bearer ${made.body.token as string}` }
  const lines = [
    ...Array.from({ length: 10 }, (_, i) => line(i, 'other.example')),
    ...Array.from({ length: 5 }, (_, i) => line(100 + i, 'mine.example')),
    ...Array.from({ length: 3 }, (_, i) => line(200 + i, null)),
  ]
  expect((await service.post('/api/v1/logs', lines.join('\n'), ADMIN)).body.stored).toBe(18)
})
afterAll(() => service.stop())

it.each([
  '/summary',
  '/timeseries?by=host',
  '/breakdown?by=zone',
  '/breakdown?by=path&zone=other.example',
  '/breakdown?by=zone&not.zone=mine.example',
  '/values?dimension=host',
  '/values?dimension=zone&contains=oth*',
  '/percentiles?by=host',
  '/records',
  '/records?zone=other.example',
  '/records?zone=*',
  '/spikes',
  '/explain?from=2026-05-20T14:00:00Z&to=2026-05-20T14:05:00Z&class=2xx',
  '/annotations',
])('%s says nothing of other zones', async (path) => {
  const all = await service.get(`/api/v1${path}`, ADMIN)
  const { status, body } = await service.get(`/api/v1${path}`, mine)
  expect([all.status, status]).toEqual([200, 200])
  expect(JSON.stringify(body)).not.toMatch(/other\.example|nowhere/)
})

it('counts what is theirs, and knows no time before or after it', async () => {
  const { body } = await service.get('/api/v1/summary', mine)
  expect(body.requests).toBe(5)
  expect(body.extent).toMatchObject({
    records: 5,
    from: new Date(START + 100_000).toISOString(),
    to: new Date(START + 104_000).toISOString(),
  })
  const { rows, total } = (await service.get('/api/v1/breakdown?by=zone', mine)).body
  expect([rows.length, rows[0].key, total.count ?? total]).toEqual([1, 'mine.example', expect.anything()])
})

it('finds a request by its RayID where it is theirs', async () => {
  const at = (i: number) => `/api/v1/records/${(0x7a1f7ad4df2f8000n + BigInt(i)).toString(16)}`
  expect((await service.get(at(3), ADMIN)).status).toBe(200)
  expect((await service.get(at(3), mine)).status).toBe(404)
  expect((await service.get(at(201), mine)).status).toBe(404)
  expect((await service.get(at(101), mine)).status).toBe(200)
})

it('takes in lines of these zones, and refuses the others by name', async () => {
  const lines = [line(300, 'mine.example'), line(301, 'MINE.example'), line(302, 'other.example'), line(303, null)]
  const { body } = await service.post('/api/v1/logs', lines.join('\n'), mine)
  expect(body).toMatchObject({ lines: 4, stored: 2, rejected: 2 })
  expect(body.rejections.map(({ reason }: { reason: string }) => reason)).toEqual(['other-zone', 'other-zone'])
  const onlyOthers = await service.post('/api/v1/logs', line(304, 'other.example'), mine)
  expect([onlyOthers.status, onlyOthers.body.message]).toEqual([400, expect.stringContaining('other-zone')])
})

it.each(['/batches', '/inputs', '/alerts', '/rules', '/notifiers', '/incidents', '/silences'])(
  '%s, which tells of all zones together, is refused',
  async (path) => {
    const { status, body } = await service.get(`/api/v1${path}`, mine)
    expect([status, body.code]).toEqual([403, 'ALL_ZONES_NEEDED'])
  },
)

it('writes and changes notes of these zones only', async () => {
  const json = { 'content-type': 'application/json' }
  const note = (zone?: string) => JSON.stringify({ text: 'deploy', at: '2026-05-20T14:00:00Z', zone })
  const theirs = (await service.post('/api/v1/annotations', note('other.example'), { ...ADMIN, ...json })).body.id
  expect((await service.post('/api/v1/annotations', note('other.example'), { ...mine, ...json })).status).toBe(403)
  expect((await service.post('/api/v1/annotations', note(), { ...mine, ...json })).status).toBe(403)
  const own = await service.post('/api/v1/annotations', note('mine.example'), { ...mine, ...json })
  expect(own.status).toBe(201)
  expect((await service.get(`/api/v1/annotations/${theirs}`, mine)).status).toBe(404)
  const remove = (id: string) =>
    fetch(`${service.url}/api/v1/annotations/${id}`, { method: 'DELETE', headers: mine }).then(({ status }) => status)
  expect([await remove(theirs), await remove(own.body.id)]).toEqual([404, 204])
})

it('reads no note about a host of another zone, whether its zone was said or not', async () => {
  const write = async (host: string) => {
    const body = JSON.stringify({ text: `about ${host}`, at: '2026-05-20T15:00:00Z', host })
    const made = await service.post('/api/v1/annotations', body, { ...ADMIN, 'content-type': 'application/json' })
    return made.body.id as string
  }
  const [own, theirs] = [await write('www.mine.example'), await write('www.notmine.example')]
  const { annotations } = (await service.get('/api/v1/annotations?from=2026-05-20T15:00:00Z', mine)).body
  expect(annotations.map(({ text }: { text: string }) => text)).toEqual(['about www.mine.example'])
  const statuses = await Promise.all([own, theirs].map((id) => service.get(`/api/v1/annotations/${id}`, mine)))
  expect(statuses.map(({ status }) => status)).toEqual([200, 404])
})

it('hears on the live stream that there is news, not which', async () => {
  const stream = await fetch(`${service.url}/api/v1/stream`, { headers: mine })
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
  await service.post('/api/v1/logs?name=secret-name', line(400, 'other.example'), ADMIN)
  let text = ''
  while (!text.includes('event: data')) text += Buffer.from((await reader.read()).value ?? []).toString()
  await new Promise((resolve) => setTimeout(resolve, 400))
  await reader.cancel()
  expect(text).toContain('data: {"batch":null}')
  expect(text).not.toMatch(/secret-name|event: batch/)
})
