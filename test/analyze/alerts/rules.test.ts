import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRule, draftOf } from '../../../analyze/alerts/rules/check.js'
import { formatDuration, parseDuration } from '../../../schema/words/duration.js'
import { openRulesFile } from '../../../analyze/alerts/rules/rules-file.js'
import { inWords } from '../../../analyze/alerts/rules/mistakes/in-words.js'
import { pathText } from '../../../analyze/alerts/rules/mistakes/mistake.js'
import { exportRules, parseRules } from '../../../analyze/alerts/rules/yaml.js'
import type { RuleDraft } from '../../../schema/api/alerts.js'
import { DIMENSIONS } from '../../../schema/store/query.js'

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
    ['500ms', 500],
    ['0', 0],
    ['0s', 0],
    ['1d2h3m4s', 93_784_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '5', 'm', '5 m', '5min', '-5m', '1.5h', '5m1h', '5m5m', '1h 30m', 'PT5M'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeNull()
  })

  it('read back to the same', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e11 }), (ms) => parseDuration(formatDuration(ms)) === ms))
  })
})

const good = { name: 'R', expr: { kind: 'count', where: { status: 403 }, window: '5m', above: 10 } }
const problemsOf = (input: unknown) =>
  checkRule(input, 'r').problems.map(({ path, mistake }) => `${pathText(path)}: ${inWords(mistake, 'en')}`)

