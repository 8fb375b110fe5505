/** Which security rule took part. */
import { field, type Field } from './field.js'

export const SECURITY_FIELDS = [
  field({
    name: 'securityAction',
    column: 'security_action',
    role: 'dimension',
    type: 'string',
    from: ['SecurityAction', 'SecurityActions', 'WAFAction', 'FirewallMatchesActions'],
    filter: 'securityAction',
    evidence: true,
    oftenEmpty: true,
    asks: ['SecurityAction', 'SecurityActions'],
    meaning: 'The action of the security rule that ended the request, if one did',
    spoils: {
      en: 'why a 403 or a 429 was given: whether a security rule did it',
      fr: 'pourquoi un 403 ou un 429 a été donné : si une règle de sécurité en est la cause',
      zh: '403 或 429 的原因：是否由安全规则引起',
    },
    labels: {
      en: { one: 'Security action', many: 'Security actions', short: 'Action' },
      fr: { one: 'Action de sécurité', many: 'Actions de sécurité', short: 'Action prise' },
      zh: { one: '安全操作', short: '操作', inText: '安全动作' },
    },
  }),
  field({
    name: 'securitySource',
    column: 'security_source',
    role: 'dimension',
    type: 'string',
    from: ['SecuritySources', 'FirewallMatchesSources'],
    filter: 'securitySource',
    evidence: true,
    oftenEmpty: true,
    meaning: 'Which security product took the action',
    spoils: {
      en: 'why a 403 or a 429 was given: which security product did it',
      fr: 'pourquoi un 403 ou un 429 a été donné : quel produit de sécurité en est la cause',
      zh: '403 或 429 的原因：由哪个安全产品引起',
    },
    labels: {
      en: { one: 'Security product', many: 'Security products', short: 'Product' },
      fr: { one: 'Produit de sécurité', many: 'Produits de sécurité', short: 'Produit' },
      zh: { one: '安全产品', short: '产品' },
    },
  }),
  field({
    name: 'securityRuleId',
    column: 'security_rule_id',
    role: 'dimension',
    type: 'string',
    from: ['SecurityRuleID', 'SecurityRuleIDs', 'WAFRuleID', 'FirewallMatchesRuleIDs'],
    filter: 'securityRuleId',
    evidence: true,
    oftenEmpty: true,
    asks: ['SecurityRuleIDs', 'SecurityRuleID'],
    meaning: 'The rule that took the action',
    spoils: {
      en: 'which security rule to look at',
      fr: 'quelle règle de sécurité examiner',
      zh: '应检查哪条安全规则',
    },
    labels: {
      en: { one: 'Security rule', many: 'Security rules', short: 'Rule' },
      fr: { one: 'Règle de sécurité', many: 'Règles de sécurité', short: 'Règle' },
      zh: { one: '安全规则', short: '规则' },
    },
  }),
  field({
    name: 'securityRuleDescription',
    column: 'security_rule_description',
    role: 'dimension',
    type: 'string',
    from: ['SecurityRuleDescription', 'WAFRuleMessage'],
    meaning: "The rule's description",
    labels: {
      en: { one: 'Rule description' },
      fr: { one: 'Description' },
      zh: { one: '规则说明' },
    },
  }),
] as const satisfies readonly Field[]
