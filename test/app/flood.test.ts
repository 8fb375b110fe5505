/** An attack whose every request has another host, path, query, agent and address: the site's own traffic stays what is seen. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { floodLines, HOSTS } from '../flood.js'
import { startService, type TestService } from './service.js'

const FROM = Date.UTC(2026, 4, 4, 6)
const TO = FROM + 3 * 3_600_000
const STRANGE = 2_400
const REAL = 800
const range = `from=${FROM}&to=${TO}`
let service: TestService
let lines: { ClientRequestHost: string; EdgeResponseStatus: number; RayID: string }[]

beforeAll(async () => {
  service = await startService({}, { namedValues: 100 })
  const texts = [...floodLines({ strange: STRANGE, real: REAL, from: FROM, to: TO, order: 'first' })]
  lines = texts.map((text) => JSON.parse(text) as (typeof lines)[number])
  const { body } = await service.post('/api/v1/logs', texts.join('\n'))
  expect(body).toMatchObject({ stored: STRANGE + REAL, rejected: 0 })
})
afterAll(() => service.stop())

const of = (host: string) => lines.filter((line) => line.ClientRequestHost === host)

test('a breakdown names the site’s hosts with their true counts, and says that it does not name all', async () => {
  const { body } = await service.get(`/api/v1/breakdown?by=host&limit=${HOSTS.length}&${range}`)
  expect(
    body.rows.map(({ key, count, errors }: { key: string; count: number; errors: number }) => [key, count, errors]),
  ).toEqual(
    HOSTS.map((host) => [host, of(host).length, of(host).filter((line) => line.EdgeResponseStatus >= 400).length]),
  )
  expect(body).toMatchObject({ total: STRANGE + REAL, other: STRANGE, more: true })
  expect(body.values).toBeGreaterThanOrEqual(100)
  const days = await service.get(`/api/v1/breakdown?by=country&${range}`)
  expect(days.body).not.toHaveProperty('more')
})

test('so do curves and percentiles', async () => {
  const { body } = await service.get(`/api/v1/timeseries?by=host&step=hour&limit=2&${range}`)
  expect(body.series.map(({ key }: { key: string }) => key)).toEqual(HOSTS.slice(0, 2))
  for (const { key, points } of body.series as { key: string; points: [number, number][] }[])
    expect(points.reduce((sum, [, n]) => sum + n, 0)).toBe(of(key).length)
  const speeds = await service.get(`/api/v1/percentiles?by=host&limit=3&${range}`)
  expect(speeds.body.series.map(({ key }: { key: string }) => key).sort()).toEqual(HOSTS.slice(0, 3).toSorted())
})

test('what came once is found by its text, its host and its RayID', async () => {
  const { ClientRequestHost: host, RayID: ray } = lines[STRANGE - 7]
  const values = await service.get(`/api/v1/values?dimension=host&contains=${host}&${range}`)
  expect(values.body).toEqual({ values: [{ key: host, count: 1 }], total: 1 })
  const rows = await service.get(`/api/v1/breakdown?by=host&search=${host}&${range}`)
  expect(rows.body.rows).toMatchObject([{ key: host, count: 1, errors: 1 }])
  const records = await service.get(`/api/v1/records?host=${host}&${range}`)
  expect(records.body.records).toMatchObject([{ host, rayId: ray }])
  expect((await service.get(`/api/v1/records/${ray}`)).body.records).toMatchObject([{ host }])
})

test('spikes are never laid on a host that the attack made up', async () => {
  const { status, body } = await service.get(`/api/v1/spikes?${range}`)
  expect(status).toBe(200)
  for (const { scope } of body.spikes as { scope: { host?: string; path?: string } }[]) {
    expect(HOSTS).toContain(scope.host ?? HOSTS[0])
    expect(scope.path ?? '').not.toMatch(/\/[a-z0-9]+\/\d+/)
  }
})
