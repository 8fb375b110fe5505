/**
 * The fields of the data set http_requests as JSON, after Cloudflare's page
 * (developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests), written from there and not from the
 * catalogue in schema/words: names, types, and what stands where there is nothing.
 */
import type { Chance } from './chance.js'
import type { Request } from './request.js'

/** Of a moment: ms since 1970, and nanoseconds beyond. As Logpush's `timestamp_format` writes it. */
export type Timestamps = 'rfc3339' | 'rfc3339ns' | 'unix' | 'unixnano'

export function moment(ms: number, nanoseconds: number, as: Timestamps): string {
  if (as === 'unix') return String(Math.floor(ms / 1000))
  const inSecond = String((ms % 1000) * 1_000_000 + nanoseconds).padStart(9, '0')
  if (as === 'unixnano') return `${Math.floor(ms / 1000)}${inSecond}`
  const second = new Date(ms).toISOString().slice(0, 19)
  return as === 'rfc3339' ? `"${second}Z"` : `"${second}.${inSecond}Z"`
}

export type Value = (request: Request, chance: Chance, as: Timestamps) => string

const text =
  (of: (request: Request, chance: Chance) => string): Value =>
  (r, c) =>
    JSON.stringify(of(r, c))
const whole =
  (of: (request: Request, chance: Chance) => number): Value =>
  (r, c) =>
    String(of(r, c))
const always =
  (json: string): Value =>
  () =>
    json

export const FIELDS: { readonly [name: string]: Value } = {
  BotDetectionIDs: always('[]'),
  BotScore: whole((_, c) => c.below(99) + 1),
  BotScoreSrc: text((_, c) => c.pick(['Machine Learning', 'Heuristics', 'Not Computed'])),
  BotTags: always('[]'),
  CacheCacheStatus: text((r) => r.cache),
  CacheReserveUsed: always('false'),
  CacheResponseBytes: whole((r) => r.bytes + 410),
  CacheResponseStatus: whole((r) => r.status),
  CacheTieredFill: always('false'),
  ClientASN: whole((r) => r.client.asn),
  ClientCity: text((r) => r.client.city),
  ClientCountry: text((r) => r.client.country),
  ClientDeviceType: text((r) => r.client.device),
  ClientIP: text((r) => r.client.ip),
  ClientIPClass: text((_, c) => c.pick(['noRecord', 'noRecord', 'clean', 'searchEngine', 'badHost'])),
  ClientLatitude: text((_, c) => `${c.below(90)}.${c.below(99_999)}`),
  ClientLongitude: text((_, c) => `-${c.below(180)}.${c.below(99_999)}`),
  ClientMTLSAuthCertFingerprint: always('""'),
  ClientMTLSAuthStatus: always('"unknown"'),
  ClientRegionCode: text((r) => r.client.region),
  ClientRequestBytes: whole((_, c) => 300 + c.below(5_000)),
  ClientRequestHost: text((r) => r.host),
  ClientRequestMethod: text((r) => r.method),
  ClientRequestPath: text((r) => r.path),
  ClientRequestProtocol: text((_, c) => c.pick(['HTTP/2', 'HTTP/2', 'HTTP/3', 'HTTP/1.1'])),
  ClientRequestReferer: text((r) => r.referer),
  ClientRequestScheme: always('"https"'),
  ClientRequestSource: always('"eyeball"'),
  ClientRequestURI: text((r) => r.path + r.query),
  ClientRequestUserAgent: text((r) => r.client.agent),
  ClientSSLCipher: text((_, c) =>
    c.pick(['AEAD-AES128-GCM-SHA256', 'AEAD-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256']),
  ),
  ClientSSLProtocol: text((_, c) => c.pick(['TLSv1.3', 'TLSv1.3', 'TLSv1.2', 'QUIC'])),
  ClientSrcPort: whole((_, c) => 1_024 + c.below(64_000)),
  ClientTCPRTTMs: whole((_, c) => c.below(300)),
  ClientXRequestedWith: always('""'),
  ContentScanObjResults: always('[]'),
  ContentScanObjSizes: always('[]'),
  ContentScanObjTypes: always('[]'),
  Cookies: always('{}'),
  EdgeCFConnectingO2O: always('false'),
  EdgeColoCode: text((r) => r.client.colo),
  EdgeColoID: whole((r) => r.client.colo.charCodeAt(0) * 7 + r.client.colo.charCodeAt(2)),
  EdgeEndTimestamp: (r, _, as) => moment(r.start + r.tookMs, r.nanoseconds, as),
  EdgePathingOp: text((r) => (r.rule ? 'ban' : 'wl')),
  EdgePathingSrc: text((r) => (r.rule ? 'filterBasedFirewall' : 'macro')),
  EdgePathingStatus: always('"nr"'),
  EdgeRequestHost: text((r) => (r.originStatus ? r.host : '')),
  EdgeResponseBodyBytes: whole((r) => r.bytes - 120),
  EdgeResponseBytes: whole((r) => r.bytes),
  EdgeResponseCompressionRatio: whole((_, c) => c.below(900) / 100),
  EdgeResponseContentType: text((_, c) => c.pick(['text/html', 'application/json', 'image/webp', 'text/css', ''])),
  EdgeResponseStatus: whole((r) => r.status),
  EdgeServerIP: text((r, c) => (r.originStatus ? `172.71.${c.below(250)}.${c.below(250)}` : '')),
  EdgeStartTimestamp: (r, _, as) => moment(r.start, r.nanoseconds, as),
  EdgeTimeToFirstByteMs: whole((r) => Math.floor(r.tookMs * 0.9)),
  JA3Hash: text((_, c) => c.hex(32)),
  JA4: text((_, c) => `t13d1516h2_${c.hex(12)}_${c.hex(12)}`),
  LeakedCredentialCheckResult: always('"none"'),
  OriginDNSResponseTimeMs: whole((r, c) => (r.originStatus ? c.below(4) : 0)),
  OriginIP: text((r) => (r.originStatus ? '198.51.100.7' : '')),
  OriginRequestHeaderSendDurationMs: always('0'),
  OriginResponseBytes: always('0'),
  OriginResponseDurationMs: whole((r) => r.originMs),
  OriginResponseHTTPExpires: always('""'),
  OriginResponseHTTPLastModified: text((r) => (r.originStatus ? new Date(r.start - 86_400_000).toUTCString() : '')),
  OriginResponseHeaderReceiveDurationMs: whole((r) => Math.max(0, r.originMs - 2)),
  OriginResponseStatus: whole((r) => r.originStatus),
  OriginResponseTime: whole((r, c) => (r.originMs ? r.originMs * 1_000_000 + c.below(1_000_000) : 0)),
  OriginSSLProtocol: text((r) => (r.originStatus ? 'TLSv1.3' : 'unknown')),
  OriginTCPHandshakeDurationMs: whole((r, c) => (r.originMs ? c.below(30) : 0)),
  OriginTLSHandshakeDurationMs: whole((r, c) => (r.originMs ? c.below(60) : 0)),
  ParentRayID: always('"00"'),
  RayID: text((r) => r.rayId),
  RequestHeaders: always('{}'),
  ResponseHeaders: always('{}'),
  SecurityAction: text((r) => (r.rule ? 'block' : '')),
  SecurityActions: text((r) => (r.rule ? 'block' : '')),
  SecurityRuleDescription: text((r) => (r.rule ? `rule ${r.rule.slice(0, 4)}` : '')),
  SecurityRuleID: text((r) => r.rule),
  SecurityRuleIDs: (r) => (r.rule ? `["${r.rule}"]` : '[]'),
  SecuritySources: (r) => (r.rule ? '["firewallCustom"]' : '[]'),
  SmartRouteColoID: always('0'),
  UpperTierColoID: always('0'),
  VerifiedBotCategory: always('""'),
  WAFAttackScore: whole((_, c) => c.below(99) + 1),
  WAFFlags: always('"0"'),
  WAFMatchedVar: always('""'),
  WAFRCEAttackScore: whole((_, c) => c.below(99) + 1),
  WAFSQLiAttackScore: whole((_, c) => c.below(99) + 1),
  WAFXSSAttackScore: whole((_, c) => c.below(99) + 1),
  WorkerCPUTime: always('0'),
  WorkerScriptName: always('""'),
  WorkerStatus: always('"unknown"'),
  WorkerSubrequest: always('false'),
  WorkerSubrequestCount: always('0'),
  WorkerWallTimeUs: always('0'),
  ZoneName: always('"example.net"'),
}

