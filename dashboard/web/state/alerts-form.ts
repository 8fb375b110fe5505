/** A rule as it stands in the fields of the editor: texts, as typed, even while they are no rule yet. Pure. */
import type { Severity, Where } from '../../../schema/api/alerts.js'
import { isOwn, isOwnKind, type RuleDraft, type RuleExpr } from './rules.js'
import type { Dimension } from '../../../schema/store/query.js'
import type { FieldProblem } from '../../languages/alerts/en.js'
import { parseDuration } from '../../../schema/words/duration.js'
import { typedNumber } from './alerts-time.js'
import { isOutcome } from '../../../schema/words/dimensions.js'
import { DIMENSION_NAMES } from './dimensions.js'
import type { UrlFilter } from './url.js'

export type Audience = 'visitors' | 'all' | 'internal'

export interface RuleForm {
  name: string
  enabled: boolean
  kind: string
  scope: UrlFilter[]
  audience: Audience
  errors: UrlFilter[]
  window: string
  /** of `ratio` a percentage */
  above: string
  recover: string
  minimum: string
  sensitivity: 'low' | 'medium' | 'high'
  /** a percentage */
  objective: string
  /** null: the usual ones */
  windows: { short: string; long: string; factor: string }[] | null
  after: string
  /** of a kind without an editor of its own: its fields, but for the scope, as the service takes them */
  other: { [field: string]: unknown }
  by: Dimension[]
  for: string
  keepFiringFor: string
  severity: Severity
  labels: { name: string; value: string }[]
  note: string
  runbook: string
  /** ids; empty: all that take the severity */
  notify: string[]
}

const EMPTY: RuleForm = {
  name: '',
  enabled: true,
  kind: 'ratio',
  scope: [],
  audience: 'visitors',
  errors: [{ dimension: 'class', not: false, values: ['5xx'] }],
  window: '5m',
  above: '5',
  recover: '',
  minimum: '100',
  sensitivity: 'medium',
  objective: '99.9',
  windows: null,
  after: '15m',
  other: {},
  by: [],
  for: '0s',
  keepFiringFor: '5m',
  severity: 'warning',
  labels: [],
  note: '',
  runbook: '',
  notify: [],
}
const USUAL_WINDOWS = '5m/1h/14.4 30m/6h/6 6h/3d/1'

/** Alone they say nothing of errors: what is cached, or a page, is a part of the site like others. */
const ALSO_OF_GOOD: ReadonlySet<Dimension> = new Set(['cacheStatus', 'contentType'])

/** A new rule: the filters of the page become its scope, those that name errors its errors. */
export function emptyForm(filters: readonly UrlFilter[] = [], internal = false): RuleForm {
  const chosen = filters.filter((f) => !f.not && isOutcome(f.dimension))
  const names = chosen.some((f) => !ALSO_OF_GOOD.has(f.dimension)) ? chosen : []
  return {
    ...EMPTY,
    scope: filters.filter((f) => !names.includes(f)),
    audience: internal ? 'all' : 'visitors',
    ...(names.length > 0 ? { errors: names } : {}),
  }
}

const isUsual = ({ errors }: RuleForm): boolean => JSON.stringify(errors) === JSON.stringify(EMPTY.errors)
const RATED: ReadonlySet<string> = new Set(['ratio', 'burn-rate'])

/** Another kind of rule about the same: what it had as errors are the requests of a kind that has no others beside them. */
export function withKind(form: RuleForm, kind: string, other: RuleForm['other']): RuleForm {
  const turned = { ...form, kind, other }
  if (RATED.has(form.kind) && (kind === 'count' || kind === 'surge') && !isUsual(form))
    return { ...turned, scope: [...form.scope, ...form.errors], errors: EMPTY.errors }
  if (RATED.has(kind) && !RATED.has(form.kind) && isUsual(form)) {
    const { scope, errors } = emptyForm(form.scope)
    return { ...turned, scope, errors }
  }
  return turned
}

