/**
 * The security fields of a line, current and legacy, to the one action that decided, its product and its rule.
 *
 * SecurityActions, SecurityRuleIDs and SecuritySources are parallel arrays; SecurityAction and SecurityRuleID
 * name the terminating one. Before 2023 they were FirewallMatches… and WAFAction, WAFRuleID, WAFRuleMessage;
 * third-party exports carry both generations at once.
 * https://developers.cloudflare.com/logs/reference/change-notices/2023-02-01-security-fields-updates/
 */
import { isTerminating, plain } from '../../schema/words/source.js'
import { list, meaningful } from './values.js'

export interface SecurityFacts {
  securityAction: string | null
  securitySource: string | null
  securityRuleId: string | null
  securityRuleDescription: string | null
}

type Line = { readonly [name: string]: unknown }

export const SECURITY_FIELDS = [
  'SecurityAction',
  'WAFAction',
  'SecurityActions',
  'FirewallMatchesActions',
  'SecuritySources',
  'FirewallMatchesSources',
  'SecurityRuleID',
  'WAFRuleID',
  'SecurityRuleIDs',
  'FirewallMatchesRuleIDs',
  'SecurityRuleDescription',
  'WAFRuleMessage',
] as const

function firstList(line: Line, ...names: string[]): string[] {
  for (const name of names) {
    const found = list(line[name])
    if (found.length > 0) return found
  }
  return []
}

function firstWord(line: Line, ...names: string[]): string | null {
  for (const name of names) {
    const found = meaningful(line[name])
    if (found !== null) return found
  }
  return null
}

export function securityOf(line: Line): SecurityFacts {
  const actions = firstList(line, 'SecurityActions', 'FirewallMatchesActions')
  const sources = firstList(line, 'SecuritySources', 'FirewallMatchesSources')
  const rules = firstList(line, 'SecurityRuleIDs', 'FirewallMatchesRuleIDs')
  const named = [meaningful(line.SecurityAction), meaningful(line.WAFAction)]
  const action =
    named.find(isTerminating) ?? actions.find(isTerminating) ?? named.find((a) => a !== null) ?? meaningful(actions[0])
  const rule = firstWord(line, 'SecurityRuleID', 'WAFRuleID')
  const at = placeOf(action ?? null, rule, actions, rules)
  return {
    securityAction: action ?? null,
    securitySource: meaningful(sources[at]),
    securityRuleId: rule ?? meaningful(rules[at]),
    securityRuleDescription: firstWord(line, 'SecurityRuleDescription', 'WAFRuleMessage'),
  }
}

/** Where in the parallel arrays the deciding match stands; 0 where nothing tells. */
function placeOf(action: string | null, rule: string | null, actions: string[], rules: string[]): number {
  const byRule =
    rule === null
      ? -1
      : rules.findIndex(
          (r, i) => r === rule && (actions[i] === undefined || action === null || plain(actions[i]) === plain(action)),
        )
  if (byRule >= 0) return byRule
  const byAction = action === null ? -1 : actions.findIndex((a) => plain(a) === plain(action))
  return byAction >= 0 ? byAction : 0
}
