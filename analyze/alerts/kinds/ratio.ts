/** The share of errors over a window, where there are enough requests to speak of a share. */
import { maybe, share } from '../../../schema/api/rule-fields.js'
import { MINUTE } from '../../../schema/words/duration.js'
import { windowSums } from '../signals/minutes.js'
import { leftOutProblem, plainFinding, usualBefore } from '../signals/signal.js'
import { gapsOf } from '../signals/silence.js'
import { common, COMMON_WORDS, settleRecover } from './common.js'
import { ruleKind } from './kind.js'

export const ratio = ruleKind({
  name: 'ratio',
  fields: {
    where: common.where,
    errors: common.errors,
    window: common.window,
    above: share('Broken above this'),
    recover: maybe(share('Once broken, over only at or below this. Default: the same as above')),
    minimum: common.minimum,
  },
  settle: settleRecover,
  window: ({ window }) => window,
  async signals({ where, errors, window, above, recover = above, minimum }, { by }, { grid, ask, maxGroups }) {
    const limit = by.length > 0 ? { limit: maxGroups } : {}
    const [all, bad, gapOf] = await Promise.all([
      ask({ ...where, by, ...limit }),
      // no limit: a group with few errors among the values with most requests would be lost
      ask({ ...where, filters: [...where.filters, ...errors], by }),
      gapsOf(ask, where, by, grid.from / MINUTE),
    ])
    const width = window / MINUTE
    return {
      grid,
      unit: 'share',
      threshold: above,
      labelNames: by,
      groups: all.groups,
      problems: leftOutProblem(by, all.leftOut, maxGroups),
      signalOf(group) {
        const requests = windowSums(all.of(group).requests)
        const wrong = windowSums(bad.of(group).requests)
        const gap = gapOf(group)
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          const n = requests(i, width)
          stay[i] = gap[i] === 1 || n === 0 ? NaN : Math.min(1, wrong(i, width) / n)
          // too few requests begin nothing; but what fires is not over because its visitors left
          start[i] = !Number.isNaN(stay[i]) && n < minimum ? 0 : stay[i]
        }
        return {
          start,
          stay,
          startAbove: above,
          stayAbove: recover,
          finding: (i) => ({
            ...plainFinding('share', stay[i], above),
            window,
            requests: requests(i, width),
            expected: usualBefore(stay, i, width),
          }),
        }
      },
    }
  },
  words: {
    en: {
      name: 'Error ratio',
      when: 'The share of errors in all requests is too high. The usual choice: traffic may grow without raising an alarm.',
      fields: { ...COMMON_WORDS.en, above: { label: 'Share of errors above' } },
      seen: ({ value, requests, window }, { figures }) =>
        `${figures.share(value)} of ${figures.number(requests ?? 0)} requests in ${figures.duration(window ?? 0)}`,
    },
    fr: {
      name: 'Taux d’erreur',
      when: 'La part d’erreurs dans l’ensemble des requêtes est trop élevée. Le choix habituel : le trafic peut croître sans déclencher d’alerte.',
      fields: { ...COMMON_WORDS.fr, above: { label: 'Part d’erreurs au-delà de' } },
      seen: ({ value, requests, window }, { figures }) =>
        `${figures.share(value)} de ${figures.number(requests ?? 0)} requêtes en ${figures.duration(window ?? 0)}`,
    },
    zh: {
      name: '错误率',
      when: '错误占全部请求的比例过高。最常用：流量增长不会引发告警。',
      fields: { ...COMMON_WORDS.zh, above: { label: '错误比例超过' } },
      seen: ({ value, requests, window }, { figures }) =>
        `${figures.duration(window ?? 0)}内 ${figures.number(requests ?? 0)} 个请求中的 ${figures.share(value)}`,
    },
  },
})
