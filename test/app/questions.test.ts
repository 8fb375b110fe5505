import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulate } from '../../ingest/inputs/simulate/index.js'
import { BreakdownSchema, PercentilesSchema, SummarySchema, TimeseriesSchema } from '../../schema/api/reports.js'
import { patternsOf } from '../../schema/words/network-patterns.js'
import { startService, type TestService } from './service.js'

let service: TestService
const simulation = simulate({
  seed: 11,
  from: '2026-03-28T20:00:00Z',
  to: '2026-03-29T08:00:00Z',
  lines: 30_000,
  shape: 'status',
  incidents: 'demo',
})
const chunks: Buffer[] = []

beforeAll(async () => {
  for await (const chunk of simulation.chunks()) chunks.push(Buffer.from(chunk))
  service = await startService()
  expect((await service.post('/api/v1/logs', Buffer.concat(chunks))).body).toMatchObject({
    stored: simulation.truth().records,
    rejected: 0,
  })
}, 60_000)
afterAll(() => service.stop())

const get = async (path: string) => (await service.get(`/api/v1/${path}`)).body
const counts = (rows: { key: string; count: number }[]) => Object.fromEntries(rows.map((r) => [r.key, r.count]))

describe('every figure agrees with what the simulator planted', () => {
  it.each(['class', 'status', 'source', 'host', 'country', 'colo', 'cacheStatus'] as const)(
    'breakdown by %s',
    async (by) => {
      const truth = simulation.truth().counts
      const expected = by === 'class' ? truth.statusClass : truth[by]
      expect(counts((await get(`breakdown?by=${by}&limit=10000`)).rows)).toEqual(
        Object.fromEntries(Object.entries(expected).filter(([, n]) => n > 0)),
      )
    },
  )
  it('paths', async () => {
    const { path } = simulation.truth().counts
    expect(
      (await get('breakdown?by=path&limit=20')).rows.map((r: { key: string; count: number }) => ({
        path: r.key,
        count: r.count,
      })),
    ).toEqual(path.slice(0, 20))
  })
  it.each(['host', 'path', 'clientIp', 'status'])('errors of each %s add up', async (by) => {
    const { statusClass } = simulation.truth().counts
    const { rows } = await get(`breakdown?by=${by}&limit=10000&compare=previous`)
    const errors = rows.reduce((sum: number, row: { errors: number }) => sum + row.errors, 0)
    expect(errors).toBe(['4xx', '499', '5xx'].reduce((sum, name) => sum + (statusClass[name] ?? 0), 0))
    expect(rows.every((row: { previous: number }) => row.previous === 0)).toBe(true)
  })
  it('hours', async () => {
    const series: { key: string; points: [number, number][] }[] = (await get('timeseries?by=class&step=hour')).series
    for (const { start, counts: expected } of simulation.truth().hours) {
      for (const { key, points } of series)
        expect([start, key, points.find(([at]) => at === Date.parse(start))?.[1]]).toEqual([
          start,
          key,
          expected[key] ?? 0,
        ])
    }
  })
  it('what no visitor saw is left out, counted and said', async () => {
    const truth = simulation.truth()
    expect(await get('summary')).toMatchObject({
      requests: truth.visitors,
      excluded: truth.excluded.total,
      extent: { records: truth.records },
    })
    expect((await get('breakdown?by=requestSource&visitor=false')).total).toBe(truth.excluded.total)
    expect((await get('breakdown?by=class&visitor=all')).total).toBe(truth.records)
  })
})

