/** A surge that the detector of spikes found. Per status, class, source and host, as the detector tells them apart. */
import { usually, word } from '../../../schema/api/rule-fields.js'
import type { Finding } from '../../../schema/store/alert-log.js'
import { MINUTE } from '../../../schema/words/duration.js'
import type { Source } from '../../../schema/words/sources.js'
import type { SurgeEpisode } from '../signals/find-surges.js'
import type { Mistake } from '../rules/mistakes/mistake.js'
import { gridOf, keyOf, tickOf } from '../signals/minutes.js'
import { plainFinding } from '../signals/signal.js'
import { gapsOf } from '../signals/silence.js'
import { common, COMMON_WORDS } from './common.js'
import { ruleKind, type Saying } from './kind.js'

const LABELS = ['status', 'class', 'source', 'host'] as const

const GROUPS_ITSELF: Mistake = {
  what: 'of-kind',
  code: 'groups-itself',
  says: {
    en: 'a surge is told per status, source and host by itself: leave it out',
    fr: 'un pic est déjà signalé par statut, source et hôte : retirez ce regroupement',
    zh: '突增本就按状态码、来源和主机名分别告知：请去掉此分组',
  },
}
const VISITORS_ONLY: Mistake = {
  what: 'of-kind',
  code: 'visitors-only',
  says: {
    en: 'surges are looked for among the requests of visitors only',
    fr: 'les pics ne sont cherchés que parmi les requêtes des visiteurs',
    zh: '只在访客的请求中查找突增',
  },
}

const groupOf = (e: SurgeEpisode): string[] => [
  e.status === null ? '' : String(e.status),
  e.statusClass,
  e.source ?? '',
  e.host ?? '',
]

export const surge = ruleKind({
  name: 'surge',
  fields: {
    where: common.where,
    sensitivity: usually(word(['low', 'medium', 'high'], 'How improbable a rise must be'), 'medium'),
  },
  settle(values, complain) {
    if (values.where.audience !== 'visitors') {
      complain(['where', 'visitor'], VISITORS_ONLY)
    }
    return values
  },
  ownGroups: { labels: LABELS, why: GROUPS_ITSELF },
  async signals({ where, sensitivity }, _rule, { grid, ask, findSurges }) {
    if (!findSurges) throw Object.assign(new Error('There is no detector of surges here'), { code: 'NO_DETECTOR' })
    const to = grid.from + grid.minutes * MINUTE
    const [episodes, gapOf] = await Promise.all([
      grid.minutes === 0 ? [] : findSurges({ scope: where, from: grid.from, to, sensitivity }),
      gapsOf(ask, where, ['host'], grid.from / MINUTE),
    ])
    const byGroup = new Map<string, SurgeEpisode[]>()
    for (const episode of episodes) {
      const key = keyOf(groupOf(episode))
      byGroup.set(key, [...(byGroup.get(key) ?? []), episode])
    }
    return {
      grid,
      unit: 'score',
      threshold: null,
      labelNames: LABELS,
      groups: [...byGroup.keys()].map((key) => JSON.parse(key) as string[]),
      problems: [],
      signalOf(group) {
        const own = byGroup.get(keyOf(group)) ?? []
        const values = new Float64Array(grid.minutes)
        const which = new Int32Array(grid.minutes).fill(-1)
        // the host's own silence matters only for a surge of that host
        gapOf(group[3] === '' ? [] : [group[3]]).forEach((missing, i) => {
          if (missing === 1) values[i] = NaN
        })
        own.forEach((episode, e) => {
          // known from the tick at which its data sufficed, to the tick at which its last minute closed
          const last = episode.ongoing ? Infinity : Math.max(episode.end, episode.detectedAt)
          const first = Math.max(0, gridOf(grid.from, episode.detectedAt).minutes - 1)
          for (let i = first; i < grid.minutes && tickOf(grid, i) <= last; i++) {
            if (tickOf(grid, i) < episode.detectedAt) continue
            values[i] = episode.score
            which[i] = e
          }
        })
        return {
          start: values,
          stay: values,
          startAbove: 0,
          stayAbove: 0,
          finding: (i) => findingOf(own[which[i]], values[i]),
        }
      },
    }
  },
  words: {
    en: {
      name: 'Surge',
      when: 'Errors run far above what their own past predicts. No threshold to choose; the notice names the cause.',
      fields: {
        ...COMMON_WORDS.en,
        sensitivity: {
          label: 'Sensitivity',
          help: 'How improbable a rise must be.',
          choices: { low: 'Low', medium: 'Medium', high: 'High' },
        },
      },
      seen: (finding, say) => `${say.figures.number(finding.requests ?? 0)} requests: ${whatSurged(finding, say)}`,
    },
    fr: {
      name: 'Pic',
      when: 'Les erreurs dépassent de loin ce que leur propre passé laisse prévoir. Aucun seuil à choisir ; la notification nomme la cause.',
      fields: {
        ...COMMON_WORDS.fr,
        sensitivity: {
          label: 'Sensibilité',
          help: 'À quel point une hausse doit être improbable.',
          choices: { low: 'Faible', medium: 'Moyenne', high: 'Élevée' },
        },
      },
      seen: (finding, say) => `${say.figures.number(finding.requests ?? 0)} requêtes : ${whatSurged(finding, say)}`,
    },
    zh: {
      name: '突增',
      when: '错误远超其历史水平的预期。无需设定阈值，通知中会指出原因。',
      fields: {
        ...COMMON_WORDS.zh,
        sensitivity: {
          label: '灵敏度',
          help: '上升需要多么不寻常才触发。',
          choices: { low: '低', medium: '中', high: '高' },
        },
      },
      seen: (finding, say) => `${say.figures.number(finding.requests ?? 0)} 个请求：${whatSurged(finding, say)}`,
    },
  },
})

function findingOf(episode: SurgeEpisode | undefined, value: number): Finding {
  const finding = plainFinding('score', value, null)
  if (!episode) return finding
  const { status, statusClass, source, host, start } = episode
  return {
    ...finding,
    expected: episode.expected,
    requests: episode.observed,
    surge: { status, statusClass, source, host, start },
  }
}

function whatSurged({ surge: found }: Finding, { texts }: Saying): string {
  if (!found) return ''
  const what = found.status === null ? texts.allOf(found.statusClass) : String(found.status)
  const by = found.source === null ? what : texts.by(what, texts.sources[found.source as Source] ?? found.source)
  return found.host === null ? by : texts.on(by, found.host)
}
