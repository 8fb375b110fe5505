import { describe, expect, test } from 'vitest'
import { seeded } from '../worlds/random.js'
import { DAY, dayAndNight, during, episodesOf, HOUR, type ErrorSketch, type Seen } from './site.js'

const quiet = (errors: ErrorSketch[], requests: (i: number) => number, minutes = 4 * DAY): Seen[] =>
  episodesOf({ minutes, requests, errors: [{ status: 404, source: 'origin', share: () => 0.03 }, ...errors] })

describe('what is no incident', () => {
  test('a flash crowd: five times the visitors, the same share of errors', () => {
    const crowd = (i: number) => 300 * during(4000, 4060, 5, 1)(i)
    expect(quiet([{ status: 500, share: () => 0.01 }], crowd)).toEqual([])
  })

  test('a flash crowd on cached pages, which bring no errors, and the hours after it', () => {
    const crowd = (i: number) => 300 * during(4000, 4090, 8, 1)(i)
    expect(quiet([{ status: 500, rate: () => 3 }], crowd)).toEqual([])
  })

  test('day and night', () => {
    expect(quiet([{ status: 500, share: () => 0.01 }], dayAndNight(2000))).toEqual([])
  })

  test('monitors that fail at the same pace while visitors sleep', () => {
    const steep = (i: number) => 150 * (1 - 0.9 * Math.cos((2 * Math.PI * i) / DAY))
    expect(
      quiet(
        [
          { status: 401, rate: () => 4 },
          { status: 500, rate: () => 1 },
        ],
        steep,
      ),
    ).toEqual([])
  })

  test('Saturdays and Sundays', () => {
    const week = (i: number) => dayAndNight(500)(i) * (Math.floor(i / DAY) % 7 >= 5 ? 0.3 : 1)
    expect(quiet([{ status: 500, share: () => 0.005 }], week, 15 * DAY)).toEqual([])
  })

  test('strays of 522, and little bursts of 2 to 5', () => {
    const random = seeded(5)
    const strays = Array.from({ length: 20 * DAY }, () =>
      random.chance(1 / 400) ? 1 : random.chance(1 / DAY) ? random.whole(2, 5) : 0,
    )
    expect(quiet([{ status: 522, counts: (i) => strays[i] }], dayAndNight(100), 20 * DAY)).toEqual([])
  })

  test('two restarts with an hour of nothing between them, each too small for a word', () => {
    const restarts = (pause: number) => (i: number) => ([3000, 3002, 3002 + pause, 3003 + pause].includes(i) ? 4 : 0)
    expect(quiet([{ status: 521, counts: restarts(60) }], () => 70)).toEqual([])
    // they are one trouble where hardly any time lies between
    expect(quiet([{ status: 521, counts: restarts(12) }], () => 70)).toMatchObject([{ start: 3000, end: 3016 }])
  })

  test('counts that scatter three times as much as chance', () => {
    const random = seeded(6)
    const wild = Array.from({ length: 6 * DAY }, () => random.poisson(20 * random.gamma(2)) / 2)
    expect(quiet([{ status: 429, counts: (i) => Math.round(wild[i]) }], () => 2000, 6 * DAY)).toEqual([])
  })

  test('one visitor who mistypes twenty times in two minutes', () => {
    expect(quiet([{ status: 404, source: 'origin', rate: during(3000, 3002, 10) }], () => 50)).toEqual([])
  })

  test('a crawler with thirty to fifty 404s in a few minutes, once that has become a habit', () => {
    const random = seeded(7)
    const crawl = new Float64Array(14 * DAY)
    for (let n = 0; n < 28; n++) {
      const at = n * 700 + random.whole(0, 300)
      for (let k = random.whole(30, 50); k > 0; k--) crawl[at + random.whole(0, 3)]++
    }
    const found = quiet([{ status: 404, source: 'origin', counts: (i) => crawl[i] }], () => 40, 14 * DAY)
    expect(found.filter((e) => e.start > 3 * DAY)).toEqual([])
  })

  test('a gap in the logs, and its edges', () => {
    const gap = (i: number) => dayAndNight(300)(i) * during(3000, 3200, 0, 1)(i)
    expect(quiet([{ status: 500, share: () => 0.01 }], gap)).toEqual([])
  })

  test('the recovery from an outage: other codes come back to their usual level', () => {
    const outage = (i: number) => 400 * during(3000, 3120, 0.05, 1)(i)
    expect(quiet([{ status: 499, source: 'client', share: () => 0.02 }], outage)).toEqual([])
  })

  test('a site most of whose requests are refused', () => {
    const found = quiet([{ status: 403, share: () => 0.8 }], dayAndNight(60))
    expect(found).toEqual([])
  })
})

describe('habits', () => {
  const job = (length: number) => (i: number) => (i % DAY >= 2 * HOUR && i % DAY < 2 * HOUR + length ? 8 : 0)

  test('a nightly job that fails is told on the first nights and expected afterwards', () => {
    const late = (i: number) => job(12)(i + (Math.floor(i / DAY) % 3) * 4)
    const found = quiet([{ status: 500, rate: late }], dayAndNight(200), 9 * DAY)
    expect(found.map((e) => Math.floor(e.start / DAY))).toEqual([0, 1])
  })

  test('in the time of the job, something much larger is still found', () => {
    const larger = (i: number) => job(12)(i) + during(7 * DAY + 2 * HOUR, 7 * DAY + 2 * HOUR + 12, 60)(i)
    const found = quiet([{ status: 500, rate: larger }], dayAndNight(200), 9 * DAY)
    expect(found.map((e) => Math.floor(e.start / DAY))).toEqual([0, 1, 7])
  })

  test('an incident yesterday at this time is no habit', () => {
    const twice = (i: number) => during(4 * DAY, 4 * DAY + 20, 10)(i) + during(5 * DAY, 5 * DAY + 20, 10)(i)
    expect(quiet([{ status: 500, rate: twice }], dayAndNight(200), 7 * DAY)).toHaveLength(2)
  })

  test('a job of every Sunday, with four weeks of history', () => {
    const sundays = (i: number) => (Math.floor(i / DAY) % 7 === 6 ? job(15)(i) : 0)
    const found = quiet([{ status: 500, rate: sundays }], dayAndNight(100), 28 * DAY)
    expect(found.map((e) => Math.floor(e.start / DAY))).toEqual([6, 13])
  })
})