describe('filters', () => {
  const raw = () =>
    Buffer.concat(chunks)
      .toString()
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l))
      .filter(
        (r) =>
          !['edgeWorkerFetch', 'earlyHintsCache', 'edgeWorkerCacheAPI', 'healthcheck', 'imageResizing'].includes(
            r.ClientRequestSource,
          ),
      )
  it('OR within one, AND between, not, any case', async () => {
    const naive = raw().filter(
      (r) =>
        [403, 404].includes(r.EdgeResponseStatus) &&
        r.ClientRequestHost === 'www.example.com' &&
        r.ClientRequestMethod !== 'POST',
    ).length
    expect(naive).toBeGreaterThan(10)
    expect((await get('breakdown?by=class&status=403&status=404&host=WWW.example.com&not.method=post')).total).toBe(
      naive,
    )
  })
  it('by class, and 499 is not 4xx', async () => {
    const naive = raw().filter(
      (r) => r.EdgeResponseStatus >= 400 && r.EdgeResponseStatus < 500 && r.EdgeResponseStatus !== 499,
    ).length
    expect((await get('breakdown?by=status&class=4xx')).total).toBe(naive)
  })
  it('a range includes its start and excludes its end', async () => {
    const [from, to] = ['2026-03-28T22:00:00Z', '2026-03-28T23:30:00Z']
    const inside = raw().filter((r) => {
      const ms = Math.floor(Number(String(r.EdgeStartTimestamp).slice(0, 13)))
      return ms >= Date.parse(from) && ms < Date.parse(to)
    }).length
    expect((await get(`breakdown?by=class&from=${from}&to=${to}`)).total).toBe(inside)
    expect((await get(`breakdown?by=class&from=${Date.parse(from)}&to=${Date.parse(to)}`)).total).toBe(inside)
    expect(
      (await get('breakdown?by=class&from=2026-03-28T23:00:00%2B01:00&to=2026-03-29 00:30:00%2B01:00')).total,
    ).toBe(inside)
  })
})

describe('looking for a value', () => {
  it('finds what contains the text, in any case, and keeps the totals', async () => {
    const { rows, total } = await get('breakdown?by=host&search=API&limit=5')
    expect(rows.map((r: { key: string }) => r.key)).toEqual(['api.example.com'])
    expect(total).toBe(simulation.truth().visitors)
  })
})

describe('values', () => {
  it('are searched by the service, in any dimension, with * and without', async () => {
    const found = async (query: string) => {
      const { values, total } = await get(`values?${query}`)
      return { keys: values.map((v: { key: string }) => v.key).sort(), total }
    }
    const all = await found('dimension=host')
    expect((await found('dimension=host&contains=API')).keys).toEqual(['api.example.com'])
    expect(await found('dimension=host&contains=*.example.com')).toEqual({
      keys: all.keys.filter((k: string) => k.endsWith('.example.com')),
      total: all.keys.filter((k: string) => k.endsWith('.example.com')).length,
    })
    expect(await found('dimension=host&contains=api')).toEqual(await found('dimension=host&contains=api*'))
    expect(await found('dimension=path&contains=nowhere-to-be-found')).toEqual({ keys: [], total: 0 })
    const { values, total } = await get('values?dimension=path&limit=2')
    expect(values).toHaveLength(2)
    expect(total).toBeGreaterThan(2)
  })

  it('with * filter everything else', async () => {
    const { values } = await get('values?dimension=path&contains=/api/*&limit=10000')
    const { requests } = await get('summary?path=/api/*')
    expect(requests).toBe(values.reduce((sum: number, v: { count: number }) => sum + v.count, 0))
    expect(requests).toBeGreaterThan(0)
    const rest = await get('summary?not.path=/api/*')
    expect(rest.requests + requests).toBe((await get('summary')).requests)
  })
})

