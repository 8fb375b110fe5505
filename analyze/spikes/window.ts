/**
 * Any window explained like a spike: the errors of a selection against the time before. "Why this host?" is the same
 * question with a filter.
 */
import type { Filter } from '../../schema/store/query.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { ReadStore } from '../../schema/store/store.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import { SOURCES } from '../../schema/words/sources.js'
import { baselineOf, lengthOf } from './baseline.js'
import type { Episode, TroubleClass } from './detect/index.js'
import { explain, type ExplainedSpike } from './explain.js'
import { islandsOf } from './islands.js'
import { trafficMemory } from './traffic-memory.js'

export interface Window {
  from: number
  to: number
  filters: Filter[]
}

export interface WindowContext {
  store: ReadStore
  catalogue: Catalogue
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** A code, a writer or a host that has this part of the window's requests is what the window is about. */
const NEARLY_ALL = 0.9
const ERRORS: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }
/** Whoever filters by one of these says which requests are meant; else the errors are. */
const CHOOSING: ReadonlySet<string> = new Set(['status', 'class'])

/** Null: the window holds no request of the kind. */
export async function explainWindow(
  asked: Window,
  { store, catalogue }: WindowContext,
): Promise<ExplainedSpike | null> {
  const chosen = asked.filters.some(({ dimension, not }) => CHOOSING.has(dimension) && !not)
  const filters = chosen ? asked.filters : [...asked.filters, ERRORS]
  const extent = await store.records.extent()
  const from = Math.max(asked.from, extent.from ?? asked.from)
  const to = Math.min(asked.to, (extent.to ?? asked.to) + 1)
  if (to <= from) return null
  const range = { from, to }
  const islands = await islandsOf(store.records, {
    from: Math.max(extent.from ?? from, Math.floor((from - 2 * DAY) / DAY) * DAY),
    to: Math.min(to + 2 * DAY, (extent.to ?? to) + 1),
    filters: [],
  })
  const logs = islands.find((island) => island.from < to && island.to > from) ?? range
  const counted = await store.records.counts({
    ...range,
    filters,
    audience: 'visitors',
    bounds: null,
    by: ['status', 'source', 'host'],
  })
  const observed = counted.total.requests
  if (observed === 0) return null
  const common = (at: number) => commonest(counted.groups, counted.group, counted.requests, at)
  const [status, source, host] = [common(0), common(1), common(2)]
  const episode: Episode = {
    start: from,
    end: to,
    ongoing: extent.to !== null && to > extent.to,
    detectedAt: Math.min(to, from + MINUTE),
    status: status.part >= NEARLY_ALL ? Number(status.value) : null,
    statusClass: statusClassOf(Number(status.value)) as TroubleClass,
    source: source.part >= NEARLY_ALL ? (SOURCES.find((one) => one === source.value) ?? null) : null,
    host: asked.filters.some(({ dimension, values, not }) => dimension === 'host' && !not && values.length === 1)
      ? host.value
      : null,
    observed,
    expected: 0,
    score: 0,
  }
  const baseline = baselineOf(episode, logs, [])
  const before =
    baseline === null
      ? 0
      : (
          await Promise.all(
            baseline.ranges.map((part) =>
              store.records.counts({ ...part, filters, audience: 'visitors', bounds: null, by: [] }),
            ),
          )
        ).reduce((sum, { total }) => sum + total.requests, 0)
  const expected = baseline === null ? 0 : (before * (to - from)) / lengthOf(baseline.ranges)
  const score = Math.max(0, (observed - expected) / Math.sqrt(expected + 1))
  return explain(
    { ...episode, expected, score },
    {
      store,
      catalogue,
      filters,
      logs,
      others: [],
      // asked once: what was sampled for others may be older than the newest records
      memory: trafficMemory(store.records)(asked.filters.filter(({ dimension }) => dimension === 'zone')),
      requestsIn: () => 0,
      window: true,
    },
  )
}

function commonest(
  groups: readonly (readonly string[])[],
  group: ArrayLike<number>,
  requests: ArrayLike<number>,
  at: number,
): { value: string; part: number } {
  const sums = new Map<string, number>()
  let total = 0
  for (let i = 0; i < requests.length; i++) {
    const value = groups[group[i]][at]
    sums.set(value, (sums.get(value) ?? 0) + requests[i])
    total += requests[i]
  }
  const [value, most] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  return { value, part: total === 0 ? 0 : most / total }
}
