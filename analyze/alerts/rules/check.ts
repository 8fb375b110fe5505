/** Is this a rule? Everything that is wrong with it is told at once, each with its place and reason. */
import {
  RULE_KINDS,
  SEVERITIES,
  type RuleDraft,
  type RuleExpr,
  type RuleKind,
  type Severity,
} from '../../../schema/api/alerts.js'
import { DIMENSIONS, isDimension, type Dimension } from '../../../schema/store/query.js'
import { DAY, formatDuration } from './duration.js'
import { isMapping, Reader, type Mapping, type Problem, shown } from './mapping.js'
import { nearest } from './nearest.js'
import { DEFAULT_BURN_WINDOWS, DEFAULT_MINIMUM, type BurnPair, type Condition, type Rule } from './rule.js'
import { scopeOf, whereOf } from './where.js'

/** The rule, and the draft written out in full; or what is wrong. */
export type Checked = { rule: Rule; draft: RuleDraft; problems: [] } | { rule: null; draft: null; problems: Problem[] }

const DRAFT_KEYS = [
  'name',
  'enabled',
  'expr',
  'by',
  'for',
  'keepFiringFor',
  'severity',
  'labels',
  'note',
  'runbook',
  'notify',
]
const EXPR_KEYS: { [kind in RuleKind]: string[] } = {
  'count': ['kind', 'where', 'window', 'above', 'recover'],
  'ratio': ['kind', 'where', 'errors', 'window', 'above', 'recover', 'minimum'],
  'surge': ['kind', 'where', 'sensitivity'],
  'burn-rate': ['kind', 'where', 'errors', 'objective', 'windows', 'minimum'],
  'absence': ['kind', 'where', 'after'],
}
const SENSITIVITIES = ['low', 'medium', 'high'] as const
/** What a label name may be in Prometheus, since labels go to Alertmanager. */
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const MAX_TEXT = 4_000

export function checkRule(input: unknown, id: string): Checked {
  const reader = new Reader()
  const made = isMapping(input) ? readRule(input, id, reader) : null
  if (!isMapping(input)) reader.complain([], 'must be a mapping with at least name and expr')
  if (reader.problems.length > 0 || made === null) return { rule: null, draft: null, problems: reader.problems }
  return { ...made, problems: [] }
}

function readRule(input: Mapping, id: string, reader: Reader): { rule: Rule; draft: RuleDraft } | null {
  reader.known(input, DRAFT_KEYS, [])
  const name = reader.text(input, 'name', [], { required: true, max: 200 })
  const condition = readCondition(input.expr, reader)
  const by = readBy(input.by, condition, reader)
  const forMs = reader.duration(input, 'for', [], { fallback: 0, min: 0, max: 7 * DAY })
  const keepFiringForMs = reader.duration(input, 'keepFiringFor', [], { fallback: 0, min: 0, max: 7 * DAY })
  const severity = reader.word(input, 'severity', [], SEVERITIES, 'warning') as Severity
  const labels = readLabels(input.labels, reader)
  const note = reader.text(input, 'note', [], { max: MAX_TEXT })
  const runbook = reader.text(input, 'runbook', [], { max: 2_000 })
  if (runbook !== '' && !isWebLink(runbook)) {
    reader.complain(['runbook'], 'must be a link that begins with https:// or http://')
  }
  const notify = reader.texts(input, 'notify', [])
  const enabled = reader.flag(input, 'enabled', [], true)
  if (condition === null) return null
  const rule: Rule = {
    id,
    name,
    enabled,
    kind: condition.kind,
    condition,
    by,
    forMs,
    keepFiringForMs,
    severity,
    labels,
    note,
    runbook,
    notify,
  }
  return { rule, draft: draftOf(rule) }
}