describe('time', () => {
  it('follows the days of a zone across the change of the clocks', async () => {
    // Europe/Paris: 29 March 2026 begins at 23:00 UTC and has 23 hours
    const { series } = await get('timeseries?by=class&step=day&tz=Europe/Paris')
    expect(series[0].points.map(([at]: [number]) => new Date(at).toISOString())).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
    ])
  })
  it('hours of a zone with half an hour', async () => {
    const { series } = await get('timeseries?by=class&step=hour&tz=Asia/Kolkata')
    expect(series[0].points.every(([at]: [number]) => new Date(at).getUTCMinutes() === 30)).toBe(true)
    const total = series
      .flatMap((s: { points: [number, number][] }) => s.points)
      .reduce((sum: number, [, n]: [number, number]) => sum + n, 0)
    expect(total).toBe(simulation.truth().visitors)
  })
  it('any step adds up to the same', async () => {
    for (const step of [60_000, 90_000, 300_000, 3_600_000, 86_400_000, 'week']) {
      const { series } = await get(`timeseries?by=source&step=${step}`)
      expect(
        series
          .flatMap((s: { points: [number, number][] }) => s.points)
          .reduce((sum: number, [, n]: [number, number]) => sum + n, 0),
      ).toBe(simulation.truth().visitors)
    }
  })
})

