/** Expired copies as they are told: how many of the answers they are, of whom, and what that says of the origin. */
import { MINUTE } from '../../../schema/words/duration.js'
import type { Filter } from '../../../schema/store/query.js'
import { baselineOf } from '../baseline.js'
import type { Episode } from '../detect/index.js'
import { spikeId } from '../explain.js'
import type { Scope } from '../scope.js'
import { STALE, staleBeside } from '../stale.js'
import { recurrenceOf } from './recurrence.js'
import { judge } from './severity.js'
import type { ToldContext, ToldSpike } from './told.js'

/** A cache may also be told to serve old copies while all is well. */
const CONFIDENCE = 0.85
/** A rise of errors of the origin in so much of its time tells of the copies too. */
const SAME_TIME = 0.5

/** Null: no more than usual after all, or told by the errors that went with it. */
export async function toldStale(
  episode: Episode,
  context: ToldContext,
  told: readonly ToldSpike[],
): Promise<ToldSpike | null> {
  const { store, filters, logs, catalogue } = context
  const range = { from: episode.start, to: episode.end }
  if (told.some((rise) => tellsOf(rise, episode))) return null
  const baseline = baselineOf(episode, logs, [])
  const scope: Scope = episode.host === null ? {} : { host: episode.host }
  const stale = await staleBeside(store.records, range, baseline, scope, filters)
  if (stale === null || baseline === null) return null
  const onHost: Filter[] = episode.host === null ? [] : [{ dimension: 'host', values: [episode.host] }]
  const selection = { ...range, filters: [...filters, STALE, ...onHost], audience: 'visitors' as const }
  const who = await store.records.counts({ ...selection, bounds: null, by: ['clientIp'], limit: 1 })
  const judgement = judge({
    kind: 'stale',
    clients: context.ofClients || who.total.values > 1 ? who.total.values : null,
    extra: stale.requests - stale.expected,
    share: stale.share,
    place: Object.entries(scope).map(([dimension, value]) => ({ dimension, value })),
    minutes: (episode.end - episode.start) / MINUTE,
    ongoing: episode.ongoing,
    statusClass: episode.statusClass,
    source: episode.source,
  })
  const { share, before } = stale
  return {
    id: `${spikeId(episode)}-stale`,
    episode: { ...episode, observed: stale.requests, expected: stale.expected },
    selection,
    changes: [],
    scope,
    client: null,
    causes: catalogue.stale.map((cause) => ({
      cause,
      confidence: CONFIDENCE,
      facts: [
        {
          kind: 'carries',
          field: 'CacheCacheStatus',
          values: [{ value: 'stale', description: null, share, before }],
          share,
          baselineShare: before,
        },
      ],
    })),
    old: { share, before },
    codes: [],
    past: { when: baseline.when, some: true },
    people: { judgement, client: null, pattern: null, recurrence: recurrenceOf(episode, []) },
  }
}

/** Errors of the origin at the same time, not of another host. */
function tellsOf({ episode: e, scope, old, slow }: ToldSpike, copies: Episode): boolean {
  if (old || slow || e.statusClass !== '5xx' || e.source === 'edge') return false
  const shared = Math.min(e.end, copies.end) - Math.max(e.start, copies.start)
  const host = scope.host ?? e.host
  return (
    shared >= SAME_TIME * (copies.end - copies.start) &&
    (host === null || host === undefined || copies.host === null || host === copies.host)
  )
}
