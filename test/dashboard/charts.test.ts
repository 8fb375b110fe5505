import { describe, expect, it } from 'vitest'
import { columnAt, columnsOf, fill, totals } from '../../dashboard/web/charts/series.js'
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
