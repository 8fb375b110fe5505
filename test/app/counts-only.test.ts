/** What the API says of a time whose records are gone while counts of them remain. */
import { afterEach, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

let service: TestService
afterEach(() => service.stop())

const DAY = 86_400_000
const MIDNIGHT = Date.UTC(2026, 4, 20)

/** Ten an hour for two days, the second half 503. */
const LINES = Array.from({ length: 480 }, (_, i) =>
  JSON.stringify({
    RayID: (i + 1).toString(16).padStart(16, '0'),
    EdgeStartTimestamp: new Date(MIDNIGHT + i * 360_000).toISOString(),
    EdgeResponseStatus: i < 240 ? 200 : 503,
    EdgeTimeToFirstByteMs: 20,
    ClientRequestHost: 'www.example.com',
    ClientRequestURI: `/p/${i}`,
    ZoneName: i % 2 ? 'example.com' : 'example.org',
  }),
).join('\n')

const DAY_ONE = 'from=2026-05-20T00:00:00Z&to=2026-05-21T00:00:00Z'
const BOTH = 'from=2026-05-20T00:00:00Z&to=2026-05-22T00:00:00Z'

it('counts go on, what is coarser is coarser, what only records tell is refused, and nothing is called quiet', async () => {
  service = await startService()
  const get = (path: string) => service.get(`/api/v1/${path}`)
  await service.post('/api/v1/logs', LINES)
  const before = (await get(`summary?${BOTH}`)).body
  expect(await service.store.records.expire({ before: MIDNIGHT + DAY, countsBefore: MIDNIGHT - 400 * DAY })).toBe(240)

  const after = (await get(`summary?${BOTH}`)).body
  expect(after).toMatchObject({
    requests: 480,
    byClass: before.byClass,
    bySource: before.bySource,
    timeToFirstByteMs: { p50: null, p95: null },
    staleAnswers: null,
    goneBefore: '2026-05-21T00:00:00.000Z',
    extent: { records: 240, from: '2026-05-21T00:00:00.000Z' },
  })
  const whole = (await get('summary?from=2026-05-21T00:00:00Z')).body
  expect([whole.goneBefore, whole.timeToFirstByteMs.p50]).toEqual([undefined, expect.any(Number)])

  // minutes were asked for: quarters of an hour are told, from a whole one on
  const { status, body } = await get('timeseries?from=2026-05-20T06:07:00Z&to=2026-05-20T07:00:00Z&step=60000')
  expect([status, body.step, body.series]).toEqual([
    200,
    900_000,
    [{ key: '2xx', points: [3, 2, 3, 2].map((n, i) => [MIDNIGHT + 6 * 3_600_000 + i * 900_000, n]) }],
  ])
  const kathmandu = (await get('timeseries?step=day&tz=Asia/Kathmandu&by=zone&' + BOTH)).body.series
  expect(kathmandu.map(({ points }: { points: [number, number][] }) => points.map(([, n]) => n))).toEqual([
    [91, 120, 29],
    [92, 120, 28],
  ])
  const zones = (await get(`breakdown?by=zone&${DAY_ONE}`)).body.rows.map((row: { key: string; count: number }) => [
    row.key,
    row.count,
  ])
  expect(zones).toEqual([
    ['example.com', 120],
    ['example.org', 120],
  ])

  for (const path of [
    `breakdown?by=path&${DAY_ONE}`,
    `breakdown?by=status&clientIp=192.0.2.1&${BOTH}`,
    `percentiles?${DAY_ONE}`,
    `spikes?${DAY_ONE}`,
    `explain?${DAY_ONE}`,
    `values?dimension=path&contains=p&${DAY_ONE}`,
  ]) {
    const answer = await get(path)
    expect([path, answer.status, answer.body.code]).toEqual([path, 410, 'RECORDS_GONE'])
    expect(answer.body.message).toContain('Records before 2026-05-21 are gone')
  }
  expect((await get('spikes')).status).toBe(200)
  for (const [lang, said] of [
    ['en', 'Records before 2026-05-21 are gone'],
    ['fr', 'à partir de ce jour'],
    ['zh', '2026-05-21 之前'],
  ]) {
    const { status, body } = await get(`spikes?${BOTH}&lang=${lang}`)
    expect(status).toBe(200)
    expect(body.notice).toContain(said)
  }
  expect((await get(`breakdown?by=path&host=nowhere.example&${BOTH}`)).body.total).toBe(0)

  const page = (await get(`records?${BOTH}&limit=500`)).body
  expect([page.records.length, page.next, page.goneBefore]).toEqual([240, null, '2026-05-21T00:00:00.000Z'])
  expect((await get('records/00000000000001f0')).status).toBe(404)
  expect((await get('records/0000000000000002')).body).toMatchObject({ statusCode: 404, code: 'RECORD_GONE' })
  expect((await get('records/0000000000000100')).status).toBe(200)
  const exported = await get(`export?${BOTH}`)
  expect(exported.headers.get('faultline-records-gone-before')).toBe('2026-05-21T00:00:00.000Z')
  expect((await get('export?from=2026-05-21T00:00:00Z')).headers.get('faultline-records-gone-before')).toBeNull()

  // all again: what was counted is told by name, the rest is known
  const again = (await service.post('/api/v1/logs', LINES)).body
  expect(again).toMatchObject({ stored: 0, duplicates: 240, rejected: 240, rejectedByReason: { 'records-gone': 240 } })
  expect((await get(`summary?${BOTH}`)).body.requests).toBe(480)
  const first = (await get('batches')).body.batches.at(-1)
  expect((await service.send('DELETE', `/api/v1/batches/${first.id}`)).body).toMatchObject({ code: 'BATCH_COUNTED' })

  // a host can be erased from counts as well
  expect((await service.send('POST', '/api/v1/erasures', { host: 'www.example.com' })).body.removed).toBe(480)
  expect((await get(`summary?${BOTH}`)).body.requests).toBe(0)
})

it('shows what layered limits would remove, by zone', async () => {
  service = await startService({
    keeping: {
      clientAddresses: 'whole',
      queryStrings: false,
      retentionDays: 1,
      retentionCountsDays: 4_000,
      retentionZones: new Map([['example.org', { days: 2, countsDays: null }]]),
      retentionGb: null,
    },
  })
  await service.post('/api/v1/logs', LINES)
  const { body: set } = await service.get('/api/v1/retention')
  expect(set).toMatchObject({
    days: 1,
    countsDays: 4_000,
    zones: [{ zone: 'example.org', days: 2, countsDays: null }],
    counted: null,
    removal: {
      records: 480,
      countsStay: true,
      zones: [
        { zone: 'example.com', records: 240, days: 2 },
        { zone: 'example.org', records: 240, days: 2 },
      ],
    },
  })
  const asked = await service.get('/api/v1/retention?days=&zones=example.com%3D1/400&countsDays=&gb=')
  expect(asked.body.removal).toMatchObject({
    records: 240,
    countsStay: true,
    zones: [{ zone: 'example.com', days: 2 }],
  })
  expect(asked.body.removal.bytes).toBeGreaterThan(0)
  expect((await service.get('/api/v1/retention?zones=example.com')).body.code).toBe('BAD_ZONES')
  expect((await service.get('/api/v1/privacy')).body).toMatchObject({ retentionDays: 1, retentionCountsDays: 4_000 })
})
