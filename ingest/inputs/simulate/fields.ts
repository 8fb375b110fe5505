import type { Outcome } from './outcome.js'
import type { Output } from './output.js'
import type { EdgeRequest } from './request.js'
import type { Agent } from './world/agents.js'
import type { Network } from './world/networks.js'
import type { Route } from './world/world.js'

/**
 * Where the value of a field comes from. All but `line` are rendered once per outcome, agent, network or route and then
 * copied; only `line` values are written digit by digit.
 */
export type Field =
  | { part: 'constant'; json: string }
  | { part: 'outcome'; json: (outcome: Outcome) => string }
  | { part: 'agent'; json: (agent: Agent) => string }
  | { part: 'network'; json: (network: Network) => string }
  | { part: 'route'; json: (route: Route) => string }
  | { part: 'line'; quoted: boolean; write: (out: Output, request: EdgeRequest) => void }
  | { part: 'time'; of: (request: EdgeRequest) => number }

const constant = (value: unknown): Field => ({ part: 'constant', json: JSON.stringify(value) })
const outcome = (value: (o: Outcome) => unknown): Field => ({ part: 'outcome', json: (o) => JSON.stringify(value(o)) })
const agent = (value: (a: Agent) => unknown): Field => ({ part: 'agent', json: (a) => JSON.stringify(value(a)) })
const network = (value: (n: Network) => unknown): Field => ({ part: 'network', json: (n) => JSON.stringify(value(n)) })
const route = (value: (r: Route) => unknown): Field => ({ part: 'route', json: (r) => JSON.stringify(value(r)) })
const integer = (value: (r: EdgeRequest) => number): Field => ({
  part: 'line',
  quoted: false,
  write: (out, r) => out.digits(value(r)),
})
const text = (write: (out: Output, request: EdgeRequest) => void): Field => ({ part: 'line', quoted: true, write })

const subrequest = (o: Outcome): boolean => o.requestSource === 'edgeWorkerFetch'
const securityArray = (value: (rule: NonNullable<Outcome['rule']>) => string): Field =>
  outcome((o) => (o.rule ? [value(o.rule)] : []))
/** Value of the terminating rule, empty if none ended the request. */
const terminating = (value: (rule: NonNullable<Outcome['rule']>) => string, otherwise = ''): Field =>
  outcome((o) => (o.rule?.terminating ? value(o.rule) : otherwise))

const bytes = (value: string): Uint8Array => Buffer.from(value)
const dot = bytes('.')
const colon = bytes(':')
const v4Prefix = bytes('100.')
const v6Prefix = bytes('2001:db8:')
const v6Suffix = bytes('::1')
const edgePrefix = bytes('198.18.')
const originPrefix = bytes('198.19.')
const noParent = bytes('00')
const zeros = bytes('000000')
const lastModified = bytes('Tue, 03 Nov 2026 09:12:44 GMT')
const searchEngine = bytes('https://www.google.com/')
const html = bytes('text/html')

/** Clients live in 100.64.0.0/10 and 2001:db8::/32, every network in a block of its own. */
function writeClientAddress(out: Output, r: EdgeRequest): void {
  if (r.network.kind !== 'cloud' && r.client % 10 < 3) {
    out.put(v6Prefix)
    out.hex(16 + r.network.index)
    out.put(colon)
    out.hex(r.client)
    out.put(v6Suffix)
    return
  }
  const address = (r.network.index << 15) | r.client
  out.put(v4Prefix)
  out.digits(64 + (address >>> 16))
  out.put(dot)
  out.digits((address >>> 8) & 255)
  out.put(dot)
  out.digits(address & 255)
}

function writeEdgeServer(out: Output, r: EdgeRequest): void {
  if (r.outcome.contact === 'none') return
  out.put(edgePrefix)
  out.digits(r.network.coloId & 255)
  out.put(dot)
  out.digits(1 + (r.rayLow & 63))
}

function writeOrigin(out: Output, r: EdgeRequest): void {
  if (r.outcome.contact === 'none') return
  out.put(originPrefix)
  out.digits(r.host.index & 255)
  out.put(dot)
  out.digits(10 + (r.rayLow & 1))
}

