/** Latency as trouble: places whose answers become slow while their statuses stay what they were. */
import { describe, expect, test } from 'vitest'
import { stretchesOf } from '../../../analyze/spikes/slowdowns/stretches.js'
import { unitOf } from '../../../analyze/spikes/slower.js'
import { blocked, gaveUp, minuteOf, originFailed, spikesOf, type Fields, type Logs, type Request } from './logs.js'

const SITE: Omit<Logs, 'trouble'> = { minutes: 360, perMinute: 45, hosts: ['www.example.com', 'shop.example.com'] }
const slow = (ms: number): Fields => ({ EdgeTimeToFirstByteMs: ms, OriginResponseDurationMs: ms - 3 })
const within = (minute: number, from: number, to: number) => minute >= from && minute < to
const between = ({ minute }: Request, from: number, to: number) => minute >= from && minute < to

describe('what becomes slow is a spike', () => {
  test.each([
    ['a host', { host: 'shop.example.com' }, (r: Request) => r.host === 'shop.example.com', 'latency/slow-origin'],
    ['a data centre', { colo: 'FRA' }, (r: Request) => r.country === 'de', 'latency/slow-edge-location'],
    ['a path', { path: '/search' }, (r: Request) => r.path === '/search', 'latency/slow-path'],
    ['everything', {}, () => true, 'latency/slow-origin'],
  ])('%s', async (_, scope, hits, cause) => {
    const found = await spikesOf({
      ...SITE,
      trouble: (r) => (between(r, 240, 285) && hits(r) ? slow(r.random.whole(1_800, 3_600)) : null),
    })
    expect(found).toMatchObject([{ kind: 'slow', status: null, scope, causes: [{ id: cause }] }])
    const [spike] = found
    expect(Math.abs(minuteOf(spike.start) - 240)).toBeLessThanOrEqual(5)
    expect(Math.abs(minuteOf(spike.end) - 285)).toBeLessThanOrEqual(5)
    expect(minuteOf(spike.detectedAt)).toBeLessThanOrEqual(265)
    expect(spike.slow!.nowMs).toBeGreaterThan(1_500)
    expect(spike.slow!.beforeMs).toBeLessThan(200)
    // a path of six is not what most visitors ask for
    expect(spike.severity).toBe('path' in scope ? 'ticket' : 'page')
    expect(spike.severityReason).toMatch(/^\d+ clients wait .* s instead of \d+ ms, \d+% of all requests, for 4\d min$/)
  })

  test('of a host of which one path became slow, the answers on that path are counted', async () => {
    const [spike, ...others] = await spikesOf({
      ...SITE,
      // the other host has no search
      usual: (r) => (r.path === '/search' && r.host === 'www.example.com' ? { ClientRequestPath: '/' } : {}),
      trouble: (r) =>
        between(r, 240, 285) && r.path === '/search' && r.host === 'shop.example.com'
          ? slow(r.random.whole(1_800, 3_600))
          : null,
    })
    expect(others).toEqual([])
    expect(spike).toMatchObject({ kind: 'slow', scope: { path: '/search' } })
    // 45 minutes of a twelfth of 45 requests a minute
    const due = (45 * 45) / 12
    expect(spike.observed).toBeGreaterThan(0.7 * due)
    expect(spike.observed).toBeLessThan(1.3 * due)
    expect(spike.clients).toBeLessThanOrEqual(spike.observed)
  })

  test('a quarter slower, a crowd, a block: nothing', async () => {
    const found = await spikesOf({
      ...SITE,
      perMinute: 40,
      trouble: (r) =>
        between(r, 240, 285)
          ? r.path === '/login'
            ? blocked(403, 'firewallManaged', 'r')
            : slow(r.random.whole(60, 110))
          : null,
    })
    expect(found.filter(({ kind }) => kind === 'slow')).toEqual([])
  })

  test('a nightly job that asks for slow things makes nobody slow', async () => {
    const job = { ClientIP: '203.0.113.9', ClientRequestUserAgent: 'reindex/2.3', ClientRequestPath: '/search' }
    const many = { ClientRequestPath: '/batch/reindex' }
    const found = await spikesOf({
      ...SITE,
      perMinute: 6,
      trouble: () => null,
      besides: (minute, random) =>
        within(minute, 180, 210) || within(minute, 260, 290)
          ? [0, 1, 2].map(() => ({ ...(minute < 220 ? job : many), ...slow(random.whole(900, 2_000)) }))
          : [],
    })
    expect(found).toEqual([])
  })

  test('time-outs tell their slowness themselves', async () => {
    const found = await spikesOf({
      ...SITE,
      trouble: (r) => {
        if (!between(r, 240, 285)) return null
        return r.random.chance(0.3) ? originFailed(524, 120_000) : slow(r.random.whole(4_000, 9_000))
      },
    })
    expect(found.map(({ status, causes }) => [status, causes[0].id])).toEqual([[524, '524/origin-timeout']])
    expect(found[0].causes[0].evidence.map(({ text }) => text).join()).toMatch(/Other answers of the origin became/)
  })
})

