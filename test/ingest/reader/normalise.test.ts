import { describe, expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS, normalise, type ReadSettings } from '../../../ingest/reader/normalise.js'
import { parseLine as parse } from '../../../ingest/reader/line.js'
import { namesOf } from '../../../ingest/reader/names.js'

const parseLine = (text: string) => parse(text, namesOf({}))

const BASE = { EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: '7a1f7ad4df2f870a' }

function record(line: object, settings: Partial<ReadSettings> = {}) {
  const outcome = normalise({ ...BASE, ...line }, { ...DEFAULT_READ_SETTINGS, ...settings })
  if (outcome.kind !== 'record') throw new Error(`no record: ${JSON.stringify(outcome)}`)
  return outcome.record
}

const reason = (line: unknown) => {
  const outcome = normalise(line, DEFAULT_READ_SETTINGS)
  return outcome.kind === 'rejected' ? outcome.reason : outcome.kind
}

describe('a line becomes a record', () => {
  it.each<[string, object, object]>([
    [
      'numbers as strings',
      { EdgeResponseStatus: '404', OriginResponseStatus: '404', ClientASN: '20115', EdgeResponseBytes: '12' },
      { edgeResponseStatus: 404, originResponseStatus: 404, asn: 20115, edgeResponseBytes: 12 },
    ],
    ['origin status 0 is not absent', { OriginResponseStatus: 0 }, { originResponseStatus: 0 }],
    ['origin status absent is not 0', {}, { originResponseStatus: null, source: 'undetermined' }],
    ['origin status null, negative or a word is absent', { OriginResponseStatus: -1 }, { originResponseStatus: null }],
    [
      'country and colo upper case, host lower case',
      { ClientCountry: 'us', EdgeColoCode: 'ord', ClientRequestHost: 'WWW.Example.com' },
      { country: 'US', colo: 'ORD', host: 'www.example.com' },
    ],
    [
      'content type without parameters',
      { EdgeResponseContentType: 'Text/HTML ; charset=UTF-8' },
      { edgeResponseContentType: 'text/html' },
    ],
    ['an empty content type', { EdgeResponseContentType: ';charset=x' }, { edgeResponseContentType: null }],
    ...(
      [
        [1, 'automated'],
        [2, 'likely-automated'],
        [29, 'likely-automated'],
        [30, 'likely-human'],
        ['99', 'likely-human'],
        [0, null],
        [100, null],
        [-1, null],
        [1.5, null],
      ] as const
    ).map(
      ([BotScore, bot]) =>
        [
          `a bot score of ${JSON.stringify(BotScore)}`,
          { BotScore, BotScoreSrc: 'Machine Learning' },
          { bot, botScoreSrc: 'Machine Learning' },
        ] as [string, object, object],
    ),
    [
      'a verified bot, whatever its score',
      { BotScore: 1, VerifiedBotCategory: 'Search Engine Crawler' },
      { bot: 'Search Engine Crawler' },
    ],
    ['no verified bot', { BotScore: 45, VerifiedBotCategory: '' }, { bot: 'likely-human' }],
    ['path without query', { ClientRequestURI: '/a/b?secret=1' }, { path: '/a/b', query: null }],
    ['path as exported wins', { ClientRequestPath: '/p', ClientRequestURI: '/q?x' }, { path: '/p' }],
    ['request source by number', { ClientRequestSource: 11 }, { requestSource: 'earlyHintsCache', visitor: false }],
    ['request source by number in a string', { ClientRequestSource: '1' }, { requestSource: 'eyeball', visitor: true }],
    [
      'request source under its other name',
      { RequestSource: 'edgeWorkerCacheAPI' },
      { requestSource: 'edgeWorkerCacheAPI', visitor: false },
    ],
    ['parent "00" is none', { ParentRayID: '00' }, { parentRayId: null }],
    ['WorkerSubrequest as a string', { WorkerSubrequest: 'true' }, { visitor: false }],
    ['time at the edge', { EdgeEndTimestamp: '2026-05-20T14:05:02.5Z' }, { totalMs: 2500 }],
    ['an end before the start is no duration', { EdgeEndTimestamp: '2026-05-20T14:04:02Z' }, { totalMs: null }],
    ['origin time of old jobs, nanoseconds', { OriginResponseTime: 3_000_000 }, { originResponseDurationMs: 3 }],
    [
      'origin time of new jobs wins',
      { OriginResponseTime: 9_000_000, OriginResponseDurationMs: 3 },
      { originResponseDurationMs: 3 },
    ],
    [
      'current security fields',
      {
        SecurityAction: 'block',
        SecurityRuleID: 'r1',
        SecurityRuleDescription: 'd',
        SecurityActions: ['log', 'block'],
        SecuritySources: ['firewallCustom', 'firewallManaged'],
        SecurityRuleIDs: ['r0', 'r1'],
      },
      {
        securityAction: 'block',
        securitySource: 'firewallManaged',
        securityRuleId: 'r1',
        securityRuleDescription: 'd',
      },
    ],
    [
      'legacy security fields',
      {
        WAFAction: 'drop',
        WAFRuleID: '100015',
        WAFRuleMessage: 'm',
        FirewallMatchesActions: ['drop'],
        FirewallMatchesSources: ['waf'],
        FirewallMatchesRuleIDs: ['100015'],
      },
      {
        securityAction: 'drop',
        securitySource: 'waf',
        securityRuleId: '100015',
        securityRuleDescription: 'm',
        source: 'edge',
      },
    ],
    [
      'only arrays',
      {
        SecurityActions: ['skip', 'managedChallenge'],
        SecuritySources: ['firewallCustom', 'botManagement'],
        SecurityRuleIDs: ['a', 'b'],
      },
      { securityAction: 'managedChallenge', securitySource: 'botManagement', securityRuleId: 'b' },
    ],
    [
      'arrays as strings',
      { SecurityActions: '["block"]', SecuritySources: '["rateLimit"]' },
      { securityAction: 'block', securitySource: 'rateLimit' },
    ],
    [
      'arrays as plain words',
      { SecurityActions: 'block', SecuritySources: 'rateLimit' },
      { securityAction: 'block', securitySource: 'rateLimit' },
    ],
    [
      'an empty current field leaves the legacy one',
      { SecurityAction: '', WAFAction: 'block' },
      { securityAction: 'block', source: 'edge' },
    ],
    ['unknown is no action', { WAFAction: 'unknown' }, { securityAction: null }],
    [
      'allow is kept, and no block',
      { WAFAction: 'allow', OriginResponseStatus: 403, EdgeResponseStatus: 403 },
      { securityAction: 'allow', source: 'origin' },
    ],
    [
      'the end stands in for a missing start',
      { EdgeStartTimestamp: undefined, EdgeEndTimestamp: 1_700_000_000 },
      { time: 1_700_000_000_000 },
    ],
    ['markup stays text', { ClientRequestPath: '/<script>alert(1)</script>' }, { path: '/<script>alert(1)</script>' }],
    ['zone by number', { ZoneID: 458677291 }, { zone: '458677291' }],
  ])('%s', (_what, line, expected) => expect(record(line)).toMatchObject(expected))

  it('keeps the query only if asked', () =>
    expect(record({ ClientRequestURI: '/a?b=1?2' }, { keepQuery: true })).toMatchObject({ path: '/a', query: 'b=1?2' }))
  it('leaves the address out if asked', () =>
    expect(record({ ClientIP: '203.0.113.9' }, { keepClientIp: false }).clientIp).toBeNull())
  it('weighs the records of a sampled job', () => expect(record({}, { weight: 10 }).weight).toBe(10))

  it('reads a nested record of the first log API', () => {
    const outcome = normalise(
      {
        timestamp: '1502745600123456789',
        rayId: '3a6050bcbe121a87',
        zoneName: 'example.com',
        client: { ip: '203.0.113.1', country: 'fr', asNum: 12322 },
        clientRequest: { httpHost: 'WWW.example.com', httpMethod: 'GET', uri: '/a?b' },
        edge: { startTimestamp: '1502745600123456789' },
        edgeResponse: { status: 403, bytes: 10 },
        cache: { cacheStatus: 'unknown' },
      },
      DEFAULT_READ_SETTINGS,
    )
    expect(outcome).toMatchObject({
      kind: 'record',
      record: {
        time: 1502745600123,
        edgeResponseStatus: 403,
        originResponseStatus: 0,
        host: 'www.example.com',
        path: '/a',
        country: 'FR',
        source: 'edge',
        zone: 'example.com',
      },
    })
  })

  it('keeps the exact millisecond of a nanosecond integer, which JSON.parse would round', () => {
    // 1712790000123000000 has no exact double: the nearest is below, a millisecond earlier
    const parsed = parseLine(
      '{"EdgeStartTimestamp":1712790000123000000,"EdgeEndTimestamp" : 1712790000124000001,"EdgeResponseStatus":200}',
    )
    expect(normalise(parsed, DEFAULT_READ_SETTINGS)).toMatchObject({ record: { time: 1712790000123, totalMs: 1 } })
  })

  it('is not fooled by a timestamp inside a text', () => {
    const line =
      '{"EdgeStartTimestamp":1712790000123000000,"EdgeResponseStatus":200,"ClientRequestPath":"/\\"EdgeStartTimestamp\\":1999999999999999999,"}'
    expect(normalise(parseLine(line), DEFAULT_READ_SETTINGS)).toMatchObject({
      record: { path: '/"EdgeStartTimestamp":1999999999999999999,' },
    })
  })
})

