/** What is wrong with a rule is told in the reader's language: each mistake by a rule that has it, over HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RULE_KINDS } from '../../../analyze/alerts/kinds/index.js'
import { ruleView } from '../../../analyze/alerts/routes/views.js'
import { inWords } from '../../../analyze/alerts/rules/mistakes/in-words.js'
import type { Mistake } from '../../../analyze/alerts/rules/mistakes/mistake.js'
import { openRulesFile } from '../../../analyze/alerts/rules/rules-file.js'
import type { RuleProblem } from '../../../schema/api/alerts.js'
import { fieldsOf } from '../../../schema/api/rule-fields.js'
import { STATUS_CLASSES } from '../../../schema/status/status-class.js'
import type { AlertSnapshot, StoredRule } from '../../../schema/store/alert-log.js'
import { DIMENSIONS } from '../../../schema/store/query.js'
import { LANGUAGES, type Language } from '../../../schema/words/languages.js'
import { SOURCES } from '../../../schema/words/sources.js'
import { startService, type TestService } from '../../app/service.js'

const count = (more: object = {}, expr: object = {}) => ({
  name: 'R',
  expr: { kind: 'count', where: { status: 403 }, window: '5m', above: 10, ...expr },
  ...more,
})
const where = (filters: unknown) => count({}, { where: filters })
const ratio = (expr: object) => ({
  name: 'R',
  expr: { kind: 'ratio', errors: { class: '5xx' }, window: '5m', above: 0.1, ...expr },
})
const burnRate = (expr: object) => ({
  name: 'R',
  expr: { kind: 'burn-rate', errors: { class: '5xx' }, objective: 0.99, ...expr },
})
const file = (rules: string, group = '') => ({ yaml: `groups:\n  - name: g\n${group}    rules:\n${rules}` })
const names = (n: number, end = '') => Array.from({ length: n }, (_, i) => `h${i}${end}`)

/** A rule with each mistake that there is: without one the test does not compile. */
type Told = Exclude<Mistake['what'], 'of-kind' | 'long-filter' | 'file-unreadable'>
const FAULTY: { readonly [what in Told]: readonly unknown[] } = {
  'no-rule': [[], file('      - alert')],
  'promql': [{ name: 'R', expr: 'sum(rate(x[5m])) > 1' }],
  'no-expr': [{ name: 'R' }],
  'missing': [
    { ...count(), name: '' },
    { name: 'R', expr: {} },
    ratio({ errors: undefined }),
    ratio({ above: undefined }),
    count({}, { above: undefined }),
    count({}, { window: undefined }),
    burnRate({ objective: undefined }),
  ],
  'unknown-key': [count({}, { windwo: '5m' }), count({ zzzzzz: 1 }), file('      - alrt: R')],
  'no-text': [count({ name: 5 }), count({ labels: { team: [] } })],
  'too-long': [count({ name: 'x'.repeat(2_000) })],
  'no-link': [count({ runbook: 'wiki' })],
  'no-texts': [count({ notify: [5] })],
  'no-flag': [count({ enabled: 'yes' })],
  'unknown-word': [count({ severity: 'warnign' }), count({ severity: [] }), count({ severity: {} })],
  'no-number': [
    count({}, { above: 'zzz' }),
    ratio({ above: 5 }),
    ratio({ minimum: 0 }),
    burnRate({ objective: 1 }),
    burnRate({ windows: [{ short: '5m', long: '1h', factor: -1 }] }),
  ],
  'no-duration': [count({}, { window: '5 zzz' }), count({ for: 5 })],
  'duration-out-of-range': [count({}, { window: '40d' }), count({ for: '8d' })],
  'no-whole-minutes': [count({}, { window: '90s' })],
  'too-many-dimensions': [count({ by: ['host', 'status', 'path'] })],
  'no-dimension': [count({ by: ['hots'] }), count({ by: ['zzzzzzzzz'] }), count({ by: [{}] })],
  'no-labels': [count({ labels: [] }), file('      - alert: R\n        labels: [a]')],
  'no-label-name': [count({ labels: { 'my-team': 'x' } })],
  'label-of-rule': [count({ labels: { severity: 'x' } }), count({ labels: { alertname: 'x' } })],
  'no-list': [burnRate({ windows: [] })],
  'recover-over': [count({}, { recover: 20 })],
  'no-where': [where('zzz')],
  'no-values': [where({ host: {} })],
  'no-filter': [where({ contry: 'FR' }), where({ zzzzzzzzz: 1 })],
  'empty-list': [where({ host: [] })],
  'too-many-values': [where({ host: names(1_501) })],
  'no-audience': [where({ visitor: 'zzz' })],
  'visitor-in-errors': [ratio({ errors: { status: 503, visitor: 'all' } })],
  'no-errors': [ratio({ errors: {} })],
  'no-class': [where({ class: '6xx' })],
  'no-source': [where({ source: 'zzz' })],
  'no-status': [where({ status: '4xx' })],
  'no-origin-status': [where({ originStatus: 'zzz' })],
  'no-network': [where({ asn: 'AS1' })],
  'many-patterns': [where({ host: names(101, '*') })],
  'file-too-large': [{ yaml: '['.repeat(100_001) }],
  'no-yaml': [
    // as its parser knows them
    { yaml: 'groups: [' },
    { yaml: 'a: &x *y' },
    { yaml: '%YAML\n---\na: b' },
    { yaml: 'a: "\\zzz"' },
    { yaml: 'a:\n  - b\n - c' },
    { yaml: 'a: &x - b' },
    { yaml: 'a: @b' },
    { yaml: 'a: b: c' },
    { yaml: 'a: [\n- b\n]' },
    { yaml: 'a: 1\na: 2' },
    { yaml: `[${'k'.repeat(1_100)}: 1]` },
    { yaml: '"a\n b": c' },
    { yaml: 'a: &x &y b' },
    { yaml: 'a: 1\n---\nb: 2' },
    { yaml: 'a: !!str !!int b' },
    { yaml: 'a:\n\t- b' },
    { yaml: 'a: !q!b c' },
    { yaml: 'a: ]' },
    { yaml: '&a ? b' },
  ],
  'bad-aliases': [
    { yaml: 'a: *b' },
    { yaml: `a: &a [x,x,x]\nb: &b [${Array(60).fill('*a').join()}]\nc: [${Array(60).fill('*b').join()}]` },
  ],
  'no-groups': [{ yaml: 'rules: []' }, { yaml: '- alert: x' }],
  'no-group': [{ yaml: 'groups: [5]' }],
  'interval': [file('      []', '    interval: 1m\n')],
  'recording-rule': [file('      - record: x')],
  'name-taken': [file('      - {alert: R, expr: {kind: absence, after: 5m}}\n'.repeat(2))],
}
const OF_KINDS: { [code: string]: unknown } = {
  'groups-itself': { name: 'R', expr: { kind: 'surge' }, by: ['host'] },
  'visitors-only': { name: 'R', expr: { kind: 'surge', where: { visitor: 'all' } } },
  'windows-swapped': burnRate({ windows: [{ short: '1h', long: '5m', factor: 1 }] }),
}
const ALL = [
  ...Object.entries(FAULTY).flatMap(([code, bodies]) => bodies.map((body): [string, unknown] => [code, body])),
  ...Object.entries(OF_KINDS),
]

