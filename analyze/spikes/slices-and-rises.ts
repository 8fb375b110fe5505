/** How what drowns in a place stands to the rises of the site: told by one already, a part of one, or the better name of one. */
import { MINUTE } from '../../schema/words/duration.js'
import type { Episode } from './detect/index.js'
import type { Slice, SlicedDimension } from './sliced.js'

export interface SliceEpisode extends Episode {
  slice: Slice
}

/** A rise that was told, where it is, and whether many suffer it. */
export interface Rise extends Episode {
  scope: { readonly [dimension: string]: string }
  ofMany: boolean
}

/** What a trouble of everybody has in common is no trouble of its own; but two hosts or two rules may be two causes. */
export const PARTING: readonly SlicedDimension[] = ['host', 'securityRuleId']
/** More hosts or rules at a time are no separate causes. */
export const MOST_PARTS = 4
/** A rise that overlaps this much of it has told it already. */
export const SAME_TIME = 0.5

/** Is it that value, or a path among those of a pattern, or under a path? */
export function holds(scope: string, value: string): boolean {
  if (scope === value) return true
  if (!scope.startsWith('/')) return false
  const parts = value.split('/')
  return scope.split('/').every((part, i) => part === parts[i] || (part.startsWith(':') && parts[i] !== undefined))
}

/** Has a rise told it, by the same place? */
export function toldBy(e: Episode, dimension: SlicedDimension, value: string, told: readonly Rise[]): boolean {
  return told.some((rise) => {
    if (!rise.ofMany || !isSame(e, rise) || isClearerIn([{ ...e, slice: { dimension, value } }], rise)) return false
    if (rise.scope[dimension] !== undefined && holds(rise.scope[dimension], value)) return true
    // the same trouble seen from another side, unless that one is known to lie elsewhere
    return !PARTING.includes(dimension) && rise.scope[dimension] === undefined
  })
}

/** The same kind of answers in the same time. */
export function isSame(e: Episode, other: Episode): boolean {
  return meets(e, other) && Math.min(e.end, other.end) - Math.max(e.start, other.start) >= SAME_TIME * (e.end - e.start)
}

export function meets(e: Episode, other: Episode): boolean {
  if (e.statusClass !== other.statusClass || e.end <= other.start || other.end <= e.start) return false
  return e.status === null || other.status === null || e.status === other.status
}

/** A rise of which this part is usual has the site's noise at its ends, and codes that are none of its own. */
const NOISY = 0.2

export const isNoisy = ({ status, observed, expected }: Episode): boolean =>
  status === null || expected >= NOISY * observed

/** Is a rise amid the noise of the site one of a single place in truth, where it has its own code, beginning and end? */
export const isClearerIn = (slices: readonly SliceEpisode[], rise: Rise): boolean =>
  isNoisy(rise) &&
  slices.some(
    ({ slice: { dimension, value }, ...e }) =>
      e.status !== null &&
      rise.scope[dimension] !== undefined &&
      holds(rise.scope[dimension], value) &&
      (rise.status === null || e.expected / e.observed < rise.expected / rise.observed / 2) &&
      isSame(e, rise) &&
      e.observed - e.expected >= WHOLE * (rise.observed - rise.expected),
  )

/** Starts or ends so far apart are those of two troubles, ms; what took long to be known has them less exact, up to the second. */
const APART_MS = 6 * MINUTE
const UNSURE_MS = 15 * MINUTE
/** Parts that come to so much of it together are what a rise is made of. */
const WHOLE = 0.7

/** Is a rise two troubles in truth, of two hosts or two rules, which did not come and go together? */
export function isPartedBy(rise: Rise, slices: readonly SliceEpisode[]): boolean {
  return PARTING.some((dimension) => {
    // several codes of a host, a scan among them, are no part of one code
    const parts = slices.filter(
      ({ slice, ...e }) =>
        slice.dimension === dimension && meets(e, rise) && (e.status === rise.status || rise.status === null),
    )
    const values = new Set(parts.map(({ slice }) => slice.value)).size
    if (values < 2 || values > MOST_PARTS) return false
    const sum = parts.reduce((total, e) => total + e.observed - e.expected, 0)
    if (sum < WHOLE * (rise.observed - rise.expected)) return false
    const spread = (of: (e: Episode) => number) => Math.max(...parts.map(of)) - Math.min(...parts.map(of))
    // an outage shows on one host later than on another; a rule is its own cause, whenever it began
    const unsure = dimension === 'host' ? Math.max(...parts.map((e) => Math.min(UNSURE_MS, e.detectedAt - e.start))) : 0
    const apart = Math.max(APART_MS, unsure)
    return spread((e) => e.start) >= apart || spread((e) => e.end) >= apart
  })
}
