/**
 * Which documented causes the spike's records speak for.
 *
 * Every record divides its vote among the causes whose `when` it matches, by their plausibility and by what a
 * trend says of them; the votes of the extra records make the confidence. Records that match no cause leave
 * their vote to the causes that no logged field can show, and the rest is honest doubt.
 */
import type { FieldName } from '../../schema/fields.js'
import type { Record } from '../../schema/record.js'
import type { Cause } from '../../schema/status/entry.js'
import { matchesClause, type Clause } from '../../schema/status/when.js'
import { excessShare } from './changed.js'
import type { Trend } from './slower.js'

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
  if (trend.ratio === null) return { factor: UNKNOWN, said: 'unknown' }
  const slower = trend.ratio >= cause.trend.atLeast
  if (!trend.sure) return { factor: UNKNOWN, said: 'unknown' }
  const holds = (cause.trend.direction === 'slower') === slower
  return holds ? { factor: 1, said: 'speaks for' } : { factor: AGAINST, said: 'speaks against' }
}

/** A cause speaks of its own status: in a spike of a whole class, and behind a Worker, records have several. */
const isOfStatus = (cause: Cause, record: Record) => cause.id.startsWith(`${record.edgeResponseStatus}/`)

function matchingClauses(cause: Cause, record: Record): Clause[] {
  return isOfStatus(cause, record) ? (cause.when ?? []).filter((clause) => matchesClause(clause, record as never)) : []
}

type Votes = { share: number[]; vote: number[]; unclaimed: number }

/** Per cause: the share of records that match it, and the share of their votes that it gets. */
function votesOf(records: readonly Record[], causes: readonly Cause[], prior: readonly number[]): Votes {
  const votes: Votes = { share: causes.map(() => 0), vote: causes.map(() => 0), unclaimed: 0 }
  let total = 0
  for (const record of records) {
    total += record.weight
    const matching = causes.flatMap((cause, i) => (matchingClauses(cause, record).length > 0 ? [i] : []))
    const sum = matching.reduce((n, i) => n + prior[i], 0)
    for (const i of matching) {
      votes.share[i] += record.weight
      votes.vote[i] += sum === 0 ? 0 : (record.weight * prior[i]) / sum
    }
    if (matching.length === 0) votes.unclaimed += record.weight
  }
  if (total === 0) return votes
  return { share: votes.share.map((n) => n / total), vote: votes.vote.map((n) => n / total), unclaimed: votes.unclaimed / total }
}

function bestClause(cause: Cause, records: readonly Record[]): Clause | null {
  const counts = (cause.when ?? []).map((clause) => ({ clause, n: records.filter((r) => isOfStatus(cause, r) && matchesClause(clause, r as never)).length }))
  const best = counts.sort((a, b) => b.n - a.n || Object.keys(b.clause).length - Object.keys(a.clause).length)[0]
  return best && best.n > 0 ? best.clause : null
}

export function weighCauses({ causes, spike, before, observed, expected, trend, absent }: Weighing): WeighedCause[] {
  const factors = causes.map((cause) => trendFactor(cause, trend))
  const prior = causes.map((cause, i) => Math.max(cause.plausibility, 0.01) * factors[i].factor)
  const now = votesOf(spike, causes, prior)
  const then = votesOf(before, causes, prior)
  const known = before.length > 0
  const extra = (share: number, baseline: number) => (known ? excessShare(share, baseline, observed, expected) : share)

  const unclaimed = extra(now.unclaimed, then.unclaimed)
  const missing = causes.map((cause) => (cause.needs ?? []).filter((field) => absent.has(field)))
  // who may claim what no evidence claims: causes that no field shows, and those whose field is not exported
  const silent = causes.map((cause, i) => (now.share[i] === 0 && (cause.when === undefined || missing[i].length > 0) ? prior[i] : 0))
  const silentSum = silent.reduce((sum, n) => sum + n, 0)

  return causes
    .map((cause, i): WeighedCause => {
      const claimed = extra(now.vote[i], then.vote[i])
      // a trend that speaks against a cause is doubt even where no other cause matches
      const doubt = factors[i].said === 'unknown' ? 0.8 : 1
      const guessed = silentSum === 0 ? 0 : (unclaimed * WITHOUT_EVIDENCE * silent[i]) / silentSum
      return {
        cause,
        confidence: Math.min(1, claimed * doubt + guessed),
        share: now.share[i],
        baselineShare: then.share[i],
        clause: bestClause(cause, spike),
        missing: missing[i],
        trend: factors[i].said,
      }
    })
    .sort((a, b) => b.confidence - a.confidence || b.cause.plausibility - a.cause.plausibility || (a.cause.id < b.cause.id ? -1 : 1))
}
