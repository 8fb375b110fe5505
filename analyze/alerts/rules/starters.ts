/**
 * Rules to begin with, made when the first logs are in and fitted to what is usual in them. All are off until somebody
 * confirms them, but for surges, which need no threshold.
 */
import type { RuleDraft, Where } from '../../../schema/api/alerts.js'
import type { Counts, Filter } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { Language } from '../../../schema/words/languages.js'
import { STARTER_NOTES } from '../../../schema/words/starter-notes.js'
import { STARTER_NAMES, type Starter } from '../../../schema/words/starters.js'
import { DAY, HOUR } from '../../../schema/words/duration.js'
import { scopeOf } from './where.js'

/** How much of the end of the logs is looked at. */
const LOOK_BACK_MS = 7 * DAY
/** A threshold lies so many times above what is usual … */
const ABOVE_USUAL = 5
/** … but at least here, since nobody gets up for less. */
const LEAST_SHARE = 0.02

/** Hours with fewer requests say nothing of what is usual: one error in a handful would be a share of 20 %. */
const FEWEST_REQUESTS = 1_000
/** Objectives from the strictest; what is usual must leave half of the budget, or a rule would fire without end. */
const OBJECTIVES = [0.999, 0.995, 0.99, 0.98, 0.95, 0.9] as const

const SERVER_ERRORS: Where = { class: '5xx' }

export interface Starters {
  /** none where no logs are in yet */
  drafts: RuleDraft[]
  /** false: too few requests to tell what is usual, so the thresholds are the least that make sense */
  fitted: boolean
}

export async function starterRules(records: ReadRecords, language: Language): Promise<Starters> {
  const extent = await records.extent()
  if (extent.to === null || extent.from === null) return { drafts: [], fitted: false }
  const from = Math.max(extent.from, extent.to - LOOK_BACK_MS)
  const to = extent.to + 1
  const bounds = { step: HOUR, zone: 'UTC' }
  const hourly = async (filters: Filter[]) =>
    byHour(await records.counts({ from, to, audience: 'visitors', filters, bounds, by: [] }))
  const all = await hourly([])
  const text = (starter: Starter) => ({
    name: STARTER_NAMES[starter][language],
    note: STARTER_NOTES[starter][language],
  })
  const ratio = async (errors: Where) => {
    const some = await hourly(scopeOf(errors, [], () => {}).filters)
    return { kind: 'ratio' as const, errors, window: '5m', above: thresholdFor(usualShare(some, all)), minimum: 200 }
  }
  const objective = objectiveFor(usualShare(await hourly(scopeOf(SERVER_ERRORS, [], () => {}).filters), all))
  const sustained = { for: '3m', keepFiringFor: '5m', enabled: false }
  const drafts: RuleDraft[] = [
    {
      ...text('surge'),
      enabled: true,
      severity: 'warning',
      expr: { kind: 'surge', sensitivity: 'medium' },
      keepFiringFor: '5m',
    },
    { ...text('serverErrors'), ...sustained, severity: 'critical', expr: await ratio(SERVER_ERRORS) },
    {
      ...text('originFailures'),
      ...sustained,
      severity: 'critical',
      by: ['host'],
      expr: await ratio({ source: 'origin-failure' }),
    },
    { ...text('visitorsLeft'), ...sustained, severity: 'warning', expr: await ratio({ status: '499' }) },
    {
      ...text('edgeRefuses'),
      ...sustained,
      severity: 'warning',
      by: ['host'],
      expr: await ratio({ status: ['403', '429'], source: 'edge' }),
    },
    {
      ...text('fastBurn'),
      enabled: false,
      severity: 'critical',
      expr: {
        kind: 'burn-rate',
        errors: SERVER_ERRORS,
        objective,
        windows: [
          { short: '5m', long: '1h', factor: 14.4 },
          { short: '30m', long: '6h', factor: 6 },
        ],
      },
    },
    {
      ...text('slowBurn'),
      enabled: false,
      severity: 'warning',
      expr: { kind: 'burn-rate', errors: SERVER_ERRORS, objective, windows: [{ short: '6h', long: '3d', factor: 1 }] },
    },
    { ...text('noLogs'), enabled: false, severity: 'critical', expr: { kind: 'absence', after: '15m' } },
  ]
  return { drafts, fitted: all.some((n) => n >= FEWEST_REQUESTS) }
}

function byHour(counts: Counts): Float64Array {
  const sums = new Float64Array(counts.bounds.length - 1)
  counts.requests.forEach((n, i) => {
    sums[counts.bucket[i]] += n
  })
  return sums
}

/** The median of the hours with traffic: an incident in the first upload must not pass for usual. 0 where nothing is known. */
function usualShare(some: Float64Array, all: Float64Array): number {
  const shares = Array.from(all, (n, i) => (n < FEWEST_REQUESTS ? NaN : some[i] / n))
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  return shares[Math.floor(shares.length / 2)] ?? 0
}

/** A round share: 0.02, 0.05, 0.1, 0.2 … */
function thresholdFor(usual: number): number {
  const wanted = Math.max(LEAST_SHARE, usual * ABOVE_USUAL)
  return [0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5].find((step) => step >= wanted) ?? 0.75
}

function objectiveFor(usual: number): number {
  return OBJECTIVES.find((objective) => usual <= (1 - objective) / 2) ?? OBJECTIVES[OBJECTIVES.length - 1]
}
