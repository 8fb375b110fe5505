import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backtest, preview } from '../../../analyze/alerts/backtest/backtest.js'
import { backtestReport, printBacktest } from '../../../analyze/alerts/backtest/print.js'
import { wouldHaveFired } from '../../../analyze/alerts/backtest/would-have-fired.js'
import { openAlertLogHere, type OwnAlertLog } from '../../schema/sqlite/alert-log-of-file.js'
import { memoryStore } from './kit/memory-store.js'
import { HOUR, MINUTE, ruleOf, START } from './kit/series.js'
import { BLOCKED, OK } from './kit/world.js'

const DAY = 24 * HOUR
/** Two weeks; every third day at 14:05 for 35 minutes the edge blocks. */
const store = memoryStore()
for (let i = 0; i < 14 * 24 * 60; i += 1) {
  const time = START - 12 * HOUR + i * MINUTE
  const [day, minute] = [Math.floor(i / 1_440), i % 1_440]
  store.add(time, OK, 20)
  store.add(time, BLOCKED, day % 3 === 0 && minute >= 845 && minute < 880 ? 30 : 0)
}
const range = { from: START - 12 * HOUR, to: START - 12 * HOUR + 14 * DAY }
const tools = { store, findSurges: null }
const EXPR = { kind: 'count', where: { status: 403 }, window: '1m', above: 10 } as const

describe('a backtest', () => {
  it('shows each episode, the notices and the noise per week', async () => {
    const report = await backtest(ruleOf({ expr: EXPR }), range, tools)
    expect(report.episodes.map((e) => `${e.firedAt.slice(5, 16)} ${e.resolvedAt?.slice(11, 16)}`)).toEqual([
      '05-20T14:06 14:41',
      '05-23T14:06 14:41',
      '05-26T14:06 14:41',
      '05-29T14:06 14:41',
      '06-01T14:06 14:41',
    ])
    expect(report).toMatchObject({
      notices: 10,
      noticesPerWeek: 5,
      firingMinutes: 5 * 35,
      unit: 'requests',
      threshold: 10,
      problems: [],
    })
  })

  it('counts repeats of what keeps firing, and says that it still does at the end', async () => {
    // ordinary traffic is over this threshold: it fires from the first minute to the last
    const report = await backtest(
      ruleOf({ expr: { ...EXPR, where: { status: 200 } } }),
      { from: range.from, to: range.from + DAY },
      tools,
    )
    expect(report.episodes).toMatchObject([{ resolvedAt: null }])
    // at once, and every four hours
    expect(report.notices).toBe(6)
    expect(report.noticesPerWeek).toBe(6)
  })

  it('over a range without logs finds nothing, and says for how long nobody could tell', async () => {
    const report = await backtest(ruleOf({ expr: EXPR }), { from: range.to + DAY, to: range.to + 2 * DAY }, tools)
    expect(report).toMatchObject({ episodes: [], notices: 0 })
  })

  it('draws the value with the highest point of each step, so that no peak is lost', async () => {
    const { series, step } = await preview(ruleOf({ expr: EXPR }), range, tools)
    expect(step).toBe(51 * MINUTE)
    expect(series[0].points.filter(([, value]) => value === 30).length).toBeGreaterThanOrEqual(5)
    expect(series[0].points.every(([at]) => (at - range.from) % step === 0)).toBe(true)
  })

  it('stops counting where a rule fires without end', async () => {
    const noisy = memoryStore()
    for (let i = 0; i < 3 * 1_440; i++) {
      noisy.add(START + i * MINUTE, OK, 50)
      for (let host = 0; host < 4; host++) {
        noisy.add(START + i * MINUTE, { ...BLOCKED, host: `h${host}` }, i % 2 === 0 ? 50 : 0)
      }
    }
    // flapping is damped, so it takes several groups to fire often
    const report = await backtest(
      ruleOf({ expr: EXPR, by: ['host'] }),
      { from: START, to: START + 3 * DAY },
      { store: noisy, findSurges: null },
    )
    expect(report.episodes.every((e) => e.firedAt !== '')).toBe(true)
    expect(report.episodes.filter((e) => e.flapping)).toHaveLength(4)
    expect(report.notices).toBeLessThan(20)
  })
})

