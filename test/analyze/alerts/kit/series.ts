/**
 * Rule unit tests in the manner of promtool: series in, states out, minute by minute.
 * `5x3` is 5 5 5, `_x3` three minutes without any logs, `1+2x3` is 1 3 5 7; parts are put apart by blanks.
 */
import type { RuleDraft } from '../../../../schema/api/alerts.js'
import type { Instance } from '../../../../schema/store/alert-log.js'
import { lifeOptions, MAX_GROUPS } from '../../../../analyze/alerts/life/evaluate-rule.js'
import { replay } from '../../../../analyze/alerts/life/replay.js'
import { DEFAULT_FLAPPING, newInstance } from '../../../../analyze/alerts/life/step.js'
import { checkRule } from '../../../../analyze/alerts/rules/check.js'
import type { Rule } from '../../../../analyze/alerts/rules/rule.js'
import { kindNamed } from '../../../../analyze/alerts/kinds/index.js'
import { askMinutes } from '../../../../analyze/alerts/signals/minutes.js'
import type { FindSurges } from '../../../../analyze/alerts/signals/find-surges.js'
import type { ReadStore } from '../../../../schema/store/store.js'
import { memoryStore, type MemoryStore, type Values } from './memory-store.js'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** A Wednesday. */
export const START = Date.UTC(2026, 4, 20, 12, 0)

export function valuesOf(text: string): (number | null)[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((part) => {
      const match = /^(_|-?[\d.]+)(?:([+-][\d.]+))?(?:x(\d+))?$/.exec(part)
      if (!match) throw new Error(`"${part}" is no part of a series`)
      const [, first, step, times] = match
      const length = times === undefined ? 1 : Number(times) + (step === undefined ? 0 : 1)
      return Array.from({ length }, (_, i) => (first === '_' ? null : Number(first) + i * Number(step ?? 0)))
    })
}

/** One series per kind of request; the first minute begins at `from`. */
export function traffic(series: { values: Values; text: string }[], from = START, store = memoryStore()): MemoryStore {
  for (const { values, text } of series) {
    valuesOf(text).forEach((n, i) => {
      if (n !== null) store.add(from + i * MINUTE + 1_000, values, n)
    })
  }
  return store
}

export function ruleOf(draft: Partial<RuleDraft> & Pick<RuleDraft, 'expr'>, id = 'rule'): Rule {
  const checked = checkRule({ name: 'Rule', ...draft }, id)
  if (!checked.rule) throw new Error(JSON.stringify(checked.problems))
  return checked.rule
}

export interface StatesOptions {
  from?: number
  minutes: number
  lookBack?: number
  findSurges?: FindSurges
  group?: string[]
  listeningSince?: number | null
}

/** One letter per tick: . inactive, p pending, F firing, f firing and flapping; ? ¿ ! the same of which nobody can tell. */
export async function statesOf(
  draft: Partial<RuleDraft> & Pick<RuleDraft, 'expr'>,
  store: ReadStore,
  options: StatesOptions,
): Promise<string> {
  const { from = START, minutes, lookBack = 0, findSurges = null, listeningSince = null } = options
  const rule = ruleOf(draft)
  const grid = { from: from - lookBack * MINUTE, minutes: lookBack + minutes }
  const set = await kindNamed(rule.kind).signals(rule.condition, rule, {
    grid,
    ask: askMinutes(store.records, grid),
    records: store.records,
    findSurges,
    listeningSince,
    maxGroups: MAX_GROUPS,
  })
  const signal = set.signalOf(options.group ?? set.groups[0] ?? [])
  let one: Instance = newInstance()
  let states = ''
  for (let i = lookBack; i < grid.minutes; i++) {
    one = replay(grid, signal, one, { first: i, last: i + 1, checkpoint: -1 }, lifeOptions(rule, DEFAULT_FLAPPING)).end
    states += letterOf(one)
  }
  return states
}

function letterOf(one: Instance): string {
  if (one.unknownSince !== null) return { inactive: '?', pending: '¿', firing: '!' }[one.phase]
  return one.phase === 'firing' ? (one.flapping ? 'f' : 'F') : one.phase === 'pending' ? 'p' : '.'
}
