import { describe, expect, test } from 'vitest'
import { detectEpisodes, type Traffic } from '../../../analyze/spikes/detect/index.js'
import { seeded, type Random } from '../worlds/random.js'
import { DAY, during, FROM, HOUR, inMinutes } from './site.js'

/** Who fails in a minute, and who of them had no such answer in the hour before; requests of those who are served. */
interface Minute {
  served: number
  heads: number
  newcomers: number
}

function trafficOf(
  minutes: number,
  status: number,
  minuteOf: (i: number, random: Random) => Minute,
  seed = 7,
): Traffic {
  const random = seeded(seed)
  const all = Array.from({ length: minutes }, (_, i) => minuteOf(i, random))
  const column = (value: (minute: Minute) => number) => Float64Array.from(all, value)
  const heads = column((m) => m.heads)
  return {
    from: FROM,
    minutes,
    totals: new Map([[null, column((m) => m.served + m.heads)]]),
    series: [
      {
        status,
        statusClass: status < 500 ? '4xx' : '5xx',
        source: 'origin',
        host: null,
        counts: heads,
        heads,
        newcomers: column((m) => m.newcomers),
      },
    ],
  }
}

describe('newcomers', () => {
  /** A dozen addresses of a crawler that ask faster in two hours of every five: whoever fails all day is new to nothing. */
  const withCrawler = (people: (i: number) => number) =>
    trafficOf(3 * DAY, 404, (i, random) => {
      const own = random.poisson(people(i))
      const crawled = random.poisson((i + 3 * HOUR) % (5 * HOUR) < 2 * HOUR ? 1.8 : 0.2)
      return { served: random.poisson(30), heads: own + crawled, newcomers: own }
    })

  test('what befalls people shows behind the waves of a crawler, and from its first minutes on', () => {
    const shift = 2 * DAY - HOUR
    const found = detectEpisodes(withCrawler((i) => (i < shift ? 0.25 : 1.4))).map(inMinutes)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ status: 404, ongoing: true })
    expect(Math.abs(found[0].start - shift)).toBeLessThanOrEqual(10)
    expect(found[0].known - shift).toBeLessThanOrEqual(40)
  })

  test('twice as many of them for hours show on the second day, though few stretches of two hours are known', () => {
    const seeds = [14, 15, 16, 18]
    const found = seeds.map((seed) =>
      detectEpisodes(
        trafficOf(
          2 * DAY,
          404,
          (i, random) => {
            const own = random.poisson(i >= 1600 && i < 1940 ? 1.7 : 0.8)
            const crawled = random.poisson((i + 3 * HOUR) % (10 * HOUR) < 4 * HOUR ? 1.8 : 0.1)
            return { served: random.poisson(45), heads: own + crawled, newcomers: own }
          },
          seed,
        ),
      ).map(inMinutes),
    )
    expect(found.map((one) => one.map(({ status }) => status))).toEqual(seeds.map(() => [404]))
  })
})

describe('failures in the place of answers', () => {
  test('a country of a request each other minute that is refused is known by half a dozen of its people', () => {
    const isRefused = during(1500, 1620, 1)
    const found = detectEpisodes(
      trafficOf(2 * DAY, 403, (i, random) => {
        const asked = random.poisson(0.5)
        if (isRefused(i) === 1) return { served: 0, heads: asked, newcomers: asked > 0 && random.chance(0.6) ? 1 : 0 }
        const heads = random.chance(0.03) ? Math.min(1, asked) : 0
        return { served: asked - heads, heads, newcomers: heads }
      }),
    ).map(inMinutes)
    expect(found).toHaveLength(1)
    expect(Math.abs(found[0].start - 1500)).toBeLessThanOrEqual(5)
    expect(found[0].known).toBeLessThanOrEqual(1525)
  })

  test('whoever is served says that it is over, though some still fail as usual', () => {
    const found = detectEpisodes(
      trafficOf(2 * DAY, 403, (i) => {
        const after = i - 1620
        const failsByChance = after > 11 || after < -120 ? i % 7 === 0 : [2, 5, 8, 11].includes(after)
        const heads = (after >= -120 && after < 0) || failsByChance ? 1 : 0
        return { served: 1 - heads, heads, newcomers: heads }
      }),
    ).map(inMinutes)
    expect(found.map(({ start, end }) => [start, end])).toEqual([[1498, 1620]])
  })

  test('one who failed long before is no beginning', () => {
    const found = detectEpisodes(
      trafficOf(2 * DAY, 403, (i) => {
        const heads = i === 1480 || (i >= 1500 && i < 1620 && i % 2 === 0) ? 1 : 0
        return { served: (i < 1500 || i >= 1620) && i % 5 === 1 ? 1 : 0, heads, newcomers: heads }
      }),
    ).map(inMinutes)
    expect(found.map(({ start, end }) => [start, end])).toEqual([[1500, 1619]])
  })

  test('ten that try what is not there take nothing from those who are served', () => {
    const tried = during(1500, 1520, 0.5)
    expect(
      detectEpisodes(
        trafficOf(2 * DAY, 403, (i, random) => {
          const heads = random.chance(tried(i)) ? 1 : 0
          return { served: random.poisson(0.8), heads, newcomers: heads }
        }),
      ),
    ).toEqual([])
  })
})

describe('logs that begin amid something', () => {
  const begun = (newcomers: (i: number, heads: number) => number) =>
    detectEpisodes(
      trafficOf(8 * HOUR, 404, (i, random) => {
        const heads = random.poisson(i < 2 * HOUR ? 2.5 : 0.3)
        return { served: random.poisson(20), heads, newcomers: Math.min(heads, newcomers(i, heads)) }
      }),
    ).map(inMinutes)

  test('a crawler at work: at first everybody is new, later hardly anyone', () => {
    expect(begun((i, heads) => (i < 15 ? 1 : i % 9 === 0 ? heads : 0))).toEqual([])
  })

  test('people who fail are new to the end', () => {
    expect(begun((_, heads) => Math.ceil(0.7 * heads))).toMatchObject([{ status: 404, start: 0 }])
  })
})
