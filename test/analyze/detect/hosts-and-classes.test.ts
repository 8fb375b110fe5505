import { describe, expect, test } from 'vitest'
import { incidents } from '../../../analyze/spikes/detect/incidents.js'
import { requestsOf, type Node } from '../../../analyze/spikes/detect/node.js'
import { newRun, type Run } from '../../../analyze/spikes/detect/run.js'
import type { Source } from '../../../analyze/spikes/detect/index.js'
import { DAY, dayAndNight, during, episodesOf, type ErrorSketch, type Seen } from './site.js'

const HOSTS = { 'www.example.com': 0.7, 'api.example.com': 0.25, 'old.example.com': 0.05 }
const MIXED: [number, Source][] = [
  [500, 'origin'],
  [502, 'origin-failure'],
  [503, 'origin'],
  [504, 'origin-failure'],
]

const episodes = (added: ErrorSketch[], hosts: Record<string, number> | undefined = HOSTS): Seen[] =>
  episodesOf({
    minutes: 3 * DAY,
    requests: dayAndNight(1000),
    hosts,
    errors: [
      { status: 404, source: 'origin', share: () => 0.03 },
      ...MIXED.map(([status, source]) => ({ status, source, share: () => 0.001 })),
      ...added,
    ],
  })

describe('an incident is told at the host that explains it', () => {
  test('a small host, invisible in the total', () => {
    const found = episodes([{ status: 404, source: 'origin', host: 'old.example.com', rate: during(3000, 3060, 20) }])
    expect(found).toMatchObject([{ status: 404, host: 'old.example.com', start: 3000, end: 3060 }])
  })

  test('one host, visible in the total too, is one episode', () => {
    const found = episodes([{ status: 503, host: 'api.example.com', rate: during(3000, 3030, 50) }])
    expect(found).toMatchObject([{ status: 503, host: 'api.example.com', start: 3000, end: 3030, known: 3001 }])
  })

  test('all hosts alike is no matter of a host', () => {
    const found = episodes([{ status: 503, share: during(3000, 3030, 0.2) }])
    expect(found).toMatchObject([{ status: 503, host: null, start: 3000, end: 3030 }])
  })

  test('two hosts, half an hour apart, are two incidents', () => {
    const found = episodes([
      { status: 502, source: 'origin-failure', host: 'www.example.com', rate: during(3000, 3060, 40) },
      { status: 502, source: 'origin-failure', host: 'api.example.com', rate: during(3030, 3090, 40) },
    ])
    expect(found.map((e) => [e.host, e.start, e.end])).toEqual([
      ['www.example.com', 3000, 3060],
      ['api.example.com', 3030, 3090],
    ])
  })

  test('a site of one host names none', () => {
    const found = episodes([{ status: 503, share: during(3000, 3030, 0.1) }], { 'www.example.com': 1 })
    expect(found).toMatchObject([{ status: 503, host: null }])
  })
})

describe('a rise that is spread over codes is told as its class', () => {
  const mixed = (rate: number) => MIXED.map(([status, source]) => ({ status, source, rate: during(3000, 3040, rate) }))

  test('a mixed 5xx surge that no code shows by itself', () => {
    const found = episodes(mixed(1.6), undefined)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ status: null, statusClass: '5xx' })
  })

  test('one that every code shows is still one', () => {
    expect(episodes(mixed(40))).toMatchObject([
      { status: null, statusClass: '5xx', host: null, start: 3000, end: 3040 },
    ])
  })

  test('on one host', () => {
    const found = episodes(mixed(20).map((e) => ({ ...e, host: 'api.example.com' })))
    expect(found).toMatchObject([{ status: null, statusClass: '5xx', host: 'api.example.com' }])
  })

  test('where one code explains it, that code', () => {
    const found = episodes([
      { status: 502, source: 'origin-failure', rate: during(3000, 3040, 60) },
      { status: 504, source: 'origin-failure', rate: during(3000, 3040, 9) },
    ])
    expect(found).toMatchObject([{ status: 502, start: 3000, end: 3040 }])
  })

  test('two codes that begin half an hour apart are two incidents', () => {
    const found = episodes([
      { status: 502, source: 'origin-failure', rate: during(3000, 3070, 30) },
      { status: 503, rate: during(3030, 3100, 30) },
    ])
    expect(found.map((e) => [e.status, e.start, e.end])).toEqual([
      [502, 3000, 3070],
      [503, 3030, 3100],
    ])
  })

  test('two codes that begin together but end apart are two incidents', () => {
    const found = episodes([
      { status: 500, source: 'origin', host: 'www.example.com', rate: during(3000, 3060, 40) },
      { status: 522, source: 'origin-failure', host: 'www.example.com', rate: during(3003, 3020, 40) },
    ])
    expect(found.map((e) => [e.status, e.host, e.start, e.end])).toEqual([
      [500, 'www.example.com', 3000, 3060],
      [522, 'www.example.com', 3003, 3020],
    ])
  })

  test('two codes on two hosts at once are two incidents', () => {
    const found = episodes([
      { status: 521, source: 'origin-failure', host: 'api.example.com', rate: during(3000, 3060, 40) },
      { status: 522, source: 'origin-failure', host: 'old.example.com', rate: during(3000, 3060, 10) },
    ])
    expect(found.map((e) => [e.status, e.host, e.start, e.end])).toEqual([
      [521, 'api.example.com', 3000, 3060],
      [522, 'old.example.com', 3000, 3060],
    ])
  })

  test('what the edge refuses and what the origin lacks are two incidents, even at once', () => {
    const found = episodes([
      { status: 403, source: 'edge', share: during(3000, 3060, 0.05) },
      { status: 404, source: 'origin', host: 'api.example.com', rate: during(3000, 3060, 60) },
    ])
    expect(found.map((e) => [e.status, e.host, e.start, e.end])).toEqual([
      [403, null, 3000, 3060],
      [404, 'api.example.com', 3000, 3060],
    ])
  })

  test('classes are never mixed: 504 and the 499 of those who did not wait', () => {
    const found = episodes([
      { status: 504, source: 'origin-failure', share: during(3000, 3040, 0.05) },
      { status: 499, source: 'client', share: during(3000, 3040, 0.05, 0.005) },
    ])
    expect(found.map((e) => e.status).sort()).toEqual([499, 504])
  })

  test('the same code from the edge and from the origin is kept apart', () => {
    const found = episodes([
      { status: 403, source: 'edge', share: () => 0.01 },
      { status: 403, source: 'origin', rate: during(3000, 3040, 30) },
    ])
    expect(found).toMatchObject([{ status: 403, start: 3000, end: 3040 }])
  })
})