const isDimension = (name: string): name is Dimension => (DIMENSION_NAMES as readonly string[]).includes(name)

export function filtersOfWhere(where: Where | undefined): { filters: UrlFilter[]; audience: Audience } {
  const filters: UrlFilter[] = []
  let audience: Audience = 'visitors'
  for (const [name, value] of Object.entries(where ?? {})) {
    const values = (Array.isArray(value) ? value : [value]).map(String)
    const dimension = name.replace(/^not\./, '')
    if (name === 'visitor')
      audience = values.includes('all') || values.length > 1 ? 'all' : values[0] === 'false' ? 'internal' : 'visitors'
    else if (isDimension(dimension)) filters.push({ dimension, not: name.startsWith('not.'), values })
  }
  return { filters, audience }
}

export function whereOfFilters(filters: readonly UrlFilter[], audience: Audience = 'visitors'): Where {
  const where: Where = Object.fromEntries(
    filters.map((f) => [f.not ? `not.${f.dimension}` : f.dimension, f.values.length === 1 ? f.values[0] : f.values]),
  )
  if (audience !== 'visitors') where.visitor = audience === 'all' ? 'all' : 'false'
  return where
}

/** 0.999 × 100 is 99.9, not 99.90000000000001. */
const percentText = (share: number): string => String(Number((share * 100).toPrecision(12)))

export function formOfRule(draft: RuleDraft): RuleForm {
  const { expr } = draft
  const { filters, audience } = filtersOfWhere(expr.where)
  const form: RuleForm = {
    ...EMPTY,
    name: draft.name,
    enabled: draft.enabled ?? true,
    kind: expr.kind,
    scope: filters,
    audience,
    by: (draft.by ?? []).filter(isDimension),
    for: draft.for ?? '0s',
    keepFiringFor: draft.keepFiringFor ?? '0s',
    severity: draft.severity ?? 'warning',
    labels: Object.entries(draft.labels ?? {}).map(([name, value]) => ({ name, value })),
    note: draft.note ?? '',
    runbook: draft.runbook ?? '',
    notify: draft.notify ?? [],
  }
  if (!isOwn(expr)) {
    const { kind: _kind, where: _where, ...other } = expr
    return { ...form, other }
  }
  const text = expr.kind === 'ratio' ? percentText : String
  if (expr.kind === 'count' || expr.kind === 'ratio') {
    form.window = expr.window
    form.above = text(expr.above)
    form.recover = expr.recover === undefined || expr.recover === expr.above ? '' : text(expr.recover)
  }
  if (expr.kind === 'ratio' || expr.kind === 'burn-rate') {
    form.errors = filtersOfWhere(expr.errors).filters
    form.minimum = String(expr.minimum ?? 100)
  }
  if (expr.kind === 'surge') form.sensitivity = expr.sensitivity ?? 'medium'
  if (expr.kind === 'absence') form.after = expr.after
  if (expr.kind === 'burn-rate') {
    form.objective = percentText(expr.objective)
    const windows = expr.windows?.map((pair) => ({ ...pair, factor: String(pair.factor) })) ?? null
    form.windows =
      windows?.map((pair) => `${pair.short}/${pair.long}/${pair.factor}`).join(' ') === USUAL_WINDOWS ? null : windows
  }
  return form
}

const shareOf = (text: string): number => Number((typedNumber(text) / 100).toPrecision(12))

