/**
 * What changed: the values whose share among the spike's records is out of proportion to the time before.
 *
 * A spike's records are the usual ones plus the extra ones. Shares are therefore judged on the extra: if 260 of
 * 4,812 were to be expected, what the 260 usually look like is taken out first.
 */
import type { Record } from '../../schema/words/record.js'
import { pathPattern, type PathReader } from './path-pattern.js'
import { CONTRAST_DIMENSIONS, exporting, sharesOf, sharesUnder, type ContrastDimension, type Shares } from './shares.js'

export interface Change {
  dimension: ContrastDimension
  value: string
  /** 0–1 of the spike's records */
  share: number
  /** 0–1 of the records compared with */
  baselineShare: number
  /** the same kind of records before; all requests before, where there were too few of the kind to tell a share */
  comparedWith: ComparedWith
  /** what was to be expected, of which both have a part; judged by, not shown */
  usual: number
  /** 0–1 of the extra records */
  excessShare: number
  /** log-likelihood ratio: how sure it is that the two shares differ */
  certainty: number
  /** nearly all extra records carry it, and that is not what a trouble of everybody would look like */
  defines: boolean
}

export type ComparedWith = 'same-kind' | 'all-requests'

export interface Contrast {
  spike: readonly Record[]
  /** the same status and source before; may be empty */
  before: readonly Record[]
  /** all requests of visitors before: what the errors would look like if they hit everybody alike */
  traffic: readonly Record[]
  observed: number
  expected: number
  pathOf?: PathReader
  /** dimensions that the export of the time before does not carry: nothing can be said of their change */
  untold?: ReadonlySet<ContrastDimension>
}

/** So many records of the kind tell a share of their own. */
const LEAST_OF_KIND = 20

/** How many records of the traffic a missing history of the same status is worth. */
const TRAFFIC_WEIGHT = 30
/** Nothing below these is worth a line: share of the extra records, and certainty (about 4 standard deviations). */
const LEAST_SHARE = 0.15
const LEAST_CERTAINTY = 8
/** What a client brings along to each of its requests: of these clients are counted, not requests. */
const OF_CLIENTS: ReadonlySet<ContrastDimension> = new Set(['country', 'colo', 'asn', 'userAgent'])
/** A handful, never a dump. */
const MOST_CHANGES = 8

/** The share among the extra records, given the shares among all and before. */
export function excessShare(share: number, baselineShare: number, observed: number, expected: number): number {
  const extra = observed - expected
  if (extra <= 0) return share
  return Math.min(1, Math.max(0, (observed * share - expected * baselineShare) / extra))
}

/** Everything that is out of proportion or defines the spike, the clearest first. */
export function changesOf(
  contrast: Contrast,
  dimensions: readonly ContrastDimension[] = CONTRAST_DIMENSIONS,
): Change[] {
  const pathOf = contrast.pathOf ?? pathPattern
  return dimensions
    .filter((dimension) => !contrast.untold?.has(dimension))
    .flatMap((dimension) => {
      const told = exporting([...contrast.spike, ...contrast.before, ...contrast.traffic], dimension)
      const of = (records: readonly Record[]) => sharesOf(told(records), dimension, pathOf)
      const exact = judge(dimension, contrast, of(contrast.spike), of(contrast.before), of(contrast.traffic))
      if (dimension !== 'path' || exact.some((change) => change.defines)) return exact
      const under = (records: readonly Record[]) => sharesUnder(of(records))
      return [
        ...exact,
        ...deepest(judge(dimension, contrast, under(contrast.spike), under(contrast.before), under(contrast.traffic))),
      ]
    })
    .sort((a, b) => strength(b) - strength(a) || (a.dimension < b.dimension ? -1 : 1))
}

/** The handful that is worth showing. */
export function mainChanges(changes: readonly Change[]): Change[] {
  return changes
    .filter(
      (c) =>
        c.excessShare >= LEAST_SHARE &&
        c.excessShare > Math.max(c.usual, c.baselineShare) * 1.3 &&
        c.certainty >= LEAST_CERTAINTY,
    )
    .slice(0, MOST_CHANGES)
}

/** How far a value sets the extra records apart, 0–1. */
const strength = (change: Change) => change.excessShare - change.usual

