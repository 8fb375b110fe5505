import { describe, expect, it } from 'vitest'
import { columnAt, columnsOf, fill, totals } from '../../dashboard/web/charts/series.js'
import { topOf } from '../../dashboard/web/charts/drawn.js'
import { placesOf } from '../../dashboard/web/charts/label-lanes.js'
import { drawInTurn } from '../../dashboard/web/charts/one-by-one.js'
import { tickLabel, timeTicks, zoneOffset } from '../../dashboard/web/charts/time-axis.js'
import { createFormat } from '../../dashboard/web/state/format.js'
import { spanOf } from '../../dashboard/web/state/range.js'

const HOUR = 3_600_000
const day = Date.UTC(2026, 10, 20)

describe('columns', () => {
  const span = spanOf(day, day + HOUR, false)
  const answer = {
    step: 60_000,
    excluded: 0,
    series: [
      {
        key: '5xx',
        points: [
          [day + 60_000, 3],
          [day + 120_000, 4],
        ] as [number, number][],
      },
      { key: 'odd', points: [[day, 1]] as [number, number][] },
    ],
  }

  it('stand side by side, empty ones too', () => {
    const columns = columnsOf(span, answer)
    expect(columns.starts).toHaveLength(60)
    const series = fill(columns, answer, ['2xx', '5xx'])
    expect(series.map((s) => [s.key, s.values.slice(0, 4)])).toEqual([
      ['2xx', [0, 0, 0, 0]],
      ['5xx', [0, 3, 4, 0]],
      ['odd', [1, 0, 0, 0]],
    ])
    expect(totals(series, 60).slice(0, 4)).toEqual([1, 3, 4, 0])
  })

  it('of days are those that the answer names: one of them has 25 hours', () => {
    const bounds = [Date.UTC(2026, 9, 23, 22), Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23)]
    const months = spanOf(Date.UTC(2026, 5, 1), Date.UTC(2026, 10, 1), false)
    const columns = columnsOf(months, {
      step: 'day',
      excluded: 0,
      series: [{ key: '2xx', points: bounds.map((t) => [t, 1]) }],
    })
    expect(columns.starts).toEqual(bounds)
    expect(columnAt(columns, Date.UTC(2026, 9, 25, 22, 30))).toBe(1)
  })

  it('are found by time, outside there is none', () => {
    const columns = { starts: [10, 20, 30], end: 40 }
    expect([9, 10, 19, 20, 39, 40].map((t) => columnAt(columns, t))).toEqual([-1, 0, 0, 1, 2, -1])
    expect(columnAt({ starts: [], end: 0 }, 5)).toBe(-1)
  })
})

describe('ticks of time', () => {
  it('lie on round hours of the zone, not of UTC', () => {
    const ticks = timeTicks(day, day + 24 * HOUR, 8, 'Asia/Kolkata')
    expect(ticks.length).toBeGreaterThan(4)
    for (const t of ticks) expect((t + zoneOffset(t, 'Asia/Kolkata')) % HOUR).toBe(0)
  })

  it('stay on round hours across the end of summer time', () => {
    const from = Date.UTC(2026, 9, 24, 12)
    const format = createFormat('en', 'Europe/Paris')
    const labels = timeTicks(from, from + 48 * HOUR, 10, 'Europe/Paris').map((t) => format.clock(t))
    expect(
      labels.every((l) => /^(00|06|12|18):00$/.test(l)),
      labels.join(),
    ).toBe(true)
  })

  it('are few enough for their labels', () => {
    for (const width of [60_000, HOUR, 30 * HOUR, 40 * 24 * HOUR, 3000 * 24 * HOUR])
      expect(timeTicks(day, day + width, 8, 'UTC').length).toBeLessThanOrEqual(9)
  })

  it('name the day at the first tick and where it changes, the month over years, the year over decades', () => {
    const format = createFormat('en', 'UTC')
    const hours = timeTicks(day - 6 * HOUR, day + 6 * HOUR, 6, 'UTC')
    const labels = hours.map((t, i) => tickLabel(t, i, hours, format))
    expect(labels[0]).toEqual(['18:00', '19 Nov'])
    expect(labels).toContainEqual(['00:00', '20 Nov'])
    expect(labels.filter((l) => typeof l === 'string').every((l) => /^\d\d:00$/.test(l as string))).toBe(true)
    const years = timeTicks(Date.UTC(2022, 0, 1), Date.UTC(2026, 0, 1), 8, 'UTC')
    const decades = timeTicks(Date.UTC(2005, 0, 1), Date.UTC(2099, 0, 1), 8, 'UTC')
    expect(decades.length).toBeLessThanOrEqual(9)
    expect(tickLabel(decades[0], 0, decades, format)).toMatch(/^20\d\d$/)
    expect(tickLabel(years[0], 0, years, format)).toMatch(/^\w{3,4} 20\d\d$/)
  })
})

describe('what is drawn', () => {
  const columns = { starts: [day, day + HOUR], end: day + 2 * HOUR }
  const series = (values: (number | null)[]) => ({ key: 'k', name: 'k', token: 'class-5xx', values })
  const common = { columns, from: day, to: columns.end }

  it('reaches as high as its columns on each other, or the line above them', () => {
    const stacked = [series([1, 5]), series([3, null])]
    expect(topOf({ ...common, kind: 'bars', series: stacked })).toBe(5)
    expect(topOf({ ...common, kind: 'bars', series: [...stacked, series([2, 0])] })).toBe(6)
    expect(topOf({ ...common, kind: 'bars', series: stacked, over: [series([9, null])] })).toBe(9)
    expect(topOf({ ...common, kind: 'lines', series: stacked })).toBe(5)
  })

  it('comes one by one, each once, and the page goes on between two', async () => {
    const seen: string[] = []
    const draw = (name: string) => () => void seen.push(name)
    const [first, second] = [draw('first'), draw('second')]
    drawInTurn(first)
    drawInTurn(second)
    drawInTurn(first)
    drawInTurn(draw('third'))()
    expect(seen).toEqual([])
    await new Promise((done) => setTimeout(done, 50))
    expect(seen).toEqual(['first', 'second'])
  })
})

it('the labels of four spikes of an evening fit on the chart of a phone, and never lie on each other', () => {
  const labels = [
    { text: '522 ×\u202f2\u202f941', x: 118 },
    { text: '499 ×\u202f213', x: 82 },
    { text: '403 ×\u202f39', x: 183 },
    { text: '522 ×\u202f23', x: 123 },
  ]
  const places = placesOf(labels, 210)
  expect(places).not.toContain(null)
  const seen = places.map((place) => place as { left: number; lane: number })
  for (const { left } of seen) expect(left).toBeLessThan(210 - 50)
  for (const [i, a] of seen.entries())
    for (const b of seen.slice(i + 1)) if (a.lane === b.lane) expect(Math.abs(a.left - b.left)).toBeGreaterThan(50)
  expect(
    placesOf(
      Array.from({ length: 9 }, () => labels[0]),
      210,
    ).filter((place) => place === null),
  ).toHaveLength(5)
})