/** What is typed is the same in every language. */
const TYPED = new Set(
  [
    ...DIMENSIONS,
    ...STATUS_CLASSES,
    ...SOURCES,
    ...RULE_KINDS.flatMap(({ name, schema }) => [name, ...fieldsOf(schema).map(([field]) => field)]),
    ...['name', 'enabled', 'expr', 'by', 'for', 'keepFiringFor', 'severity', 'labels', 'note', 'runbook', 'notify'],
    ...['alert', 'keep_firing_for', 'annotations', 'groups', 'rules', 'critical', 'warning', 'info', 'true', 'false'],
    ...['all', 'http', 'https', 'Faultline', 'PromQL', 'YAML', 'short', 'long', 'factor', 'www.example.com', 'count'],
  ].flatMap((name) => name.split(/[^A-Za-z]+/)),
)
const ENGLISH =
  /\b(?:is|are|it|its|must|not|no|the|of|an|to|with|known|there|missing|mapping|value|unexpected|key|keys)\b/i

/** Words of another language that are left when what was typed and what can be typed is taken away. */
function foreignIn(said: string, lang: Language, body: unknown): string[] {
  const typed = new Set([...TYPED, ...JSON.stringify(body).split(/[^A-Za-z]+/)])
  const words = said.split(/[^\p{L}’]+/u).filter((word) => word.length > 1 && !typed.has(word))
  if (lang === 'zh')
    return words.filter((word) => /[a-z]/i.test(word) && !/^k?B$/.test(word) && !/^\d*[smhd]$/.test(word))
  return words.filter((word) => ENGLISH.test(word))
}

