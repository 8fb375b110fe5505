import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectEpisodes, type Episode } from '../../../analyze/spikes/detect/index.js'
import { DAY, dayAndNight, during, HOUR, MINUTE, site, slice, type Sketch } from './site.js'

/** Sites with one incident somewhere on the second day. */
const sketches: fc.Arbitrary<Sketch> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    requests: fc.constantFrom(20, 200, 5000),
    share: fc.constantFrom(0.0005, 0.005),
    start: fc.integer({ min: DAY + HOUR, max: DAY + 8 * HOUR }),
    length: fc.integer({ min: 3, max: 120 }),
    times: fc.constantFrom(5, 20, 100),
    hosts: fc.constantFrom<Sketch['hosts']>(undefined, { a: 0.8, b: 0.2 }),
  })
  .map(({ seed, requests, share, start, length, times, hosts }) => ({
    seed,
    hosts,
    minutes: DAY + 12 * HOUR,
    requests: dayAndNight(requests),
    errors: [
      { status: 404, source: 'origin', share: () => 0.02 },
      {
        status: 502,
        source: 'origin-failure',
        share: (i) => Math.min(0.9, share * during(start, start + length, times, 1)(i)),
      },
    ],
  }))

const runs = { numRuns: 12, seed: 7 }
const without = (e: Episode, shift: number) => ({
  ...e,
  start: e.start - shift,
  end: e.end - shift,
  detectedAt: e.detectedAt - shift,
})

describe('properties', () => {
  test('the same traffic at another time gives the same episodes at that time', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: -1e5, max: 1e5 }), (sketch, minutes) => {
        const traffic = site(sketch)
        const moved = { ...traffic, from: traffic.from + minutes * MINUTE }
        expect(detectEpisodes(moved).map((e) => without(e, minutes * MINUTE))).toEqual(detectEpisodes(traffic))
      }),
      runs,
    )
  })

  test('detectedAt is honest: the minutes up to it suffice, those before it do not', () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const traffic = site(sketch)
        for (const e of detectEpisodes(traffic)) {
          const minute = (e.detectedAt - traffic.from) / MINUTE
          const same = (other: Episode) =>
            other.statusClass === e.statusClass && other.start < e.end && other.end > e.start
          expect(
            detectEpisodes(slice(traffic, 0, minute))
              .filter(same)
              .map((o) => o.detectedAt),
          ).toEqual([e.detectedAt])
          expect(detectEpisodes(slice(traffic, 0, minute - 1)).filter(same)).toEqual([])
        }
      }),
      runs,
    )
  })

  test('what comes later does not change when an episode was known, nor a past one at all', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: 0, max: 8 * HOUR }), (sketch, cut) => {
        const traffic = site(sketch)
        const earlier = detectEpisodes(slice(traffic, 0, traffic.minutes - cut))
        const later = detectEpisodes(traffic)
        for (const e of earlier) {
          expect(later.map((o) => o.detectedAt)).toContain(e.detectedAt)
          const past = e.end < traffic.from + (traffic.minutes - cut - HOUR) * MINUTE
          if (past) expect(later).toContainEqual(e)
        }
      }),
      runs,
    )
  })

  test('the order of the series does not matter', () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const traffic = site(sketch)
        const turned = { ...traffic, series: [...traffic.series].reverse() }
        expect(detectEpisodes(turned)).toEqual(detectEpisodes(traffic))
      }),
      runs,
    )
  })

  test('observed, expected and times belong together', () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const traffic = site(sketch)
        for (const e of detectEpisodes(traffic)) {
          expect(e.start).toBeLessThan(e.end)
          expect(e.detectedAt).toBeGreaterThan(e.start)
          expect(e.observed).toBeGreaterThan(e.expected)
          expect(e.score).toBeGreaterThanOrEqual(5.1)
          const series = traffic.series.find((s) => s.status === e.status && s.host === e.host)
          if (!series) continue
          const [a, b] = [e.start, e.end].map((t) => (t - traffic.from) / MINUTE)
          expect(e.observed).toBe(series.counts.slice(a, b).reduce((x, y) => x + y, 0))
        }
      }),
      runs,
    )
  })

  test('no traffic, no minutes, no series: no episodes', () => {
    const nothing = { from: 0, minutes: 0, totals: new Map([[null, new Float64Array(0)]]), series: [] }
    expect(detectEpisodes(nothing)).toEqual([])
    const silence = { from: 0, minutes: 500, totals: new Map([[null, new Float64Array(500)]]), series: [] }
    expect(detectEpisodes(silence)).toEqual([])
  })
})
