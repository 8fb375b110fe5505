import { describe, expect, test } from 'vitest'
import { DAY, dayAndNight, during, episodesOf, HOUR, type ErrorSketch, type Seen } from './site.js'

/** A site of 200 requests a minute with ordinary 404s and some 502s, and what is added to it. */
const episodes = (added: ErrorSketch[], minutes = 2 * DAY, requests = dayAndNight(200)): Seen[] =>
  episodesOf({
    minutes,
    requests,
    errors: [{ status: 404, source: 'origin', share: () => 0.03 }, { status: 502, share: () => 0.001 }, ...added],
  })

const near = (value: number, wanted: number, slack: number) => Math.abs(value - wanted) <= slack

describe('an incident is found, once, from its start to its end', () => {
  test('a step of 502 for 40 minutes', () => {
    const found = episodes([{ status: 502, rate: during(2000, 2040, 20) }])
    expect(found).toEqual([
      { status: 502, statusClass: '5xx', host: null, start: 2000, end: 2040, known: 2001, ongoing: false },
    ])
  })

  test('a step that takes two minutes to be more than chance', () => {
    const [step, ...others] = episodes([{ status: 503, rate: during(2000, 2040, 7) }])
    expect(others).toEqual([])
    expect(step.known).toBeLessThanOrEqual(2003)
  })

  test('three minutes', () => {
    const [short, ...others] = episodes([{ status: 504, rate: during(2000, 2003, 30) }])
    expect(others).toEqual([])
    expect(short).toMatchObject({ status: 504, start: 2000, end: 2003, known: 2001 })
  })

  test('thirty errors in half an hour of a code that never comes', () => {
    const [weak, ...others] = episodes([{ status: 525, counts: during(2000, 2030, 1) }])
    expect(others).toEqual([])
    expect(weak).toMatchObject({ status: 525, start: 2000, end: 2030 })
  })

  test('a ramp over two hours, long before its top', () => {
    const ramp = (i: number) => (i >= 2000 && i < 2150 ? Math.min(1, (i - 2000) / 120) * 25 : 0)
    const [slow, ...others] = episodes([{ status: 503, rate: ramp }])
    expect(others).toEqual([])
    expect(slow.known).toBeLessThan(2040)
    expect(near(slow.end, 2150, 1)).toBe(true)
  })

  test('six hours do not become the usual level', () => {
    const found = episodes([{ status: 502, rate: during(1500, 1860, 3) }])
    expect(found).toHaveLength(1)
    expect(near(found[0].start, 1500, 3)).toBe(true)
    expect(near(found[0].end, 1860, 3)).toBe(true)
  })

  test('on and off every five minutes is one incident', () => {
    const flapping = (i: number) => (i >= 2000 && i < 2085 && (i - 2000) % 10 < 5 ? 15 : 0)
    const found = episodes([{ status: 502, rate: flapping }])
    expect(found).toHaveLength(1)
    expect(near(found[0].start, 2000, 1) && near(found[0].end, 2085, 1)).toBe(true)
  })

  test('two incidents an hour apart are two', () => {
    const found = episodes([{ status: 502, rate: (i) => during(2000, 2020, 15)(i) + during(2080, 2100, 15)(i) }])
    expect(found.map((e) => [e.start, e.end])).toEqual([
      [2000, 2020],
      [2080, 2100],
    ])
  })

  test('a small incident after a huge one', () => {
    const found = episodes([{ status: 502, rate: (i) => during(2000, 2060, 150)(i) + during(2160, 2180, 4)(i) }])
    expect(found).toHaveLength(2)
    expect(near(found[1].start, 2160, 3)).toBe(true)
  })

  test('one that is going on when the data ends', () => {
    const [now] = episodes([{ status: 502, rate: during(2870, 2880, 20) }])
    expect(now).toMatchObject({ start: 2870, end: 2880, ongoing: true })
  })

  test('a last minute that is only half there does not end it', () => {
    const [now] = episodes([{ status: 502, rate: (i) => (i === 2879 ? 3 : during(2860, 2879, 20)(i)) }])
    expect(now.ongoing).toBe(true)
  })

  test('a minute after the end it is no longer going on', () => {
    const [past] = episodes([{ status: 502, rate: during(2860, 2877, 20) }])
    expect(past).toMatchObject({ end: 2877, ongoing: false })
  })
})

