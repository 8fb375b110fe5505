/**
 * Which documented causes the spike's records speak for.
 *
 * Every record divides its vote among the causes whose `when` it matches. What a record says outright counts far more
 * than what merely fits; where the export lacks the field that would tell, the causes that it could tell have their
 * part too, and the whole vote counts for less. The votes of the extra records make the confidence; what no cause
 * claims is honest doubt.
 */
import type { FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { Cause } from '../../schema/status/entry.js'
import { possibleSources, specificityOf } from '../../schema/status/needed-fields.js'
import { isPositive, matches, matchesClause, mayMatchClause, type Clause } from '../../schema/status/when.js'
import { excessShare } from './changed.js'
import type { Findings } from './findings.js'
import { isSlower, type Trend } from './slower.js'

export interface WeighedCause {
  cause: Cause
  confidence: number
  /** 0–1 of the spike's records that match `when` */
  share: number
  baselineShare: number
  /** the clause that most of the matching records satisfy; null where none does, or only `otherwise` */
  clause: Clause | null
  /** fields that the export lacks and that would tell this cause from another, the most telling first */
  missing: FieldName[]
  /** 0–1 of the records matching `when` that speak against it */
  contradicted: number
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
  findings: Findings
  /** fields that no record of the export carries */
  absent: ReadonlySet<string>
}

/** What is left to a cause that the trend speaks against, and to one whose trend nobody measured. */
const AGAINST = 0.06
const UNKNOWN = 0.5
/** Each field that a record carries as a clause names it makes its cause so many times likelier than a mere fit. */
const SPECIFIC = 100
/** A cause that a record names is this plausible at least, however rare it is. */
const NAMED = 0.05
/** A record that speaks against a cause leaves it this part. */
const CONTRADICTED = 0.05
/** What all records together show takes this part of every vote: the rest says by which means. */
const FOUND = 0.85
/** How much a vote counts: nothing in doubt; the export lacks a field that could tell otherwise; nothing seen at all; left over; contradicted. */
const LACKING = 0.7
const UNSEEN = 0.35
const LEFT_OVER = 0.3
const AGAINST_ITSELF = 0.3
/** Causes that could only be told by a lacking field count as doubt from this part of the vote on. */
const LEAST_RIVAL = 0.004
/** A rival that other fields of the export would probably show, and one for which the source would have to be another. */
const REFUTED = 0.6
const OTHER_SOURCE = 0.02
const MOST_MISSING = 4

function trendFactor(cause: Cause, trend: Trend): { factor: number; said: WeighedCause['trend'] } {
  if (!cause.trend) return { factor: 1, said: null }
  const slower = isSlower(trend, cause.trend.atLeast)
  if (slower === null) return { factor: UNKNOWN, said: 'unknown' }
  return (cause.trend.direction === 'slower') === slower
    ? { factor: 1, said: 'speaks for' }
    : { factor: AGAINST, said: 'speaks against' }
}

/** The code that a cause speaks of; null for slowness, which has any. */
export function statusOf(cause: Cause): number | null {
  const status = Number(cause.id.slice(0, cause.id.indexOf('/')))
  return Number.isNaN(status) ? null : status
}

/** A cause speaks of its own status: in a spike of a whole class, and behind a Worker, records have several. */
export function isOfStatus(cause: Cause, record: Record): boolean {
  const status = statusOf(cause)
  return status === null || status === record.edgeResponseStatus
}

/** The clause could be seen in what the export carries, and is not: it names a field that is there, and lacking ones only as absent. */
function isRefuted(clause: Clause, record: Record, isUnknown: (field: string) => boolean): boolean {
  const fields = Object.keys(clause).filter((field) => field !== 'source') as (keyof Clause)[]
  const seen = fields.filter((field) => isPositive(clause[field]))
  return (
    seen.length > 0 &&
    seen.every((field) => !isUnknown(field)) &&
    fields.some((field) => isUnknown(field)) &&
    !matchesClause(clause, record as never)
  )
}

interface Claim {
  /** of the causes */
  at: number
  weight: number
  seen: boolean
}

/** What a cause has to say for itself before it is held against the others. */
interface Plea {
  at: number
  base: number
  /** how much the record says of it outright */
  named: number
  /** how much it could say, were every field exported */
  could: number
  seen: boolean
  /** seen, and by no field that the export lacks */
  surely: boolean
}

/** What lacking fields might say counts as much as what was seen only because others are lacking; never more. */
function claimsOf(pleas: readonly Plea[]): Claim[] {
  const sure = pleas.some(({ surely }) => surely)
  const best = Math.max(0, ...pleas.filter(({ seen }) => seen).map(({ named }) => named))
  return pleas.map(({ at, base, named, could, seen }) => {
    const power = seen || sure ? named : Math.max(named, Math.min(could, best))
    return { at, weight: base * SPECIFIC ** power, seen }
  })
}

function without(clause: Clause, isUnknown: (field: string) => boolean): Clause {
  return Object.fromEntries(Object.entries(clause).filter(([field]) => !isUnknown(field)))
}

interface Ballot {
  claims: Claim[]
  /** 0–1: how much the record's vote counts */
  strength: number
  /** fields that would tell more */
  lacking: ReadonlySet<string>
}

function ballotOf(record: Record, { causes, absent, findings }: Weighing, prior: readonly number[]): Ballot {
  const isUnknown = (field: string) => absent.has(field) && record[field as FieldName] === null
  const all = possibleSources(record, isUnknown)
  // a rule or a check of the edge that ended the request leaves its traces in more fields than one
  const likelySources = possibleSources(record, (field) => isUnknown(field) && DECIDING.has(field))
  const claims: Plea[] = []
  const lacking = new Set<string>()
  let found = null as Claim | null
  let untold = false
  let contradictions = 0
  causes.forEach((cause, at) => {
    if (!isOfStatus(cause, record)) return
    if (cause.finding) {
      const finding = findings[cause.finding]
      if (finding === undefined) return
      if (finding.holds === null) {
        untold = true
        finding.lacks.forEach((field) => lacking.add(field))
      } else if (finding.holds && finding.speaksOf(record)) found = { at, weight: 0, seen: true }
      return
    }
    const clauses = (cause.when ?? []).filter((clause) => matchesClause(clause, record as never))
    const contradicted = matches(cause.against, record as never)
    const factor = prior[at] * (contradicted ? CONTRADICTED : 1)
    if (clauses.length > 0) {
      if (contradicted) contradictions++
      const named = Math.max(...clauses.map(specificityOf))
      const surely = clauses.some((clause) => !Object.keys(clause).some(isUnknown))
      const base = named > 0 ? Math.max(factor, NAMED * (contradicted ? CONTRADICTED : 1)) : factor
      claims.push({ at, base, named, could: named, seen: true, surely })
      return
    }
    const possible = (cause.when ?? []).filter((clause) => mayMatchClause(clause, record as never, isUnknown, all))
    if (possible.length === 0) return
    const likely = possible.some((clause) => mayMatchClause(clause, record as never, isUnknown, likelySources))
    const refuted = (cause.when ?? []).some((clause) => isRefuted(clause, record, isUnknown))
    claims.push({
      at,
      base: factor * (likely ? 1 : OTHER_SOURCE) * (refuted ? REFUTED : 1),
      named: Math.max(...possible.map((clause) => specificityOf(without(clause, isUnknown)))),
      could: Math.max(...possible.map(specificityOf)),
      seen: false,
      surely: false,
    })
    for (const clause of possible) for (const field of lackingFields(clause, record, isUnknown)) lacking.add(field)
  })
  return weighed({ claims: claimsOf(claims), found, untold, contradictions, lacking, record, causes, prior })
}

function weighed(b: {
  claims: Claim[]
  found: Claim | null
  untold: boolean
  contradictions: number
  lacking: ReadonlySet<string>
  record: Record
  causes: readonly Cause[]
  prior: readonly number[]
}): Ballot {
  const seen = b.claims.filter((claim) => claim.seen)
  const sum = (claims: readonly Claim[]) => claims.reduce((total, { weight }) => total + weight, 0)
  const all = sum(b.claims)
  if (seen.length > 0) {
    const inDoubt = b.untold || sum(b.claims.filter((claim) => !claim.seen)) > LEAST_RIVAL * all
    const strength = (inDoubt ? LACKING : 1) * (b.contradictions === seen.length ? AGAINST_ITSELF : 1)
    return { claims: withFound(b.claims, b.found), strength, lacking: inDoubt ? b.lacking : new Set() }
  }
  const leftOver = b.causes.flatMap((cause, at): Claim[] =>
    isOfStatus(cause, b.record) && matches(cause.otherwise, b.record as never)
      ? [{ at, weight: b.prior[at], seen: false }]
      : [],
  )
  const claims = [...b.claims, ...leftOver]
  if (b.found) return { claims: withFound(claims, b.found), strength: 1, lacking: b.lacking }
  return { claims, strength: b.claims.length > 0 ? UNSEEN : LEFT_OVER, lacking: b.lacking }
}

function withFound(claims: readonly Claim[], found: Claim | null): Claim[] {
  if (found === null) return [...claims]
  const rest = claims.reduce((total, { weight }) => total + weight, 0)
  return [...claims, { ...found, weight: rest === 0 ? 1 : (rest * FOUND) / (1 - FOUND) }]
}

/** Fields of the clause that the export lacks; those behind the source where the source is what does not fit. */
function lackingFields(clause: Clause, record: Record, isUnknown: (field: string) => boolean): string[] {
  const own = Object.keys(clause).filter((field) => field !== 'source' && isUnknown(field))
  const { source } = clause
  if (source === undefined || matchesClause({ source }, record as never)) return own
  return [...own, ...SOURCE_FIELDS.filter((field) => isUnknown(field))]
}

/** What the source rests on, the most telling first. */
const SOURCE_FIELDS = [
  'originResponseStatus',
  'workerStatus',
  'cacheStatus',
  'securityAction',
  'edgePathingOp',
  'edgePathingSrc',
] as const
const DECIDING: ReadonlySet<string> = new Set(['originResponseStatus', 'workerStatus', 'cacheStatus'])

interface Votes {
  share: number[]
  vote: number[]
  contradicted: number[]
  unclaimed: number
  /** weight of the records in doubt for want of the field */
  lacking: ReadonlyMap<string, number>
}

function votesOf(records: readonly Record[], weighing: Weighing, prior: readonly number[]): Votes {
  const { causes } = weighing
  const zeros = () => causes.map(() => 0)
  const votes = {
    share: zeros(),
    vote: zeros(),
    contradicted: zeros(),
    unclaimed: 0,
    lacking: new Map<string, number>(),
  }
  let total = 0
  for (const record of records) {
    total += record.weight
    const { claims, strength, lacking } = ballotOf(record, weighing, prior)
    const sum = claims.reduce((n, { weight }) => n + weight, 0)
    if (claims.length === 0) votes.unclaimed += record.weight
    for (const { at, weight, seen } of claims) {
      if (seen) votes.share[at] += record.weight
      votes.vote[at] += sum === 0 ? 0 : (record.weight * strength * weight) / sum
      if (seen && matches(causes[at].against, record as never)) votes.contradicted[at] += record.weight
    }
    for (const field of lacking) votes.lacking.set(field, (votes.lacking.get(field) ?? 0) + record.weight)
  }
  if (total === 0) return votes
  return {
    share: votes.share.map((n) => n / total),
    vote: votes.vote.map((n) => n / total),
    contradicted: votes.contradicted.map((n, i) => (votes.share[i] === 0 ? 0 : n / votes.share[i])),
    unclaimed: votes.unclaimed / total,
    lacking: votes.lacking,
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

/** All causes with what the records give them, the likeliest first. The confidences sum to at most 1. */
export function weighCauses(weighing: Weighing): WeighedCause[] {
  const { causes, spike, before, observed, expected, trend } = weighing
  const factors = causes.map((cause) => trendFactor(cause, trend))
  const prior = causes.map((cause, i) => Math.max(cause.plausibility, 0.01) * factors[i].factor)
  const now = votesOf(spike, weighing, prior)
  const then = votesOf(before, weighing, prior)
  const known = before.length > 0
  const extra = (share: number, baseline: number) => (known ? excessShare(share, baseline, observed, expected) : share)

  // who may claim what no evidence claims: causes that no field shows
  const unclaimed = extra(now.unclaimed, then.unclaimed)
  const silent = causes.map((cause, i) =>
    now.share[i] === 0 && cause.when === undefined && cause.finding === undefined ? prior[i] : 0,
  )
  const silentSum = silent.reduce((sum, n) => sum + n, 0)
  const missing = ([...now.lacking] as [FieldName, number][])
    .sort((a, b) => b[1] - a[1] || orderOf(a[0]) - orderOf(b[0]))
    .map(([field]) => field)
    .slice(0, MOST_MISSING)

  // durations that would have told whether the others waited as well
  const unmeasured = ({ trend: asked }: Cause, i: number): readonly FieldName[] =>
    asked !== undefined && factors[i].said === 'unknown' && asked.measure.every((field) => weighing.absent.has(field))
      ? asked.measure.filter((field) => !missing.includes(field))
      : []

  const confidences = causes.map((_, i) => {
    // a trend that nobody measured is doubt even where no other cause matches
    const doubt = factors[i].said === 'unknown' ? 0.8 : 1
    const guessed = silentSum === 0 ? 0 : (unclaimed * UNSEEN * silent[i]) / silentSum
    return extra(now.vote[i], then.vote[i]) * doubt + guessed
  })
  // excess shares are cut off at 0, so their sum may pass 1 by what was cut
  const over = Math.max(
    1,
    confidences.reduce((sum, n) => sum + n, 0),
  )

  return causes
    .map((cause, i): WeighedCause => ({
      cause,
      confidence: confidences[i] / over,
      share: now.share[i],
      baselineShare: then.share[i],
      clause: bestClause(cause, spike),
      missing: now.vote[i] > 0 && cause.finding === undefined ? [...missing, ...unmeasured(cause, i)] : [],
      contradicted: now.contradicted[i],
      trend: factors[i].said,
    }))
    .sort(
      (a, b) =>
        b.confidence - a.confidence ||
        b.cause.plausibility - a.cause.plausibility ||
        (a.cause.id < b.cause.id ? -1 : 1),
    )
}

const orderOf = (field: string) => {
  const at = (SOURCE_FIELDS as readonly string[]).indexOf(field)
  return at === -1 ? SOURCE_FIELDS.length : at
}
