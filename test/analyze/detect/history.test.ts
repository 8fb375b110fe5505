import { describe, expect, test } from 'vitest'
import {
  detectEpisodes,
  expectedBand,
  learn,
  run,
  threeNumbers,
  type Sensitivity,
} from '../../../analyze/spikes/detect/index.js'
import { world } from '../worlds/world.js'
import { DAY, dayAndNight, during, FROM, HOUR, inMinutes, MINUTE, site, slice } from './site.js'

describe('a run over the last hours, with the history before, gives what one run over all gives', () => {
  test.each([3, 11, 23, 74])('world %i, cut in two places', (seed) => {
    const { traffic } = world(seed)
    const whole = detectEpisodes(traffic)
    for (const part of [0.4, 0.8]) {
      const cut = Math.floor(traffic.minutes * part)
      const since = traffic.from + (cut - HOUR) * MINUTE
      const later = detectEpisodes(slice(traffic, cut, traffic.minutes), {
        history: learn(slice(traffic, 0, cut)),
        reportFrom: since,
      })
      expect(later).toEqual(whole.filter((e) => e.end > since))
    }
  })

  test('minute by minute', () => {
    const traffic = site({
      minutes: DAY + 2 * HOUR,
      requests: dayAndNight(300),
      errors: [{ status: 502, rate: (i) => 0.1 + during(1470, 1490, 20)(i) }],
    })
    let history = learn(slice(traffic, 0, DAY))
    const told: [number, number][] = []
    for (let i = DAY; i < traffic.minutes; i++) {
      const now = run(slice(traffic, i, i + 1), { history })
      history = now.history
      const ongoing = now.episodes.filter((e) => e.ongoing)
      if (ongoing.length > 0) told.push([i + 1, inMinutes(ongoing[0]).known])
    }
    expect(told[0]).toEqual([1471, 1471])
    expect(told.at(-1)![0]).toBeLessThanOrEqual(1491)
  })

  test('history is plain data', () => {
    const traffic = world(11).traffic
    const cut = Math.floor(traffic.minutes / 2)
    const history = structuredClone(learn(slice(traffic, 0, cut)))
    const later = slice(traffic, cut, traffic.minutes)
    expect(run(later, { history }).episodes).toEqual(run(later, { history }).episodes)
  })

  test('traffic must begin where the history ends', () => {
    const traffic = world(11).traffic
    const history = learn(slice(traffic, 0, 100))
    expect(() => detectEpisodes(slice(traffic, 99, 200), { history })).toThrow(/they must meet/)
  })

  test('a second host appears: the first one keeps what it has taught', () => {
    const one = { minutes: 2 * DAY, requests: () => 200, errors: [{ status: 404, share: () => 0.4 }] }
    const before = site(one)
    const both = site({ ...one, minutes: DAY, hosts: { 'www.example.com': 0.9, 'new.example.com': 0.1 } })
    const after = { ...both, from: before.from + before.minutes * MINUTE }
    expect(detectEpisodes(after, { history: learn(before) })).toEqual([])
  })
})

describe('reportFrom', () => {
  test('only what ends after it, though the rest was learned from', () => {
    const traffic = site({
      minutes: 2 * DAY,
      requests: () => 300,
      errors: [{ status: 502, rate: (i) => 0.1 + during(1000, 1020, 20)(i) + during(2000, 2020, 20)(i) }],
    })
    expect(detectEpisodes(traffic)).toHaveLength(2)
    expect(detectEpisodes(traffic, { reportFrom: FROM + 1500 * MINUTE }).map((e) => inMinutes(e).start)).toEqual([2000])
  })
})

describe('sensitivity', () => {
  test('high finds what low leaves', () => {
    const found = (sensitivity: Sensitivity, times: number) =>
      detectEpisodes(
        site({
          minutes: 2 * DAY,
          requests: () => 300,
          seed: 2,
          errors: [{ status: 500, rate: during(2000, 2010, times, 1) }],
        }),
        { sensitivity },
      ).length
    expect([found('low', 3.3), found('medium', 3.3), found('high', 3.3)]).toEqual([0, 0, 1])
    expect([found('low', 4), found('medium', 4), found('high', 4)]).toEqual([0, 1, 1])
    expect([found('low', 20), found('medium', 20), found('high', 20)]).toEqual([1, 1, 1])
  })
})

describe('an episode in three numbers', () => {
  const traffic = site({
    minutes: 2 * DAY,
    requests: () => 1000,
    errors: [
      { status: 502, rate: (i) => 2 + during(2000, 2030, 20)(i) },
      { status: 525, counts: during(1000, 1020, 3) },
    ],
  })
  const [rare, common] = detectEpisodes(traffic)

  test('expected, seen, score', () => {
    const { expected, seen, score, times } = threeNumbers(common)
    expect(seen).toBe(traffic.series[0].counts.slice(2000, 2030).reduce((a, b) => a + b))
    expect(Math.abs(expected - 60)).toBeLessThan(10)
    expect(score).toBeGreaterThan(8)
    expect(times).toBeCloseTo(seen / expected, 0)
  })

  test('no multiple of next to nothing', () => {
    expect(threeNumbers(rare)).toMatchObject({ seen: 60, times: null })
    expect(threeNumbers(rare).expected).toBeLessThan(0.5)
  })
})

describe('the expected band', () => {
  const traffic = site({
    minutes: 2 * DAY,
    requests: dayAndNight(1000),
    errors: [{ status: 502, source: 'origin', share: during(2000, 2030, 0.05, 0.005) }],
  })
  const band = expectedBand(traffic, { status: 502, statusClass: '5xx', source: 'origin', host: null })
  const { counts } = traffic.series[0]

  test('follows the day, and not the incident', () => {
    const mean = (a: number, b: number) => band.expected.slice(a, b).reduce((x, y) => x + y) / (b - a)
    expect(mean(1430, 1450) / mean(2150, 2170)).toBeCloseTo(0.5 / 1.5, 0)
    expect(mean(2000, 2030) / mean(1990, 2000)).toBeCloseTo(1, 0)
    expect(band.from).toBe(FROM)
  })

  test('holds all counts but those of the incident', () => {
    const above = [...counts.keys()].filter((i) => i > HOUR && counts[i] >= band.upper[i])
    expect(above).toEqual(Array.from({ length: 30 }, (_, n) => 2000 + n))
  })

  test('of a whole class, and of a series that is not there', () => {
    const whole = expectedBand(traffic, { status: null, statusClass: '5xx', source: null, host: null })
    expect(whole.expected).toEqual(band.expected)
    const none = expectedBand(traffic, { status: 530, statusClass: '5xx', source: 'origin-failure', host: null })
    expect(none.expected[2000]).toBeLessThan(0.01)
    expect(none.upper[2000]).toBeGreaterThanOrEqual(11)
  })
})
