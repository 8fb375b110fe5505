import { describe, expect, test } from 'vitest'
import { lonesOf, patternsOf, toldOf, type TimedClump } from '../../../analyze/spikes/people/lone.js'
import { PEOPLE_SENTENCES } from '../../../analyze/spikes/people/words.js'
import type { Language } from '../../../schema/words/languages.js'
import { recurrenceOf } from '../../../analyze/spikes/people/recurrence.js'
import { isClearerIn, isPartedBy } from '../../../analyze/spikes/slices-and-rises.js'
import { judge, type Suffering } from '../../../analyze/spikes/people/severity.js'
import { blocked, minuteOf, ofOrigin, originFailed, spikesOf, type Fields, type Request } from './logs.js'

const HOSTS = ['www.example.com', 'shop.example.com']
const within = ({ minute }: { minute: number }, from: number, to: number) => minute >= from && minute < to
const times = (n: number, fields: Fields): Fields[] => Array.from({ length: n }, () => fields)
const SITE = { minutes: 420, perMinute: 40, hosts: HOSTS }

describe('what a share is of', () => {
  const told: Suffering = {
    kind: 'many',
    clients: 57,
    extra: 60,
    share: 0.05,
    minutes: 33,
    ongoing: false,
    statusClass: '5xx',
    source: 'origin',
  }
  const reason = (lang: Language, place: Suffering['place'], more: Partial<Suffering> = {}) =>
    PEOPLE_SENTENCES[lang].reason({ ...judge({ ...told, ...more }), place })
  const host = { dimension: 'host', value: 'www.example.com' }

  test('is said: of all requests, or of those of a place', () => {
    expect(reason('en', [])).toBe('57 clients, 5% of all requests, for 33 min')
    expect(reason('en', [host])).toBe('57 clients, 5% of the requests to www.example.com, for 33 min')
    expect(reason('en', [host, { dimension: 'path', value: '/cart' }, { dimension: 'country', value: 'FR' }])).toBe(
      '57 clients, 5% of the requests to www.example.com/cart from France (FR), for 33 min',
    )
    expect(reason('fr', [])).toContain('de toutes les requêtes')
    expect(reason('fr', [host, { dimension: 'asn', value: '3215' }])).toContain(
      'des requêtes vers www.example.com, du réseau AS3215',
    )
    expect(reason('zh', [])).toContain('占全部请求的')
    expect(reason('zh', [host, { dimension: 'colo', value: 'CDG' }])).toContain(
      '占发往 www.example.com、经由 CDG 的请求的',
    )
  })

  test('few who are everybody wake somebody, also where they only wait', () => {
    const slow = { now: 11_000, before: 53 }
    const severity = (share: number) => judge({ ...told, kind: 'slow', clients: 6, share, slow }).severity
    expect([severity(0.99), severity(0.3)]).toEqual(['page', 'ticket'])
  })
})

