/**
 * Clients that were served as often before and now get failures: a job or a partner whose backend broke. They are few, so
 * that no rise of many shows it, but they are victims and no scanners: their trouble is told, below a page.
 */
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import type { Filter, Selection } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { Episode } from '../detect/index.js'
import { selectionOfEpisode } from '../explain.js'
import type { TimeRange } from '../sample.js'
import { wasServed } from '../single-client.js'
import { partsOfCode, SOME_OF_CLUMP } from '../clients.js'
import { asFilterValue, pathPattern } from '../path-pattern.js'
import { episodeOfLone, mainOf, type Lone } from './lone.js'
import { addressOf } from './who.js'

export interface Victim {
  episode: Episode
  address: string
  /** its number, as its clumps have it */
  client: number
}

/** The largest that are looked at. */
const MOST = 20
const REACH_MS = DAY
/** Part of its requests that must fail: of whoever asks all day long some always do. */
const LEAST_FAILING: { [statusClass: string]: number } = { '5xx': 0.2, '4xx': 0.5 }
/**
 * What it is refused may be its own doing (a page of a visitor who was logged out asks on and on), but for one who is a good part of all that
 * the site is asked for: a partner whose key ran out.
 */
const LEAST_OF_ALL = 0.05
const LEAST_REFUSED = 30
/** ... and for one that was served before: a crawler of which this part of the share failed all along is used to it. */
const STILL = 0.5

/** Has the rise told what befell this client? One of fewer requests is of others, at the same time. */
const tells = (rise: Episode, lone: Lone): boolean =>
  rise.statusClass === lone.statusClass &&
  rise.start < lone.end &&
  lone.start < rise.end &&
  rise.observed >= lone.requests

/** `told`: rises that may have told it. */
export async function victimsOf(
  store: ReadRecords,
  lones: readonly Lone[],
  logs: TimeRange,
  filters: Filter[],
  told: readonly Episode[],
  requestsBetween: (from: number, to: number) => number,
): Promise<Victim[]> {
  const candidates = lones
    .filter(({ statusClass, start, end, requests }) =>
      statusClass === '4xx'
        ? requests >= LEAST_REFUSED && requests >= LEAST_FAILING['4xx'] * LEAST_OF_ALL * requestsBetween(start, end)
        : statusClass === '5xx' && requests >= SOME_OF_CLUMP,
    )
    .filter((lone) => !told.some((e) => tells(e, lone)))
    .sort((a, b) => (a.statusClass === b.statusClass ? b.requests - a.requests : a.statusClass === '5xx' ? -1 : 1))
    .slice(0, MOST)
  const victims: Victim[] = []
  for (const lone of candidates) {
    const range = { from: lone.start, to: lone.end }
    const failures: Filter = { dimension: 'class', values: [lone.statusClass] }
    const selection = { ...range, filters: [...filters, failures], audience: 'visitors' as const }
    const address = await addressOf(store, selection, lone.client)
    const before = { from: Math.max(logs.from, lone.start - REACH_MS), to: lone.start }
    if (address === null || before.to <= before.from) continue
    const now = await askedBy(store, address, range, filters, lone.statusClass)
    if (lone.requests < LEAST_FAILING[lone.statusClass] * now.all) continue
    if (lone.statusClass === '4xx') {
      if (now.all < LEAST_OF_ALL * requestsBetween(lone.start, lone.end)) continue
      const past = await askedBy(store, address, before, filters, lone.statusClass)
      if (past.failed * now.all > STILL * now.failed * past.all) continue
    }
    const baseline = { when: 'before' as const, ranges: [before] }
    const places = MISSING.includes(partsOfCode(mainOf(lone.codes)).status)
      ? [await placesOf(store, selection, address)]
      : []
    if (
      await wasServed(
        store,
        { address, requests: lone.requests },
        { range, baseline, filters: [...filters, ...places] },
      )
    )
      victims.push({
        episode: {
          ...(await ofItsCode(
            store,
            episodeOfLone(lone, logs.to),
            { dimension: 'clientIp', values: [address] },
            filters,
          )),
          detectedAt: lone.someAt ?? lone.end,
        },
        address,
        client: lone.client,
      })
  }
  return victims.sort((a, b) => a.episode.start - b.episode.start)
}

/** What a client asked for in a time, and what of it ended in that class. */
async function askedBy(
  store: ReadRecords,
  address: string,
  range: TimeRange,
  filters: Filter[],
  statusClass: string,
): Promise<{ all: number; failed: number }> {
  const { groups, group, requests, total } = await store.counts({
    ...range,
    filters: [...filters, { dimension: 'clientIp', values: [address] }],
    audience: 'visitors',
    bounds: null,
    by: ['class'],
  })
  let failed = 0
  for (let i = 0; i < group.length; i++) if (groups[group[i]][0] === statusClass) failed += requests[i]
  return { all: total.requests, failed }
}

/** What is missing is missing to a crawler, too, that tries what it found in old links: a victim had it before. */
const MISSING: readonly (number | null)[] = [404, 410]
const MOST_PLACES = 20

/** What the client asked for, as filters have it. */
async function placesOf(store: ReadRecords, failures: Selection, address: string): Promise<Filter> {
  const { groups } = await store.counts({
    ...failures,
    filters: [...failures.filters, { dimension: 'clientIp', values: [address] }],
    bounds: null,
    by: ['path'],
    limit: MOST_PLACES,
  })
  return { dimension: 'path', values: [...new Set(groups.map(([path]) => asFilterValue(pathPattern(path))))] }
}

/** What else befell it before or after is no part of it: from the first to the last minute of its code. */
async function ofItsCode(store: ReadRecords, episode: Episode, own: Filter, filters: Filter[]): Promise<Episode> {
  if (episode.status === null) return episode
  const from = Math.floor(episode.start / MINUTE) * MINUTE
  const minutes = Math.ceil((episode.end - from) / MINUTE)
  const { bucket, total } = await store.counts({
    ...selectionOfEpisode(episode, [...filters, own]),
    bounds: Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE),
    from,
    to: from + minutes * MINUTE,
    by: [],
  })
  if (bucket.length === 0) return episode
  const [first, last] = [bucket.reduce((a, b) => Math.min(a, b)), bucket.reduce((a, b) => Math.max(a, b))]
  return {
    ...episode,
    start: Math.max(episode.start, from + first * MINUTE),
    end: Math.min(episode.end, from + (last + 1) * MINUTE),
    observed: total.requests,
  }
}