describe('a rule', () => {
  it('is read with its defaults', () => {
    expect(checkRule(good, 'r').rule).toMatchObject({
      kind: 'count',
      enabled: true,
      by: [],
      for: 0,
      keepFiringFor: 0,
      severity: 'warning',
      labels: {},
      notify: [],
      condition: {
        where: { filters: [{ dimension: 'status', values: ['403'] }], audience: 'visitors' },
        window: 300_000,
        above: 10,
        recover: 10,
      },
    })
  })

  it('takes every filter of the API, with not. and lists', () => {
    for (const dimension of DIMENSIONS.filter(
      (d) => !['visitor', 'class', 'source', 'status', 'originStatus', 'asn'].includes(d),
    )) {
      const { rule } = checkRule(
        { ...good, expr: { ...good.expr, where: { [dimension]: ['a', 'b'], [`not.${dimension}`]: 'c' } } },
        'r',
      )
      expect(rule?.condition.where.filters).toEqual([
        { dimension, values: ['a', 'b'] },
        { dimension, values: ['c'], not: true },
      ])
    }
  })

  it.each([
    ['status', '4xx'],
    ['class', '6xx'],
    ['source', 'cdn'],
    ['originStatus', 'none'],
    ['not.asn', 'AS13335'],
  ])('refuses %s: %s, which no record can meet', (name, value) => {
    const { rule, problems } = checkRule({ ...good, expr: { ...good.expr, where: { [name]: value } } }, 'r')
    expect(rule).toBeNull()
    expect(inWords(problems[0].mistake, 'en')).toContain(`"${value}" is no `)
  })

  it('may write shares in percent', () => {
    const { rule } = checkRule(
      { name: 'R', expr: { kind: 'burn-rate', errors: { class: '5xx' }, objective: '99.9%' } },
      'r',
    )
    expect(rule?.condition).toMatchObject({ objective: 0.999 })
    expect(
      checkRule({ name: 'R', expr: { kind: 'ratio', errors: { class: '5xx' }, window: '5m', above: '5%' } }, 'r').rule
        ?.condition,
    ).toMatchObject({ above: 0.05 })
  })

  it.each<[string, unknown, string]>([
    ['no mapping', [], ': must be a mapping'],
    ['no name', { expr: good.expr }, 'name: is missing'],
    ['no expr', { name: 'R' }, 'expr: is missing'],
    [
      'PromQL',
      { name: 'R', expr: 'sum(rate(http_requests_total[5m])) > 1' },
      'expr: is a text. Faultline takes fields here, not PromQL',
    ],
    ['an unknown kind', { name: 'R', expr: { kind: 'rato' } }, 'expr.kind: "rato" is not known. Did you mean "ratio"?'],
    [
      'a misspelt key',
      { ...good, expr: { ...good.expr, windwo: '5m' } },
      'expr.windwo: "windwo" is not known here. Did you mean "window"?',
    ],
    [
      'a misspelt filter',
      { ...good, expr: { ...good.expr, where: { contry: 'FR' } } },
      'expr.where.contry: "contry" is no filter. Did you mean "country"?',
    ],
    [
      'a class that is none',
      { ...good, expr: { ...good.expr, where: { class: '6xx' } } },
      '"6xx" is no class; there are 2xx, 3xx, 4xx, 499, 5xx, other',
    ],
    ['a source that is none', { ...good, expr: { ...good.expr, where: { source: 'cdn' } } }, '"cdn" is no source'],
    ['a status like 4xx', { ...good, expr: { ...good.expr, where: { status: '4xx' } } }, 'filter by class: 4xx'],
    ['a window in seconds', { ...good, expr: { ...good.expr, window: '90s' } }, 'expr.window: must be whole minutes'],
    ['a window that is none', { ...good, expr: { ...good.expr, window: '5 minutes' } }, '"5 minutes" is no duration'],
    ['a threshold that is a text', { ...good, expr: { ...good.expr, above: 'many' } }, 'expr.above: must be a number'],
    [
      'a share above 1',
      { name: 'R', expr: { kind: 'ratio', errors: { class: '5xx' }, window: '5m', above: 5 } },
      'expr.above: must be a number from 0 to 1, or a percentage like 5%',
    ],
    [
      'a ratio without errors',
      { name: 'R', expr: { kind: 'ratio', window: '5m', above: 0.1 } },
      'expr.errors: is missing',
    ],
    [
      'a recovery above the threshold',
      { ...good, expr: { ...good.expr, recover: 20 } },
      'expr.recover: must not be over the threshold',
    ],
    [
      'an objective of 100 %',
      { name: 'R', expr: { kind: 'burn-rate', errors: { class: '5xx' }, objective: 1 } },
      'expr.objective: must be between 0 and 1',
    ],
    [
      'windows the wrong way round',
      {
        name: 'R',
        expr: {
          kind: 'burn-rate',
          errors: { class: '5xx' },
          objective: 0.99,
          windows: [{ short: '1h', long: '5m', factor: 2 }],
        },
      },
      'expr.windows[0]: the short window is longer',
    ],
    ['a grouping that is none', { ...good, by: ['hots'] }, 'by[0]: "hots" is no dimension. Did you mean "host"?'],
    ['three groupings', { ...good, by: ['host', 'status', 'path'] }, 'by: takes at most two'],
    [
      'a surge that is grouped',
      { name: 'R', expr: { kind: 'surge' }, by: ['host'] },
      'by: a surge is told per status, source and host by itself',
    ],
    [
      'a label that Prometheus would not take',
      { ...good, labels: { 'my-team': 'x' } },
      'labels.my-team: is no label name',
    ],
    ['a runbook that is a script', { ...good, runbook: 'javascript:alert(1)' }, 'runbook: must be a link'],
    ['enabled as a text', { ...good, enabled: 'yes' }, 'enabled: must be true or false'],
  ])('with %s is refused with the place and the reason', (_what, input, told) => {
    expect(problemsOf(input).join('\n')).toContain(told)
  })

  it('tells all mistakes at once', () => {
    expect(problemsOf({ expr: { kind: 'count', window: 'x', above: -1 }, severity: 'urgent' })).toHaveLength(4)
  })

  it('takes objects that cannot be made a text for what they are: no text', () => {
    const bare = Object.assign(Object.create(null) as object, { x: 1 })
    expect(problemsOf({ ...good, labels: { team: bare } })).toEqual(['labels.team: must be a text'])
    expect(problemsOf({ ...good, name: bare, by: [bare], severity: bare })).toHaveLength(3)
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (input, expr) => {
        checkRule(input, 'r')
        checkRule({ name: 'R', expr }, 'r')
        checkRule(
          {
            name: 'R',
            expr: { kind: 'ratio', errors: expr, where: input, window: '5m', above: 0.1 },
            by: input,
            labels: expr,
          },
          'r',
        )
      }),
    )
  })
})