describe('who suffers', () => {
  test('one client that tries again and again is nobody’s trouble', async () => {
    const loop = { ...ofOrigin(503), ClientIP: '203.0.113.9', ClientRequestMethod: 'POST' }
    const found = await spikesOf({
      ...SITE,
      trouble: () => null,
      besides: (minute) => (minute === 200 || minute === 310 ? times(20, loop) : []),
    })
    expect(found).toEqual([])
  })

  test('an attack by one address is one incident that names it and wakes nobody, whatever its codes', async () => {
    const client = { ClientIP: '203.0.113.9', ClientRequestUserAgent: 'hydra/9.5', ClientASN: 64_501 }
    const found = await spikesOf({
      ...SITE,
      trouble: () => null,
      besides: (minute) =>
        within({ minute }, 250, 280)
          ? [
              ...times(60, { ...ofOrigin(401), ...client }),
              ...times(20, { ...blocked(403, 'firewallManaged', 'rule-7'), ...client }),
              ...times(5, { ...ofOrigin(500), ...client }),
            ]
          : [],
    })
    expect(found.map(({ summary }) => summary)).toEqual([expect.stringContaining('203.0.113.9')])
    const [attack] = found
    expect(attack).toMatchObject({
      kind: 'client',
      client: { address: '203.0.113.9', asn: '64501', userAgent: 'hydra/9.5' },
      observed: 30 * 85,
      clients: 1,
    })
    expect(attack.severity).not.toBe('page')
    expect(attack.causes[0].id).toBe('401/single-client')
    expect([minuteOf(attack.start), minuteOf(attack.end)]).toEqual([250, 280])
    expect(attack.summary).toContain('203.0.113.9')
  })

  test('one of few clients that is refused what it was given before is told, below a page; one of many is not', async () => {
    const partners = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5']
    const refused = (r: { minute: number }, address: string): Fields =>
      address === partners[1] && within(r, 240, 360) ? ofOrigin(401) : {}
    const api = await spikesOf({
      ...SITE,
      hosts: ['api.example.com'],
      perMinute: 12,
      usual: (r) => {
        const ClientIP = r.random.pick(partners)
        return { ClientIP, ...ofOrigin(200), ...refused(r, ClientIP) }
      },
      trouble: () => null,
    })
    expect(api).toMatchObject([{ status: 401, severity: 'ticket', clients: 1 }])
    expect([minuteOf(api[0].start), minuteOf(api[0].end)]).toEqual([expect.closeTo(240, -1), expect.closeTo(360, -1)])
    expect(api[0].severityReason).toMatch(
      /^One client that was served before \(203\.0\.113\.2\): (?:100|9\d)% of its requests fail, for (?:1[12]\d min|2 h)$/,
    )
    const site = await spikesOf({
      ...SITE,
      perMinute: 60,
      trouble: () => null,
      besides: (minute, random) =>
        random.chance(0.9) ? [{ ClientIP: partners[1], ...refused({ minute }, partners[1]) }] : [],
    })
    expect(site).toEqual([])
    // a crawler at night of which half always fails is none whose key ran out, nor is one that tries what was never there
    for (const part of [0.55, 0]) {
      const night = await spikesOf({
        ...SITE,
        perMinute: 1,
        trouble: () => null,
        besides: (minute, random) => {
          const gone = within({ minute }, 240, 360) ? random.chance(0.7) : random.chance(part)
          const path = gone ? `/old/${random.whole(1, 9e3)}` : '/'
          return random.chance(0.5)
            ? [{ ...ofOrigin(gone ? 404 : 200), ClientIP: '66.249.66.1', ClientRequestPath: path }]
            : []
        },
      })
      expect(night.map(({ client }) => client)).toEqual([])
    }
  })

  test('visitors are found behind a scan of the same code, and the scan is no part of what is told', async () => {
    const scan = { ...ofOrigin(404), ClientIP: '203.0.113.9', ClientRequestUserAgent: 'zgrab/0.x' }
    const trouble = (r: Request) => (within(r, 300, 308) && r.random.chance(0.4) ? ofOrigin(404) : null)
    const found = await spikesOf({
      ...SITE,
      trouble,
      besides: (minute, random) =>
        within({ minute }, 240, 380) ? times(30, { ...scan, ClientRequestPath: `/${random.whole(1, 9e6)}.php` }) : [],
    })
    const visitors = found.find(({ kind }) => kind === 'rise')
    expect(visitors).toMatchObject({ status: 404 })
    expect(Math.abs(minuteOf(visitors!.start) - 300)).toBeLessThanOrEqual(5)
    expect(Math.abs(minuteOf(visitors!.end) - 308)).toBeLessThanOrEqual(5)
    // some 130 visitors; the scan alone brought 240 in these minutes
    expect(visitors!.observed).toBeGreaterThan(90)
    expect(visitors!.observed).toBeLessThan(200)
    expect(visitors!.scope.userAgent).toBeUndefined()
  })

  test('where the export has no addresses every request may be another’s', async () => {
    const loop = { ...ofOrigin(503), ClientIP: '203.0.113.9' }
    const found = await spikesOf({
      ...SITE,
      without: ['ClientIP'],
      trouble: () => null,
      besides: (minute) => (minute === 200 || minute === 201 ? times(30, loop) : []),
    })
    expect(found).toMatchObject([{ status: 503, clients: null, client: null }])
  })

  test('a check that always got its answer and fails for hours is known after some, counted once, and wakes nobody', async () => {
    const check = { ClientIP: '203.0.113.9', ClientRequestUserAgent: 'UptimeCheck/2.0', ClientRequestPath: '/status' }
    const found = await spikesOf({
      ...SITE,
      minutes: 800,
      trouble: () => null,
      // over a boundary of the pieces that logs are read in
      besides: (minute) => [{ ...check, ...(within({ minute }, 300, 480) ? ofOrigin(503) : {}) }],
    })
    const ofCheck = found.filter(({ status }) => status === 503)
    expect(ofCheck).toMatchObject([{ status: 503, observed: 180, clients: 1, severity: 'ticket', ongoing: false }])
    expect(minuteOf(ofCheck[0].detectedAt)).toBe(325)
    // the few 500 of others in these hours are told beside it; they wake nobody either
    expect(found.filter(({ severity }) => severity === 'page')).toEqual([])
  })

  test('one of many requests that fails for one client now and then is no trouble of its own', async () => {
    const busy = { ClientIP: '203.0.113.9', ClientRequestUserAgent: 'sync/2.0' }
    const found = await spikesOf({
      ...SITE,
      perMinute: 20,
      trouble: () => null,
      besides: (_, random) => times(12, busy).map((one) => (random.chance(0.03) ? { ...one, ...ofOrigin(500) } : one)),
    })
    expect(found).toEqual([])
  })

  test('a tool that scans from many addresses is of strangers: told, and no page', async () => {
    const found = await spikesOf({
      ...SITE,
      trouble: () => null,
      besides: (minute, random) =>
        within({ minute }, 300, 320)
          ? times(12, { ...ofOrigin(404), ClientRequestUserAgent: 'zgrab/0.x' }).map((one) => ({
              ...one,
              ClientIP: `192.0.2.${random.whole(1, 40)}`,
              ClientASN: random.pick([64_501, 64_502, 64_503]),
              ClientRequestPath: random.pick(['/.env', '/wp-login.php', '/.git/config']),
            }))
          : [],
    })
    expect(found).toMatchObject([{ status: 404, severity: 'note', scope: { userAgent: 'zgrab/0.x' } }])
    expect(found[0].causes[0].evidence[0].text).toMatch(
      /^OriginResponseStatus = 404, as before: there is more of the same$/,
    )
    expect(found[0].severityReason).toMatch(/hardly asked for anything before.*usual visitors are not affected/)
  })

  test('a picture that other sites show is no page where it is gone; a page that lost its picture is', async () => {
    const gone = { ...ofOrigin(404), ClientRequestPath: '/img/logo.png' }
    const among = (addresses: (random: Request['random']) => string) =>
      spikesOf({
        ...SITE,
        trouble: () => null,
        besides: (minute, random) =>
          within({ minute }, 300, 340) ? times(20, gone).map((one) => ({ ...one, ClientIP: addresses(random) })) : [],
      })
    const linked = await among((random) => `203.0.${random.whole(1, 200)}.${random.whole(1, 250)}`)
    expect(linked).toMatchObject([{ status: 404, severity: 'ticket', scope: { path: '/img/logo.png' } }])
    expect(linked[0].severityReason).toMatch(/asked for this picture and nothing else/)
    // the site's own visitors
    const lost = await among((random) => `198.51.100.${random.whole(1, 250)}`)
    expect(lost).toMatchObject([{ status: 404, severity: 'page', scope: { path: '/img/logo.png' } }])
  })

  test('an outage of many pages, and says why', async () => {
    const [outage, ...others] = await spikesOf({
      ...SITE,
      trouble: (r) => (within(r, 200, 230) && r.random.chance(0.8) ? originFailed(522, 19_000) : null),
    })
    expect(others).toEqual([])
    expect(outage).toMatchObject({ kind: 'rise', severity: 'page', client: null, pattern: null, recurrence: null })
    expect(outage.severityReason).toMatch(/\d+ clients, [78]\d% of all requests, for 30 min/)
  })
})

