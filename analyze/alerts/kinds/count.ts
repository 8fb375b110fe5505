/** Requests over a window. */
import { maybe, number } from '../../../schema/api/rule-fields.js'
import { MINUTE } from '../../../schema/words/duration.js'
import { windowSums } from '../signals/minutes.js'
import { leftOutProblem, plainFinding, usualBefore } from '../signals/signal.js'
import { gapsOf } from '../signals/silence.js'
import { common, COMMON_WORDS, settleRecover } from './common.js'
import { ruleKind } from './kind.js'

/** A window with more of it missing than this counts too few to be believed. */
const BELIEVABLE_GAP = 0.1
const MOST = 1e15

export const count = ruleKind({
  name: 'count',
  fields: {
    where: common.where,
    window: common.window,
    above: number('Broken above this', { minimum: 0, maximum: MOST }),
    recover: maybe(
      number('Once broken, over only at or below this. Default: the same as above', { minimum: 0, maximum: MOST }),
    ),
  },
  settle: settleRecover,
  window: ({ window }) => window,
  async signals({ where, window, above, recover = above }, { by }, { grid, ask, maxGroups }) {
    const [table, gapOf] = await Promise.all([
      ask({ ...where, by, ...(by.length > 0 ? { limit: maxGroups } : {}) }),
      gapsOf(ask, where, by, grid.from / MINUTE),
    ])
    const width = window / MINUTE
    return {
      grid,
      unit: 'requests',
      threshold: above,
      labelNames: by,
      groups: table.groups,
      problems: leftOutProblem(by, table.leftOut, maxGroups),
      signalOf(group) {
        const sum = windowSums(table.of(group).requests)
        const gap = gapOf(group)
        const gaps = windowSums(Float64Array.from(gap))
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          const value = sum(i, width)
          const doubtful = gap[i] === 1 || gaps(i, width) > BELIEVABLE_GAP * width
          // what is missing could only add to the count
          start[i] = doubtful && value <= above ? NaN : value
          stay[i] = doubtful && value <= recover ? NaN : value
        }
        return {
          start,
          stay,
          startAbove: above,
          stayAbove: recover,
          finding: (i) => ({
            ...plainFinding('requests', stay[i], above),
            window,
            expected: usualBefore(stay, i, width),
          }),
        }
      },
    }
  },
  words: {
    en: {
      name: 'Count',
      when: 'More requests than a number within a window. For rare things that should hardly happen.',
      fields: { ...COMMON_WORDS.en, above: { label: 'More requests than' } },
      seen: ({ value, window }, { figures }) => `${figures.number(value)} requests in ${figures.duration(window ?? 0)}`,
    },
    fr: {
      name: 'Nombre',
      when: 'Plus de requêtes qu’un seuil dans une fenêtre. Pour ce qui ne devrait presque jamais arriver.',
      fields: { ...COMMON_WORDS.fr, above: { label: 'Plus de requêtes que' } },
      seen: ({ value, window }, { figures }) => `${figures.number(value)} requêtes en ${figures.duration(window ?? 0)}`,
    },
    zh: {
      name: '计数',
      when: '时间窗口内的请求数超过阈值。适合几乎不应发生的情况。',
      fields: { ...COMMON_WORDS.zh, above: { label: '请求数超过' } },
      seen: ({ value, window }, { figures }) => `${figures.duration(window ?? 0)}内 ${figures.number(value)} 个请求`,
    },
  },
})