describe('records', () => {
  it('pages newest first without gap or repeat', async () => {
    const seen: string[] = []
    let last = Infinity
    for (let after = ''; ;) {
      const { records, next } = await get(
        `records?status=403&limit=97${after && `&after=${encodeURIComponent(after)}`}`,
      )
      for (const r of records) {
        expect(Date.parse(r.time)).toBeLessThanOrEqual(last)
        last = Date.parse(r.time)
        seen.push(r.rayId)
      }
      if (next === null) break
      after = next
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(simulation.truth().counts.status['403'])
  })
  it('one record says why it has its source, in three languages', async () => {
    const {
      records: [first],
    } = await get('records?source=origin-failure&limit=1')
    const texts = await Promise.all(
      ['en', 'fr', 'zh'].map(
        async (lang) => (await get(`records/${first.rayId}?lang=${lang}`)).records[0].sourceReason,
      ),
    )
    expect(new Set(texts).size).toBe(3)
    expect((await service.get(`/api/v1/records/${first.rayId.toUpperCase()}-CDG`)).body.records[0].rayId).toBe(
      first.rayId,
    )
  })
  it('an id that is not stored is 404', async () =>
    expect(await service.get('/api/v1/records/ffffffffffffffff')).toMatchObject({
      status: 404,
      body: { code: 'NO_SUCH_RECORD' },
    }))
})

describe('the period before', () => {
  it('says how much of it is stored, whatever the filters', async () => {
    // logs lie from 20:00 to 08:00
    const covered = async (from: string, to: string, filters = '') =>
      (await get(`summary?from=2026-03-${from}:00Z&to=2026-03-${to}:00Z${filters}`)).previous?.covered ?? null
    expect(await covered('29T02:00', '29T08:00')).toBe(1)
    expect(await covered('29T02:00', '29T08:00', '&status=418')).toBe(1)
    expect(await covered('29T00:00', '29T08:00')).toBe(0.5)
    expect(await covered('28T20:00', '29T08:00')).toBeNull()
  })
})

describe('wrong questions', () => {
  it.each([
    ['timeseries?by=colour', 'UNKNOWN_DIMENSION'],
    ['breakdown', 'MISSING_PARAMETER'],
    ['timeseries?step=5', 'BAD_STEP'],
    ['timeseries?step=1000&from=2020-01-01&to=2026-01-01', 'TOO_MANY_POINTS'],
    ['timeseries?from=yesterday', 'BAD_TIME'],
    ['timeseries?tz=Mars/Olympus', 'BAD_ZONE'],
    ['summary?hots=www.example.com', 'UNKNOWN_PARAMETER'],
    ['summary?from=2026-02-01&to=2026-01-01', 'EMPTY_RANGE'],
    ['records?limit=0', 'BAD_NUMBER'],
    ['spikes?lang=xx', 'UNKNOWN_LANGUAGE'],
    ['summary?visitor=maybe', 'BAD_FILTER'],
    ['percentiles?p=2', 'BAD_PERCENTILE'],
    ['statuses/abc', 'BAD_REQUEST'],
    ['records?after=garbage', 'BAD_CURSOR'],
    ['summary?from=99999999999999999', 'BAD_TIME'],
    ['spikes?to=99999999999999999', 'BAD_TIME'],
    ['summary?from=-1', 'BAD_TIME'],
    ['summary?status=4xx', 'BAD_FILTER'],
    ['summary?class=6xx', 'BAD_FILTER'],
    ['timeseries?not.source=Edge&source=cdn', 'BAD_FILTER'],
    ['spikes?status=abc', 'BAD_FILTER'],
    ['breakdown?by=path&asn=AS13335', 'BAD_FILTER'],
  ])('%s is refused with %s', async (path, code) => {
    expect(await service.get(`/api/v1/${path}`)).toMatchObject({
      status: 400,
      body: { statusCode: 400, code, error: 'Bad Request', message: expect.stringMatching(/.{20}/) },
    })
  })
})

it('the spikes are the planted incidents, with cause, scope and time', async () => {
  const { spikes } = await get('spikes')
  const { incidents } = simulation.truth()
  expect(spikes).toHaveLength(incidents.length)
  for (const incident of incidents) {
    const spike = spikes.find((s: { status: number }) => s.status === incident.status)
    expect(spike).toMatchObject({
      status: incident.status,
      source: incident.source,
      scope: expect.objectContaining(incident.scope),
    })
    expect(spike.causes[0].id).toBe(incident.cause)
    expect(Math.abs(Date.parse(spike.start) - Date.parse(incident.start))).toBeLessThanOrEqual(180_000)
    const one = await get(`spikes/${spike.id}?lang=zh`)
    expect(one.firstRecords.length).toBeGreaterThan(0)
    expect(one.series.points.length * one.series.step).toBeGreaterThan(100 * 60_000)
    // a spike does not look as if half of it were none
    const upper = new Map<number, number>(one.series.upper)
    const within = (one.series.points as [number, number][]).filter(
      ([t]) => t >= Date.parse(spike.start) && t < Date.parse(spike.end),
    )
    const above = within.filter(([t, n]) => n > (upper.get(t) ?? Infinity))
    expect(above.length / within.length).toBeGreaterThanOrEqual(0.8)
  }
})

it.each([
  ['summary', SummarySchema],
  ['summary?host=www.example.com&visitor=all', SummarySchema],
  ['timeseries?by=status&step=hour&tz=Asia/Kolkata', TimeseriesSchema],
  ['breakdown?by=path&compare=previous', BreakdownSchema],
  ['percentiles?by=host&step=3600000', PercentilesSchema],
] as const)('%s has the shape that the API promises', async (path, schema) => {
  const body = await get(path)
  expect([...Compile(schema).Errors(body)]).toEqual([])
})

it('the API describes itself: every route with what it takes, gives, and answers when it refuses', async () => {
  const { body } = await service.get('/openapi.json')
  for (const [path, operations] of Object.entries(
    body.paths as {
      [path: string]: {
        [method: string]: { summary?: string; tags?: string[]; responses: { [status: string]: { content?: object } } }
      }
    },
  )) {
    for (const [method, { summary, tags, responses }] of Object.entries(operations)) {
      const name = `${method} ${path}`
      expect([name, summary?.length ?? 0]).toEqual([name, expect.toSatisfy((n: number) => n > 5)])
      expect(body.tags.map((t: { name: string }) => t.name)).toContain(tags?.[0])
      expect(Object.keys(responses.default.content ?? {}), name).toEqual(['application/json'])
      const good = Object.keys(responses).filter((status) => status.startsWith('2'))
      expect(good, name).toHaveLength(1)
      if (good[0] !== '204') expect(Object.keys(responses[good[0]].content ?? {}), name).toHaveLength(1)
    }
  }
  expect(Object.keys(body.paths['/api/v1/stream'].get.responses[200].content)).toEqual(['text/event-stream'])
  expect(body.paths['/api/v1/logs'].post.requestBody.content).toHaveProperty('application/x-ndjson')
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/api/v1/logs', '/api/v1/timeseries', '/api/v1/spikes', '/healthz']),
  )
  expect((await service.get('/docs/')).status).toBe(200)
  expect((await service.get('/metrics')).body).toContain(`faultline_records ${simulation.truth().records}`)
})

