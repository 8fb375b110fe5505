/** Where the trouble is: the values that define the spike, the host first and the others within it. */
import type { Record } from '../../schema/words/record.js'
import { changesOf, type Change, type Contrast } from './changed.js'
import { SCOPE_DIMENSIONS } from './sentences/say.js'
import { CONTRAST_DIMENSIONS } from './shares.js'

/** Those that the contract's `scope` may name. */
const NAMED: ReadonlySet<string> = new Set(SCOPE_DIMENSIONS)

export interface Scope {
  [dimension: string]: string
}

/** The host that nearly all extra records carry, if that sets them apart; and what changed among the hosts. */
export function hostOf(contrast: Contrast): { host: string | null; changes: Change[] } {
  const changes = changesOf(contrast, ['host'])
  return { host: changes.find((change) => change.defines)?.value ?? null, changes }
}

/**
 * What changed on the host alone: a site's API has its own clients and paths, and they are no news when the API fails.
 * `traffic` are requests of that host.
 */
export function withinHost(contrast: Contrast, host: string, traffic: readonly Record[]): Change[] {
  const ofHost = (records: readonly Record[]) => records.filter((record) => record.host === host)
  const sum = (records: readonly Record[]) => records.reduce((total, record) => total + record.weight, 0)
  const share = (records: readonly Record[]) => (records.length === 0 ? 1 : sum(ofHost(records)) / sum(records))
  const observed = contrast.observed * share(contrast.spike)
  return changesOf(
    {
      ...contrast,
      spike: ofHost(contrast.spike),
      before: ofHost(contrast.before),
      traffic,
      observed,
      expected: Math.min(0.99 * observed, contrast.expected * share(contrast.before)),
    },
    OTHER_DIMENSIONS,
  )
}

export const OTHER_DIMENSIONS = CONTRAST_DIMENSIONS.filter((dimension) => dimension !== 'host')

/** One value a dimension: the one that holds most of the extra records. */
export function scopeOf(changes: readonly Change[]): Scope {
  const scope: Scope = {}
  for (const change of [...changes].sort(
    (a, b) =>
      CONTRAST_DIMENSIONS.indexOf(a.dimension) - CONTRAST_DIMENSIONS.indexOf(b.dimension) ||
      b.excessShare - a.excessShare,
  )) {
    if (change.defines && NAMED.has(change.dimension)) scope[change.dimension] ??= change.value
  }
  return scope
}
