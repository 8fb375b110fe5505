/** A range held against another window, over the days on which the clocks of Paris go forward. */
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BreakdownSchema, PercentilesSchema, SummarySchema, TimeseriesSchema } from '../../schema/api/reports.js'
import { startService, type TestService } from './service.js'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 20)
const DAYS = 12
let service: TestService

/** Six requests an hour, as many more as the hour of the day; every fifth is a 404. On the 30th from noon to two, half are 522. */
function* lines() {
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const many = 6 + (hour % 24)
    const broken = hour >= 10 * 24 + 12 && hour < 10 * 24 + 14
    for (let n = 0; n < many; n++) {
      const status = n % 5 === 0 ? 404 : broken && n % 2 ? 522 : 200
      const start = START + hour * HOUR + n * 60_000
      yield JSON.stringify({
        RayID: (hour * 1000 + n).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(start).toISOString(),
        EdgeEndTimestamp: new Date(start + 50).toISOString(),
        ClientRequestHost: 'www.example.com',
        ClientRequestPath: `/${n % 7}`,
        ClientIP: `198.51.100.${n}`,
        ClientRequestSource: 'eyeball',
        EdgeResponseStatus: status,
        OriginResponseStatus: status === 522 ? 0 : status,
        EdgeTimeToFirstByteMs: 20 + hour,
      })
    }
  }
}

beforeAll(async () => {
  service = await startService()
  await service.post('/api/v1/logs', Buffer.from([...lines()].join('\n')))
}, 60_000)
afterAll(() => service.stop())

const get = async (path: string) => (await service.get(`/api/v1/${path}`)).body
const sum = (points: number[][]) => points.reduce((all, [, n]) => all + n, 0)
const range = (from: string, to: string) => `from=${from}&to=${to}`
const YESTERDAY = range('2026-03-30T12:00:00Z', '2026-03-30T14:00:00Z')

describe('compare', () => {
  it.each([
    ['previous', '2026-03-30T10:00:00.000Z', '2026-03-30T12:00:00.000Z'],
    ['day', '2026-03-29T12:00:00.000Z', '2026-03-29T14:00:00.000Z'],
    ['week', '2026-03-23T12:00:00.000Z', '2026-03-23T14:00:00.000Z'],
    ['2026-03-25T08:00:00Z', '2026-03-25T08:00:00.000Z', '2026-03-25T10:00:00.000Z'],
  ])('%s: the same figures as when that window is asked for', async (compare, from, to) => {
    for (const question of [
      'timeseries?by=status&step=1800000',
      'breakdown?by=status',
      'breakdown?by=status&speed=true',
      'summary?status=404',
    ]) {
      const both = (await get(`${question}&${YESTERDAY}&compare=${compare}`)).compared
      const alone = await get(`${question}&${range(from, to)}`)
      expect([both.from, both.to]).toEqual([from, to])
      if ('series' in alone)
        for (const { key, points } of alone.series)
          expect(both.series.find((one: { key: string }) => one.key === key).points).toEqual(points)
      if ('rows' in alone) expect(both).toMatchObject({ rows: alone.rows, total: alone.total, values: alone.values })
      if ('errorRate' in alone)
        expect(both).toMatchObject({
          requests: alone.requests,
          byClass: alone.byClass,
          covered: expect.toSatisfy((n: number) => n > 0.7),
        })
    }
    const speed = await get(`percentiles?step=3600000&${YESTERDAY}&compare=${compare}`)
    const alone = await get(`percentiles?step=3600000&${range(from, to)}`)
    expect(speed.compared).toEqual({ from, to, series: alone.series })
  })

  it('goes by the clock on the wall: nine in summer time stands on nine in winter time', async () => {
    const ask = `timeseries?by=class&step=hour&tz=Europe/Paris&${range('2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z')}`
    const { series, compared } = await get(`${ask}&compare=day`)
    // the 29th of March has 23 hours in Paris: from two to three there is nothing
    expect([compared.from, compared.to]).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'])
    const [now, then] = [series[0].points, compared.series[0].points] as number[][][]
    expect(then).toHaveLength(now.length)
    const hourIn = (t: number) =>
      Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit' }).format(t))
    now.forEach(([t], i) => {
      if (hourIn(t) !== 2) expect(hourIn(then[i][0])).toBe(hourIn(t))
      else expect(then[i][1]).toBe(0)
    })
    const whole = await get(`timeseries?by=class&step=hour&tz=Europe/Paris&${range(compared.from, compared.to)}`)
    expect(sum(then)).toBe(sum(whole.series[0].points))
    const week = await get(`${ask.replace('step=hour', 'step=3600000')}&compare=week`)
    expect(week.compared.from).toBe('2026-03-22T23:00:00.000Z')
  })

  it('says how much of the other window is stored', async () => {
    const first = range('2026-03-20T00:00:00Z', '2026-03-21T00:00:00Z')
    expect((await get(`summary?${first}&compare=day`)).compared).toBe(null)
    expect(
      (await get(`summary?${range('2026-03-20T12:00:00Z', '2026-03-21T12:00:00Z')}&compare=day`)).compared.covered,
    ).toBeCloseTo(0.5, 1)
    expect((await get(`summary?${YESTERDAY}&compare=day`)).previous).toBe(null)
    expect((await get(`summary?${YESTERDAY}`)).previous.covered).toBeGreaterThan(0.8)
  })

  it('ranks by what changed, so that the new 522 stands above the everyday 404', async () => {
    const ask = `breakdown?by=status&class=4xx&class=5xx&${YESTERDAY}&compare=day`
    expect((await get(ask)).rows.map(({ key }: { key: string }) => key)).toEqual(['522', '404'])
    const wide = range('2026-03-30T00:00:00Z', '2026-03-31T00:00:00Z')
    const day = ask.replace(YESTERDAY, wide)
    expect((await get(day)).rows.map(({ key }: { key: string }) => key)).toEqual(['404', '522'])
    const { rows, compared } = await get(`${day}&sort=change&limit=1`)
    expect(rows).toMatchObject([{ key: '522', previous: 0 }])
    expect(compared).toMatchObject({ rows: [], total: (await get(day)).rows[0].count })
  })

  it.each([
    ['timeseries', TimeseriesSchema],
    ['summary', SummarySchema],
    ['breakdown?by=path', BreakdownSchema],
    ['percentiles?step=day&tz=Europe/Paris', PercentilesSchema],
  ] as const)('%s has the shape that the API promises', async (path, schema) => {
    const body = await get(`${path}${path.includes('?') ? '&' : '?'}compare=week&${YESTERDAY}`)
    expect([...Compile(schema).Errors(body)]).toEqual([])
  })

  it.each(['compare=year', 'compare=', 'sort=change', 'sort=size&compare=day', 'compare=2026-13-01'])(
    '%s is refused',
    async (query) => {
      expect((await service.get(`/api/v1/breakdown?by=host&${query}`)).status).toBe(400)
    },
  )
})
