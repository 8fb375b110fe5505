import { describe, expect, it } from 'vitest'
import type { RuleDraft } from '../../../dashboard/web/state/rules.js'
import { checkRule } from '../../../analyze/alerts/rules/check.js'
import type { Dimension } from '../../../schema/words/dimensions.js'
import { matches } from '../../../analyze/alerts/notices/matchers.js'
import {
  checkForm,
  emptyForm,
  formOfRule,
  ruleOfForm,
  withKind,
  type RuleForm,
} from '../../../dashboard/web/state/alerts-form.js'
import { typedNumber } from '../../../dashboard/web/state/alerts-time.js'

const RULES: RuleDraft[] = [
  {
    name: 'ratio',
    expr: {
      kind: 'ratio',
      where: { 'host': ['a.example', 'b.example'], 'not.country': 'FR' },
      errors: { status: ['403', '429'], source: 'edge' },
      window: '10m',
      above: 0.025,
      recover: 0.01,
      minimum: 300,
    },
    by: ['host', 'status'],
    for: '3m',
    keepFiringFor: '5m',
    severity: 'critical',
    labels: { team: 'web' },
    note: 'look',
    runbook: 'https://wiki.example/x',
    notify: ['n1'],
  },
  {
    name: 'count',
    enabled: false,
    expr: { kind: 'count', where: { status: '499', visitor: 'all' }, window: '1h', above: 1000 },
  },
  { name: 'surge', expr: { kind: 'surge', where: { zone: 'example.com' }, sensitivity: 'high' } },
  { name: 'burn', expr: { kind: 'burn-rate', errors: { class: '5xx' }, objective: 0.999 } },
  {
    name: 'own burn',
    expr: {
      kind: 'burn-rate',
      errors: { class: '5xx' },
      objective: 0.9995,
      minimum: 10,
      windows: [{ short: '2m', long: '30m', factor: 20.5 }],
    },
  },
  { name: 'absence', expr: { kind: 'absence', where: { visitor: 'false' }, after: '1h30m' } },
]

describe('the editor of rules', () => {
  it.each(RULES.map((rule) => [rule.name, rule] as const))('gives %s back as it was', (_name, rule) => {
    const stored = checkRule(rule, 'x').draft
    if (!stored) throw new Error('a rule of the test is none')
    const again = checkRule(ruleOfForm(formOfRule(stored as RuleDraft)), 'x')
    expect(again.problems).toEqual([])
    expect(again.draft).toEqual(stored)
  })

  it('keeps the fields of a kind that it has no editor of its own for', () => {
    const expr = { kind: 'crowd', where: { host: 'www.example.com' }, most: 2, quiet: true, per: 'minute' }
    expect(ruleOfForm(formOfRule({ name: 'x', expr })).expr).toEqual(expr)
    expect([...checkForm(formOfRule({ name: 'x', expr })).keys()]).toEqual([])
  })

  it('begins with a rule that the service takes, once it has a name', () => {
    expect([...checkForm(emptyForm()).entries()]).toEqual([['name', 'missing']])
    expect(checkRule(ruleOfForm({ ...emptyForm(), name: 'x' }), 'x').problems).toEqual([])
  })

  it('makes the filters of the page its scope, those that name answers its errors', () => {
    const form = emptyForm(
      [
        { dimension: 'status', not: false, values: ['403'] },
        { dimension: 'host', not: true, values: ['a.example'] },
      ],
      true,
    )
    expect(ruleOfForm(form).expr).toMatchObject({
      where: { 'not.host': 'a.example', 'visitor': 'all' },
      errors: { status: '403' },
    })
  })

  const on = (dimension: Dimension, value: string) => ({ dimension, not: false, values: [value] })
  it('keeps whom a share is of: whatever says how requests ended is an error, not the scope', () => {
    const rule = ['securityRuleId', 'edgePathingStatus', 'workerStatus'] as const
    for (const dimension of rule)
      expect(ruleOfForm(emptyForm([on('host', 'a.example'), on(dimension, 'x')])).expr).toMatchObject({
        where: { host: 'a.example' },
        errors: { [dimension]: 'x' },
      })
    expect(ruleOfForm(emptyForm([on('status', '404'), on('cacheStatus', 'hit')])).expr).toMatchObject({
      where: {},
      errors: { status: '404', cacheStatus: 'hit' },
    })
    // what is cached is a part of the site like others
    expect(ruleOfForm(emptyForm([on('cacheStatus', 'hit')])).expr).toMatchObject({
      where: { cacheStatus: 'hit' },
      errors: { class: '5xx' },
    })
  })

  it('stays about the same requests when the kind of rule changes', () => {
    const share = emptyForm([on('host', 'a.example'), on('status', '499')])
    for (const kind of ['count', 'surge']) {
      const other = withKind(share, kind, {})
      expect(ruleOfForm(other).expr.where).toEqual({ host: 'a.example', status: '499' })
      expect(withKind(other, 'ratio', {})).toEqual(share)
    }
    // that 5xx are errors by default is no choice of anybody
    expect(ruleOfForm(withKind(emptyForm(), 'surge', {})).expr.where).toEqual({})
  })

  const WRONG: [string, Partial<RuleForm>, string][] = [
    ['a threshold over 100 %', { above: '120' }, 'expr.above'],
    ['a threshold that is no number', { above: 'many' }, 'expr.above'],
    ['a window that is no duration', { window: '5 minutes' }, 'expr.window'],
    ['a window of seconds', { window: '90s' }, 'expr.window'],
    ['a recovery above the threshold', { recover: '9' }, 'expr.recover'],
    ['no errors', { errors: [] }, 'expr.errors'],
    ['a link to nowhere', { runbook: 'wiki/x' }, 'runbook'],
    ['a label that is none', { labels: [{ name: '1x', value: 'y' }] }, 'labels.1x'],
    ['a for that is none', { for: 'soon' }, 'for'],
    ['an objective of all', { kind: 'burn-rate', objective: '100' }, 'expr.objective'],
    ['a silence that is none', { kind: 'absence', after: '' }, 'expr.after'],
  ]
  it.each(WRONG)('sees %s where the service sees it', (_name, part, path) => {
    const form = { ...emptyForm(), name: 'x', ...part }
    expect([...checkForm(form).keys()]).toEqual([path])
    expect(checkRule(ruleOfForm(form), 'x').problems.map((p) => p.path.join('.'))).toContain(path)
  })

  it('reads numbers with a comma', () => {
    expect([typedNumber('2,5'), typedNumber('5 %'), typedNumber('.5'), typedNumber('1e3'), typedNumber('-1')]).toEqual([
      2.5,
      5,
      0.5,
      NaN,
      NaN,
    ])
  })

  it('tells what a silence would mute', () => {
    const labels = { host: 'www.example.com', status: '403' }
    const fits = (value: string, label = 'host') => matches([{ label, op: '=~', value }], labels)
    for (const value of ['www.example.com', '*', 'www*', '*com', 'w*e*com', 'api|www.*'])
      expect(fits(value), value).toBe(true)
    for (const value of ['', 'www.example.comm', '*a*a*a*', 'api*', '*www', 'www.example.com*com'])
      expect(fits(value), value).toBe(false)
    // a label that is not there is the empty text
    expect([fits('*', 'none'), fits('', 'none'), fits('a*', 'none')]).toEqual([true, true, false])
    for (const op of ['=', '!='] as const)
      expect(matches([{ label: 'host', op, value: 'www*' }], labels), op).toBe(op === '!=')
    expect(matches([{ label: 'host', op: '!~', value: 'www*' }], labels)).toBe(false)
  })
})