/** Spaces before signs as French sets them, signs as Chinese has them; what is to be typed is left alone. */
function illSet(said: string, lang: Language): string[] {
  const plain = said.replace(/\{.*\}|"[^"]*"|\(class: 4xx\)|https?:\/\//g, 'x')
  if (lang === 'fr') return plain.match(/[^\u202f][;:!?»]|«[^\u202f]|[a-zé]'/g) ?? []
  return lang === 'zh' ? (plain.match(/[\u4e00-\u9fff] ?[,:;?!()"]|[,:;?!()"] ?[\u4e00-\u9fff]/g) ?? []) : []
}

describe('a mistake in a rule', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())
  const validate = async (body: unknown, lang: Language): Promise<RuleProblem[]> =>
    (await service.send('POST', `/api/v1/rules/validate?lang=${lang}`, body as object)).body.problems

  it.each(ALL)('%s is told by its code, and in each language by a sentence of its own (%#)', async (code, body) => {
    const said: string[] = []
    for (const lang of LANGUAGES) {
      const problem = (await validate(body, lang)).find((one) => one.code === code)
      expect(problem, `${lang} ${code}`).toBeDefined()
      const { reason } = problem as RuleProblem
      said.push(reason)
      expect(reason, lang).not.toMatch(/undefined|null|\[object|NaN/)
      expect(foreignIn(reason, lang, body), `${lang}: ${reason}`).toEqual(lang === 'en' ? expect.anything() : [])
      expect(illSet(reason, lang), `${lang}: ${reason}`).toEqual([])
    }
    expect(new Set(said).size).toBe(LANGUAGES.length)
  })

  it('is told with what was found, what was wanted, and what was meant', async () => {
    const body = {
      ...ratio({ above: 5, windwo: '5m', minimum: 0 }),
      by: ['zzz'],
      severity: 'warnign',
      for: '8d',
      note: 'x'.repeat(4_321),
    }
    const told = async (lang: Language) =>
      (await validate(body, lang)).map(({ path, reason }) => `${path} ${reason.replace(/[:：] ?class.*/, '…')}`)
    expect(await told('en')).toEqual([
      'expr.windwo "windwo" is not known here. Did you mean "window"?',
      'expr.above must be a number from 0 to 1, or a percentage like 5%, not 5',
      'expr.minimum must be a number from 1 to 1000000000000, not 0',
      `by[0] "zzz" is no dimension. There are ${DIMENSIONS.join(', ')}.`,
      'for must be from 0s to 7d',
      'severity "warnign" is not known. Did you mean "warning"?',
      'note has 4321 characters; 4000 is the limit',
    ])
    expect(await told('fr')).toEqual([
      'expr.windwo «\u202fwindwo\u202f» n’est pas connu ici. Vouliez-vous dire «\u202fwindow\u202f»\u202f?',
      'expr.above doit être un nombre de 0 à 1, ou un pourcentage comme 5%, et non 5',
      'expr.minimum doit être un nombre de 1 à 1\u202f000\u202f000\u202f000\u202f000, et non 0',
      'by[0] «\u202fzzz\u202f» n’est pas une dimension. Dimensions possibles\u202f…',
      'for doit être compris entre 0s et 7d',
      'severity «\u202fwarnign\u202f» n’est pas une valeur connue. Vouliez-vous dire «\u202fwarning\u202f»\u202f?',
      'note compte 4\u202f321 caractères\u202f; la limite est de 4\u202f000',
    ])
    expect(await told('zh')).toEqual([
      'expr.windwo 这里没有“windwo”这一项。您是不是想写“window”？',
      'expr.above 必须是 0 到 1 的数字，或 5% 这样的百分比，而不是 5',
      'expr.minimum 必须是 1 到 1,000,000,000,000 的数字，而不是 0',
      'by[0] “zzz”不是维度。可用的维度…',
      'for 必须在 0s 到 7d 之间',
      'severity “warnign”不是可用的值。您是不是想写“warning”？',
      'note 有 4,321 个字符，上限为 4,000 个',
    ])
  })

  it('is told in the reader’s language where a rule is kept, tried or replayed', async () => {
    const wrong = { ...count({}, { windwo: '5m' }), severity: 'warnign' }
    const asked = [
      ['POST', 'rules', wrong],
      ['POST', 'rules/preview', { rule: wrong }],
      ['POST', 'backtest', { rule: wrong }],
    ] as const
    for (const [method, path, body] of asked) {
      const message = async (lang: Language) => {
        const answer = await service.send(method, `/api/v1/${path}?lang=${lang}`, body)
        expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_RULE' } })
        return answer.body.message
      }
      expect(await message('en')).toBe(
        'expr.windwo: "windwo" is not known here. Did you mean "window"? severity: "warnign" is not known. Did you mean "warning"?',
      )
      expect(await message('fr')).toBe(
        'expr.windwo\u202f: «\u202fwindwo\u202f» n’est pas connu ici. Vouliez-vous dire «\u202fwindow\u202f»\u202f? severity\u202f: «\u202fwarnign\u202f» n’est pas une valeur connue. Vouliez-vous dire «\u202fwarning\u202f»\u202f?',
      )
      expect(await message('zh')).toBe(
        'expr.windwo：这里没有“windwo”这一项。您是不是想写“window”？severity：“warnign”不是可用的值。您是不是想写“warning”？',
      )
    }
  })
})