function writePath(out: Output, r: EdgeRequest): void {
  out.put(r.route.prefix)
  if (r.route.ids) out.put(r.route.ids.bytes[r.id])
  out.put(r.route.suffix)
}

function writeUri(out: Output, r: EdgeRequest): void {
  writePath(out, r)
  if (r.query >= 0) out.put(r.route.queryBytes[r.query])
}

function writeReferer(out: Output, r: EdgeRequest): void {
  if (r.agent.group !== 'browser' || r.route.path === '/') return
  if ((r.client + r.id) % 7 === 0) {
    out.put(searchEngine)
    return
  }
  out.put(r.host.referer)
}

function writeContentType(out: Output, r: EdgeRequest): void {
  const { body } = r.outcome
  if (body === 'none') return
  const failure = body === 'edge-page' || (body === 'origin-error' && !r.route.json)
  out.put(failure ? html : r.route.contentType)
}

/** Bytes sent to the visitor: head and body; nothing if the visitor left before the head. */
function responseBytes(r: EdgeRequest): number {
  if (r.outcome.status === 0 || (r.outcome.status === 499 && r.outcome.body === 'none')) return 0
  return r.bodyBytes + 520 + (r.rayLow & 127)
}

/** A high score is harmless; what a managed rule ended scores low. */
function attackScore(salt: number): Field {
  return integer((r) => {
    const noise = (r.rayLow >>> salt) & 15
    return r.outcome.rule?.source === 'firewallManaged' && r.outcome.rule.terminating ? 2 + noise : 80 + noise
  })
}

/**
 * Every field that can be chosen, by its Cloudflare name (dataset `http_requests`, fact sheet 1.2; legacy names of
 * 1.4 at the end).
 */