describe('again', () => {
  test('a job that fails each hour is told once, with its clock', async () => {
    const job = { ...ofOrigin(500), ClientIP: '203.0.113.9', ClientRequestPath: '/internal/export' }
    const found = await spikesOf({
      ...SITE,
      trouble: () => null,
      besides: (minute) => (minute % 60 === 5 ? times(15, job) : []),
    })
    expect(found).toMatchObject([
      {
        kind: 'pattern',
        severity: 'note',
        client: { address: '203.0.113.9' },
        pattern: {
          everyMs: 3_600_000,
          times: 7,
          requestsEach: 15,
          text: 'Every hour at :05, 15 requests, 7 times so far',
        },
      },
    ])
  })

  test('what many suffer again is told again, as what it is', async () => {
    const trouble = (r: Request) => {
      const again = within(r, 100, 115) || within(r, 220, 235) || within(r, 340, 355)
      return again && r.random.chance(0.7) ? ofOrigin(502) : null
    }
    const found = await spikesOf({ ...SITE, trouble })
    expect(found.map(({ recurrence }) => recurrence?.times ?? 1)).toEqual([1, 2, 3])
    expect(found[2].recurrence?.text).toBe('third time this week, last 13 Oct 2026, 09:40 UTC')
  })
})

describe('where it drowns', () => {
  test('one path of which everything fails, on a site with many of that code', async () => {
    const found = await spikesOf({
      ...SITE,
      minutes: 600,
      trouble: (r) => {
        if (r.path === '/cart' && within(r, 400, 520)) return ofOrigin(404)
        return r.random.chance(0.12) ? ofOrigin(404) : null
      },
    })
    const drowned = found.find(({ scope }) => scope.path === '/cart')
    expect(drowned).toMatchObject({ status: 404 })
    expect(Math.abs(minuteOf(drowned!.start) - 400)).toBeLessThanOrEqual(5)
  })

  test('a country that is blocked, where some of it always is but for the first hour', async () => {
    const poland = { ClientCountry: 'pl', ClientASN: 5617, EdgeColoCode: 'WAW', ...ofOrigin(200) }
    const found = await spikesOf({
      ...SITE,
      minutes: 900,
      trouble: (r) => {
        if (!r.random.chance(0.03)) return r.random.chance(0.08) ? blocked(403, 'firewallManaged', 'rule-old') : null
        const isBlocked = within(r, 700, 880) || (r.minute > 75 && r.random.chance(0.15))
        return { ...poland, ...(isBlocked ? blocked(403, 'country', '') : {}) }
      },
    })
    expect(found.map(({ status, scope }) => [status, scope.country])).toEqual([[403, 'PL']])
    // some who failed shortly before may belong to it; whoever is served says when it was over
    expect(Math.abs(minuteOf(found[0].start) - 700)).toBeLessThanOrEqual(15)
    expect(Math.abs(minuteOf(found[0].end) - 880)).toBeLessThanOrEqual(5)
  })

  test('two hosts with one code, ten minutes apart, are two', async () => {
    const found = await spikesOf({
      ...SITE,
      hosts: [...HOSTS, 'api.example.com'],
      trouble: (r) => {
        const fails =
          (r.host === HOSTS[1] && within(r, 200, 240)) || (r.host === 'api.example.com' && within(r, 210, 250))
        return fails && r.random.chance(0.7) ? originFailed(524, 100_000) : null
      },
    })
    expect(found.map(({ scope, status }) => [status, scope.host]).sort()).toEqual([
      [524, 'api.example.com'],
      [524, HOSTS[1]],
    ])
  })
})