describe('a rules file with mistakes', () => {
  it('is told of in the reader’s language beside the rules', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-mistakes-'))
    const rulesFile = join(folder, 'rules.yaml')
    writeFileSync(rulesFile, file('      - alert: A\n        expr: {kind: count, window: 5x, above: 1}\n').yaml)
    const service = await startService({ alerting: { rulesFile, everyMs: 50 } })
    try {
      await expect.poll(async () => (await service.get('/api/v1/rules')).body.file?.problems.length).toBe(1)
      for (const [lang, reason] of [
        ['en', '"5x" is no duration; write it like 90s, 5m or 1h30m'],
        ['fr', '"5x" n’est pas une durée\u202f; écrivez-la comme 90s, 5m ou 1h30m'],
        ['zh', '"5x" 不是时长，请写成 90s、5m 或 1h30m 这样的形式'],
      ])
        expect((await service.get(`/api/v1/rules?lang=${lang}`)).body.file.problems).toEqual([
          { path: 'groups[0].rules[0].expr.window', line: 5, column: 29, rule: 'A', code: 'no-duration', reason },
        ])
    } finally {
      await service.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('or that is not there says why', async () => {
    const missing = openRulesFile('/none/rules.yaml')
    await missing.refresh(0)
    const folder = openRulesFile(tmpdir())
    await folder.refresh(0)
    const said = (lang: Language) => [missing, folder].map(({ state }) => inWords(state.problems[0].mistake, lang))
    expect(said('en')[0]).toMatch(/^The rules file \/none\/rules.yaml can not be read \(ENOENT: /)
    expect(said('fr')).toEqual([
      'Le fichier de règles /none/rules.yaml est illisible (il n’existe pas). Ses règles restent en vigueur telles quelles.',
      `Le fichier de règles ${tmpdir()} est illisible (c’est un dossier). Ses règles restent en vigueur telles quelles.`,
    ])
    expect(said('zh')).toEqual([
      '无法读取规则文件 /none/rules.yaml（文件不存在）。其中的规则照旧生效。',
      `无法读取规则文件 ${tmpdir()}（这是一个文件夹）。其中的规则照旧生效。`,
    ])
  })
})

it('a stored rule that no longer is one says why in the reader’s language', () => {
  const stored: StoredRule = {
    id: 'r',
    origin: 'person',
    draft: count({}, { window: '90s', above: -1 }) as unknown as StoredRule['draft'],
    createdAt: 0,
    updatedAt: 0,
  }
  const snapshot = { rules: [stored], memories: [], episodes: [] } as unknown as AlertSnapshot
  expect(LANGUAGES.map((lang) => ruleView(stored, snapshot, null, [], lang).error?.message)).toEqual([
    'expr.window must be whole minutes; expr.above must be a number from 0 to 1000000000000000, not -1',
    'expr.window doit être un nombre entier de minutes\u202f; expr.above doit être un nombre de 0 à 1\u202f000\u202f000\u202f000\u202f000\u202f000, et non -1',
    'expr.window 必须是整分钟数；expr.above 必须是 0 到 1,000,000,000,000,000 的数字，而不是 -1',
  ])
})

it('too many values in a filter of a question are told as before', async () => {
  const service = await startService()
  try {
    const many = names(501)
      .map((name) => `host=${name}`)
      .join('&')
    expect((await service.get(`/api/v1/summary?${many}`)).body.message).toBe(
      '"host" has 501 values, 500 is the limit of one filter. Use * or ask twice.',
    )
    const long: Mistake = { what: 'long-filter', dimension: 'host', count: 1_501 }
    expect(inWords(long, 'fr')).toContain('a 1\u202f501 valeurs')
    expect(inWords(long, 'zh')).toContain('有 1,501 个值')
  } finally {
    await service.stop()
  }
})
