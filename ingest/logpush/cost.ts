/**
 * What a job costs. Logpush is on every plan since 2026-09-30 and is paid by uncompressed bytes delivered: 25 GB a month are
 * free, then 0.10 $ a GB to destinations outside Cloudflare and 0.03 $ to R2.
 * https://developers.cloudflare.com/logs/logpush/pricing/
 */
export const FREE_GB = 25
export const DOLLARS_A_GB = { outside: 0.1, r2: 0.03 } as const
export type Destination = keyof typeof DOLLARS_A_GB

/** A line as it mostly is; what a field costs is the length of its name and of such a value. */
const TYPICAL: { readonly [field: string]: unknown } = {
  EdgeStartTimestamp: '2026-05-20T14:03:05.120Z',
  EdgeEndTimestamp: '2026-05-20T14:03:05.262Z',
  RayID: '7a1f7ad4df2f870a',
  ZoneName: 'example.com',
  ClientRequestHost: 'www.shop.example.com',
  ClientRequestPath: '/api/v1/products/66VCHSJNUP',
  ClientRequestURI: '/api/v1/products/66VCHSJNUP?colour=blue&page=2',
  ClientRequestMethod: 'GET',
  ClientRequestProtocol: 'HTTP/2',
  ClientRequestSource: 'eyeball',
  ParentRayID: '00',
  EdgeResponseStatus: 200,
  EdgeResponseContentType: 'application/json',
  EdgeTimeToFirstByteMs: 128,
  EdgeResponseBytes: 12301,
  OriginResponseStatus: 200,
  OriginIP: '203.0.113.103',
  OriginResponseDurationMs: 122,
  CacheCacheStatus: 'dynamic',
  WorkerStatus: 'unknown',
  WorkerSubrequest: false,
  SecurityAction: '',
  SecurityActions: [],
  SecuritySources: [],
  SecurityRuleIDs: [],
  SecurityRuleID: '',
  SecurityRuleDescription: '',
  ClientCountry: 'us',
  ClientASN: 20115,
  ClientIP: '203.0.113.101',
  ClientRequestUserAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36',
  EdgeColoCode: 'ORD',
  EdgePathingOp: 'wl',
  EdgePathingSrc: 'macro',
  EdgePathingStatus: 'nr',
  BotScore: 87,
  BotScoreSrc: 'Machine Learning',
  VerifiedBotCategory: '',
}
/** A field that is not in the list: most are numbers or short words. */
const OTHER_VALUE = '12345678'

/** Bytes of a field in a line: name, colon, value, comma. */
export function bytesOf(field: string): number {
  return Buffer.byteLength(`${JSON.stringify(field)}:${JSON.stringify(TYPICAL[field] ?? OTHER_VALUE)},`)
}

/** Of a whole line with its braces and line feed. */
export function bytesOfLine(fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + bytesOf(field), 0) + 2
}

export interface Cost {
  requests: number
  gigabytes: number
  dollars: number
}

/** A month of so many requests, if this job has the free gigabytes to itself. */
export function costOf(requests: number, fields: readonly string[], destination: Destination, sampleRate = 1): Cost {
  const gigabytes = (requests * sampleRate * bytesOfLine(fields)) / 1e9
  return { requests, gigabytes, dollars: Math.max(0, gigabytes - FREE_GB) * DOLLARS_A_GB[destination] }
}