test('whoever left and whoever waited to the end are one incident, and two hosts are two', async () => {
  const waiting = (r: Request) =>
    r.random.chance(0.35)
      ? originFailed(524, 120_000)
      : r.random.chance(0.5)
        ? gaveUp(r.random.whole(8_000, 20_000))
        : slow(r.random.whole(4_000, 9_000))
  const found = await spikesOf({
    ...SITE,
    trouble: (r) => (between(r, 240, 285) && r.host === 'shop.example.com' ? waiting(r) : null),
  })
  expect(found.map(({ status, scope, severity }) => [status, scope.host, severity])).toEqual([
    [524, 'shop.example.com', 'page'],
  ])
  const [also] = found[0].causes[0].evidence.filter(({ text }) => text.startsWith('Of the same slowness'))
  expect(also.text).toMatch(/^Of the same slowness \d{2,} requests ended with 499 \(\d+ expected\)$/)

  const apart = await spikesOf({
    ...SITE,
    trouble: (r) =>
      !between(r, 240, 285)
        ? null
        : r.host === 'shop.example.com'
          ? r.random.chance(0.4)
            ? originFailed(524, 120_000)
            : null
          : r.random.chance(0.4)
            ? gaveUp(r.random.whole(8_000, 20_000))
            : slow(r.random.whole(4_000, 9_000)),
  })
  expect(apart.map(({ status, scope }) => [status, scope.host]).sort()).toEqual([
    [499, 'www.example.com'],
    [524, 'shop.example.com'],
  ])
})

describe('stretches of slow cells', () => {
  const cells = (values: number[], answers = 30) => ({
    answers: new Float64Array(values.length).fill(answers),
    percentiles: [Float64Array.from(values), new Float64Array(values.length).fill(Number.NaN)],
  })
  const usual = [100, 110, 95, 105, 100, 98, 102, 104]

  test('are known with the second bucket, or with the first of many answers', () => {
    const values = [...usual, 900, 950, 100, 100]
    expect(stretchesOf(cells(values), 0)).toMatchObject([{ first: 8, last: 10, knownAt: 9 }])
    expect(stretchesOf(cells(values, 300), 0)).toMatchObject([{ first: 8, last: 10, knownAt: 8 }])
  })

  test('one slow bucket of few answers is none, nor is what always varies', () => {
    expect(stretchesOf(cells([...usual, 900, 100, 100, 100]), 0)).toEqual([])
    expect(stretchesOf(cells([100, 400, 90, 600, 120, 500, 80, 450, 700, 650, 100]), 0)).toEqual([])
  })

  test('in whole seconds one second more is noise', () => {
    const [all, seconds] = [[0, 0, 1000, 0, 0, 0, 0, 1000], unitOf([0, 0, 1000, 0, 2000])]
    expect([seconds, unitOf([0, 0, 40, 1000]), unitOf([0, 0])]).toEqual([1000, 1, 1])
    expect(stretchesOf(cells([...all, 1000, 1000, 1000], 300), 0, seconds)).toEqual([])
    expect(stretchesOf(cells([...all, 9000, 8000, 9000], 300), 0, seconds)).toMatchObject([{ first: 8, last: 11 }])
  })

  test('what lies before the logs is no past', () => {
    expect(stretchesOf(cells([...usual, 900, 950, 900]), 8)).toEqual([])
  })
})
