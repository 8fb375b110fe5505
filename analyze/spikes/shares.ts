/** Which values the records of a sample carry in a dimension, and how large a part carries each. */
import type { Record } from '../../schema/words/record.js'
import { pathPattern, pathsAbove, type PathReader } from './path-pattern.js'

/** Dimensions that can set a spike apart, in the order in which a reader wants them. */
export const CONTRAST_DIMENSIONS = [
  'host',
  'path',
  'country',
  'colo',
  'asn',
  'userAgent',
  'securityRuleId',
  'cacheStatus',
  'method',
  'clientIp',
  'originIp',
] as const
export type ContrastDimension = (typeof CONTRAST_DIMENSIONS)[number]

export function valueOf(record: Record, dimension: ContrastDimension, pathOf: PathReader = pathPattern): string {
  const value = record[dimension]
  if (value === null) return ''
  return dimension === 'path' ? pathOf(String(value)) : String(value)
}

export interface Shares {
  /** records behind the shares */
  readonly records: number
  /** 0–1 by value, as far as any record carries it; records without one count in the whole */
  readonly of: ReadonlyMap<string, number>
}

/** Fields that nearly every request carries, whoever answered it: records without them come from an export that lacks them. */
const USUAL: ReadonlySet<ContrastDimension> = new Set([
  'host',
  'path',
  'country',
  'colo',
  'asn',
  'userAgent',
  'cacheStatus',
  'method',
  'clientIp',
  'originIp',
])
/** So improbable must it be that so many records in a row happen to lack a field that the others carry. */
const HARDLY_CHANCE = Math.log(1e-6)

/**
 * Which records come from an export that carries the dimension: a job may begin to send a field, stop to, or send it
 * for some hosts only. Those others say nothing of its values; that they lack it is no share of zero.
 */
export function exporting(
  records: readonly Record[],
  dimension: ContrastDimension,
): (records: readonly Record[]) => readonly Record[] {
  if (!USUAL.has(dimension)) return (some) => some
  let [first, last, carried] = [Infinity, -Infinity, 0]
  const hosts = new Map<string | null, { n: number; carried: number }>()
  for (const record of records) {
    const host = hosts.get(record.host) ?? { n: 0, carried: 0 }
    hosts.set(record.host, host)
    host.n++
    if (record[dimension] === null) continue
    host.carried++
    carried++
    first = Math.min(first, record.time)
    last = Math.max(last, record.time)
  }
  if (carried === 0 || carried === records.length) return (some) => some
  const within = records.filter(({ time }) => time >= first && time <= last).length
  const lacking = Math.log1p(-Math.min(1 - 1e-9, carried / within))
  const early = records.filter(({ time }) => time < first).length * lacking < HARDLY_CHANCE
  const late = records.filter(({ time }) => time > last).length * lacking < HARDLY_CHANCE
  const without = new Set(
    [...hosts].filter(([, host]) => host.carried === 0 && host.n * lacking < HARDLY_CHANCE).map(([host]) => host),
  )
  if (!early && !late && without.size === 0) return (some) => some
  return (some) =>
    some.filter(({ time, host }) => !(early && time < first) && !(late && time > last) && !without.has(host))
}

export function sharesOf(records: readonly Record[], dimension: ContrastDimension, pathOf?: PathReader): Shares {
  const sums = new Map<string, number>()
  let total = 0
  for (const record of records) {
    const value = valueOf(record, dimension, pathOf)
    if (value !== '') sums.set(value, (sums.get(value) ?? 0) + record.weight)
    total += record.weight
  }
  return { records: records.length, of: new Map([...sums].map(([value, sum]) => [value, sum / total])) }
}

/** Shares of what stands under each part of a path, itself included: `/checkout` with `/checkout/pay`. */
export function sharesUnder(paths: Shares): Shares {
  const sums = new Map<string, number>()
  for (const [path, share] of paths.of) {
    for (const under of [...pathsAbove(path), path]) sums.set(under, (sums.get(under) ?? 0) + share)
  }
  return { records: paths.records, of: sums }
}