test('days of one code name it, though a host began later and others show nothing of their own', () => {
  const MINUTES = 3000
  const node = (
    status: number | null,
    host: string | null,
    from: number,
    to: number,
    seen: number,
    score: number,
  ): Node => ({
    scope: { status, statusClass: '5xx', source: status === null ? null : 'origin-failure', host },
    first: 0,
    counts: Float64Array.from({ length: MINUTES }, (_, i) => (i >= from && i < to ? seen / (to - from) : 0)),
    requests: new Float64Array(MINUTES),
    expected: new Float32Array(MINUTES),
    runs: [
      {
        ...newRun(from, from + 99, score, 0, 10, 0.1, 0),
        end: to,
        seenAtEnd: seen,
        expectedAtEnd: 0.6,
        standing: true,
      },
    ],
  })
  const of = (host: string | null, ...[from, to, seen, score]: [number, number, number, number]) => [
    node(522, host, from, to, seen, score),
    node(null, host, from, to, seen, score),
  ]
  const found = incidents(
    [...of(null, 50, 3000, 675, 26), ...of('www', 45, 3000, 294, 17), ...of('shop', 75, 2400, 118, 9)],
    (host, start, end) => (host === null ? 1 : host === 'www' ? 0.43 : 0.2) * (end - start),
  )
  expect(found.map(({ node: { scope } }) => scope)).toContainEqual(expect.objectContaining({ status: 522, host: null }))
  expect(found.map(({ node: { scope } }) => scope.status)).not.toContain(null)
})

test('days at low traffic are one incident, though a host pauses, joins again, and rises on its own level', () => {
  const MINUTES = 4320
  const run = (from: number, to: number, seen: number, expected: number, score: number, standing: boolean) => ({
    ...newRun(from, from + 60, score, 0, 10, 0.1, 0),
    end: to,
    seenAtEnd: seen,
    allAtEnd: seen,
    expectedAtEnd: expected,
    standing,
  })
  const node = (status: number | null, host: string | null, seen: number, runs: Run[]): Node => ({
    scope: { status, statusClass: '5xx', source: status === null ? null : 'origin-failure', host },
    first: 0,
    counts: Float64Array.from({ length: MINUTES }, (_, i) => (i >= 1400 && i < 4300 ? seen / 2900 : 0)),
    requests: Float64Array.from({ length: MINUTES }, (_, i) => (i >= 1400 && i < 4300 ? seen / 2900 : 0)),
    // from the second day on its own level is what is expected of single minutes
    expected: Float32Array.from({ length: MINUTES }, (_, i) => (i >= 2840 ? seen / 2900 : 0)),
    runs,
  })
  const both = (host: string | null, seen: number, runs: Run[]) => [
    node(502, host, seen, runs),
    node(null, host, seen, runs),
  ]
  const nodes = [
    ...both(null, 428, [run(1400, 4300, 428, 0.6, 20, true)]),
    ...both('shop', 146, [run(1400, 4300, 146, 0.6, 12, true)]),
    ...both('www', 280, [
      run(1407, 1450, 12, 0.1, 5.5, false),
      run(1504, 2900, 166, 0.8, 13, true),
      run(2960, 4280, 102, 89.5, 6.3, false),
    ]),
  ]
  const found = incidents(nodes, (host, start, end) => (host === null ? 1 : 0.5) * (end - start))
  expect(found.map(({ node: { scope }, start, end }) => [scope.status, scope.host, start, end])).toEqual([
    [502, null, 1400, 4300],
  ])
  // of a part of it the figures are that part
  const { observed, expected } = requestsOf(nodes[0], 2960, 4280)
  expect(observed).toBeCloseTo((428 * 1320) / 2900)
  expect(expected).toBeLessThan(1)
})
