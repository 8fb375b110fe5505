/** Is this a rule? Everything that is wrong with it is told at once, each with its place and reason. */
import type { RuleDraft } from '../../../schema/api/alerts.js'
import { kindNamed, RULE_KINDS, RuleDraftSchema } from '../kinds/index.js'
import type { RuleKind } from '../kinds/kind.js'
import { isMapping, Reader, type Mapping, type Problem } from './mapping.js'
import type { Mistake } from './mistakes/mistake.js'
import { readFields, writeFields } from './read.js'
import type { Condition, Rule } from './rule.js'

/** The rule, and the draft written out in full; or what is wrong. */
export type Checked = { rule: Rule; draft: RuleDraft; problems: [] } | { rule: null; draft: null; problems: Problem[] }

/** The kind names the fields beside it, so it is read first, and its own way. */
const KIND = ['kind']
const EXPR = ['expr']

export function checkRule(input: unknown, id: string): Checked {
  const reader = new Reader()
  const rule = isMapping(input) ? readRule(input, id, reader) : null
  if (!isMapping(input)) reader.complain([], { what: 'no-rule', name: 'name' })
  if (reader.problems.length > 0 || rule === null) return { rule: null, draft: null, problems: reader.problems }
  return { rule, draft: draftOf(rule), problems: [] }
}

function readRule(input: Mapping, id: string, reader: Reader): Rule | null {
  const kind = readKind(input.expr, reader)
  const condition = kind && readCondition(kind, input.expr as Mapping, reader)
  const draft = kind?.ownGroups ? withoutGroups(input, kind.ownGroups.why, reader) : input
  const values = readFields(RuleDraftSchema, draft, [], reader, EXPR) as unknown as Omit<Rule, 'id' | 'condition'>
  return condition && { ...values, id, kind: condition.kind, condition }
}

function withoutGroups(input: Mapping, why: Mistake, reader: Reader): Mapping {
  const { by, ...rest } = input
  if (by !== undefined && by !== null && !(Array.isArray(by) && by.length === 0)) reader.complain(['by'], why)
  return rest
}

function readKind(expr: unknown, reader: Reader): RuleKind | null {
  if (typeof expr === 'string') {
    reader.complain(EXPR, { what: 'promql' })
    return null
  }
  if (!isMapping(expr)) {
    reader.complain(EXPR, { what: 'no-expr' })
    return null
  }
  const names = RULE_KINDS.map(({ name }) => name)
  if (expr.kind === undefined || expr.kind === null) {
    reader.complain([...EXPR, 'kind'], {
      what: 'missing',
      reads: 'word',
      description: 'Its kind',
      words: names,
      example: null,
    })
    return null
  }
  const name = reader.word(expr.kind, [...EXPR, 'kind'], names)
  return name === null ? null : kindNamed(name)
}

function readCondition(kind: RuleKind, expr: Mapping, reader: Reader): Condition {
  const condition = {
    kind: kind.name,
    ...readFields(kind.schema, expr, EXPR, reader, KIND),
  } as unknown as Condition
  return kind.settle(condition, (path, mistake) => reader.complain([...EXPR, ...path], mistake))
}

/** A rule in the words of the API, every default written out. */
export function draftOf(rule: Rule): RuleDraft {
  const { schema } = kindNamed(rule.kind)
  const expr = { kind: rule.kind, ...writeFields(schema, rule.condition as unknown as Mapping, KIND) }
  return { ...writeFields(RuleDraftSchema, rule as unknown as Mapping, EXPR), expr } as unknown as RuleDraft
}
