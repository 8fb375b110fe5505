/** Blocks of made-up records, straight as typed arrays: the store is measured here, not the reading of lines. */
import { perField, type Block, type Codes, type DimensionColumn } from '../../../schema/store/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../../schema/words/fields.js'
import { valuesOf } from '../../../schema/store/values.js'

/**
 * How many values a field has, and how unevenly they are spread: the share of requests of the first tenth grows with
 * it.
 */
interface Spread {
  values: string[]
  skew: number
}

export interface BlockMaker {
  /** `rows` records from `from` up to `to` (epoch ms), in an order as uneven as a real export's. */
  block(rows: number, from: number, to: number): Block
}

const SOME = (prefix: string, count: number, skew: number): Spread => ({
  values: ['', ...Array.from({ length: count }, (_, i) => `${prefix}${i}`)],
  skew,
})
const THESE = (values: string[], skew: number): Spread => ({ values: ['', ...values], skew })

function spreads(random: () => number): { [field in DimensionField]?: Spread } {
  const address = () => Array.from({ length: 4 }, () => Math.floor(random() * 254) + 1).join('.')
  return {
    zone: SOME('zone-', 4, 2),
    host: SOME('host-', 12, 2),
    method: THESE(['GET', 'POST', 'HEAD', 'PUT'], 4),
    path: SOME('/some/longer/path/of/a/shop/product-', 60_000, 5),
    edgeResponseStatus: THESE(['200', '304', '301', '404', '403', '503', '499', '500', '522', '429'], 5),
    originResponseStatus: THESE(['200', '0', '404', '304'], 3),
    source: THESE(['origin', 'cache', 'edge', 'client', 'origin-failure'], 3),
    sourceReason: THESE(['origin-same-status', 'cache-answered', 'edge-answered'], 3),
    visitor: THESE(['true', 'false'], 6),
    cacheStatus: THESE(['hit', 'dynamic', 'miss', 'expired'], 2),
    country: SOME('C', 60, 3),
    colo: SOME('X', 80, 3),
    asn: SOME('645', 100, 3),
    clientIp: {
      values: ['', ...Array.from({ length: 400_000 }, address)],
      skew: 2,
    },
    userAgent: SOME('Mozilla/5.0 (compatible; some agent) version/', 200, 3),
    protocol: THESE(['HTTP/2', 'HTTP/1.1', 'HTTP/3'], 2),
    requestSource: THESE(['eyeball', 'edgeWorkerFetch'], 6),
    edgePathingOp: THESE(['wl', 'ban'], 8),
    edgePathingSrc: THESE(['macro', 'user'], 8),
    edgePathingStatus: THESE(['nr', 'rateLimit'], 8),
  }
}

export function blockMaker(seed: number): BlockMaker {
  const random = randomFrom(seed)
  const fields = spreads(random)
  return {
    block(rows, from, to) {
      const words = () => Uint32Array.from({ length: rows * 2 }, () => random() * 4294967296)
      const numbers = (next: () => number) => Float64Array.from({ length: rows }, next)
      const jitter = Math.min(5_000, (to - from) / 10)
      return {
        rows,
        oddRays: new Map(),
        ray: words(),
        identity: words(),
        time: Float64Array.from({ length: rows }, (_, i) =>
          Math.floor(Math.min(to - 1, from + ((to - from) * i) / rows + random() * jitter)),
        ),
        dimensions: perField(DIMENSION_FIELDS, (field) => column(fields[field], rows, random)),
        measures: perField(MEASURE_FIELDS, (field) =>
          numbers(field === 'weight' ? () => 1 : () => Math.floor(random() ** 6 * 100_000)),
        ),
      }
    },
  }
}

/** As a reader would: only the values that occur, numbered as they come. */
function column(spread: Spread | undefined, rows: number, random: () => number): DimensionColumn {
  const codes: Codes = new Uint16Array(rows)
  const values = ['']
  if (!spread) return { codes, values: valuesOf(values) }
  const known = new Uint16Array(spread.values.length)
  for (let i = 0; i < rows; i++) {
    const pick = 1 + Math.floor(random() ** spread.skew * (spread.values.length - 1))
    if (known[pick] === 0) known[pick] = values.push(spread.values[pick]) - 1
    codes[i] = known[pick]
  }
  return { codes, values: valuesOf(values) }
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
