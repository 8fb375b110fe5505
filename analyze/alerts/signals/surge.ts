/** A surge that the detector of spikes found. Per status, class, source and host, as the detector tells them apart. */
import type { Finding } from '../../../schema/store/alert-log.js'
import { MINUTE } from '../rules/duration.js'
import type { Condition } from '../rules/rule.js'
import type { SurgeEpisode } from './find-surges.js'
import { gridOf, keyOf, tickOf } from './minutes.js'
import { plainFinding, type SignalKind } from './signal.js'
import { gapsOf } from './silence.js'

const LABELS = ['status', 'class', 'source', 'host'] as const

const groupOf = (e: SurgeEpisode): string[] => [
  e.status === null ? '' : String(e.status),
  e.statusClass,
  e.source ?? '',
  e.host ?? '',
]

export const surge: SignalKind<Extract<Condition, { kind: 'surge' }>> = {
  async signals({ scope, sensitivity }, _rule, { grid, ask, findSurges }) {
    if (!findSurges) throw Object.assign(new Error('There is no detector of surges here'), { code: 'NO_DETECTOR' })
    const to = grid.from + grid.minutes * MINUTE
    const [episodes, gapOf] = await Promise.all([
      grid.minutes === 0 ? [] : findSurges({ scope, from: grid.from, to, sensitivity }),
      gapsOf(ask, scope, ['host'], grid.from / MINUTE),
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
}

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
