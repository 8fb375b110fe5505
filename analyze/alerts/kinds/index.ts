/** The kinds of rules. A new one is a file and a line here. */
import { Type } from 'typebox'
import { ruleSchemas, type RuleExpr } from '../../../schema/api/alerts.js'
import { absence } from './absence.js'
import { burnRate } from './burn-rate.js'
import { count } from './count.js'
import type { ExprOf, RuleKind } from './kind.js'
import { latency } from './latency.js'
import { ratio } from './ratio.js'
import { surge } from './surge.js'

/** In the order in which people are offered them. */
const LISTED = [ratio, surge, latency, count, burnRate, absence] as const

export const RULE_KINDS: readonly RuleKind[] = LISTED

/** What a rule watches, as people write it: one of the kinds that there are. */
export type KnownExpr = ExprOf<(typeof LISTED)[number]>

export const {
  draft: RuleDraftSchema,
  rule: RuleSchema,
  rules: RulesSchema,
} = ruleSchemas(Type.Unsafe<RuleExpr>(Type.Union(LISTED.map((kind) => kind.schema))))

/** Undefined for what another version wrote, which may know more kinds. */
export const findKind = (name: string): RuleKind | undefined => RULE_KINDS.find((kind) => kind.name === name)

/** Of a rule that was checked. */
export function kindNamed(name: string): RuleKind {
  const kind = findKind(name)
  if (!kind) throw new Error(`There is no kind of rule "${name}"`)
  return kind
}
