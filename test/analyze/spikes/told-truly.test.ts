import { describe, expect, test } from 'vitest'
import { agentIn, partsOf } from '../../../analyze/spikes/sentences/format.js'
import { SENTENCES } from '../../../analyze/spikes/sentences/languages/index.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { blocked, ofOrigin, originFailed, spikesOf, type Fields, type Request } from './logs.js'

const SITE = { minutes: 240, perMinute: 60, hosts: ['www.example.com'] }
const within = ({ minute }: Request, from: number, to: number) => minute >= from && minute < to
const during = (part: number, fields: Fields) => (r: Request) =>
  within(r, 180, 210) && r.random.chance(part) ? fields : null
const first = ({ causes: [cause] }: Spike) => cause
const texts = (spike: Spike) => first(spike).evidence.map(({ text }) => text)

describe('every figure is computed on both sides', () => {
  const servers = (r: Request): Fields => ({ OriginIP: r.random.chance(0.5) ? '203.0.113.3' : '203.0.113.4' })
  test('an origin that always served did not appear with the trouble', async () => {
    const [spike] = await spikesOf({
      ...SITE,
      usual: servers,
      trouble: (r) => during(0.5, ofOrigin(500))(r),
    })
    expect(spike.status).toBe(500)
    expect(spike.changed.filter(({ dimension }) => dimension === 'originIp')).toEqual([])
  })

  test('one of two that fails is named, with what it served before', async () => {
    const [spike] = await spikesOf({
      ...SITE,
      usual: servers,
      trouble: (r) => during(0.5, { ...ofOrigin(500), OriginIP: '203.0.113.4' })(r),
    })
    const change = spike.changed.find(({ dimension }) => dimension === 'originIp')
    expect(change).toMatchObject({ value: '203.0.113.4' })
    expect(change?.baselineShare).toBeGreaterThan(0.3)
    expect(change?.baselineShare).toBeLessThan(0.7)
  })

  test('a field that the export carries only since shortly before says nothing of its past', async () => {
    const [spike] = await spikesOf({
      ...SITE,
      usual: (r) => (r.minute >= 178 ? servers(r) : {}),
      trouble: (r) => during(0.5, ofOrigin(500))(r),
    })
    expect(spike.status).toBe(500)
    expect(spike.changed.filter(({ dimension }) => dimension === 'originIp')).toEqual([])
  })
})

describe('one client against many visitors', () => {
  const scanner = { ClientIP: '192.0.2.66', ClientASN: 64500, ClientRequestUserAgent: 'scan/1.0', ClientCountry: 'nl' }
  const hammering = (fields: Fields) => ({
    ...SITE,
    trouble: () => null,
    besides: (minute: number) => (minute >= 200 && minute < 212 ? Array(20).fill({ ...scanner, ...fields }) : []),
  })

  test.each([
    ['404 of the origin', ofOrigin(404)],
    ['403 of a rule', blocked(403, 'firewallManaged', 'rule-7')],
    ['503 of the origin', ofOrigin(503)],
  ])('is named: %s', async (_, fields) => {
    const [spike] = await spikesOf(hammering(fields))
    expect(first(spike).id).toBe(`${spike.status}/single-client`)
    expect(spike.client).toMatchObject({ address: '192.0.2.66', asn: '64500', userAgent: 'scan/1.0' })
    expect(spike.summary).toContain('192.0.2.66')
    expect(texts(spike)[0]).toMatch(
      /come from one client: 192\.0\.2\.66 \(network AS64500, Netherlands, “scan\/1\.0”\)/,
    )
    expect(first(spike).check.join(' ')).toMatch(/rate limiting rule.*IP Access rule/)
  })

  test('without addresses nobody is sure: the confidence falls, the field is named', async () => {
    const [spike] = await spikesOf({ ...hammering(ofOrigin(404)), without: ['ClientIP'] })
    expect(first(spike).confidence).toBeLessThan(0.75)
    expect(texts(spike).join()).toContain('ClientIP')
  })

  test('one that was served as often before is a victim', async () => {
    const job = (fields: Fields) => (minute: number) =>
      minute % 20 === 0 ? Array(30).fill({ ...scanner, ...(minute >= 200 ? fields : {}) }) : []
    const spikes = await spikesOf({ ...SITE, trouble: () => null, besides: job(ofOrigin(500)) })
    for (const spike of spikes) {
      expect(spike.client).toBeNull()
      expect(first(spike).id).toBe('500/origin-error')
    }
    expect(spikes.length).toBeGreaterThan(0)
  })
})