function readCondition(expr: unknown, reader: Reader): Condition | null {
  const path = ['expr']
  if (typeof expr === 'string') {
    reader.complain(
      path,
      'is a text. Faultline takes fields here, not PromQL: {kind: count, where: {status: 403}, window: 5m, above: 100}',
    )
    return null
  }
  if (!isMapping(expr)) {
    reader.complain(
      path,
      'is missing. It says what to watch, like {kind: ratio, errors: {class: 5xx}, window: 5m, above: 5%}',
    )
    return null
  }
  const kind = reader.word(expr, 'kind', path, RULE_KINDS, null) as RuleKind | null
  if (kind === null) return null
  reader.known(expr, EXPR_KEYS[kind], path)
  const scope = scopeOf(expr.where, [...path, 'where'], reader.complain)
  const errorsOf = () => {
    if (expr.errors === undefined) {
      reader.complain([...path, 'errors'], 'is missing. It says which requests are errors, like {class: 5xx}')
    }
    const errors = scopeOf(expr.errors, [...path, 'errors'], reader.complain)
    if (isMapping(expr.errors) && 'visitor' in expr.errors) {
      reader.complain([...path, 'errors', 'visitor'], 'belongs into where')
    }
    if (expr.errors !== undefined && errors.filters.length === 0) {
      reader.complain([...path, 'errors'], 'names no filter: every request would be an error')
    }
    return errors.filters
  }
  switch (kind) {
    case 'count': {
      const windowMs = reader.window(expr, 'window', path)
      const above = reader.number(expr, 'above', path, { min: 0, max: 1e15 })
      return { kind, scope, windowMs, above, recover: readRecover(expr, above, reader) }
    }
    case 'ratio': {
      const windowMs = reader.window(expr, 'window', path)
      const above = reader.number(expr, 'above', path, { min: 0, max: 1, share: true })
      const minimum = reader.number(expr, 'minimum', path, { fallback: DEFAULT_MINIMUM, min: 1, max: 1e12 })
      return {
        kind,
        scope,
        errors: errorsOf(),
        windowMs,
        above,
        recover: readRecover(expr, above, reader, true),
        minimum,
      }
    }
    case 'surge': {
      const sensitivity = reader.word(
        expr,
        'sensitivity',
        path,
        SENSITIVITIES,
        'medium',
      ) as (typeof SENSITIVITIES)[number]
      if (scope.audience !== 'visitors') {
        reader.complain([...path, 'where', 'visitor'], 'surges are looked for among the requests of visitors only')
      }
      return { kind, scope, sensitivity }
    }
    case 'burn-rate': {
      const objective = reader.number(expr, 'objective', path, { min: 0, max: 1, share: true })
      if (!(objective > 0 && objective < 1)) {
        reader.complain([...path, 'objective'], 'must be between 0 and 1, like 0.999 or 99.9%')
      }
      const minimum = reader.number(expr, 'minimum', path, { fallback: DEFAULT_MINIMUM, min: 1, max: 1e12 })
      return { kind, scope, errors: errorsOf(), objective, pairs: readPairs(expr.windows, reader), minimum }
    }
    case 'absence':
      return { kind, scope, afterMs: reader.window(expr, 'after', path, DAY) }
  }
}

function readRecover(expr: Mapping, above: number, reader: Reader, share = false): number {
  const recover = reader.number(expr, 'recover', ['expr'], { fallback: above, min: 0, max: share ? 1 : 1e15, share })
  if (recover > above) {
    reader.complain(
      ['expr', 'recover'],
      `must not be over the threshold (${above}): the alert would end while it is broken`,
    )
  }
  return recover
}