describe('would have fired', () => {
  const rules = [
    ruleOf({ name: 'Blocked', expr: EXPR }),
    ruleOf({ name: 'Silent', enabled: false, expr: { kind: 'absence', after: '1h' } }, 'b'),
  ]

  it('tells of every rule in a sentence, in three languages', async () => {
    const upload = { from: range.from, to: range.from + 20 * HOUR }
    const told = async (language: 'en' | 'fr' | 'zh') =>
      (await wouldHaveFired(rules, upload, tools, language)).rules.map((r) => r.summary)
    expect(await told('en')).toEqual([
      'Blocked: would have fired 14:06, resolved 14:41.',
      'Silent: would not have fired.',
    ])
    expect(await told('fr')).toEqual([
      'Blocked\u202f: aurait sonné à 14:06, résolue à 14:41.',
      'Silent\u202f: n’aurait pas sonné.',
    ])
    expect(await told('zh')).toEqual(['Blocked：本应触发告警：14:06 触发，14:41 恢复。', 'Silent：不会触发告警。'])
  })

  it('names the first of many, and a rule that cannot be evaluated does not hide the others', async () => {
    const broken = ruleOf({ name: 'Broken', expr: { kind: 'surge' } }, 'c')
    const { rules: told } = await wouldHaveFired([broken, ...rules], range, tools, 'en')
    expect(told[0].error).toBe('There is no detector of surges here')
    expect(told[1].summary).toContain('2026-05-20 14:06, resolved 14:41; 2026-05-23 14:06')
  })

  it('of an upload without records has nothing to tell', async () => {
    expect(await wouldHaveFired(rules, null, tools, 'en')).toEqual({ from: null, to: null, rules: [] })
  })
})

describe('on the command line', () => {
  let folder: string
  let log: OwnAlertLog
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-backtest-'))
    log = openAlertLogHere(join(folder, 'store.sqlite'))
    await log.putRules(
      [
        {
          id: 'r',
          origin: 'person',
          draft: { name: 'Blocked', expr: EXPR, enabled: false },
          createdAt: 0,
          updatedAt: 0,
        },
      ],
      [],
    )
  })
  afterAll(async () => {
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const command = { store, findSurges: null, rulesFile: null, rule: null, from: null, to: null }

  it('replays the rules of the store, those that are off too', async () => {
    const text = printBacktest(await backtestReport({ ...command, log }))
    expect(text).toContain('Blocked (off)\n  5 episodes, 10 notices, 5 a week')
    expect(text).toContain('  2026-05-20T14:06Z – 2026-05-20T14:41Z  30 > 10')
  })

  it('replays a rules file, and says which rules it refuses', async () => {
    const rulesFile =
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: {kind: count, where: {status: 403}, window: 5m, above: 100}\n      - alert: B\n        expr: {kind: count, window: 5}\n'
    const report = await backtestReport({ ...command, log, rulesFile })
    expect(report.rules.map((r) => r.name)).toEqual(['A'])
    expect(printBacktest(report)).toContain('refused  7:')
    const inFrench = await backtestReport({ ...command, log, rulesFile, lang: 'fr' })
    expect(printBacktest(inFrench)).toContain('B: groups[0].rules[1].expr.window 5 n’est pas une durée')
  })

  it('warns of a share that is always the same', async () => {
    const rulesFile =
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: {kind: ratio, where: {class: 2xx}, errors: {class: 5xx}, window: 5m, above: 1%}\n'
    const text = printBacktest(await backtestReport({ ...command, log, rulesFile, lang: 'zh' }))
    expect(text).toContain('  ! “哪些请求” (where)所选的请求都不可能是错误')
  })

  it('says which rules there are when one is asked for that is not', async () => {
    await expect(
      backtestReport({
        ...command,
        log,
        rule: 'Nope',
      }),
    ).rejects.toThrow('There is no rule "Nope". There are: Blocked.')
  })
})
