/**
 * How fast the error budget burns: 1 uses it up exactly in the objective's period. A pair of windows is broken where both
 * burn faster than its factor: the long one says that it matters, the short one that it still goes on.
 * The value is the worst pair's burn rate over its factor, so 1 is the threshold.
 */
import { Type } from 'typebox'
import { list, number, share, usually, window } from '../../../schema/api/rule-fields.js'
import type { BurnWindow } from '../../../schema/api/alerts.js'
import { formatDuration, MINUTE } from '../../../schema/words/duration.js'
import type { Mistake } from '../rules/mistakes/mistake.js'
import { windowSums } from '../signals/minutes.js'
import { leftOutProblem, plainFinding } from '../signals/signal.js'
import { gapsOf } from '../signals/silence.js'
import { common, COMMON_WORDS } from './common.js'
import { ruleKind } from './kind.js'

/**
 * Google's SRE workbook, chapter "Alerting on SLOs": 2 % of a 30-day budget in an hour, 5 % in six hours, 10 % in
 * three days; the short window, a twelfth of the long one, ends the alert soon after the trouble.
 */
const USUAL_WINDOWS: BurnWindow[] = [
  { short: '5m', long: '1h', factor: 14.4 },
  { short: '30m', long: '6h', factor: 6 },
  { short: '6h', long: '3d', factor: 1 },
]

const WINDOWS_SWAPPED: Mistake = {
  what: 'of-kind',
  code: 'windows-swapped',
  says: {
    en: 'the short window is longer than the long one',
    fr: 'la fenêtre courte est plus longue que la longue',
    zh: '短窗口比长窗口还长',
  },
}

const pair = Type.Object({
  short: window('Short window'),
  long: window('Long window'),
  factor: number('Burn rate that both windows must exceed', { minimum: 0.01, maximum: 1e6 }),
})

export const burnRate = ruleKind({
  name: 'burn-rate',
  fields: {
    where: common.where,
    errors: common.errors,
    objective: share('Share of requests that must go well', {
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      examples: [0.999],
    }),
    windows: usually(
      list(pair, 'Pairs of windows', { minItems: 1, maxItems: 6, examples: [USUAL_WINDOWS.slice(0, 1)] }),
      USUAL_WINDOWS,
    ),
    minimum: common.minimum,
  },
  settle(values, complain) {
    values.windows.forEach(({ short, long }, i) => {
      if (short > long) complain(['windows', i], WINDOWS_SWAPPED)
    })
    return values
  },
  window: ({ windows }) => Math.max(...windows.map(({ long }) => long)),
  async signals({ where, errors, objective, windows, minimum }, { by }, { grid, ask, maxGroups }) {
    const [all, bad, gapOf] = await Promise.all([
      ask({ ...where, by, ...(by.length > 0 ? { limit: maxGroups } : {}) }),
      ask({ ...where, filters: [...where.filters, ...errors], by }),
      gapsOf(ask, where, by, grid.from / MINUTE),
    ])
    const budget = 1 - objective
    return {
      grid,
      unit: 'burn',
      threshold: 1,
      labelNames: by,
      groups: all.groups,
      problems: leftOutProblem(by, all.leftOut, maxGroups),
      signalOf(group) {
        const requests = windowSums(all.of(group).requests)
        const wrong = windowSums(bad.of(group).requests)
        const burn = (i: number, ms: number) => wrong(i, ms / MINUTE) / requests(i, ms / MINUTE) / budget
        const gap = gapOf(group)
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          let worst = NaN
          let worstWithEnough = 0
          for (const { short, long, factor } of windows) {
            const n = requests(i, short / MINUTE)
            if (n === 0) continue
            const value = Math.min(burn(i, short), burn(i, long)) / factor
            if (!(worst >= value)) worst = value
            if (n >= minimum && value > worstWithEnough) worstWithEnough = value
          }
          stay[i] = gap[i] === 1 ? NaN : worst
          start[i] = Number.isNaN(stay[i]) ? NaN : worstWithEnough
        }
        return {
          start,
          stay,
          startAbove: 1,
          stayAbove: 1,
          finding(i) {
            const value = (pair: (typeof windows)[number]) =>
              Math.min(burn(i, pair.short), burn(i, pair.long)) / pair.factor
            const worst = windows.reduce((best, pair) => (value(pair) > (value(best) || 0) ? pair : best))
            return {
              ...plainFinding('burn', burn(i, worst.long), worst.factor),
              window: worst.long,
              requests: requests(i, worst.long / MINUTE),
              burn: { short: formatDuration(worst.short), long: formatDuration(worst.long), factor: worst.factor },
              objective,
            }
          },
        }
      },
    }
  },
  words: {
    en: {
      name: 'SLO burn rate',
      when: 'Errors use up an error budget too fast, seen over several windows at once.',
      fields: {
        ...COMMON_WORDS.en,
        objective: { label: 'Objective', help: 'Share of requests that must go well.' },
        windows: {
          label: 'Windows',
          help: 'Usual: 5m and 1h at 14.4×, 30m and 6h at 6×, 6h and 3d at 1×',
          fields: {
            short: { label: 'Short window' },
            long: { label: 'Long window' },
            factor: { label: 'Burn rate' },
          },
        },
      },
      seen: ({ value, window: over, objective }, { figures }) =>
        `errors use up the budget ${figures.number(value)} times as fast as ${figures.share(objective ?? 0)} allows, over ${figures.duration(over ?? 0)}`,
    },
    fr: {
      name: 'Budget d’erreur (SLO)',
      when: 'Les erreurs consomment trop vite un budget d’erreur, observé sur plusieurs fenêtres à la fois.',
      fields: {
        ...COMMON_WORDS.fr,
        objective: { label: 'Objectif', help: 'Part des requêtes qui doivent réussir.' },
        windows: {
          label: 'Fenêtres',
          help: 'Habituelles : 5m et 1h à 14,4×, 30m et 6h à 6×, 6h et 3d à 1×',
          fields: {
            short: { label: 'Fenêtre courte' },
            long: { label: 'Fenêtre longue' },
            factor: { label: 'Rythme' },
          },
        },
      },
      seen: ({ value, window: over, objective }, { figures }) =>
        `les erreurs consomment le budget ${figures.number(value)} fois plus vite que ne le permet ${figures.share(objective ?? 0)}, sur ${figures.duration(over ?? 0)}`,
    },
    zh: {
      name: 'SLO 消耗速率',
      when: '错误消耗错误预算过快，同时观察多个时间窗口。',
      fields: {
        ...COMMON_WORDS.zh,
        objective: { label: '目标', help: '应当成功的请求比例。' },
        windows: {
          label: '时间窗口',
          help: '常用：5m 与 1h 为 14.4×，30m 与 6h 为 6×，6h 与 3d 为 1×',
          fields: { short: { label: '短窗口' }, long: { label: '长窗口' }, factor: { label: '消耗速率' } },
        },
      },
      seen: ({ value, window: over, objective }, { figures }) =>
        `${figures.duration(over ?? 0)}内错误预算的消耗速度是目标 ${figures.share(objective ?? 0)} 所允许的 ${figures.number(value)} 倍`,
    },
  },
})
