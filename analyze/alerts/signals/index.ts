/** The kinds of rules, and where each is evaluated. A new kind is a file and a line. */
import type { RuleKind } from '../../../schema/api/alerts.js'
import type { Rule } from '../rules/rule.js'
import { absence } from './absence.js'
import { burnRate } from './burn-rate.js'
import { count } from './count.js'
import { ratio } from './ratio.js'
import type { SignalContext, SignalKind, SignalSet } from './signal.js'
import { surge } from './surge.js'

const KINDS = { count, ratio, surge, 'burn-rate': burnRate, absence } satisfies { [kind in RuleKind]: unknown }

export function signalsOf(rule: Rule, context: SignalContext): Promise<SignalSet> {
  return (KINDS[rule.kind] as SignalKind).signals(rule.condition, rule, context)
}
