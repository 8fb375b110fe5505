import { describe, expect, it } from 'vitest'
import { decideSource, isVisitor, REQUEST_SOURCES, type SourceFacts } from '../../../schema/words/source.js'

const NOTHING: SourceFacts = {
  edgeResponseStatus: 200,
  originResponseStatus: null,
  cacheStatus: null,
  securityAction: null,
  edgePathingOp: null,
  edgePathingSrc: null,
  workerStatus: null,
  requestSource: null,
  workerSubrequest: null,
  parentRayId: null,
}

/** [what, edge status, origin status (null: not exported), other facts, source, reason] */
type Row = [string, number, number | null, Partial<SourceFacts>, string, string]

const worker = { workerStatus: 'ok' }
const passed = { edgePathingOp: 'wl', edgePathingSrc: 'macro' }

const TABLE: Row[] = [
  // 1. the client
  ['a client that left, nothing exported', 499, null, {}, 'client', 'client-closed'],
  ['a client that left before the origin answered', 499, 0, {}, 'client', 'client-closed'],
  ['a client that left after the origin answered', 499, 200, {}, 'client', 'client-closed'],
  ['a client that left a blocked request', 499, 0, { securityAction: 'block' }, 'client', 'client-closed'],
  ['a client that left a Worker', 499, 0, worker, 'client', 'client-closed'],
  ['a client that left a cached answer', 499, 0, { cacheStatus: 'hit' }, 'client', 'client-closed'],
  ['no status was sent', 0, 0, {}, 'client', 'no-status-sent'],
  ['no status was sent, origin status not exported', 0, null, {}, 'client', 'no-status-sent'],
  ['no status was sent to a blocked request', 0, 0, { securityAction: 'connectionClose' }, 'edge', 'security-action'],
  // 2. the edge speaks of a failing origin
  ['origin answered something unexpected', 520, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['origin answered 200, the edge could not use it', 520, 200, {}, 'origin-failure', 'origin-failure-status'],
  ['origin down (IBM sample)', 521, 0, { cacheStatus: 'miss', ...passed }, 'origin-failure', 'origin-failure-status'],
  ['connect timeout', 522, 0, {}, 'origin-failure', 'origin-failure-status'],
  ["connect timeout, status as the origin's", 522, 522, {}, 'origin-failure', 'origin-failure-status'],
  ['unreachable', 523, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['no answer in time', 524, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['TLS handshake', 525, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['certificate', 526, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['certificate, origin status not exported', 526, null, {}, 'origin-failure', 'origin-failure-status'],
  ['name of the origin does not resolve', 530, 0, {}, 'origin-failure', 'origin-failure-status'],
  ['530 behind a Worker', 530, 0, worker, 'origin-failure', 'origin-failure-status'],
  ['530 with a security action', 530, 0, { securityAction: 'block' }, 'origin-failure', 'origin-failure-status'],
  ['527 is not one of them (legacy Railgun)', 527, 0, {}, 'edge', 'edge-answered'],
  // 3. stopped at the edge
  ['WAF block', 403, 0, { securityAction: 'block' }, 'edge', 'security-action'],
  ['WAF block, origin status not exported', 403, null, { securityAction: 'block' }, 'edge', 'security-action'],
  ['WAF drop (IBM sample: pathing says wl)', 403, 0, { securityAction: 'drop', ...passed }, 'edge', 'security-action'],
  ['ban', 403, 0, { securityAction: 'ban' }, 'edge', 'security-action'],
  ['challenge', 403, 0, { securityAction: 'challenge' }, 'edge', 'security-action'],
  ['js challenge as the docs spell it', 403, 0, { securityAction: 'js_challenge' }, 'edge', 'security-action'],
  ['js challenge as logs spell it', 403, 0, { securityAction: 'jschallenge' }, 'edge', 'security-action'],
  [
    'managed challenge as the docs spell it',
    403,
    0,
    { securityAction: 'managed_challenge' },
    'edge',
    'security-action',
  ],
  ['managed challenge as logs spell it', 403, 0, { securityAction: 'managedChallenge' }, 'edge', 'security-action'],
  ['forced close', 403, 0, { securityAction: 'forceConnectionClose' }, 'edge', 'security-action'],
  ['any case', 403, 0, { securityAction: 'BLOCK' }, 'edge', 'security-action'],
  [
    'a cached page behind a challenge',
    403,
    0,
    { securityAction: 'challenge', cacheStatus: 'hit' },
    'edge',
    'security-action',
  ],
  ['a custom response code of a rule', 451, 0, { securityAction: 'block' }, 'edge', 'security-action'],
  ['rate limited (sample)', 429, 0, { edgePathingOp: 'ban', edgePathingSrc: 'user' }, 'edge', 'pathing-banned'],
  ['IP rule (sample)', 403, 0, { edgePathingOp: 'ban', edgePathingSrc: 'user' }, 'edge', 'pathing-banned'],
  ['browser integrity check', 403, 0, { edgePathingOp: 'ban', edgePathingSrc: 'bic' }, 'edge', 'pathing-banned'],
  [
    'hotlink protection, origin status not exported',
    403,
    null,
    { edgePathingOp: 'ban', edgePathingSrc: 'hot' },
    'edge',
    'pathing-banned',
  ],
  ['challenge shown (2022)', 403, 0, { edgePathingOp: 'chl' }, 'edge', 'pathing-challenged'],
  ['under attack mode (2020)', 503, 0, { edgePathingOp: 'chl' }, 'edge', 'pathing-challenged'],
  ['name does not resolve', 409, 0, { edgePathingSrc: 'err', edgePathingOp: 'errHost' }, 'edge', 'pathing-error'],
  ['loop', 403, 0, { edgePathingSrc: 'err', edgePathingOp: 'err_host' }, 'edge', 'pathing-error'],
  ['a 502 of a blocked request', 502, 0, { securityAction: 'block' }, 'edge', 'security-action'],
  [
    'blocked, yet the origin answered: its status decides',
    200,
    200,
    { securityAction: 'block' },
    'origin',
    'origin-same-status',
  ],
  ['allow passes', 403, 403, { securityAction: 'allow' }, 'origin', 'origin-same-status'],
  ['log passes', 403, 403, { securityAction: 'log' }, 'origin', 'origin-same-status'],
  ['skip passes, then cache', 200, 0, { securityAction: 'skip', cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['simulate passes', 200, 0, { securityAction: 'simulate', cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['bypass passes', 200, 200, { securityAction: 'bypass' }, 'origin', 'origin-same-status'],
  ['rewrite passes', 200, 200, { securityAction: 'rewrite' }, 'origin', 'origin-same-status'],
  ['unknown passes', 200, 0, { securityAction: 'unknown', cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['solved challenges pass', 200, 200, { securityAction: 'challengeSolved' }, 'origin', 'origin-same-status'],
  [
    'solved managed challenges pass',
    200,
    0,
    { securityAction: 'managedChallengeInteractiveSolved', cacheStatus: 'hit' },
    'cache',
    'cache-answered',
  ],
  [
    'bypassed challenges pass',
    200,
    0,
    { securityAction: 'jschallengeBypassed', cacheStatus: 'hit' },
    'cache',
    'cache-answered',
  ],
  // 4. the origin answered
  ['origin error passed on (sample)', 500, 500, { cacheStatus: 'dynamic' }, 'origin', 'origin-same-status'],
  ['origin 502 passed on', 502, 502, {}, 'origin', 'origin-same-status'],
  ['origin 504 passed on', 504, 504, {}, 'origin', 'origin-same-status'],
  ['origin 404', 404, 404, { cacheStatus: 'miss' }, 'origin', 'origin-same-status'],
  ['expired and fetched anew', 200, 200, { cacheStatus: 'expired' }, 'origin', 'origin-same-status'],
  [
    'Worker fetch (sample)',
    200,
    200,
    { workerSubrequest: true, parentRayId: '76486432482f826f' },
    'origin',
    'origin-same-status',
  ],
  ['revalidated, whole answer', 200, 304, { cacheStatus: 'revalidated' }, 'cache', 'cache-revalidated'],
  [
    'revalidated, not modified for the visitor either: the origin said the same',
    304,
    304,
    { cacheStatus: 'revalidated' },
    'origin',
    'origin-same-status',
  ],
  ['a range out of a whole answer', 206, 200, { cacheStatus: 'miss' }, 'origin', 'origin-success-changed'],
  ['not modified out of a whole answer', 304, 200, {}, 'origin', 'origin-success-changed'],
  ['304 of the origin, 200 to the visitor, no word of the cache', 200, 304, {}, 'origin', 'origin-success-changed'],
  ['an error page for another error', 503, 500, {}, 'origin', 'origin-error-changed'],
  ['origin 404 shown as 410', 410, 404, {}, 'origin', 'origin-error-changed'],
  ['Worker turned a 500 into a 200', 200, 500, worker, 'worker', 'worker-changed-status'],
  ['Worker turned a 200 into a 500', 500, 200, worker, 'worker', 'worker-changed-status'],
  ['WorkerStatus unknown is no Worker', 500, 200, { workerStatus: 'unknown' }, 'edge', 'edge-changed-status'],
  ['edge turned a 200 into a 403', 403, 200, {}, 'edge', 'edge-changed-status'],
  ['edge turned a 200 into a 416', 416, 200, {}, 'edge', 'edge-changed-status'],
  // 5. the cache
  ['cache hit (sample)', 200, 0, { cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['cache hit, origin status not exported', 200, null, { cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['cached 404', 404, 0, { cacheStatus: 'hit' }, 'cache', 'cache-answered'],
  ['stale while the origin fails', 200, 0, { cacheStatus: 'stale' }, 'cache', 'cache-answered-stale'],
  ['stale while it is refreshed', 200, 0, { cacheStatus: 'updating' }, 'cache', 'cache-answered-stale'],
  ['revalidated, origin status not exported', 200, null, { cacheStatus: 'revalidated' }, 'cache', 'cache-answered'],
  ['streamed hit', 200, 0, { cacheStatus: 'stream_hit' }, 'cache', 'cache-answered'],
  ['streamed hit, other spelling', 200, 0, { cacheStatus: 'streamHit' }, 'cache', 'cache-answered'],
  ['cache hit behind a Worker', 200, 0, { cacheStatus: 'hit', ...worker }, 'cache', 'cache-answered'],
  // 6. gateway errors without an answer of the origin
  ['bad gateway', 502, 0, {}, 'origin-failure', 'gateway-without-origin'],
  ['gateway timeout', 504, 0, {}, 'origin-failure', 'gateway-without-origin'],
  ['gateway timeout behind a Worker', 504, 0, worker, 'origin-failure', 'gateway-without-origin'],
  [
    'phantom 504 of Early Hints',
    504,
    0,
    { requestSource: 'earlyHintsCache' },
    'origin-failure',
    'gateway-without-origin',
  ],
  ['503 is not one of them', 503, 0, {}, 'edge', 'edge-answered'],
  // 7. a Worker
  ['Worker parent (sample)', 200, 0, { ...worker, cacheStatus: 'dynamic' }, 'worker', 'worker-answered'],
  ['Worker exception', 500, 0, { workerStatus: 'exception' }, 'worker', 'worker-answered'],
  ['Worker over its limits', 503, 0, { workerStatus: 'exceededCpu' }, 'worker', 'worker-answered'],
  // 8. the edge itself
  [
    'redirect at the edge (sample)',
    301,
    0,
    { cacheStatus: 'unknown', workerStatus: 'unknown' },
    'edge',
    'edge-answered',
  ],
  ['upload too large at the edge (sample)', 413, 0, {}, 'edge', 'edge-answered'],
  ['a status no one knows', 599, 0, {}, 'edge', 'edge-answered'],
  // 9. nobody can tell
  ['nine default fields of Logpull', 200, null, {}, 'undetermined', 'origin-status-missing'],
  ['redirect, origin status not exported', 301, null, {}, 'undetermined', 'origin-status-missing'],
  ['404, origin status not exported', 404, null, {}, 'undetermined', 'origin-status-missing-404'],
  ['500, origin status not exported', 500, null, {}, 'undetermined', 'origin-status-missing'],
  ['502, origin status not exported', 502, null, {}, 'undetermined', 'origin-status-missing'],
  ['Worker, origin status not exported', 200, null, worker, 'undetermined', 'origin-status-missing'],
  ['miss, origin status not exported', 200, null, { cacheStatus: 'miss' }, 'undetermined', 'origin-status-missing'],
]

describe('who wrote the status that the visitor got', () => {
  it('has an example for every case', () => expect(TABLE.length).toBeGreaterThanOrEqual(80))

  it.each(TABLE)('%s', (_what, edgeResponseStatus, originResponseStatus, facts, source, reason) => {
    expect(decideSource({ ...NOTHING, edgeResponseStatus, originResponseStatus, ...facts })).toEqual({ source, reason })
  })
})

describe('whether a visitor saw the answer', () => {
  const visitor = (facts: Partial<SourceFacts>, orangeToOrangeIsVisitor = true) =>
    isVisitor({ ...NOTHING, ...facts }, { orangeToOrangeIsVisitor })

  it.each(['unknown', 'eyeball', 'inBrowserChallenge'])('%s is a visitor', (requestSource) =>
    expect(visitor({ requestSource })).toBe(true),
  )

  it.each(REQUEST_SOURCES.filter((_, n) => (n >= 2 && n <= 8) || n === 10 || n === 11))(
    '%s is not',
    (requestSource) => {
      expect(visitor({ requestSource })).toBe(false)
    },
  )

  it('an absent source is a visitor', () => expect(visitor({})).toBe(true))
  it('a word nobody knows is a visitor', () => expect(visitor({ requestSource: 'somethingNew' })).toBe(true))
  it('a sub-request of a Worker is not, whatever it says else', () =>
    expect(visitor({ requestSource: 'eyeball', workerSubrequest: true })).toBe(false))
  it('WorkerSubrequest false is a visitor', () =>
    expect(visitor({ workerSubrequest: false, parentRayId: 'aa' })).toBe(true))
  it('a parent tells a sub-request where nothing else was exported', () =>
    expect(visitor({ parentRayId: '76486432482f826f' })).toBe(false))
  it('another proxied zone is what the operator says', () => {
    expect(visitor({ requestSource: 'orangeToOrange' })).toBe(true)
    expect(visitor({ requestSource: 'orangeToOrange' }, false)).toBe(false)
  })
})
