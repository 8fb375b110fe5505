/** What one question, by whoever may only look, may cost all others: each of these once held the service up for most of a minute. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { timeZoneOf } from '../../schema/words/time-zone.js'
import { startService, type TestService } from './service.js'

const START = Date.parse('2026-05-20T00:00:00Z')
const PATHS = 60

let service: TestService
beforeAll(async () => {
  service = await startService()
  const lines = Array.from({ length: PATHS }, (_, i) =>
    JSON.stringify({
      RayID: i.toString(16).padStart(16, '0'),
      EdgeStartTimestamp: (START + i * 1_000) * 1e6,
      EdgeResponseStatus: 200,
      ClientRequestURI: `/${i}`,
      EdgeTimeToFirstByteMs: 10,
    }),
  )
  expect((await service.post('/api/v1/logs', lines.join('\n'))).status).toBe(200)
})
afterAll(() => service.stop())

/** 10,000 points each */
const TEN_THOUSAND = `from=${START}&to=${START + 10_000_000}&step=1000`

it.each(['timeseries?by=path', 'percentiles?by=path&p=0.5'])('%s has 250,000 points in all', async (question) => {
  const usual = await service.get(`/api/v1/${question}&${TEN_THOUSAND}`)
  expect([usual.status, usual.body.series.length]).toEqual([200, 25])
  const fits = await service.get(`/api/v1/${question}&${TEN_THOUSAND}&limit=25`)
  expect([fits.status, fits.body.series.length]).toEqual([200, 25])
  const more = await service.get(`/api/v1/${question}&${TEN_THOUSAND}&limit=1000`)
  expect([more.status, more.body.code]).toEqual([400, 'TOO_MANY_POINTS'])
  expect(more.body.message).toContain('a limit of 25')
  // as many as there are, where they fit
  const coarse = await service.get(`/api/v1/${question}&from=${START}&to=${START + 60_000}&step=1000&limit=1000`)
  expect([coarse.status, coarse.body.series.length]).toEqual([200, PATHS])
})

it('each percentile of a point counts', async () => {
  const p = Array.from({ length: 10 }, (_, i) => i / 10).join()
  const { body } = await service.get(`/api/v1/percentiles?by=path&p=${p}&${TEN_THOUSAND}`)
  expect(body.series).toHaveLength(5)
})

const repeated = (n: number, value: (i: number) => string) => Array.from({ length: n }, (_, i) => value(i))

it('a question has at most 100 values with a * and 500 of a filter, however it is asked', async () => {
  const ask = async (values: string[]) => {
    const { status, body } = await service.get(`/api/v1/breakdown?by=path&${values.map((v) => `path=${v}`).join('&')}`)
    return [status, body.code]
  }
  expect(await ask(repeated(100, (i) => `*${i}`))).toEqual([200, undefined])
  expect(await ask(repeated(101, (i) => `*${i}`))).toEqual([400, 'TOO_MANY_VALUES'])
  expect(await ask(repeated(500, (i) => `/${i}`))).toEqual([200, undefined])
  expect(await ask(repeated(501, (i) => `/${i}`))).toEqual([400, 'TOO_MANY_VALUES'])

  const tool = { name: 'breakdown', arguments: { by: 'path', filters: { path: repeated(3_000, (i) => `*${i}`) } } }
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: tool })
  const { body } = await service.post('/mcp', message, {
    'content-type': 'application/json',
    'accept': 'application/json, text/event-stream',
  })
  expect(body.result.isError).toBe(true)

  const where = { path: repeated(60, (i) => `*${i}`), host: repeated(60, (i) => `*${i}`) }
  const rule = { name: 'many', expr: { kind: 'count', where, window: '5m', above: 1 } }
  const tested = await service.send('POST', '/api/v1/backtest', { rule })
  expect([tested.status, tested.body.code]).toEqual([400, 'BAD_RULE'])
})

it('a time zone has one name, however it is written: the calendar keeps each that it is asked for, for good', async () => {
  expect(timeZoneOf('eUROPE/pARIS')).toBe(timeZoneOf('Europe/Paris'))
  expect(timeZoneOf('Nowhere/Land')).toBeNull()
  const days = (tz: string) => service.get(`/api/v1/timeseries?step=day&tz=${tz}`)
  expect((await days('eUROPE/pARIS')).body).toEqual((await days('Europe/Paris')).body)
  const summary = (from: string) => service.get(`/api/v1/summary?from=${encodeURIComponent(from)}`)
  const [at, there] = [await summary('2026-05-20T00:00:00Z'), await summary('2026-05-20T02:00[europe/PARIS]')]
  expect([there.status, there.body.requests]).toEqual([200, at.body.requests])
  expect((await summary('2026-05-20T02:00[Nowhere/Land]')).body.code).toBe('BAD_TIME')
})

it('rules that somebody sends to be looked at', async () => {
  const check = async (yaml: string) => (await service.send('POST', '/api/v1/rules/validate', { yaml })).body
  const [large] = (await check('['.repeat(100_001))).problems
  expect(large.reason).toContain('larger than 100 kB')
  // each problem is looked for in the file: the first hundred are told, and what comes after them is still no rule
  const bad = repeated(200, (i) => `  - {alert: a${i}, expr: {kind: count, window: 5m, abov: 3}}`)
  const many = await check(`groups:\n- name: g\n  rules:\n${bad.join('\n')}`)
  expect([many.valid, many.problems.length, many.rules.length]).toEqual([false, 100, 0])
  const [twice] = (await check('groups: []\ngroups: []')).problems
  expect([twice.line, twice.reason]).toEqual([2, 'is no YAML: Map keys must be unique'])
})
