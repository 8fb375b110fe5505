/** Rules as the page edits them: kinds that it has an editor of their own for, and any other that the service has. */
import type { KnownExpr } from '../../../analyze/alerts/kinds/index.js'
import type * as api from '../../../schema/api/alerts.js'

/** Kinds with an editor of their own; of others the service's description says what their fields take. */
const OWN_KINDS = ['ratio', 'surge', 'count', 'burn-rate', 'absence'] as const

export type OwnKind = (typeof OWN_KINDS)[number]
export type OwnExpr = Extract<KnownExpr, { kind: OwnKind }>
export interface OtherExpr {
  kind: string
  where?: api.Where
  [field: string]: unknown
}
export type RuleExpr = OwnExpr | OtherExpr
export type RuleDraft = Omit<api.RuleDraft, 'expr'> & { expr: RuleExpr }
/** `storedName`: what it is called for the service, and in the label alertname, where readers see another. */
export type RuleJson = Omit<api.RuleJson, 'expr'> & { expr: RuleExpr; storedName?: string }
export type RulesAnswer = Omit<api.RulesJson, 'rules'> & { rules: RuleJson[] }

export const isOwnKind = (kind: string): kind is OwnKind => (OWN_KINDS as readonly string[]).includes(kind)
/** The value at which it recovers, where it says one of its own. */
export const recoverOf = ({ recover }: RuleExpr & { recover?: unknown }): number | null =>
  typeof recover === 'number' ? recover : null

export const isOwn = (expr: RuleExpr): expr is OwnExpr => isOwnKind(expr.kind)