/** What Cloudflare's API sends where no fields are asked for. */
export const NINE =
  'ClientIP ClientRequestHost ClientRequestMethod ClientRequestURI EdgeEndTimestamp EdgeResponseBytes EdgeResponseStatus EdgeStartTimestamp RayID'.split(
    ' ',
  )

/** What the dashboard ticks for a new job. */
export const TICKED =
  'CacheCacheStatus CacheResponseBytes CacheResponseStatus CacheTieredFill ClientASN ClientCountry ClientDeviceType ClientIP ClientIPClass ClientRequestBytes ClientRequestHost ClientRequestMethod ClientRequestPath ClientRequestProtocol ClientRequestReferer ClientRequestURI ClientRequestUserAgent ClientSSLCipher ClientSSLProtocol ClientSrcPort EdgeColoCode EdgeColoID EdgeEndTimestamp EdgePathingOp EdgePathingSrc EdgePathingStatus EdgeRequestHost EdgeResponseBytes EdgeResponseCompressionRatio EdgeResponseContentType EdgeResponseStatus EdgeServerIP EdgeStartTimestamp OriginIP OriginResponseBytes OriginResponseHTTPExpires OriginResponseHTTPLastModified OriginResponseStatus OriginResponseTime OriginSSLProtocol ParentRayID RayID WorkerCPUTime WorkerStatus WorkerSubrequest WorkerSubrequestCount ZoneName'.split(
    ' ',
  )

export const EVERY = Object.keys(FIELDS)
