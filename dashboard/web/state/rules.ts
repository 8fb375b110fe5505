/** Rules as the page edits them: with the fields of each kind that it has an editor for. */
import type { KnownExpr } from '../../../analyze/alerts/kinds/index.js'
import type * as api from '../../../schema/api/alerts.js'

export type RuleExpr = KnownExpr
export type RuleKind = KnownExpr['kind']
export type RuleDraft = Omit<api.RuleDraft, 'expr'> & { expr: RuleExpr }
export type RuleJson = Omit<api.RuleJson, 'expr'> & { expr: RuleExpr }
export type RulesAnswer = Omit<api.RulesJson, 'rules'> & { rules: RuleJson[] }
