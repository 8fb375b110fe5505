import type { SecurityRule } from './outcome.js'
import { fakeHex } from './random.js'

/** The security rules of the simulated zones; incidents make more with `securityRule`. */
export const rules = {
  managedProbe: securityRule('firewallManaged', 'block', 'Vulnerability probe - common paths'),
  managedInjection: securityRule('firewallManaged', 'block', 'SQLi - libinjection match in "URI" or body'),
  customPaths: securityRule('firewallCustom', 'block', 'Block admin paths from outside'),
  customChallenge: securityRule('firewallCustom', 'managedChallenge', 'Challenge logins with low bot score'),
  customSkip: securityRule('firewallCustom', 'skip', 'Let verified bots pass', false),
  customLog: securityRule('firewallCustom', 'log', 'Log old app versions', false),
  browserIntegrity: securityRule('bic', 'block', ''),
  loginRate: securityRule('rateLimit', 'block', 'Login: 10 per minute and address'),
  apiRate: securityRule('rateLimit', 'block', 'API: 1,000 per minute and token'),
  challengeSolved: securityRule(
    'firewallCustom',
    'managedChallengeNonInteractiveSolved',
    'Challenge logins with low bot score',
    false,
  ),
}

/** A rule with a stable id made from its name. */
export function securityRule(
  source: string,
  action: string,
  description: string,
  terminating = true,
  id?: string,
): SecurityRule {
  const ruleId = source === 'bic' ? '' : (id ?? fakeHex(`rule ${source} ${description}`, 32))
  return { id: ruleId, description, source, action, terminating }
}