test('logs of seconds that are all incident: what stands out is told', async () => {
  const found = await spikesOf({
    minutes: 12,
    perMinute: 60,
    hosts: HOSTS,
    trouble: (r) => (r.random.chance(0.36) ? ofOrigin(404) : null),
  })
  expect(found).toMatchObject([{ status: 404 }])
  expect(found[0].summary).toMatch(/were 3\d% of the requests.*the logs hold nothing to compare with/)
  expect(found[0].severityReason).toMatch(/3\d% of all requests/)
  expect(found[0].causes[0].evidence[0].text).not.toContain('before')
})

const clump = (client: number, minute: number, requests: number, code = '500 origin'): TimedClump => ({
  client,
  statusClass: code.startsWith('5') ? '5xx' : '4xx',
  start: minute * 60_000,
  end: (minute + 2) * 60_000,
  knownAt: null,
  someAt: null,
  requests,
  codes: new Map([[code, requests]]),
  hosts: new Map([['www.example.com', requests]]),
})

describe('clumps', () => {
  test('of one client and time are one, whatever their class', () => {
    const lones = lonesOf([clump(1, 10, 300), clump(1, 18, 900, '404 origin'), clump(2, 10, 40), clump(1, 90, 30)])
    expect(lones.map(({ client, requests, statusClass }) => [client, requests, statusClass])).toEqual([
      [1, 1200, '4xx'],
      [2, 40, '5xx'],
      [1, 30, '5xx'],
    ])
  })

  test('a site that has such scans each day is used to them', () => {
    const daily = Array.from({ length: 6 }, (_, day) => clump(day + 1, day * 1440 + day * 37, 800, '404 origin'))
    expect(toldOf(lonesOf(daily), () => 10_000)).toHaveLength(3)
    expect(toldOf(lonesOf([...daily, clump(9, 6 * 1440, 40_000, '404 origin')]), () => 10_000)).toHaveLength(4)
  })

  test('a job that fails on three machines at the same times is one pattern', () => {
    const each = (client: number, requests: number) =>
      [0, 1, 2, 3].map((day) => clump(client, day * 1440 + 124 + (client % 2), requests))
    const jobs = patternsOf(lonesOf([...each(1, 40), ...each(2, 90), ...each(3, 15)]))
    expect(jobs).toMatchObject([{ clients: [2, 1, 3], times: 4, requestsEach: 145, requests: 580 }])
  })

  test('what comes at random is no pattern, what skips a time still is', () => {
    const random = [3, 50, 161, 190, 411, 480, 700].map((minute) => clump(1, minute, 15))
    expect(patternsOf(lonesOf(random))).toEqual([])
    const hourly = [5, 65, 125, 245, 305, 366, 424].map((minute) => clump(1, minute, 15))
    expect(patternsOf(lonesOf(hourly))).toMatchObject([{ periodMs: 3_600_000, times: 7, requestsEach: 15 }])
  })
})