describe('what is no record says why', () => {
  it.each<[string, unknown, string]>([
    ['a number', 5, 'not-an-object'],
    ['null', null, 'not-an-object'],
    ['an array', [1], 'not-an-object'],
    ['an empty object', {}, 'no-time'],
    ['DNS logs', { QueryName: 'example.com', Timestamp: '2026-01-01T00:00:00Z' }, 'other-dataset'],
    [
      'firewall events carry the status',
      { Action: 'block', Datetime: '2026-01-01T00:00:00Z', EdgeResponseStatus: 403, RayID: 'x' },
      'other-dataset',
    ],
    ['no time', { EdgeResponseStatus: 200 }, 'no-time'],
    ['no status', { EdgeStartTimestamp: 1_700_000_000 }, 'no-status'],
    ['status null', { ...BASE, EdgeResponseStatus: null }, 'no-status'],
    ['a time that is none', { ...BASE, EdgeStartTimestamp: 'soon' }, 'bad-time'],
    ['a status that is none', { ...BASE, EdgeResponseStatus: 'OK' }, 'bad-status'],
    ['a negative status', { ...BASE, EdgeResponseStatus: -1 }, 'bad-status'],
    ['a status of four digits', { ...BASE, EdgeResponseStatus: 2000 }, 'bad-status'],
    ["Logpush's test upload", { content: 'tests' }, 'test'],
    ['something else with that word', { content: 'tests', more: 1 }, 'other-dataset'],
  ])('%s', (_what, line, expected) => expect(reason(line)).toBe(expected))
})