function readPairs(windows: unknown, reader: Reader): BurnPair[] {
  if (windows === undefined) return [...DEFAULT_BURN_WINDOWS]
  const path = ['expr', 'windows']
  if (!Array.isArray(windows) || windows.length === 0 || windows.length > 6) {
    reader.complain(path, 'must be a list of one to six, like [{short: 5m, long: 1h, factor: 14.4}]')
    return []
  }
  return windows.map((entry: unknown, i) => {
    const at = [...path, i]
    const pair = isMapping(entry) ? entry : {}
    reader.known(pair, ['short', 'long', 'factor'], at)
    const shortMs = reader.window(pair, 'short', at)
    const longMs = reader.window(pair, 'long', at)
    const factor = reader.number(pair, 'factor', at, { min: 0.01, max: 1e6 })
    if (shortMs > longMs) reader.complain(at, 'the short window is longer than the long one')
    return { short: formatDuration(shortMs), long: formatDuration(longMs), factor, shortMs, longMs }
  })
}

function readBy(by: unknown, condition: Condition | null, reader: Reader): Dimension[] {
  if (by === undefined || by === null) return []
  const names = Array.isArray(by) ? by : [by]
  if (condition?.kind === 'surge' && names.length > 0) {
    reader.complain(['by'], 'a surge is told per status, source and host by itself: leave it out')
    return []
  }
  if (names.length > 2) reader.complain(['by'], 'takes at most two dimensions')
  return names.flatMap((name: unknown, i): Dimension[] => {
    if (typeof name === 'string' && isDimension(name) && name !== 'visitor') return [name]
    const near = typeof name === 'string' ? nearest(name, DIMENSIONS) : null
    reader.complain(
      Array.isArray(by) ? ['by', i] : ['by'],
      `"${shown(name)}" is no dimension.${near ? ` Did you mean "${near}"?` : ` There are ${DIMENSIONS.join(', ')}.`}`,
    )
    return []
  })
}

function readLabels(labels: unknown, reader: Reader): { [name: string]: string } {
  if (labels === undefined || labels === null) return {}
  if (!isMapping(labels)) {
    reader.complain(['labels'], 'must be a mapping of names to texts')
    return {}
  }
  const out: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(labels)) {
    const path = ['labels', name]
    if (!LABEL.test(name)) reader.complain(path, 'is no label name: letters, digits and _, not beginning with a digit')
    if (name === 'alertname' || name === 'severity') {
      reader.complain(path, `is set by the rule itself${name === 'severity' ? ': give severity' : ''}`)
    }
    if (!['string', 'number', 'boolean'].includes(typeof value)) reader.complain(path, 'must be a text')
    out[name] = shown(value)
  }
  return out
}

function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** A rule in the words of the API, every default written out. */
export function draftOf(rule: Rule): RuleDraft {
  return {
    name: rule.name,
    enabled: rule.enabled,
    expr: exprOf(rule.condition),
    by: rule.by,
    for: formatDuration(rule.forMs),
    keepFiringFor: formatDuration(rule.keepFiringForMs),
    severity: rule.severity,
    labels: rule.labels,
    note: rule.note,
    runbook: rule.runbook,
    notify: rule.notify,
  }
}

function exprOf(condition: Condition): RuleExpr {
  const where = whereOf(condition.scope)
  const errors = 'errors' in condition ? whereOf({ filters: condition.errors, audience: 'visitors' }) : {}
  switch (condition.kind) {
    case 'count':
      return {
        kind: 'count',
        where,
        window: formatDuration(condition.windowMs),
        above: condition.above,
        recover: condition.recover,
      }
    case 'ratio':
      return {
        kind: 'ratio',
        where,
        errors,
        window: formatDuration(condition.windowMs),
        above: condition.above,
        recover: condition.recover,
        minimum: condition.minimum,
      }
    case 'surge':
      return { kind: 'surge', where, sensitivity: condition.sensitivity }
    case 'burn-rate':
      return {
        kind: 'burn-rate',
        where,
        errors,
        objective: condition.objective,
        minimum: condition.minimum,
        windows: condition.pairs.map(({ short, long, factor }) => ({ short, long, factor })),
      }
    case 'absence':
      return { kind: 'absence', where, after: formatDuration(condition.afterMs) }
  }
}