describe('what the records say', () => {
  test('DDoS mitigation is told as such, whatever the status', async () => {
    for (const status of [403, 429]) {
      const [spike] = await spikesOf({ ...SITE, trouble: during(0.5, blocked(status, 'l7ddos', 'flood-1')) })
      expect([spike.status, first(spike).id]).toEqual([status, `${status}/ddos-protection`])
      expect(texts(spike).join()).toContain('l7ddos')
    }
  })

  test('an edge 403 that nothing explains is no certificate', async () => {
    const unexplained = { EdgeResponseStatus: 403, OriginResponseStatus: 0, CacheCacheStatus: 'unknown' }
    const pathing = { EdgePathingOp: 'wl', EdgePathingSrc: 'macro', EdgePathingStatus: 'nr' }
    const [spike] = await spikesOf({ ...SITE, usual: () => pathing, trouble: during(0.5, unexplained) })
    expect(spike.status).toBe(403)
    expect(first(spike).confidence).toBeLessThan(0.4)
    for (const { share, baselineShare } of first(spike).evidence)
      expect(share > baselineShare || share === 0).toBe(true)
  })

  test('a gateway time-out that was over at once contradicts itself, and that is said', async () => {
    const [spike] = await spikesOf({ ...SITE, trouble: during(0.5, originFailed(504, 6)) })
    const cause = spike.causes.find(({ id }) => id === '504/edge-gateway-timeout')
    expect(cause?.confidence).toBeLessThan(0.4)
    expect(cause?.evidence.map(({ text }) => text).join()).toMatch(/Against it: .*8 ms/)
    expect(
      spike.causes
        .flatMap(({ evidence }) => evidence)
        .map(({ text }) => text)
        .join(),
    ).not.toMatch(/Visitors waited/)
  })

  test('uploads that all waited half a minute are the write time-out, not the catch-all', async () => {
    const upload = { ...originFailed(524, 30_000), ClientRequestMethod: 'POST' }
    const [spike] = await spikesOf({ ...SITE, trouble: during(0.5, upload) })
    expect(first(spike).id).toBe('524/write-timeout')
    expect(first(spike).confidence).toBeGreaterThan(0.9)
  })

  test('more of what there always was is said to be just that', async () => {
    const rule = blocked(403, 'firewallManaged', 'rule-7')
    const [spike] = await spikesOf({
      ...SITE,
      usual: (r) => (r.random.chance(0.03) ? rule : {}),
      trouble: during(0.4, rule),
    })
    expect(first(spike).id).toBe('403/waf-managed-rule')
    expect(texts(spike)[0]).toMatch(/SecuritySources = firewallManaged.*as before: there is more of the same/)
  })

  test.each([419, 444, 529, 561, 598])('%i is not documented, and who wrote it is said', async (status) => {
    const [spike] = await spikesOf({ ...SITE, trouble: during(0.4, ofOrigin(status)) })
    expect(first(spike)).toMatchObject({ id: `${status}/origin-own-status` })
    expect(first(spike).title).toMatch(/not documented/)
    expect(spike.summary).toContain('not documented')
  })
})

describe('figures agree', () => {
  test('the headline and the list, and all causes together no more than 1', async () => {
    const spikes = await spikesOf({
      ...SITE,
      trouble: (r) =>
        during(0.3, blocked(403, 'firewallManaged', 'a'))(r) ?? during(0.3, blocked(403, 'firewallCustom', 'b'))(r),
    })
    for (const spike of spikes) {
      const told = /\((\d+) %\)\./.exec(spike.summary)?.[1] ?? /\((\d+)%\)\./.exec(spike.summary)?.[1]
      expect(Number(told) / 100).toBeCloseTo(first(spike).confidence, 9)
      expect(spike.causes.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1 + 1e-9)
    }
    expect(spikes).toHaveLength(1)
  })

  test('parts of a whole never make 101 %', () => {
    expect(partsOf([0.335, 0.335, 0.33])).toEqual([0.34, 0.33, 0.33])
    expect(partsOf([0.505, 0.495])).toEqual([0.51, 0.49])
    for (let n = 1; n < 40; n++) {
      const shares = Array.from({ length: n }, (_, i) => (i + 1) / ((n * (n + 1)) / 2))
      expect(Math.round(partsOf(shares).reduce((a, b) => a + b, 0) * 100)).toBe(100)
    }
  })
})

describe('agents keep their telling part', () => {
  test.each([
    [
      'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36 ExampleShop/8.4.1',
      /Android 15.*Chrome\/142.*ExampleShop\/8\.4\.1/,
    ],
    [
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
      /GPTBot\/1\.2/,
    ],
    ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', /AhrefsBot\/7\.0/],
    [`${'x'.repeat(100)} tail/1.0`, /tail\/1\.0/],
    ['curl/8.11.0', /^curl\/8\.11\.0$/],
  ])('%s', (agent, telling) => {
    expect(agentIn(agent)).toMatch(telling)
    expect(agentIn(agent).length).toBeLessThanOrEqual(60)
  })
})

test.each([
  [0.73, 'were below their usual level', 'recul des 502', '低于平时'],
  [1, 'were at their usual level', 'les 502 étaient à leur niveau habituel', '与平时持平'],
  [1.03, 'were slightly above their usual level', 'légère hausse des 502', '略高于平时'],
  [1.1, 'ran at 1.1× their usual level', 'hausse des 502', '升至平时的 1.1 倍'],
  [8, 'ran at 8× their usual level', 'pic de 502', '突增至平时的 8 倍'],
])('a rise to %d times the usual is called what it is', (times, ...words) => {
  const nowhere = { address: null, country: null, asn: null, colo: null, userAgent: null, client: null }
  const rise = {
    start: Date.UTC(2026, 2, 2, 10),
    end: Date.UTC(2026, 2, 2, 10, 30),
    ongoing: false,
    status: 502,
    classes: ['5xx'],
    source: null,
    codes: [],
    observed: 1_000 * times,
    expected: 1_000,
    score: 9,
    place: nowhere,
    cause: null,
    ofAll: null,
  }
  const said = (['en', 'fr', 'zh'] as const).map((language) => SENTENCES[language].summary(rise))
  said.forEach((sentence, i) => expect(sentence).toContain(words[i]))
  // a leap is told where there was one
  expect(said.filter((sentence) => /突增|pic de/.test(sentence)).length).toBe(times > 2 ? 2 : 0)
})
