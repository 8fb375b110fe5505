/**
 * Which documented causes the spike's records speak for.
 *
 * Every record divides its vote among the causes whose `when` it matches, by their plausibility and by what a
 * trend says of them; the votes of the extra records make the confidence. Records that match no cause leave
 * their vote to the causes that no logged field can show, and the rest is honest doubt.
 */
import type { FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { Cause } from '../../schema/status/entry.js'
import { matchesClause, type Clause, type Matcher } from '../../schema/status/when.js'
import { excessShare } from './changed.js'
import { isSlower, type Trend } from './slower.js'

export interface WeighedCause {
  cause: Cause
  confidence: number
  /** 0–1 of the spike's records that match `when` */
  share: number
  baselineShare: number
  /** the clause that most of the matching records satisfy */
  clause: Clause | null
  /** fields without which the export cannot tell this cause */
  missing: FieldName[]
  /** what the trend said, where the cause asks for one */
  trend: 'speaks for' | 'speaks against' | 'unknown' | null
}

export interface Weighing {
  causes: readonly Cause[]
  spike: readonly Record[]
  before: readonly Record[]
  observed: number
  expected: number
  trend: Trend
  /** fields that no record of the export carries */
  absent: ReadonlySet<string>
}

/** What is left to a cause that the trend speaks against, and to one whose trend nobody measured. */
const AGAINST = 0.06
const UNKNOWN = 0.5
/** A vote that no evidence supports counts for less than one that does. */
const WITHOUT_EVIDENCE = 0.35

function trendFactor(cause: Cause, trend: Trend): { factor: number; said: WeighedCause['trend'] } {
  if (!cause.trend) return { factor: 1, said: null }
  const slower = isSlower(trend, cause.trend.atLeast)
  if (slower === null) return { factor: UNKNOWN, said: 'unknown' }
  return (cause.trend.direction === 'slower') === slower
    ? { factor: 1, said: 'speaks for' }
    : { factor: AGAINST, said: 'speaks against' }
}

/** A cause speaks of its own status: in a spike of a whole class, and behind a Worker, records have several. */
const isOfStatus = (cause: Cause, record: Record) => cause.id.startsWith(`${record.edgeResponseStatus}/`)

function matchingClauses(cause: Cause, record: Record): Clause[] {
  return isOfStatus(cause, record) ? (cause.when ?? []).filter((clause) => matchesClause(clause, record as never)) : []
}

/** A condition that names what a field must be, instead of what it must not be. */
function isPositive(matcher: Matcher | undefined): boolean {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return matcher !== undefined
  return matcher.min !== undefined || matcher.max !== undefined
}

/** The clause holds only because the export does not carry the field that could refute it. */
function byAbsence(clause: Clause, missing: readonly FieldName[]): boolean {
  const fields = Object.keys(clause).filter((field) => field !== 'source') as (keyof Clause)[]
  return fields.some((field) => missing.includes(field)) && !fields.some((field) => isPositive(clause[field]))
}

type Votes = { share: number[]; vote: number[]; unclaimed: number }

/**
 * Per cause: the share of records that match it, and the share of their votes that it gets. Where they match only
 * because a field is not exported, the causes that this field would tell have as good a claim.
 */
function votesOf(
  records: readonly Record[],
  causes: readonly Cause[],
  prior: readonly number[],
  missing: readonly FieldName[][],
): Votes {
  const votes: Votes = { share: causes.map(() => 0), vote: causes.map(() => 0), unclaimed: 0 }
  let total = 0
  for (const record of records) {
    total += record.weight
    const clauses = causes.map((cause) => matchingClauses(cause, record))
    const matching = causes.flatMap((_, i) => (clauses[i].length > 0 ? [i] : []))
    const doubtful =
      matching.length > 0 && matching.every((i) => clauses[i].every((clause) => byAbsence(clause, missing[i])))
    const possible = doubtful
      ? causes.flatMap((cause, i) =>
          clauses[i].length === 0 && missing[i].length > 0 && isOfStatus(cause, record) ? [i] : [],
        )
      : []
    const claiming = [...matching, ...possible]
    const sum = claiming.reduce((n, i) => n + prior[i], 0)
    for (const i of matching) votes.share[i] += record.weight
    for (const i of claiming) votes.vote[i] += sum === 0 ? 0 : (record.weight * prior[i]) / sum
    if (matching.length === 0) votes.unclaimed += record.weight
  }
  if (total === 0) return votes
  return {
    share: votes.share.map((n) => n / total),
    vote: votes.vote.map((n) => n / total),
    unclaimed: votes.unclaimed / total,
  }
}

function bestClause(cause: Cause, records: readonly Record[]): Clause | null {
  const counts = (cause.when ?? []).map((clause) => ({
    clause,
    n: records.filter((r) => isOfStatus(cause, r) && matchesClause(clause, r as never)).length,
  }))
  const best = counts.sort((a, b) => b.n - a.n || Object.keys(b.clause).length - Object.keys(a.clause).length)[0]
  return best && best.n > 0 ? best.clause : null
}

export function weighCauses({ causes, spike, before, observed, expected, trend, absent }: Weighing): WeighedCause[] {
  const factors = causes.map((cause) => trendFactor(cause, trend))
  const prior = causes.map((cause, i) => Math.max(cause.plausibility, 0.01) * factors[i].factor)
  const missing = causes.map((cause) => (cause.needs ?? []).filter((field) => absent.has(field)))
  const now = votesOf(spike, causes, prior, missing)
  const then = votesOf(before, causes, prior, missing)
  const known = before.length > 0
  const extra = (share: number, baseline: number) => (known ? excessShare(share, baseline, observed, expected) : share)

  const unclaimed = extra(now.unclaimed, then.unclaimed)
  // who may claim what no evidence claims: causes that no field shows, and those whose field is not exported
  const silent = causes.map((cause, i) =>
    now.share[i] === 0 && (cause.when === undefined || missing[i].length > 0) ? prior[i] : 0,
  )
  const silentSum = silent.reduce((sum, n) => sum + n, 0)

  return causes
    .map((cause, i): WeighedCause => {
      const claimed = extra(now.vote[i], then.vote[i])
      // a trend that speaks against a cause is doubt even where no other cause matches
      const doubt = factors[i].said === 'unknown' ? 0.8 : 1
      const guessed = silentSum === 0 ? 0 : (unclaimed * WITHOUT_EVIDENCE * silent[i]) / silentSum
      const clause = bestClause(cause, spike)
      return {
        cause,
        confidence: Math.min(1, claimed * doubt + guessed),
        share: now.share[i],
        baselineShare: then.share[i],
        clause,
        missing: clause === null ? missing[i] : missing[i].filter((field) => field in clause),
        trend: factors[i].said,
      }
    })
    .sort(
      (a, b) =>
        b.confidence - a.confidence ||
        b.cause.plausibility - a.cause.plausibility ||
        (a.cause.id < b.cause.id ? -1 : 1),
    )
}