describe('severity', () => {
  const many: Suffering = {
    kind: 'many',
    clients: 200,
    extra: 400,
    share: 0.4,
    minutes: 20,
    ongoing: true,
    statusClass: '5xx',
    source: 'origin',
  }
  const severity = (changed: Partial<Suffering>) => judge({ ...many, ...changed }).severity

  test('grows with who suffers, never with how often one client asks', () => {
    expect(severity({})).toBe('page')
    expect(severity({ kind: 'client', clients: 1, extra: 1e6, share: 0.99 })).not.toBe('page')
    expect(severity({ kind: 'pattern' })).toBe('note')
    expect(severity({ clients: 8, share: 0.01 })).toBe('ticket')
    expect(severity({ clients: 4, share: 0.95 })).toBe('page')
    // a restart that is over
    expect(severity({ clients: 8, share: 0.95, minutes: 2 })).toBe('page')
    expect(severity({ clients: 8, share: 0.95, minutes: 2, ongoing: false })).toBe('ticket')
    expect(severity({ clients: 8, share: 0.95, minutes: 20, ongoing: false })).toBe('page')
    expect(severity({ statusClass: '4xx', share: 0.05 })).toBe('ticket')
  })
})

test('a week is what recurrence looks back on', () => {
  const DAY = 86_400_000
  const at = (day: number) => ({
    start: day * DAY,
    statusClass: '5xx' as const,
    status: 502,
    source: 'origin' as const,
    host: null,
  })
  expect(recurrenceOf(at(9), [at(1), at(9), { ...at(8), status: 503 }])).toBeNull()
  expect(recurrenceOf(at(9), [at(1), at(3), at(8), at(9)])).toEqual({ times: 3, last: 8 * DAY })
})

