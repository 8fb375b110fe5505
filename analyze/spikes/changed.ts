/**
 * What changed: the values whose share among the spike's records is out of proportion to the time before.
 *
 * A spike's records are the usual ones plus the extra ones. Shares are therefore judged on the extra: if 260 of
 * 4,812 were to be expected, what the 260 usually look like is taken out first.
 */
import type { Record } from '../../schema/record.js'
import { pathPattern } from './path-pattern.js'

/** Dimensions that can set a spike apart, in the order in which a reader wants them. */
export const CONTRAST_DIMENSIONS = [
  'host', 'path', 'country', 'colo', 'asn', 'userAgent', 'securityRuleId', 'cacheStatus', 'method', 'clientIp', 'originIp',
] as const
export type ContrastDimension = (typeof CONTRAST_DIMENSIONS)[number]

/** Those that the contract's `scope` may name. */
export const SCOPE_DIMENSIONS: ReadonlySet<ContrastDimension> = new Set(['host', 'path', 'country', 'colo', 'asn', 'userAgent', 'securityRuleId'])

export interface Change {
  dimension: ContrastDimension
  value: string
  /** 0–1 of the spike's records */
  share: number
  /** 0–1 of the same kind of records before */
  baselineShare: number
  /** 0–1 of the extra records */
  excessShare: number
  /** log-likelihood ratio: how sure it is that the two shares differ */
  certainty: number
}

export interface Contrast {
  spike: readonly Record[]
  /** the same status and source before; may be empty */
  before: readonly Record[]
  /** all requests of visitors before: what the errors would look like if they hit everybody alike */
  traffic: readonly Record[]
  observed: number
  expected: number
}

/** How many records of the traffic a missing history of the same status is worth. */
const TRAFFIC_WEIGHT = 30
/** Nothing below these is worth a line: share of the extra records, and certainty (about 4 standard deviations). */
const LEAST_SHARE = 0.15
const LEAST_CERTAINTY = 8
/** A handful, never a dump. */
const MOST_CHANGES = 8

export function valueOf(record: Record, dimension: ContrastDimension): string {
  const value = record[dimension]
  if (value === null) return ''
  return dimension === 'path' ? pathPattern(String(value)) : String(value)
}

export function sharesOf(records: readonly Record[], dimension: ContrastDimension): Map<string, number> {
  const counts = new Map<string, number>()
  let total = 0
  for (const record of records) {
    const value = valueOf(record, dimension)
    counts.set(value, (counts.get(value) ?? 0) + record.weight)
    total += record.weight
  }
  for (const [value, n] of counts) counts.set(value, n / total)
  return counts
}

/** Shares before: of the same status and source, leaning on all traffic where there are few of those. */
export function baselineShares(contrast: Contrast, dimension: ContrastDimension): (value: string) => number {
  const before = sharesOf(contrast.before, dimension)
  const traffic = sharesOf(contrast.traffic, dimension)
  const n = contrast.before.length
  const k = traffic.size === 0 ? 0 : TRAFFIC_WEIGHT
  if (n + k === 0) return () => 0
  return (value) => ((before.get(value) ?? 0) * n + (traffic.get(value) ?? 0) * k) / (n + k)
}

/** The share among the extra records, given the shares among all and before. */
export function excessShare(share: number, baselineShare: number, observed: number, expected: number): number {
  const extra = observed - expected
  if (extra <= 0) return share
  return Math.min(1, Math.max(0, (observed * share - expected * baselineShare) / extra))
}

/** G statistic of `share` of n records against the share before, itself known from m records. */
function certaintyOf(share: number, baseline: number, n: number, m: number): number {
  const p = Math.min(1 - 0.5 / (m + 1), Math.max(0.5 / (m + 1), baseline))
  const term = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b))
  return 2 * n * (term(share, p) + term(1 - share, 1 - p))
}

export function changesOf(contrast: Contrast): Change[] {
  const changes = CONTRAST_DIMENSIONS.flatMap((dimension) => {
    const baseline = baselineShares(contrast, dimension)
    const known = contrast.before.length + Math.min(contrast.traffic.length, 1_000)
    return [...sharesOf(contrast.spike, dimension)].flatMap(([value, share]): Change[] => {
      if (value === '') return []
      const baselineShare = baseline(value)
      const excess = excessShare(share, baselineShare, contrast.observed, contrast.expected)
      const certainty = certaintyOf(share, baselineShare, contrast.spike.length, known)
      const apart = excess >= LEAST_SHARE && excess > baselineShare * 1.3 && certainty >= LEAST_CERTAINTY
      return apart ? [{ dimension, value, share, baselineShare, excessShare: excess, certainty }] : []
    })
  })
  return changes
    .sort((a, b) => strength(b) - strength(a) || (a.dimension < b.dimension ? -1 : 1))
    .slice(0, MOST_CHANGES)
}

/** How far a value sets the extra records apart, 0–1. */
function strength(change: Change): number {
  return change.excessShare - change.baselineShare
}

/** At least so much of the extra must carry a value that defines the spike. */
const DEFINING_SHARE = 0.8

/** The values that define the spike: nearly all extra records carry them, and far fewer did before. */
export function scopeOf(changes: readonly Change[]): { [dimension: string]: string } {
  const scope: { [dimension: string]: string } = {}
  for (const change of changes) {
    if (!SCOPE_DIMENSIONS.has(change.dimension) || scope[change.dimension] !== undefined) continue
    const rest = 1 - change.excessShare
    const restBefore = 1 - change.baselineShare
    // either a clear step in share, or what is left of the others shrank to a fraction (92 % → 100 %)
    const defines = change.excessShare >= DEFINING_SHARE && (strength(change) >= 0.25 || (change.excessShare >= 0.97 && restBefore >= 0.08 && rest * 5 <= restBefore))
    if (defines) scope[change.dimension] = change.value
  }
  return scope
}