describe('the size of the site does not matter', () => {
  test('one request a minute', () => {
    const found = episodesOf({
      minutes: 2 * DAY,
      requests: () => 1,
      errors: [{ status: 500, share: during(2000, 2040, 0.8, 0.01) }],
    })
    expect(found).toHaveLength(1)
    expect(near(found[0].start, 2000, 5)).toBe(true)
  })

  test('a front page that fails eight times an hour for twelve days is one incident', () => {
    const [page, ...others] = episodesOf({
      minutes: 16 * DAY,
      requests: dayAndNight(0.7),
      errors: [{ status: 500, share: during(4 * DAY, 16 * DAY, 0.2) }],
    })
    expect(others).toEqual([])
    expect(near(page.start, 4 * DAY, 120)).toBe(true)
    expect(page.end).toBeGreaterThan(16 * DAY - 120)
    expect(page.known).toBeLessThan(page.start + 8 * HOUR)
  })

  test('a site of four requests an hour that all fail is known within twenty failures', () => {
    for (const seed of [1, 2, 3, 4]) {
      const traffic = { minutes: 7 * DAY, requests: () => 4 / HOUR, seed }
      const [outage, ...others] = episodesOf({
        ...traffic,
        errors: [{ status: 522, share: during(4 * DAY, 6 * DAY, 1) }],
      })
      expect(others).toEqual([])
      expect(outage.known).toBeLessThan(4 * DAY + 5 * HOUR)
      expect(near(outage.end, 6 * DAY, 90)).toBe(true)
    }
  })

  test('a million requests a minute', () => {
    const found = episodesOf({
      minutes: DAY,
      requests: dayAndNight(1e6),
      errors: [{ status: 500, share: during(1000, 1030, 0.004, 0.001) }],
    })
    expect(found).toMatchObject([{ status: 500, start: 1000, end: 1030, known: 1001 }])
  })
})

describe('traffic changes with the incident', () => {
  test('nearly every request fails', () => {
    const found = episodes([{ status: 521, source: 'origin-failure', share: during(2000, 2030, 0.95) }])
    expect(found).toMatchObject([{ status: 521, start: 2000, end: 2030, known: 2001 }])
  })

  test('visitors leave: a tenth of the traffic, two thirds of it failing', () => {
    const visitors = (i: number) => dayAndNight(200)(i) * during(2000, 2060, 0.1, 1)(i)
    const found = episodes(
      [{ status: 522, source: 'origin-failure', share: during(2000, 2060, 0.65) }],
      2 * DAY,
      visitors,
    )
    expect(found).toMatchObject([{ status: 522, start: 2000, end: 2060 }])
  })

  test('a flood of 429 is one episode, also when it is over', () => {
    const found = episodes([{ status: 429, rate: during(2000, 2060, 3000) }], 3 * DAY)
    expect(found).toMatchObject([{ status: 429, start: 2000, end: 2060 }])
  })

  test('in a flash crowd, something that does fail', () => {
    const crowd = (i: number) => 200 * during(2000, 2060, 5, 1)(i)
    const found = episodes([{ status: 503, share: during(2020, 2050, 0.1) }], 2 * DAY, crowd)
    expect(found).toMatchObject([{ status: 503, start: 2020, end: 2050 }])
  })
})

describe('gaps in the logs are no data', () => {
  const withGap = (i: number) => during(2020, 2080, 0, 200)(i)

  test('an incident that goes on behind a gap is one', () => {
    const found = episodes([{ status: 502, share: during(2000, 2100, 0.1) }], 2 * DAY, withGap)
    expect(found).toMatchObject([{ start: 2000, end: 2100 }])
  })

  test('one that is over behind it ended with the last minute seen', () => {
    const found = episodes([{ status: 502, share: during(2000, 2060, 0.1) }], 2 * DAY, withGap)
    expect(found).toMatchObject([{ start: 2000, end: 2020, ongoing: false }])
  })

  test('while the gap lasts it is going on', () => {
    const found = episodes([{ status: 502, share: during(2000, 2060, 0.1) }], 2070, withGap)
    expect(found).toMatchObject([{ start: 2000, end: 2020, ongoing: true }])
  })
})

describe('short exports', () => {
  test('two hours, healthy at first', () => {
    const found = episodes([{ status: 503, share: during(30, 60, 0.08) }], 2 * HOUR)
    expect(found).toMatchObject([{ status: 503, start: 30, end: 60 }])
    expect(found[0].known).toBeLessThanOrEqual(33)
  })

  test('one that begins amid an outage is told at once', () => {
    const found = episodes([{ status: 503, share: during(0, 25, 0.5) }], 2 * HOUR)
    expect(found).toMatchObject([{ status: 503, start: 0, end: 25, known: 1 }])
  })

  test('one that begins amid a small incident is told when its end shows what is usual', () => {
    const [begun, ...others] = episodes([{ status: 403, share: during(0, 40, 0.15, 0.002) }], 2 * HOUR)
    expect(others).toEqual([])
    expect(begun).toMatchObject({ status: 403, start: 0, end: 40 })
    expect(begun.known).toBeGreaterThan(40)
    expect(begun.known).toBeLessThanOrEqual(60)
  })
})

describe('levels', () => {
  test('what has lasted for a day goes on, and a spike on top of it is found', () => {
    const shifted = (i: number) => (i >= 2000 ? 0.02 : 0.001) + during(6000, 6020, 0.1)(i)
    const found = episodes([{ status: 500, share: shifted }], 5 * DAY)
    expect(found.find((e) => e.start === 2000)).toMatchObject({ status: 500, ongoing: true })
    expect(found.find((e) => e.start === 6000)).toMatchObject({ status: 500, end: 6020 })
    expect(found).toHaveLength(2)
  })
})
