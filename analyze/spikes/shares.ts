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
