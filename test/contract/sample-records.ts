/** Made-up records for the contract: small sets of values, so that groups and duplicates happen. */
import { BlockBuilder } from '../../schema/store/block.js'
import { packBlock, type MovingBlock } from '../../schema/store/moving-block.js'
import type { Record } from '../../schema/words/record.js'
import { SOURCES } from '../../schema/words/sources.js'
import type { BatchProgress } from '../../schema/store/batches.js'
import type { Store } from '../../schema/store/store.js'
import { blankRecord } from '../blank-record.js'

export const DAY = 86_400_000
export const HOUR = 3_600_000
export const MINUTE = 60_000
/** a Monday at midnight UTC */
export const START = Date.UTC(2026, 2, 2)

export interface Sample {
  record: Record
  identity: [number, number]
}

/**
 * A plain visitor's 200, with what matters replaced. The identity is made of host, path and address as a reader
 * would.
 */
export function sample(values: Partial<Record>, identity?: [number, number]): Sample {
  const record: Record = {
    ...blankRecord,
    time: START,
    rayId: '7a1f7ad4df2f870a',
    zone: 'example.com',
    host: 'www.example.com',
    method: 'GET',
    path: '/',
    edgeResponseStatus: 200,
    originResponseStatus: 200,
    source: 'origin',
    sourceReason: 'origin-same-status',
    visitor: true,
    weight: 1,
    ...values,
  }
  return { record, identity: identity ?? [hash(`${record.host}${record.path}`), hash(String(record.clientIp))] }
}

function hash(text: string): number {
  let h = 7
  for (const c of text) h = (Math.imul(h, 31) + (c.codePointAt(0) as number)) >>> 0
  return h
}

export function blockOf(samples: readonly Sample[]): MovingBlock {
  const builder = new BlockBuilder(samples.length)
  for (const { record, identity } of samples) builder.append(record, identity)
  return packBlock(builder.finish())
}

/** Read as plain NDJSON. */
const PLAIN = { via: [], weighted: false, after: null, leftOut: [] }

export function progress(lines: number, more: Partial<BatchProgress> = {}): BatchProgress {
  return {
    lines,
    rejected: 0,
    rejectedByReason: {},
    missingFields: [],
    ...PLAIN,
    bytes: lines * 100,
    seconds: 0.5,
    ...more,
  }
}

/** One batch, written in parts. Gives its report. */
export async function storeBatch(store: Store, ...parts: Sample[][]) {
  const id = await store.batches.open({ input: 'file', name: 'export.ndjson' })
  let lines = 0
  for (const [i, part] of parts.entries()) {
    lines += part.length
    await store.batches.write(id, { number: i + 1, blocks: [blockOf(part)], rejected: [], progress: progress(lines) })
  }
  return store.batches.close(id, 'complete', progress(lines), null)
}

/** Numbers from 0 to 1 from a seed (mulberry32), so that a failure can be repeated. */
export function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Records over `days` days, in random order of time. */
export function randomSamples(count: number, seed: number, days = 3): Sample[] {
  const random = randomFrom(seed)
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]
  return Array.from({ length: count }, () => {
    const time = START + Math.floor(random() * days * DAY)
    const status = one([200, 200, 200, 204, 301, 304, 403, 404, 429, 499, 500, 502, 503, 522, 0, 101])
    return sample(
      {
        time,
        rayId:
          random() < 0.03 ? null : random() < 0.03 ? `odd-${Math.floor(random() * 1e6)}` : hex(random) + hex(random),
        zone: one(['example.com', 'example.org', null]),
        host: one(['www.example.com', 'api.example.com', 'münchen.example.org', null]),
        method: one(['GET', 'GET', 'POST']),
        path: one(['/', '/Cart', '/cart', '/product/1', `/product/${Math.floor(random() * 500)}`]),
        edgeResponseStatus: status,
        originResponseStatus: one([200, 0, null, status]),
        source: one(SOURCES),
        visitor: random() < 0.9,
        cacheStatus: one(['hit', 'miss', null]),
        country: one(['DE', 'FR', 'CN', null]),
        colo: one(['FRA', 'ORD']),
        asn: one([null, 64496, 64511, 4_200_000_000]),
        clientIp: `203.0.113.${Math.floor(random() * 200)}`,
        userAgent: one(['curl/8.5.0', 'Mozilla/5.0 (X11) “quoted”', null]),
        bot: one(['likely-human', 'automated', 'Search Engine Crawler', null]),
        edgeResponseContentType: one(['text/html', 'application/json', null]),
        securityAction: random() < 0.02 ? 'block' : null,
        edgeResponseBytes: random() < 0.1 ? null : Math.floor(random() * 1e6),
        edgeTimeToFirstByteMs: random() < 0.1 ? null : Math.floor(random() ** 4 * 60_000),
        originResponseDurationMs: random() < 0.5 ? null : Math.round(random() * 5e5) / 1000,
        totalMs: random() < 0.001 ? 86_400_000 : Math.floor(random() * 2_000),
        // the first day's job was not sampled
        weight: time < START + DAY ? 1 : one([1, 1, 10, 100]),
      },
      [Math.floor(random() * 2 ** 32), Math.floor(random() * 2 ** 32)],
    )
  })
}

function hex(random: () => number): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
