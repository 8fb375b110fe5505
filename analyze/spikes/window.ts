/**
 * Any window explained like a spike: the errors of a selection against the time before. "Why this host?" is the same
 * question with a filter.
 */
import { recordsGone } from '../../schema/store/counts-only.js'
import { DAY, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { ReadStore } from '../../schema/store/store.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import { SOURCES } from '../../schema/words/sources.js'
import { baselineOf, lengthOf } from './baseline.js'
import type { Episode, TroubleClass } from './detect/index.js'
import { explainSlowness } from './explain-slowness.js'
import { parted } from './outcomes.js'
import { asFilterValue } from './path-pattern.js'
import { explain, type ExplainedSpike } from './explain.js'
import { islandsOf } from './islands.js'
import type { TimeRange } from './sample.js'
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
  if (extent.counted && asked.from < extent.counted.to) throw recordsGone(extent.counted.to)
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
  const one = asked.filters.find(({ dimension, values, not }) => dimension === 'host' && !not && values.length === 1)
  const base = {
    start: from,
    end: to,
    ongoing: extent.to !== null && to > extent.to,
    detectedAt: Math.min(to, from + MINUTE),
    host: one?.values[0] ?? null,
  }
  const context = { store, catalogue, logs, others: [] }
  const past = await usual({ ...base, ...NOTHING }, { store, logs, filters })
  const before = past ?? 0
  const slow = async () => {
    const found = await explainSlowness(await answersIn(base, asked, { store, logs }), {
      ...context,
      filters: asked.filters,
    })
    const subject = found?.slow?.subject ?? null
    if (found === null || subject === null) return found
    // what is told is told of where answers became slow, and so are its figures
    const there: Filter = { dimension: subject.dimension, values: [asFilterValue(subject.value)] }
    const own = await answersIn(base, { ...asked, filters: [...asked.filters, there] }, { store, logs })
    return { ...found, episode: own }
  }
  // nothing fails more than usual: what can be wrong besides is that answers are slow
  if (!chosen && observed <= LEAST_RISE * before + FEW) return (await slow()) ?? (observed === 0 ? null : errors())
  if (observed === 0) return null
  if (Number(commonOf(0).value) < 400) return (await slow()) ?? errors()
  return errors()

  async function errors(): Promise<ExplainedSpike> {
    const [status, source] = [commonOf(0), commonOf(1)]
    // what is told of one code and its writer has the figures of these alone
    const narrower = (status.part < NEARLY_ALL ? [] : (['status', 'source'] as const)).flatMap(
      (dimension): Filter[] => {
        const { value, part } = dimension === 'status' ? status : source
        return part >= NEARLY_ALL && part < 1 ? [{ dimension, values: [value] }] : []
      },
    )
    if (narrower.length > 0) {
      const narrowed = { ...asked, filters: [...asked.filters, ...narrower] }
      return (await explainWindow(narrowed, { store, catalogue })) ?? told(status, source)
    }
    return told(status, source)
  }

  async function told(status: Common, source: Common): Promise<ExplainedSpike> {
    const episode: Episode = {
      ...base,
      status: status.part >= NEARLY_ALL ? Number(status.value) : null,
      statusClass: statusClassOf(Number(status.value)) as TroubleClass,
      source:
        source.part >= (status.part < NEARLY_ALL ? 1 : NEARLY_ALL)
          ? (SOURCES.find((name) => name === source.value) ?? null)
          : null,
      observed,
      expected: before,
      // without a past nothing is more than usual
      score: past === null ? 0 : Math.max(0, (observed - before) / Math.sqrt(before + 1)),
    }
    const explained = await explain(episode, {
      ...context,
      filters,
      // asked once: what was sampled for others may be older than the newest records
      memory: trafficMemory(store.records)(asked.filters.filter(({ dimension }) => dimension === 'zone')),
      requestsIn: () => 0,
      beside: parted(asked.filters).places,
    })
    const classes = episode.status === null ? classesIn() : []
    return {
      ...explained,
      ...(classes.length > 1 ? { classes } : {}),
      ...(past === null ? { ofAll: await partOfAll(explained.scope.host) } : {}),
    }
  }

  /** 0–1 of the requests among which those that are meant were found, on the host where they are. */
  async function partOfAll(host: string | undefined): Promise<number> {
    const on: Filter[] = host === undefined ? [] : [{ dimension: 'host', values: [host] }]
    const within = parted(asked.filters).places
    const [meant, all] = await Promise.all(
      [filters, within].map((some) =>
        store.records.counts({ ...range, filters: [...some, ...on], audience: 'visitors', bounds: null, by: [] }),
      ),
    )
    return meant.total.requests / Math.max(1, all.total.requests)
  }

  function commonOf(at: number): Common {
    return commonest(counted.groups, counted.group, counted.requests, at)
  }

  function classesIn(): string[] {
    const sums = sumsOf(counted.groups, counted.group, counted.requests, ([status]) => statusClassOf(Number(status)))
    return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name)
  }
}

/** The commonest value, and its part of the window's requests, 0–1. */
interface Common {
  value: string
  part: number
}

/** More than usual, for a window that somebody points at. */
const LEAST_RISE = 1.5
const FEW = 5
const NOTHING = { status: null, statusClass: '5xx' as const, source: null, observed: 0, expected: 0, score: 0 }

/** As many requests of the filters as the time before would have had in so long a time; null: there is none. */
async function usual(
  episode: Episode,
  { store, logs, filters }: Pick<WindowContext, 'store'> & { logs: TimeRange; filters: Filter[] },
): Promise<number | null> {
  const baseline = baselineOf(episode, logs, [])
  if (baseline === null) return null
  const counted = await Promise.all(
    baseline.ranges.map((part) =>
      store.records.counts({ ...part, filters, audience: 'visitors', bounds: null, by: [] }),
    ),
  )
  const before = counted.reduce((sum, { total }) => sum + total.requests, 0)
  return (before * (episode.end - episode.start)) / lengthOf(baseline.ranges)
}

/** The window's answers that did not fail. */
async function answersIn(
  base: Pick<Episode, 'start' | 'end' | 'ongoing' | 'detectedAt' | 'host'>,
  asked: Window,
  { store, logs }: Pick<WindowContext, 'store'> & { logs: TimeRange },
): Promise<Episode> {
  const filters: Filter[] = [...asked.filters, { dimension: 'class', values: ['2xx', '3xx'] }]
  const episode: Episode = { ...base, ...NOTHING, statusClass: '2xx' as TroubleClass }
  const { total } = await store.records.counts({
    from: base.start,
    to: base.end,
    filters,
    audience: 'visitors',
    bounds: null,
    by: [],
  })
  return { ...episode, observed: total.requests, expected: (await usual(episode, { store, logs, filters })) ?? 0 }
}

function commonest(
  groups: readonly (readonly string[])[],
  group: ArrayLike<number>,
  requests: ArrayLike<number>,
  at: number,
): Common {
  const sums = sumsOf(groups, group, requests, (keys) => keys[at])
  const [value, most] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  const others = [...sums].reduce((sum, [name, n]) => (name === value ? sum : sum + n), 0)
  // what is alone is whole, whatever weights add up to
  return { value, part: most === 0 ? 0 : others === 0 ? 1 : most / (most + others) }
}

function sumsOf(
  groups: readonly (readonly string[])[],
  group: ArrayLike<number>,
  requests: ArrayLike<number>,
  nameOf: (keys: readonly string[]) => string,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (let i = 0; i < requests.length; i++) {
    const name = nameOf(groups[group[i]])
    sums.set(name, (sums.get(name) ?? 0) + requests[i])
  }
  return sums
}
