/** A rule as the evaluation uses it: checked, with durations in ms and filters as the store takes them. */
import type { BurnWindow, RuleKind, Severity } from '../../../schema/api/alerts.js'
import type { Labels } from '../../../schema/store/alert-log.js'
import type { Dimension, Filter, Selection } from '../../../schema/store/query.js'
import { DAY, HOUR, MINUTE } from './duration.js'

/** Which requests a rule looks at. */
export interface Scope {
  filters: Filter[]
  audience: Selection['audience']
}

export interface BurnPair extends BurnWindow {
  shortMs: number
  longMs: number
}

export type Condition =
  | { kind: 'count'; scope: Scope; windowMs: number; above: number; recover: number }
  | { kind: 'ratio'; scope: Scope; errors: Filter[]; windowMs: number; above: number; recover: number; minimum: number }
  | { kind: 'surge'; scope: Scope; sensitivity: 'low' | 'medium' | 'high' }
  | { kind: 'burn-rate'; scope: Scope; errors: Filter[]; objective: number; pairs: BurnPair[]; minimum: number }
  | { kind: 'absence'; scope: Scope; afterMs: number }

export interface Rule {
  id: string
  name: string
  enabled: boolean
  kind: RuleKind
  condition: Condition
  by: Dimension[]
  forMs: number
  keepFiringForMs: number
  severity: Severity
  labels: Labels
  note: string
  runbook: string
  /** ids of notifiers; empty: all that take it */
  notify: string[]
}

/** Requests that a window needs before its share says anything, where the rule does not say. */
export const DEFAULT_MINIMUM = 100

/**
 * Google's SRE workbook, chapter "Alerting on SLOs": 2 % of a 30-day budget in an hour, 5 % in six hours, 10 % in
 * three days; the short window, a twelfth of the long one, ends the alert soon after the trouble.
 */
export const DEFAULT_BURN_WINDOWS: readonly BurnPair[] = [
  { short: '5m', long: '1h', factor: 14.4, shortMs: 5 * MINUTE, longMs: HOUR },
  { short: '30m', long: '6h', factor: 6, shortMs: 30 * MINUTE, longMs: 6 * HOUR },
  { short: '6h', long: '3d', factor: 1, shortMs: 6 * HOUR, longMs: 3 * DAY },
]

/** How much of the past one value needs, ms. */
export function windowOf(condition: Condition): number {
  switch (condition.kind) {
    case 'count':
    case 'ratio':
      return condition.windowMs
    case 'burn-rate':
      return Math.max(...condition.pairs.map((pair) => pair.longMs))
    case 'surge':
    case 'absence':
      return 0
  }
}

/** Tells whether two versions of a rule ask for the same. */
export function conditionText(rule: Rule): string {
  return JSON.stringify([rule.condition, rule.by])
}
