/** A rule as the evaluation uses it: checked, with durations in ms and filters as the store takes them. */
import type { Severity } from '../../../schema/api/alerts.js'
import type { Scope } from '../../../schema/api/rule-fields.js'
import type { Labels } from '../../../schema/store/alert-log.js'
import type { Dimension, Filter } from '../../../schema/store/query.js'

/** What a rule watches, read: the values of its fields. */
export interface Condition {
  kind: string
  where: Scope
  /** which of the requests are errors, where a kind asks for that */
  errors?: Filter[]
}

export interface Rule {
  id: string
  name: string
  enabled: boolean
  kind: string
  condition: Condition
  by: Dimension[]
  /** ms */
  for: number
  /** ms */
  keepFiringFor: number
  severity: Severity
  labels: Labels
  note: string
  runbook: string
  /** ids of notifiers; empty: all that take it */
  notify: string[]
}

/** Which records a rule is broken by: its scope, and what it counts as errors. */
export const filtersOfRule = ({ condition }: Rule): Filter[] => [
  ...condition.where.filters,
  ...(condition.errors ?? []),
]

/** Tells whether two versions of a rule ask for the same. */
export function conditionText(rule: Rule): string {
  return JSON.stringify([rule.condition, rule.by])
}