/** Of the paths that the extra records stand under, the longest that still holds them; it must leave something out. */
function deepest(paths: readonly Change[]): Change[] {
  return paths
    .filter((change) => change.defines && change.usual < 0.75)
    .sort((a, b) => b.value.length - a.value.length)
    .slice(0, 1)
}

function judge(
  dimension: ContrastDimension,
  { observed, expected, spike: sampled }: Contrast,
  spike: Shares,
  before: Shares,
  traffic: Shares,
): Change[] {
  const known = before.records + Math.min(traffic.records, 1_000)
  // no record of the time before tells anything of this field: there is nothing to compare with
  if (known === 0) return []
  const usual = Math.min(1, expected / observed)
  const n = OF_CLIENTS.has(dimension) ? clientsIn(sampled) : spike.records
  const comparedWith = before.records >= LEAST_OF_KIND || traffic.records === 0 ? 'same-kind' : 'all-requests'
  return [...spike.of].map(([value, share]): Change => {
    const everybody = traffic.of.get(value) ?? 0
    const ofKind = before.of.get(value) ?? 0
    const baselineShare = blended(ofKind, before.records, everybody, traffic.records)
    const excess = excessShare(share, baselineShare, observed, expected)
    return {
      dimension,
      value,
      share,
      baselineShare: comparedWith === 'same-kind' ? ofKind : everybody,
      comparedWith,
      usual: baselineShare,
      excessShare: excess,
      certainty: certaintyOf(share, baselineShare, n, known),
      defines: defines({
        share,
        baselineShare,
        everybody: traffic.records === 0 ? baselineShare : everybody,
        excess,
        usual,
        n: spike.records,
        known,
      }),
    }
  })
}

/** Different addresses; each record its own where the export has none. */
function clientsIn(records: readonly Record[]): number {
  const addresses = new Set(records.flatMap(({ clientIp }) => clientIp ?? []))
  return addresses.size === 0 ? records.length : addresses.size
}

/** Shares before: of the same status and source, leaning on all traffic where there are few of those. */
function blended(before: number, n: number, everybody: number, trafficRecords: number): number {
  const k = trafficRecords === 0 ? 0 : TRAFFIC_WEIGHT
  return n + k === 0 ? 0 : (before * n + everybody * k) / (n + k)
}

const log = (k: number, a: number, b: number) => (k === 0 ? 0 : k * Math.log(a / b))

/** G statistic of `share` of n records against the share before, itself known from m records. */
function certaintyOf(share: number, baseline: number, n: number, m: number): number {
  const p = Math.min(1 - 0.5 / (m + 1), Math.max(0.5 / (m + 1), baseline))
  return 2 * n * (log(share, share, p) + log(1 - share, 1 - share, 1 - p))
}

/** What a trouble that only has this value may leave to others: strays, and errors of the estimate. */
const LEAK = 0.03
/** Odds of e^4 to one that the trouble has this value alone, rather than hitting everybody in proportion. */
const LEAST_ODDS = 4
/** The estimate itself must come this near to all of the extra, two standard deviations allowed for. */
const NEARLY_ALL = 0.95
const LEAST_DEFINING = 0.7
/** The detector's expectation is off by about this part of itself. */
const EXPECTATION_ERROR = 0.25

interface Judged {
  share: number
  baselineShare: number
  /** share among all requests */
  everybody: number
  excess: number
  /** 0–1: the part of the spike's records that was to be expected */
  usual: number
  n: number
  known: number
}

function defines({ share, baselineShare, everybody, excess, usual, n, known }: Judged): boolean {
  if (excess < LEAST_DEFINING || usual >= 1) return false
  const extra = 1 - usual
  const alone = Math.max(1 - LEAK, 1 - (1 - everybody) / 5)
  const spread = Math.max(everybody, 0.5 / (known + 1))
  if (alone <= spread) return false
  const [a, b] = [usual * baselineShare + extra * alone, usual * baselineShare + extra * spread]
  const odds = n * (log(share, a, b) + log(1 - share, 1 - a, 1 - b))
  const deviation = Math.hypot(
    Math.sqrt((share * (1 - share)) / n) / extra,
    (EXPECTATION_ERROR * usual * (1 - baselineShare)) / extra,
  )
  return odds >= LEAST_ODDS && excess + 2 * deviation >= NEARLY_ALL
}