export const fields: Readonly<Record<string, Field>> = {
  RayID: text((out, r) => {
    out.hex8(r.rayHigh)
    out.hex8(r.rayLow)
  }),
  EdgeStartTimestamp: { part: 'time', of: (r) => r.startMs },
  BotDetectionIDs: constant([]),
  BotDetectionTags: constant([]),
  BotScore: agent((a) => a.botScore),
  BotScoreSrc: agent((a) => a.botScoreSource),
  BotTags: agent((a) => a.botTags),
  CacheCacheStatus: outcome((o) => o.cache),
  CacheReserveUsed: constant(false),
  CacheResponseBytes: integer((r) => (r.outcome.cacheStatus === 0 ? 0 : r.bodyBytes + 410)),
  CacheResponseStatus: outcome((o) => o.cacheStatus),
  CacheTieredFill: outcome((o) => o.cache === 'expired' || o.cache === 'revalidated'),
  ClientASN: network((n) => n.asn),
  ClientCity: network((n) => n.city),
  ClientCountry: network((n) => n.country.toLowerCase()),
  ClientDeviceType: agent((a) => a.device),
  ClientIP: text(writeClientAddress),
  ClientIPClass: agent((a) => a.ipClass),
  ClientLatitude: network((n) => n.latitude),
  ClientLongitude: network((n) => n.longitude),
  ClientMTLSAuthCertFingerprint: constant(''),
  ClientMTLSAuthStatus: constant('unknown'),
  ClientRegionCode: network((n) => n.region),
  ClientRequestBytes: integer((r) => r.requestBytes),
  ClientRequestHost: route((r) => r.host.host),
  ClientRequestMethod: route((r) => r.method),
  ClientRequestPath: text(writePath),
  ClientRequestProtocol: agent((a) => a.protocol),
  ClientRequestReferer: text(writeReferer),
  ClientRequestScheme: outcome((o) => o.scheme),
  ClientRequestSource: outcome((o) => o.requestSource),
  ClientRequestURI: text(writeUri),
  ClientRequestUserAgent: agent((a) => a.userAgent),
  ClientSSLCipher: agent((a) => a.cipher),
  ClientSSLProtocol: agent((a) => a.tls),
  ClientSrcPort: integer((r) => (subrequest(r.outcome) ? 0 : r.clientPort)),
  ClientTCPRTTMs: integer((r) => (subrequest(r.outcome) ? 0 : r.network.rttMs + (r.clientPort & 7))),
  ClientXRequestedWith: route((r) => (r.kind === 'api-write' ? 'XMLHttpRequest' : '')),
  ContentScanObjResults: constant([]),
  ContentScanObjSizes: constant([]),
  ContentScanObjTypes: constant([]),
  Cookies: constant({}),
  EdgeCFConnectingO2O: constant(false),
  EdgeColoCode: network((n) => n.colo),
  EdgeColoID: network((n) => n.coloId),
  EdgeEndTimestamp: { part: 'time', of: (r) => r.endMs },
  EdgePathingOp: outcome((o) => o.pathing[0]),
  EdgePathingSrc: outcome((o) => o.pathing[1]),
  EdgePathingStatus: outcome((o) => o.pathing[2]),
  EdgeRequestHost: route((r) => r.host.host),
  EdgeResponseBodyBytes: integer((r) => r.bodyBytes),
  EdgeResponseBytes: integer(responseBytes),
  EdgeResponseCompressionRatio: route((r) => (/page|api|search|login/.test(r.kind) ? 2.4 + (r.index % 20) / 10 : 0)),
  EdgeResponseContentType: text(writeContentType),
  EdgeResponseStatus: outcome((o) => o.status),
  EdgeServerIP: text(writeEdgeServer),
  EdgeTimeToFirstByteMs: integer((r) => r.firstByteMs),
  FraudAttack: constant(''),
  FraudDetectionIDs: constant([]),
  FraudDetectionTags: constant([]),
  FraudEmailRisk: constant(''),
  FraudUserID: constant(''),
  JA3Hash: agent((a) => a.ja3),
  JA4: agent((a) => a.ja4),
  JA4Signals: constant({}),
  JSDetectionPassed: agent((a) => (a.group === 'browser' ? 'passed' : 'missing')),
  LeakedCredentialCheckResult: constant('none'),
  OriginDNSResponseTimeMs: integer((r) => r.originDnsMs),
  OriginIP: text(writeOrigin),
  OriginRequestHeaderSendDurationMs: constant(0),
  OriginResponseBytes: constant(0),
  OriginResponseDurationMs: integer((r) => r.originMs),
  OriginResponseHTTPExpires: constant(''),
  OriginResponseHTTPLastModified: text((out, r) => {
    if (r.outcome.contact === 'answered' && r.route.kind === 'asset') out.put(lastModified)
  }),
  OriginResponseHeaderReceiveDurationMs: integer((r) => r.originHeaderMs),
  OriginResponseStatus: outcome((o) => o.originStatus),
  OriginResponseTime: {
    part: 'line',
    quoted: false,
    write: (out, r) => {
      out.digits(r.originMs)
      // Nanoseconds; they exceed 32 bits, so the last six digits are written apart.
      if (r.originMs > 0) out.put(zeros)
    },
  },
  OriginSSLProtocol: outcome((o) =>
    o.contact === 'answered' ? 'TLSv1.3' : o.timing === 'tls-failed' ? 'none' : 'unknown',
  ),
  OriginTCPHandshakeDurationMs: integer((r) => r.originTcpMs),
  OriginTLSHandshakeDurationMs: integer((r) => r.originTlsMs),
  ParentRayID: text((out, r) => {
    if (r.parentHigh === 0 && r.parentLow === 0) return out.put(noParent)
    out.hex8(r.parentHigh)
    out.hex8(r.parentLow)
  }),
  PayPerCrawlStatus: constant(''),
  RequestHeaders: constant({}),
  ResponseHeaders: constant({}),
  SecurityAction: terminating((rule) => rule.action),
  SecurityActions: securityArray((rule) => rule.action),
  SecurityRuleDescription: terminating((rule) => rule.description),
  SecurityRuleID: terminating((rule) => rule.id),
  SecurityRuleIDs: securityArray((rule) => rule.id),
  SecuritySources: securityArray((rule) => rule.source),
  SmartRouteColoID: constant(0),
  UpperTierColoID: outcome((o) => (o.cache === 'expired' || o.cache === 'revalidated' ? 398 : 0)),
  VerifiedBotCategory: agent((a) => a.verifiedBot),
  WAFAttackScore: attackScore(3),
  WAFFlags: constant('0'),
  WAFMatchedVar: constant(''),
  WAFRCEAttackScore: attackScore(8),
  WAFSQLiAttackScore: attackScore(13),
  WAFXSSAttackScore: attackScore(18),
  WebAssetsLabelsManaged: constant([]),
  WebAssetsOperationID: constant(''),
  WorkerCPUTime: integer((r) => r.workerCpuUs),
  WorkerScriptName: outcome((o) => o.workerScript),
  WorkerStatus: outcome((o) => o.workerStatus),
  WorkerSubrequest: outcome(subrequest),
  WorkerSubrequestCount: integer((r) => r.subrequests),
  WorkerWallTimeUs: integer((r) => (r.workerCpuUs === 0 ? 0 : r.workerCpuUs + r.firstByteMs * 1000)),
  ZoneName: route((r) => r.host.zone),

  RequestSource: outcome((o) => o.requestSource),
  WAFAction: terminating((rule) => rule.action, 'unknown'),
  WAFRuleID: terminating((rule) => rule.id),
  WAFRuleMessage: terminating((rule) => rule.description),
  FirewallMatchesActions: securityArray((rule) => rule.action),
  FirewallMatchesRuleIDs: securityArray((rule) => rule.id),
  FirewallMatchesSources: securityArray((rule) => rule.source),
}

