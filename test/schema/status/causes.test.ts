/** Which records speak for which cause: for every fixed cause one that does, and one that nearly does. */
import { describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import { matches } from '../../../schema/status/when.js'
import { FIXED_CAUSES } from './documented-codes.js'

const catalogue = loadCatalogue()

type Facts = { readonly [field: string]: unknown }

/** The ids (without the code) of all causes of the code that the record speaks for, in order. */
function told(code: number, facts: Facts): string[] {
  return catalogue
    .causes(code)
    .filter((cause) => matches(cause.when, { edgeResponseStatus: code, ...facts }))
    .map((cause) => cause.id.slice(4))
}

// Shapes of records as the logs have them: absent fields are null, an origin status of 0 means "no answer".
const edge = { source: 'edge', originResponseStatus: 0, cacheStatus: 'unknown', originIp: null }
const passed = { edgePathingOp: 'wl', edgePathingSrc: 'macro', edgePathingStatus: 'nr' }
const fromOrigin = { source: 'origin', cacheStatus: 'dynamic', originIp: '203.0.113.3', ...passed }
const cached = { source: 'cache', cacheStatus: 'hit', originResponseStatus: 0 }
const worker = { source: 'worker', originResponseStatus: 0, workerStatus: 'ok' }
const originFailure = { source: 'origin-failure', originResponseStatus: 0, originIp: '203.0.113.3' }
const notExported = { source: 'undetermined', originResponseStatus: null }
const block = (securitySource: string | null, more: Facts = {}) => ({
  ...edge,
  securityAction: 'block',
  securitySource,
  securityRuleId: 'deadbeef',
  ...more,
})
const banned = (src: string, status: string | null, op = 'ban') => ({
  ...edge,
  edgePathingOp: op,
  edgePathingSrc: src,
  edgePathingStatus: status,
})

const EXAMPLES: { cause: string; speaks: Facts; silent: Facts }[] = [
  { cause: '400/malformed-request', speaks: { ...edge, ...passed }, silent: block('firewallCustom') },
  { cause: '400/malformed-request', speaks: { ...fromOrigin, originResponseStatus: 400 }, silent: worker },
  { cause: '401/missing-credentials', speaks: { ...fromOrigin, originResponseStatus: 401 }, silent: edge },
  {
    cause: '403/origin-permission',
    speaks: { ...fromOrigin, originResponseStatus: 403 },
    silent: block('firewallManaged'),
  },
  { cause: '403/waf-managed-rule', speaks: block('firewallManaged'), silent: block('firewallCustom') },
  {
    cause: '403/waf-managed-rule',
    speaks: block('waf'),
    silent: { ...fromOrigin, originResponseStatus: 403, securityAction: 'log', securitySource: 'waf' },
  },
  {
    cause: '403/waf-managed-rule',
    speaks: block(null, { securityAction: 'drop', ...passed }),
    silent: block(null, banned('user', 'ip')),
  },
  {
    cause: '403/waf-managed-rule',
    speaks: { ...block('firewallManaged'), securityAction: 'managed_challenge' },
    silent: { ...edge, securityAction: 'allow' },
  },
  { cause: '403/waf-custom-rule', speaks: block('firewallCustom'), silent: block('firewallManaged') },
  { cause: '403/waf-custom-rule', speaks: block('firewallRules'), silent: block('rateLimit') },
  {
    cause: '403/waf-custom-rule',
    speaks: banned('user', 'filter_based_firewall'),
    silent: banned('user', 'filter_based_firewall', 'wl'),
  },
  {
    cause: '403/waf-custom-rule',
    speaks: banned('filterBasedFirewall', null, 'chl'),
    silent: banned('macro', 'nr', 'wl'),
  },
  { cause: '403/browser-integrity-check', speaks: block('bic'), silent: block('botFight') },
  { cause: '403/browser-integrity-check', speaks: banned('bic', 'unknown'), silent: banned('hot', 'unknown') },
  {
    cause: '403/security-level',
    speaks: { ...block('securityLevel'), securityAction: 'managedChallenge' },
    silent: block('bic'),
  },
  { cause: '403/security-level', speaks: banned('macro', 'ip'), silent: banned('user', 'ip') },
  { cause: '403/ip-access-rule', speaks: block('country'), silent: block('securityLevel') },
  { cause: '403/ip-access-rule', speaks: block('zoneLockdown'), silent: block('zoneFirewall') },
  { cause: '403/ip-access-rule', speaks: banned('user', 'ctry'), silent: banned('user', 'ctry', 'wl') },
  { cause: '403/ip-access-rule', speaks: banned('user', 'asnum'), silent: banned('user', 'rateLimit') },
  {
    cause: '403/uncovered-subdomain',
    speaks: { ...edge, edgePathingOp: 'unknown', edgePathingSrc: 'sslv' },
    silent: banned('bic', null),
  },
  { cause: '404/missing-resource', speaks: { ...fromOrigin, originResponseStatus: 404 }, silent: cached },
  { cause: '404/cached', speaks: cached, silent: { ...fromOrigin, originResponseStatus: 404, cacheStatus: 'miss' } },
  {
    cause: '405/method-not-allowed',
    speaks: { ...fromOrigin, originResponseStatus: 405, method: 'POST' },
    silent: block('firewallCustom'),
  },
  {
    cause: '408/request-timeout',
    speaks: { ...fromOrigin, originResponseStatus: 408 },
    silent: block('firewallRules'),
  },
  { cause: '408/request-timeout', speaks: edge, silent: worker },
  {
    cause: '409/edge-dns-resolution',
    speaks: banned('err', 'dnsErr', 'errHost'),
    silent: { ...fromOrigin, originResponseStatus: 409 },
  },
  {
    cause: '409/edge-dns-resolution',
    speaks: banned('err', 'no_existing_host', 'err_host'),
    silent: block('firewallCustom'),
  },
  {
    cause: '409/origin-conflict',
    speaks: { ...fromOrigin, originResponseStatus: 409, method: 'PUT' },
    silent: banned('err', 'dnsErr', 'errHost'),
  },
  { cause: '412/precondition-failed', speaks: cached, silent: block('firewallCustom') },
  { cause: '413/edge-upload-limit', speaks: edge, silent: { ...fromOrigin, originResponseStatus: 413 } },
  // a rule that only logs has not refused the upload
  {
    cause: '413/edge-upload-limit',
    speaks: { ...edge, securityAction: 'log', securitySource: 'firewallCustom' },
    silent: block('firewallCustom'),
  },
  { cause: '413/origin-upload-limit', speaks: { ...fromOrigin, originResponseStatus: 413 }, silent: edge },
  { cause: '414/uri-over-limit', speaks: edge, silent: block('firewallCustom') },
  { cause: '414/uri-over-limit', speaks: notExported, silent: worker },
  {
    cause: '416/range-not-satisfiable',
    speaks: { ...fromOrigin, originResponseStatus: 416 },
    silent: block('firewallRules'),
  },
  { cause: '429/edge-rate-limit', speaks: block('rateLimit'), silent: { ...fromOrigin, originResponseStatus: 429 } },
  { cause: '429/edge-rate-limit', speaks: banned('user', 'rateLimit'), silent: block('firewallCustom') },
  { cause: '429/origin-rate-limit', speaks: { ...fromOrigin, originResponseStatus: 429 }, silent: block('rateLimit') },
  { cause: '451/legal-demand', speaks: { ...fromOrigin, originResponseStatus: 451 }, silent: block('firewallCustom') },
  { cause: '499/client-closed', speaks: { source: 'client', originResponseStatus: 0 }, silent: edge },
  { cause: '499/slow-origin', speaks: { source: 'client', originResponseStatus: 200 }, silent: fromOrigin },
  {
    cause: '500/origin-error',
    speaks: { ...fromOrigin, originResponseStatus: 500 },
    silent: { ...worker, workerStatus: 'scriptThrewException' },
  },
  { cause: '500/worker-exception', speaks: { ...worker, workerStatus: 'scriptThrewException' }, silent: worker },
  {
    cause: '501/worker-method',
    speaks: { ...edge, method: 'GETT' },
    silent: { ...fromOrigin, originResponseStatus: 501 },
  },
  { cause: '502/origin-gateway-error', speaks: { ...fromOrigin, originResponseStatus: 502 }, silent: originFailure },
  { cause: '502/edge-gateway-error', speaks: originFailure, silent: { ...fromOrigin, originResponseStatus: 502 } },
  { cause: '503/origin-overload', speaks: { ...fromOrigin, originResponseStatus: 503 }, silent: edge },
  { cause: '503/edge-unavailable', speaks: edge, silent: { ...edge, securityAction: 'jschallenge' } },
  { cause: '503/edge-unavailable', speaks: { ...edge, ...passed }, silent: banned('unknown', 'jschlNew', 'chl') },
  { cause: '503/worker-limit', speaks: { ...worker, workerStatus: 'exceededCpu' }, silent: worker },
  { cause: '504/origin-gateway-timeout', speaks: { ...fromOrigin, originResponseStatus: 504 }, silent: originFailure },
  {
    cause: '504/edge-gateway-timeout',
    speaks: { ...originFailure, requestSource: 'eyeball' },
    silent: { ...originFailure, requestSource: 'earlyHintsCache' },
  },
  {
    cause: '504/edge-gateway-timeout',
    speaks: { ...originFailure, requestSource: null },
    silent: { ...originFailure, requestSource: '6' },
  },
  { cause: '520/unexpected-origin-response', speaks: originFailure, silent: notExported },
  { cause: '521/origin-refused', speaks: originFailure, silent: notExported },
  { cause: '522/connection-timeout', speaks: { ...originFailure, totalMs: 30_700 }, silent: notExported },
  { cause: '523/origin-unreachable', speaks: originFailure, silent: notExported },
  { cause: '524/origin-timeout', speaks: { ...originFailure, totalMs: 120_004, method: 'GET' }, silent: notExported },
  { cause: '525/tls-handshake-failed', speaks: originFailure, silent: notExported },
  { cause: '526/invalid-certificate', speaks: originFailure, silent: notExported },
  { cause: '530/origin-dns', speaks: { ...originFailure, originIp: null }, silent: notExported },
  // beyond the fixed ones
  { cause: '403/hotlink-protection', speaks: block('hot'), silent: block('bic') },
  { cause: '403/ddos-protection', speaks: banned('protect', 'l7ddos'), silent: banned('macro', 'ip') },
  { cause: '403/bot-management', speaks: block('botManagement'), silent: block('bic') },
  { cause: '403/api-shield', speaks: block('apiShieldSchemaValidation'), silent: block('validation') },
  { cause: '403/request-validation', speaks: block('validation'), silent: block('apiShield') },
  {
    cause: '403/rate-limit-challenge',
    speaks: { ...block('rateLimit'), securityAction: 'challenge' },
    silent: block('firewallCustom'),
  },
  { cause: '403/edge-host-error', speaks: banned('err', 'cyclic', 'errHost'), silent: banned('user', 'ip') },
  { cause: '403/other-security-feature', speaks: block('dlp'), silent: block('firewallManaged') },
  {
    cause: '404/waf-custom-response',
    speaks: block('firewallCustom'),
    silent: { ...fromOrigin, originResponseStatus: 404, securitySource: 'firewallCustom', securityAction: 'log' },
  },
  { cause: '410/waf-custom-response', speaks: block('firewallRules'), silent: block('firewallManaged') },
  { cause: '413/waf-custom-response', speaks: block(null), silent: edge },
  { cause: '404/worker-response', speaks: worker, silent: edge },
  { cause: '502/worker-response', speaks: { ...worker, originResponseStatus: 200 }, silent: originFailure },
  { cause: '503/challenge', speaks: banned('unknown', 'jschlNew', 'chl'), silent: edge },
  {
    cause: '504/internal-cache-miss',
    speaks: { ...originFailure, requestSource: 'edgeWorkerCacheAPI' },
    silent: { ...originFailure, requestSource: 'eyeball' },
  },
  {
    cause: '524/write-timeout',
    speaks: { ...originFailure, method: 'POST', totalMs: 30_100 },
    silent: { ...originFailure, method: 'POST', totalMs: 100_200 },
  },
  {
    cause: '200/stale-copy',
    speaks: { source: 'cache', cacheStatus: 'stale' },
    silent: { source: 'cache', cacheStatus: 'hit' },
  },
  { cause: '301/edge-redirect', speaks: edge, silent: { ...fromOrigin, originResponseStatus: 301 } },
  { cause: '302/challenge-answered', speaks: banned('macro', 'captchaSucc', 'tempOk'), silent: edge },
]

test.each(EXAMPLES)('$cause: $speaks speaks for it, $silent does not', ({ cause, speaks, silent }) => {
  const [code, slug] = [Number(cause.slice(0, 3)), cause.slice(4)]
  expect(told(code, speaks)).toContain(slug)
  expect(told(code, silent)).not.toContain(slug)
})

test('every fixed cause has an example', () => {
  const covered = new Set(EXAMPLES.map((e) => e.cause))
  expect(FIXED_CAUSES.filter((id) => !covered.has(id))).toEqual([])
})

describe('a record speaks for one cause alone where its fields say which', () => {
  test.each<[string, number, Facts, string[]]>([
    ['a 403 of the origin', 403, { ...fromOrigin, originResponseStatus: 403 }, ['origin-permission']],
    ['a 403 of a managed rule', 403, block('firewallManaged', passed), ['waf-managed-rule']],
    [
      'a 403 of the Browser Integrity Check, old and new fields',
      403,
      { ...block('bic'), ...banned('bic', null) },
      ['browser-integrity-check'],
    ],
    ['a 403 of a country ban in an old export', 403, banned('user', 'ctry'), ['ip-access-rule']],
    ['a 403 of bot protection', 403, block('botFight'), ['bot-management']],
    ['a 403 of a cyclic host', 403, banned('err', 'cyclic', 'errHost'), ['edge-host-error']],
    ['a 404 of the origin', 404, { ...fromOrigin, originResponseStatus: 404 }, ['missing-resource']],
    ['a 404 by a custom rule', 404, block('firewallCustom'), ['waf-custom-response']],
    ['a 409 of DNS', 409, banned('err', 'dnsErr', 'errHost'), ['edge-dns-resolution']],
    ['a 413 of the edge', 413, edge, ['edge-upload-limit']],
    ['a 413 by a custom rule', 413, block('firewallCustom'), ['waf-custom-response']],
    ['a 429 of a rate limiting rule', 429, block('rateLimit'), ['edge-rate-limit']],
    ['a 429 of the origin', 429, { ...fromOrigin, originResponseStatus: 429 }, ['origin-rate-limit']],
    ['a 429 by a custom rule', 429, block('firewallCustom'), ['waf-custom-response']],
    ['a 500 that a Worker chose to send', 500, worker, ['worker-response']],
    ['a 502 of the origin', 502, { ...fromOrigin, originResponseStatus: 502 }, ['origin-gateway-error']],
    ['a 502 of the edge', 502, originFailure, ['edge-gateway-error']],
    ['a 503 of the edge', 503, edge, ['edge-unavailable']],
    ['a 521', 521, originFailure, ['origin-refused']],
  ])('%s', (_, code, facts, causes) => {
    expect(told(code, facts)).toEqual(causes)
  })
})

test('a block whose source was not exported speaks for managed and custom rules alike, managed first', () => {
  expect(told(403, block(null, passed))).toEqual(['waf-managed-rule', 'waf-custom-rule', 'waf-custom-response'])
})

test('on a 403, the custom rule comes before the custom response that matches as well', () => {
  expect(told(403, block('firewallCustom'))).toEqual(['waf-custom-rule', 'waf-custom-response'])
})

test('a Worker that failed is told from one that answered', () => {
  expect(told(500, { ...worker, workerStatus: 'exception' })[0]).toBe('worker-exception')
  expect(told(503, { ...worker, workerStatus: 'exceededMemory' })[0]).toBe('worker-limit')
  expect(told(503, worker)).toEqual(['worker-response'])
})

test('where nobody can tell the edge from the origin, a 403, 429, 500, 502 or 503 speaks for nothing', () => {
  for (const code of [403, 404, 413, 429, 500, 502, 503, 504]) expect(told(code, notExported), String(code)).toEqual([])
})

test('a 4xx or 5xx of the origin always speaks for a cause', () => {
  const silent = catalogue.codes
    .filter((code) => code >= 400 && code <= 511 && code !== 499)
    .filter((code) => told(code, { ...fromOrigin, originResponseStatus: code }).length === 0)
  expect(silent).toEqual([])
})
