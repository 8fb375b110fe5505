/** Records as the reader makes them, for tests that need no store. */
import type { Record } from '../../../schema/words/record.js'
import { blankRecord } from '../../blank-record.js'

/** One request of a visitor, of an export that carries every field. */
export function record(own: Partial<Record> = {}): Record {
  return {
    ...blankRecord,
    time: Date.UTC(2026, 9, 13, 12),
    rayId: '9d6e5a3b1c2f4a80',
    zone: 'example.com',
    host: 'www.example.com',
    method: 'GET',
    path: '/',
    query: null,
    edgeResponseStatus: 200,
    originResponseStatus: 200,
    source: 'origin',
    sourceReason: 'origin-same-status',
    visitor: true,
    cacheStatus: 'dynamic',
    country: 'DE',
    colo: 'FRA',
    asn: 3320,
    clientIp: '198.51.100.7',
    userAgent: 'okhttp/4.12.0',
    protocol: 'HTTP/2',
    requestSource: 'eyeball',
    securityAction: null,
    securitySource: null,
    securityRuleId: null,
    securityRuleDescription: null,
    edgePathingOp: 'wl',
    edgePathingSrc: 'macro',
    edgePathingStatus: 'nr',
    workerStatus: null,
    originIp: '203.0.113.3',
    parentRayId: null,
    edgeResponseBytes: 500,
    edgeTimeToFirstByteMs: 60,
    originResponseDurationMs: 50,
    totalMs: 62,
    weight: 1,
    ...own,
  }
}
