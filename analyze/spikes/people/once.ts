/** What one party does again and again is told once, and again only when it changes. What many suffer is told every time. */
import type { ToldSpike } from './told.js'

/** So many times larger than what was told before is a change. */
const CHANGED = 3

export function onceEach(spikes: readonly ToldSpike[]): ToldSpike[] {
  const largest = new Map<string, number>()
  return [...spikes]
    .sort((a, b) => a.episode.start - b.episode.start)
    .filter(({ people, scope, episode }) => {
      if (people.judgement.kind !== 'party') return true
      const party = `${scope.asn} ${scope.userAgent} ${episode.statusClass}`
      const before = largest.get(party)
      if (before !== undefined && episode.observed < CHANGED * before) return false
      largest.set(party, episode.observed)
      return true
    })
}