/**
 * Fields of products that the simulated zones don't use, details of the client and the origin, and the legacy names.
 */
const leftOut = new Set([
  'BotDetectionIDs',
  'BotDetectionTags',
  'CacheReserveUsed',
  'ClientLatitude',
  'ClientLongitude',
  'ClientMTLSAuthCertFingerprint',
  'ClientMTLSAuthStatus',
  'ContentScanObjResults',
  'ContentScanObjSizes',
  'ContentScanObjTypes',
  'EdgeCFConnectingO2O',
  'FraudAttack',
  'FraudDetectionIDs',
  'FraudDetectionTags',
  'FraudEmailRisk',
  'FraudUserID',
  'JA3Hash',
  'JA4Signals',
  'LeakedCredentialCheckResult',
  'OriginRequestHeaderSendDurationMs',
  'OriginResponseBytes',
  'OriginResponseHTTPExpires',
  'OriginResponseHTTPLastModified',
  'PayPerCrawlStatus',
  'WebAssetsLabelsManaged',
  'WebAssetsOperationID',
  'RequestSource',
  'WAFAction',
  'WAFRuleID',
  'WAFRuleMessage',
  'FirewallMatchesActions',
  'FirewallMatchesRuleIDs',
  'FirewallMatchesSources',
])

/** Named choices of fields, in the order in which they are written. */
export const shapes = {
  /** What a job with all useful fields sends, in the order of a real one: identity and time first, the rest by name. */
  all: Object.keys(fields).filter((name) => !leftOut.has(name)),
  /** The Logpull default set (fact sheet 2.2). */
  logpull: [
    'ClientIP',
    'ClientRequestHost',
    'ClientRequestMethod',
    'ClientRequestURI',
    'EdgeEndTimestamp',
    'EdgeResponseBytes',
    'EdgeResponseStatus',
    'EdgeStartTimestamp',
    'RayID',
  ],
  /** What status analytics uses. */
  status: [
    'RayID',
    'EdgeStartTimestamp',
    'CacheCacheStatus',
    'ClientASN',
    'ClientCountry',
    'ClientIP',
    'ClientRequestHost',
    'ClientRequestMethod',
    'ClientRequestPath',
    'ClientRequestProtocol',
    'ClientRequestSource',
    'ClientRequestURI',
    'ClientRequestUserAgent',
    'EdgeColoCode',
    'EdgeEndTimestamp',
    'EdgePathingOp',
    'EdgePathingSrc',
    'EdgePathingStatus',
    'EdgeResponseBytes',
    'EdgeResponseStatus',
    'EdgeTimeToFirstByteMs',
    'OriginResponseDurationMs',
    'OriginResponseStatus',
    'ParentRayID',
    'SecurityAction',
    'SecurityActions',
    'SecurityRuleDescription',
    'SecurityRuleID',
    'SecuritySources',
    'WorkerStatus',
    'WorkerSubrequest',
    'ZoneName',
  ],
} as const satisfies Record<string, readonly string[]>