const FILE = `groups:
  - name: edge
    rules:
      - alert: EdgeBlocks
        expr:
          kind: ratio
          where: { host: www.example.com }
          errors:
            status: [403, 429]
            source: edge
          window: 5m
          above: 5%
          minimum: 200
        by: [country]
        for: 3m
        keep_firing_for: 5m
        labels:
          severity: critical
          team: web
        annotations:
          summary: Visitors are blocked
          description: Ask security.
          runbook_url: https://wiki.example.com/waf
      - alert: NoLogs
        expr: { kind: absence, after: 15m }
        enabled: false
`

describe('a rules file', () => {
  it('has the shape that Prometheus users know', () => {
    const { rules, problems } = parseRules(FILE)
    expect(problems).toEqual([])
    expect(rules.map((r) => [r.group, r.rule.name, r.rule.enabled])).toEqual([
      ['edge', 'EdgeBlocks', true],
      ['edge', 'NoLogs', false],
    ])
    expect(rules[0].rule).toMatchObject({
      for: 180_000,
      keepFiringFor: 300_000,
      severity: 'critical',
      labels: { team: 'web' },
      note: 'Visitors are blocked\nAsk security.',
      runbook: 'https://wiki.example.com/waf',
      by: ['country'],
      condition: {
        above: 0.05,
        minimum: 200,
        errors: [
          { dimension: 'status', values: ['403', '429'] },
          { dimension: 'source', values: ['edge'] },
        ],
      },
    })
  })

  it.each<[string, string, string, number, string]>([
    ['a window', 'window: 5m', 'window: 5 minutes', 11, 'is no duration'],
    ['a filter', 'source: edge', 'sorce: edge', 10, 'Did you mean "source"?'],
    ['a key', 'keep_firing_for: 5m', 'keepFiringFor: 5m', 16, 'Did you mean "keep_firing_for"?'],
    ['a severity', 'severity: critical', 'severity: high', 18, '"high" is not known'],
    ['a label', 'team: web', 'my-team: web', 19, 'is no label name'],
    ['a runbook', 'https://wiki.example.com/waf', 'wiki', 23, 'must be a link'],
    ['what is missing', '          kind: ratio\n', '', 5, 'is missing: one of ratio'],
    ['two rules of one name', 'alert: NoLogs', 'alert: EdgeBlocks', 24, 'another rule is called "EdgeBlocks" too'],
    ['a recording rule', '- alert: NoLogs', '- record: x\n        alert: NoLogs', 24, 'recording rule'],
  ])(
    'with a mistake in %s names the line and the reason, and refuses that rule only',
    (_what, right, wrong, line, reason) => {
      const { rules, problems, refused } = parseRules(FILE.replace(right, wrong))
      expect(problems.map((p) => inWords(p.mistake, 'en')).join('\n')).toContain(reason)
      expect(problems[0].line).toBe(line)
      expect(rules).toHaveLength(1)
      expect(refused).toHaveLength(1)
    },
  )

  it.each([
    ['groups: [', 1],
    ['groups:\n  - name: a\n   rules: []\n', 3],
    ['- alert: x', 1],
    ['rules: []', 1],
    ['', 1],
    ['a: &a [*a]', 1],
  ])('that is none says so: %j', (text, line) => {
    const read = parseRules(text)
    expect(read.readable).toBe(false)
    expect(read.problems[0].line ?? line).toBe(line)
    expect(inWords(read.problems[0].mistake, 'en')).not.toBe('')
  })

  it('does not blow up on a bomb of aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...Array.from(
        { length: 8 },
        (_, i) => `${'bcdefghi'[i]}: &${'bcdefghi'[i]} [${Array(10).fill(`*${'abcdefgh'[i]}`).join()}]`,
      ),
    ].join('\n')
    expect(parseRules(bomb).readable).toBe(false)
  })

  it('never throws, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(FILE.length), (noise, at) => {
        parseRules(noise)
        parseRules(FILE.slice(0, at) + noise + FILE.slice(at))
      }),
      { numRuns: 200 },
    )
  })

  const where = fc.dictionary(
    fc.constantFrom('host', 'country', 'not.path', 'userAgent', 'colo'),
    fc.oneof(fc.string({ minLength: 1 }), fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })),
    { maxKeys: 3 },
  )
  const minutes = fc.integer({ min: 1, max: 10_000 }).map((n) => formatDuration(n * 60_000))
  const text = fc.string({ maxLength: 60 }).map((t) => t.trim())
  const draft: fc.Arbitrary<RuleDraft> = fc.record({
    name: text.filter((t) => t !== ''),
    enabled: fc.boolean(),
    severity: fc.constantFrom('critical', 'warning', 'info'),
    note: text,
    by: fc.subarray(['host', 'status'] as string[]),
    for: minutes,
    keepFiringFor: minutes,
    labels: fc.dictionary(fc.constantFrom('team', 'tier', 'x1'), fc.string()),
    notify: fc.array(fc.uuid(), { maxLength: 2 }),
    expr: fc.oneof(
      fc.record({
        kind: fc.constant('count' as const),
        where,
        window: minutes,
        above: fc.integer({ min: 5, max: 1e6 }),
        recover: fc.integer({ min: 0, max: 5 }),
      }),
      fc.record({
        kind: fc.constant('ratio' as const),
        where,
        errors: fc.constant({ class: '5xx' }),
        window: minutes,
        above: fc.integer({ min: 1, max: 100 }).map((n) => n / 100),
        minimum: fc.integer({ min: 1, max: 1e6 }),
      }),
      fc.record({
        kind: fc.constant('absence' as const),
        where,
        after: fc.integer({ min: 1, max: 1_000 }).map((n) => formatDuration(n * 60_000)),
      }),
    ),
  })

  it('that was exported reads back to the same rules', () => {
    fc.assert(
      fc.property(draft, (one) => {
        const { rule } = checkRule(one, 'r')
        expect(rule).not.toBeNull()
        const { rules, problems } = parseRules(exportRules([draftOf(rule!)]))
        expect(problems).toEqual([])
        expect({ ...rules[0].rule, id: 'r' }).toEqual(rule)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a rules file on disk', () => {
  it('is read again when it changes; a mistake keeps what was in force', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-rules-'))
    const path = join(folder, 'rules.yaml')
    const file = openRulesFile(path)
    let tick = 0
    const write = (text: string) => writeFileSync(path, `${text}${'\n'.repeat(++tick)}`)
    const names = () => file.state.rules.map((r) => `${r.rule.name} ${r.rule.for / 60_000}`)
    try {
      expect(await file.refresh(1)).toBe(false)
      expect(inWords(file.state.problems[0].mistake, 'en')).toContain('can not be read')
      write(FILE)
      expect(await file.refresh(2)).toBe(true)
      expect(names()).toEqual(['EdgeBlocks 3', 'NoLogs 0'])
      expect(await file.refresh(3)).toBe(false)
      write(FILE.replace('for: 3m', 'for: 4m'))
      expect(await file.refresh(4)).toBe(true)
      expect(names()).toEqual(['EdgeBlocks 4', 'NoLogs 0'])
      // one rule has a mistake: it stays as it was, the other follows the file
      write(FILE.replace('for: 3m', 'for: soon').replace('after: 15m', 'after: 20m'))
      expect(await file.refresh(5)).toBe(true)
      expect(file.state.problems[0]).toMatchObject({ line: 15, rule: 'EdgeBlocks' })
      expect(names().sort()).toEqual(['EdgeBlocks 4', 'NoLogs 0'])
      expect(file.state.rules.find((r) => r.rule.name === 'NoLogs')?.rule.condition).toMatchObject({
        after: 1_200_000,
      })
      // not even YAML any more: all stay
      write('groups: [')
      expect(await file.refresh(6)).toBe(false)
      expect(names()).toHaveLength(2)
      expect(file.state.loadedAt).toBe(5)
      write('groups: []')
      expect(await file.refresh(7)).toBe(true)
      expect(names()).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