function exprOf(form: RuleForm): RuleExpr {
  const where = whereOfFilters(form.scope, form.audience)
  const errors = whereOfFilters(form.errors)
  const recover = (read: (text: string) => number) =>
    form.recover.trim() === '' ? {} : { recover: read(form.recover) }
  if (!isOwnKind(form.kind)) return { kind: form.kind, where, ...form.other }
  switch (form.kind) {
    case 'count':
      return {
        kind: 'count',
        where,
        window: form.window.trim(),
        above: typedNumber(form.above),
        ...recover(typedNumber),
      }
    case 'ratio':
      return {
        kind: 'ratio',
        where,
        errors,
        window: form.window.trim(),
        above: shareOf(form.above),
        ...recover(shareOf),
        minimum: typedNumber(form.minimum),
      }
    case 'surge':
      return { kind: 'surge', where, sensitivity: form.sensitivity }
    case 'burn-rate':
      return {
        kind: 'burn-rate',
        where,
        errors,
        objective: shareOf(form.objective),
        minimum: typedNumber(form.minimum),
        ...(form.windows
          ? {
              windows: form.windows.map((pair) => ({
                short: pair.short.trim(),
                long: pair.long.trim(),
                factor: typedNumber(pair.factor),
              })),
            }
          : {}),
      }
    case 'absence':
      return { kind: 'absence', where, after: form.after.trim() }
  }
}

export function ruleOfForm(form: RuleForm): RuleDraft {
  return {
    name: form.name.trim(),
    enabled: form.enabled,
    expr: exprOf(form),
    by: form.kind === 'surge' ? [] : form.by,
    for: form.for.trim() || '0s',
    keepFiringFor: form.keepFiringFor.trim() || '0s',
    severity: form.severity,
    labels: Object.fromEntries(form.labels.filter((l) => l.name.trim() !== '').map((l) => [l.name.trim(), l.value])),
    note: form.note.trim(),
    runbook: form.runbook.trim(),
    notify: form.notify,
  }
}

/** What is wrong, by the path that the service would name too. */
export type FormProblems = Map<string, FieldProblem>

const WINDOW = (text: string): FieldProblem | null => {
  const ms = parseDuration(text)
  return ms === null ? 'duration' : ms < 60_000 || ms % 60_000 !== 0 ? 'minutes' : null
}

/** The mistakes that can be told without the service; it finds the rest. */
export function checkForm(form: RuleForm): FormProblems {
  const found: FormProblems = new Map()
  const check = (path: string, problem: FieldProblem | null | false): void => {
    if (problem) found.set(path, problem)
  }
  const share = (text: string): boolean => typedNumber(text) <= 100
  const { kind } = form
  check('name', form.name.trim() === '' && 'missing')
  if (kind === 'count' || kind === 'ratio') {
    check('expr.window', WINDOW(form.window))
    check(
      'expr.above',
      Number.isNaN(typedNumber(form.above)) ? 'number' : kind === 'ratio' && !share(form.above) && 'percent',
    )
    if (form.recover.trim() !== '')
      check(
        'expr.recover',
        Number.isNaN(typedNumber(form.recover))
          ? 'number'
          : typedNumber(form.recover) > typedNumber(form.above) && 'recover',
      )
  }
  if (kind === 'ratio' || kind === 'burn-rate') {
    check('expr.errors', form.errors.length === 0 && 'errors')
    check('expr.minimum', Number.isNaN(typedNumber(form.minimum)) && 'number')
  }
  if (kind === 'burn-rate') {
    const objective = typedNumber(form.objective)
    check('expr.objective', !(objective > 0 && objective < 100) && 'objective')
    form.windows?.forEach((pair, i) => {
      check(`expr.windows[${i}].short`, WINDOW(pair.short))
      check(`expr.windows[${i}].long`, WINDOW(pair.long))
      check(`expr.windows[${i}].factor`, Number.isNaN(typedNumber(pair.factor)) && 'number')
    })
  }
  if (kind === 'absence') check('expr.after', WINDOW(form.after))
  check('for', parseDuration(form.for || '0') === null && 'duration')
  check('keepFiringFor', parseDuration(form.keepFiringFor || '0') === null && 'duration')
  for (const { name } of form.labels)
    check(`labels.${name}`, name.trim() !== '' && !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name.trim()) && 'label')
  check('runbook', form.runbook.trim() !== '' && !/^https?:\/\/\S+$/.test(form.runbook.trim()) && 'link')
  return found
}