test('a scan on one host makes no two troubles of a rule that blocks on all', () => {
  const minutes = (from: number, to: number) => ({ start: from * 60_000, end: to * 60_000, detectedAt: to * 60_000 })
  const code = {
    statusClass: '4xx' as const,
    status: 403,
    source: 'edge' as const,
    host: null,
    ongoing: false,
    score: 9,
  }
  const rise = { ...code, ...minutes(34, 42), observed: 76, expected: 1, scope: {}, ofMany: true }
  const on = (value: string) => ({ slice: { dimension: 'host' as const, value } })
  const own = { ...code, ...minutes(34, 42), ...on(HOSTS[0]), observed: 22, expected: 0 }
  const scan = { ...code, ...minutes(12, 109), ...on(HOSTS[1]), status: null, observed: 975, expected: 34 }
  expect(isPartedBy(rise, [own, scan])).toBe(false)
  const longer = { ...rise, ...minutes(34, 50) }
  expect(isPartedBy(longer, [own, { ...own, ...minutes(42, 50), ...on(HOSTS[1]), observed: 54 }])).toBe(true)
  // what took a quarter of an hour to be known on a host with few requests has no exact start
  const both = { ...rise, ...minutes(54, 86) }
  const late = { ...own, ...minutes(60, 86), ...on(HOSTS[1]), observed: 30 }
  const early = { ...own, ...minutes(54, 86), observed: 40, detectedAt: both.start + 2 * 60_000 }
  expect(isPartedBy(both, [early, { ...late, detectedAt: late.start + 60_000 }])).toBe(true)
  const slow = { ...late, detectedAt: late.start + 9 * 60_000 }
  expect(isPartedBy(both, [early, slow])).toBe(false)
  // but two rules are two causes
  const byRule = (value: string) => ({ slice: { dimension: 'securityRuleId' as const, value } })
  expect(
    isPartedBy(both, [
      { ...early, ...byRule('one') },
      { ...slow, ...byRule('two') },
    ]),
  ).toBe(true)
})

test('a rise amid noise is told as the one code of the one place that most of it is', () => {
  const minutes = { start: 24 * 60_000, end: 217 * 60_000, detectedAt: 31 * 60_000 }
  const of4xx = { statusClass: '4xx' as const, source: null, host: null, ongoing: false, score: 9, ...minutes }
  const rise = { ...of4xx, status: null, observed: 1_723, expected: 889, scope: { path: '/account' }, ofMany: true }
  const path = {
    ...of4xx,
    status: 404,
    source: 'origin' as const,
    observed: 730,
    expected: 51,
    slice: { dimension: 'path' as const, value: '/account' },
  }
  expect(isClearerIn([path], rise)).toBe(true)
  expect(isClearerIn([{ ...path, observed: 500 }], rise)).toBe(false)
  expect(isClearerIn([{ ...path, status: null }], rise)).toBe(false)
  expect(isClearerIn([path], { ...rise, scope: { country: 'FR' } })).toBe(false)
  // of one code, too, where there is noise, but not where there is next to none
  expect(isClearerIn([path], { ...rise, status: 404, observed: 1_100, expected: 236 })).toBe(true)
  expect(isClearerIn([path], { ...rise, status: 404, observed: 730, expected: 60 })).toBe(false)
})

test('a rule that blocks some visitors of a path is found beside an outage of everybody, and named with the path', async () => {
  const refused = (r: Request) =>
    within(r, 300, 330) && r.path === '/login' && r.host === HOSTS[1] && r.random.chance(0.2)
  const found = await spikesOf({
    ...SITE,
    trouble: (r) =>
      within(r, 150, 156)
        ? originFailed(521, 20)
        : refused(r)
          ? blocked(403, 'firewallManaged', 'rule-new')
          : r.random.chance(0.03)
            ? blocked(403, 'firewallManaged', 'rule-old')
            : null,
  })
  expect(found.map(({ status }) => status).sort()).toEqual([403, 521])
  const rule = found.find(({ status }) => status === 403)
  expect(rule?.scope).toEqual({ path: '/login', host: HOSTS[1], securityRuleId: 'rule-new' })
})
