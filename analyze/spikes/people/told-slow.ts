/** What became slow as it is told: explained like a spike, with who waits and how much that matters. */
import { MINUTE } from '../../../schema/words/duration.js'
import type { Episode, TroubleClass } from '../detect/index.js'
import { explainSlowness } from '../explain-slowness.js'
import type { Slowdown } from '../slowdowns/find.js'
import { judge } from './severity.js'
import type { ToldContext, ToldSpike } from './told.js'

/** Whoever gave up waiting, and whoever waited to the end, tell of the same slowness. */
const WAITED: ReadonlySet<number> = new Set([499, 504, 524])
/** A rise of these in so much of its time has told it, with the slowness of the other answers. */
const SAME_TIME = 0.5

/** Null: the records do not bear it out, or a rise has told it already. */
export async function toldSlowdown(
  slowdown: Slowdown,
  context: ToldContext,
  told: readonly ToldSpike[],
): Promise<ToldSpike | null> {
  const { place, start, end, ongoing, detectedAt, times } = slowdown
  if (isToldBy(slowdown, told)) return null
  const { store, filters } = context
  const suspected: Episode = {
    status: null,
    statusClass: '2xx' as TroubleClass,
    source: null,
    host: place?.dimension === 'host' ? place.value : null,
    start,
    end,
    ongoing,
    detectedAt,
    observed: 0,
    expected: 0,
    score: 0,
  }
  const explained = await explainSlowness(suspected, {
    ...context,
    // what else was slow that day is no trouble of a status
    others: [],
    filters: place === null || place.dimension === 'host' ? filters : [...filters],
  })
  if (explained === null || explained.slow === undefined) return null
  const { subject } = explained.slow
  // another place than that which stands apart is not what became slow
  if (place !== null && place.dimension !== 'host' && subject?.dimension !== place.dimension) return null
  // of a host of which one path became slow the answers on that path are meant, and no others
  const { selection } = explained
  const who = await store.records.counts({ ...selection, bounds: null, by: ['clientIp'], limit: 1 })
  const before = { ...selection, from: Math.max(context.logs.from, start - (end - start)), to: start }
  const episode: Episode = {
    ...suspected,
    observed: who.total.requests,
    expected: (await store.records.counts({ ...before, bounds: null, by: [] })).total.requests,
    score: Math.log2(times) * Math.sqrt(Math.min(100, who.total.requests)),
  }
  const all = context.requestsBetween(start, end)
  const judgement = judge({
    kind: 'slow',
    clients: context.ofClients || who.total.values > 1 ? who.total.values : null,
    extra: who.total.requests,
    share: all > 0 ? Math.min(1, who.total.requests / all) : 1,
    minutes: (end - start) / MINUTE,
    ongoing,
    statusClass: '2xx',
    source: null,
    slow: { now: explained.slow.now, before: explained.slow.before },
  })
  const suffix =
    place === null || place.dimension === 'host' ? '' : `-${place.value.replaceAll(/[^a-z0-9.-]+/gi, '_').slice(0, 60)}`
  return {
    ...explained,
    episode,
    id: `${explained.id}${suffix}`,
    people: { judgement, client: null, pattern: null, recurrence: null },
  }
}

function isToldBy({ place, start, end }: Slowdown, told: readonly ToldSpike[]): boolean {
  return told.some(({ episode, scope }) => {
    if (!WAITED.has(episode.status ?? 0)) return false
    const shared = Math.min(end, episode.end) - Math.max(start, episode.start)
    if (shared < SAME_TIME * Math.min(end - start, episode.end - episode.start)) return false
    return place === null || scope[place.dimension] === undefined || scope[place.dimension] === place.value
  })
}
