/** No logs. The value is the minutes of silence; a silence that is ordinary at this hour breaks nothing. */
import { window } from '../../../schema/api/rule-fields.js'
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import { tickOf } from '../signals/minutes.js'
import { leftOutProblem, plainFinding } from '../signals/signal.js'
import { findSilences } from '../signals/silence.js'
import { common, COMMON_WORDS } from './common.js'
import { ruleKind } from './kind.js'

export const absence = ruleKind({
  name: 'absence',
  fields: {
    where: common.where,
    after: window('Broken when no log came for so long; longer where such a silence is ordinary', { 'x-most': '1d' }),
  },
  // the silence of logs is told for a week
  giveUpMs: 7 * DAY,
  hasCause: false,
  async signals({ where, after: afterMs }, { by }, { grid, ask, maxGroups, listeningSince }) {
    const table = await ask({ ...where, by, ...(by.length > 0 ? { limit: maxGroups } : {}) })
    const after = afterMs / MINUTE
    return {
      grid,
      unit: 'minutes',
      threshold: after,
      labelNames: by,
      groups: table.groups,
      problems: leftOutProblem(by, table.leftOut, maxGroups),
      signalOf(group) {
        const { silent, limit } = findSilences(table.of(group).records, grid.from / MINUTE, {
          hoursNeeded: 2,
          until: after,
        })
        const start = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          // what never spoke within the look-back is not missed
          if (limit[i] === 0 && silent[i] > 0) start[i] = NaN
          else start[i] = heardFor(silent[i], tickOf(grid, i), after, listeningSince)
          if (start[i] >= after && silent[i] < limit[i]) start[i] = after - 1
        }
        return {
          // whole minutes: at least `after` is more than `after - 1`
          start,
          stay: start,
          startAbove: after - 1,
          stayAbove: after - 1,
          finding: (i) => plainFinding('minutes', start[i], after),
        }
      },
    }
  },
  words: {
    en: {
      name: 'No logs',
      when: 'No logs have come for a while. Without them no other rule can tell anything.',
      fields: {
        ...COMMON_WORDS.en,
        after: { label: 'Silence longer than', help: 'Where longer silence is ordinary, it is waited for longer.' },
      },
      seen: ({ value }, { figures }) => `no logs for ${figures.value(value, 'minutes')}`,
    },
    fr: {
      name: 'Absence de journaux',
      when: 'Aucun journal n’est arrivé depuis un moment. Sans eux, aucune autre règle ne peut rien dire.',
      fields: {
        ...COMMON_WORDS.fr,
        after: {
          label: 'Silence de plus de',
          help: 'Là où un silence plus long est ordinaire, l’attente est plus longue.',
        },
      },
      seen: ({ value }, { figures }) => `aucun journal depuis ${figures.value(value, 'minutes')}`,
    },
    zh: {
      name: '日志中断',
      when: '一段时间没有收到日志。没有日志，其他规则都无法判断。',
      fields: {
        ...COMMON_WORDS.zh,
        after: { label: '中断超过', help: '如果更长的中断属于正常情况，会自动等待更久。' },
      },
      seen: ({ value }, { figures }) => `已有 ${figures.value(value, 'minutes')}没有日志`,
    },
  },
})

/** Silence counts only from when somebody listened: senders could not deliver while the service was down. */
function heardFor(silent: number, tick: number, after: number, listeningSince: number | null): number {
  if (listeningSince === null || silent === 0 || tick - silent * MINUTE >= listeningSince) return silent
  const listened = Math.floor((tick - listeningSince) / MINUTE)
  return listened >= after ? listened : NaN
}