it('every status has a title, those that nobody documents too', async () => {
  const { titles } = await get('statuses/titles?lang=fr&code=0&code=522&code=299&code=460')
  expect(Object.keys(titles)).toEqual(['0', '299', '460', '522'])
  for (const title of Object.values(titles)) expect(title).toMatch(/\p{L}{3}/u)
})

describe('networks, speed and what is carried', () => {
  it('each network counts what its filter finds', async () => {
    const { rows, total, other, values } = await get('breakdown?by=clientIp&networks=true&limit=5')
    expect(rows).toHaveLength(5)
    expect(rows.reduce((sum: number, { count }: { count: number }) => sum + count, other)).toBeCloseTo(total)
    expect(values).toBeGreaterThan(5)
    for (const { key, count, errors } of rows) {
      expect(key).toMatch(/^\d+\.\d+\.\d+\.0\/24$/)
      const filter = patternsOf(key).map((pattern) => `&clientIp=${encodeURIComponent(pattern)}`)
      const found = await get(`breakdown?by=class${filter.join('')}`)
      expect(found.total).toBe(count)
      expect(found.rows.reduce((sum: number, row: { errors: number }) => sum + row.errors, 0)).toBe(errors)
    }
    const compared = await get('breakdown?by=clientIp&networks=true&limit=5&compare=previous&sort=change')
    expect(compared.rows.map(({ previous }: { previous: number }) => previous)).toEqual([0, 0, 0, 0, 0])
    expect((await service.get('/api/v1/breakdown?by=path&networks=true')).body.code).toBe('BAD_NETWORKS')
    expect((await service.get('/api/v1/breakdown?by=path&speed=maybe')).body.code).toBe('BAD_SWITCH')
  })
  it('the speed of a row is that of its requests alone', async () => {
    const { rows } = await get('breakdown?by=host&speed=true&limit=3')
    for (const { key, speed } of rows) {
      const alone = await get(`summary?host=${key}`)
      expect(speed).toEqual({ timeToFirstByteMs: alone.timeToFirstByteMs, originDurationMs: alone.originDurationMs })
    }
    expect(Compile(BreakdownSchema).Check(await get('breakdown?by=status&speed=true'))).toBe(true)
  })
  it('rows can be ranked by their slowest first bytes, of values with requests enough to tell', async () => {
    const all = await get('breakdown?by=path&speed=true&limit=1000')
    const p95 = (row: { speed: { timeToFirstByteMs: { p95: number | null } } }) => row.speed.timeToFirstByteMs.p95 ?? -1
    const expected = all.rows
      .filter(({ count }: { count: number }) => count >= 20)
      .sort((a: never, b: never) => p95(b) - p95(a))
      .map(p95)
    const { rows, total, other } = await get('breakdown?by=path&sort=p95&limit=3')
    expect(expected.length).toBeGreaterThan(3)
    expect(rows.map(p95)).toEqual(expected.slice(0, 3))
    expect(total).toBe(all.total)
    expect(rows.reduce((sum: number, { count }: { count: number }) => sum + count, other)).toBeCloseTo(total)
    expect((await service.get('/api/v1/breakdown?by=clientIp&networks=true&sort=p95')).body.code).toBe('BAD_SORT')
  })
  it('dimensions are told that any record has a value of', async () => {
    const { dimensions } = await get('dimensions')
    expect(dimensions).toEqual(expect.arrayContaining(['status', 'host', 'clientIp', 'originStatus']))
    expect(dimensions).not.toContain('originIp')
    expect(await get('dimensions?of=originIp,host')).toEqual({ dimensions: ['host'] })
    expect((await service.get('/api/v1/dimensions?of=hosts')).body.code).toBe('UNKNOWN_DIMENSION')
  })
})
