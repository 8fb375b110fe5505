/**
 * Clients that were served as often before and now get failures: a job or a partner whose backend broke. They are few, so
 * that no rise of many shows it, but they are victims and no scanners: their trouble is told, below a page.
 */
import { DAY } from '../../../schema/words/duration.js'
import type { Filter } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { Episode } from '../detect/index.js'
import type { TimeRange } from '../sample.js'
import { wasServed } from '../single-client.js'
import { SOME_OF_CLUMP } from '../clients.js'
import { episodeOfLone, type Lone } from './lone.js'
import { addressOf } from './who.js'

export interface Victim {
  episode: Episode
  address: string
}

/** The largest that are looked at. */
const MOST = 20
const REACH_MS = DAY
/** Part of its requests that must fail: of whoever asks all day long some always do. */
const LEAST_FAILING = 0.2

/** Has the rise told what befell this client? One of fewer requests is of others, at the same time. */
const tells = (rise: Episode, lone: Lone): boolean =>
  rise.statusClass === '5xx' && rise.start < lone.end && lone.start < rise.end && rise.observed >= lone.requests

/** `told`: rises that may have told it. */
export async function victimsOf(
  store: ReadRecords,
  lones: readonly Lone[],
  logs: TimeRange,
  filters: Filter[],
  told: readonly Episode[],
): Promise<Victim[]> {
  const candidates = lones
    .filter((lone) => lone.statusClass === '5xx' && lone.requests >= SOME_OF_CLUMP)
    .filter((lone) => !told.some((e) => tells(e, lone)))
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MOST)
  const victims: Victim[] = []
  for (const lone of candidates) {
    const range = { from: lone.start, to: lone.end }
    const failures: Filter = { dimension: 'class', values: ['5xx'] }
    const selection = { ...range, filters: [...filters, failures], audience: 'visitors' as const }
    const address = await addressOf(store, selection, lone.client)
    const before = { from: Math.max(logs.from, lone.start - REACH_MS), to: lone.start }
    if (address === null || before.to <= before.from) continue
    const { total } = await store.counts({
      ...range,
      filters: [...filters, { dimension: 'clientIp', values: [address] }],
      audience: 'visitors',
      bounds: null,
      by: [],
    })
    if (lone.requests < LEAST_FAILING * total.requests) continue
    const baseline = { when: 'before' as const, ranges: [before] }
    if (await wasServed(store, { address, requests: lone.requests }, { range, baseline, filters }))
      victims.push({
        episode: { ...episodeOfLone(lone, logs.to), detectedAt: lone.someAt ?? lone.end },
        address,
      })
  }
  return victims.sort((a, b) => a.episode.start - b.episode.start)
}
