/** Spikes for whoever asks: detects on a thread of its own, explains, remembers until new data comes. */
import { recordsGone } from '../../schema/store/counts-only.js'
import { onlyWhole } from '../../schema/store/since-whole.js'
import { LRUCache } from 'lru-cache'
import { DAY, HOUR } from '../../schema/words/duration.js'
import { iso } from '../../schema/words/iso.js'
import type { Spike, Spikes } from '../../schema/api/spikes.js'
import type { Language } from '../../schema/words/languages.js'
import type { Filter } from '../../schema/store/query.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import type { ReadStore } from '../../schema/store/store.js'
import { totalOf } from '../reports/counts.js'
import { annotationsNear, type Beginning } from '../annotations/near.js'
import type { Episode } from './detect/index.js'
import { curveOf, curveRange, type BandFunction, type Curve } from './curve.js'
import { episodeFinder, type RunFunction } from './episodes.js'
import { spikeId, type ExplainedSpike } from './explain.js'
import { lonesOf, patternsOf, toldOf, type Lone } from './people/lone.js'
import { parted, thoseEndedSo } from './outcomes.js'
import { onceEach } from './people/once.js'
import { recurrenceOf } from './people/recurrence.js'
import { together } from './people/together.js'
import { victimsOf } from './people/victims.js'
import { toldSlowdown } from './people/told-slow.js'
import { toldStale } from './people/told-stale.js'
import { toldLone, toldRise, type ToldContext, type ToldSpike } from './people/told.js'
import { inLanguage } from './in-language.js'
import { islandsOf, type Island } from './islands.js'
import { SEVERITIES } from './people/severity.js'
import type { Slice } from './sliced.js'
import { sliceFinder } from './slices.js'
import { isClearerIn, isPartedBy, type Rise } from './slices-and-rises.js'
import { slowCurve } from './slowdowns/curve.js'
import { slowdownFinder } from './slowdowns/find.js'
import { staleCurve, staleIn } from './stale-spikes.js'
import { shortEpisodes, TOO_SHORT_MS } from './short.js'
import { trafficMemory } from './traffic-memory.js'
import { trafficOf } from './traffic.js'
import { explainWindow } from './window.js'

/** History read before the range, so that its first minutes have a past: two weeks show a weekly rhythm. */
const HISTORY_MS = 14 * DAY
const MOST_EXPLANATIONS = 500
/** Minutes after the range show how an episode that reaches over its end goes on, ms. */
const AFTER_MS = 6 * HOUR
/** Answers kept. */
const MOST_REMEMBERED = 12

export interface SpikeQuestion {
  from: number
  to: number
  filters: Filter[]
}

export type FoundSpike = ToldSpike

export interface Found {
  explained: FoundSpike[]
  phantoms: number
  /** the logs are too short to know what is usual */
  tooShort: boolean
  /** records before that time are gone, epoch ms: nothing was looked for there; null: none */
  goneBefore: number | null
}

export interface SpikeService {
  find(question: SpikeQuestion): Promise<Found>
  /** The contract's document. */
  report(question: SpikeQuestion, lang: Language): Promise<Spikes>
  /**
   * One spike by its id; null if there is none any more. It is always told as it is without filters and in the same
   * surroundings, whoever asked what before; only one that filters alone bring to light (of a place, of a client) is told
   * with them.
   */
  byId(id: string, filters: Filter[]): Promise<FoundSpike | null>
  /** Any window explained like a spike; null where it holds no request of the kind. */
  window(question: SpikeQuestion): Promise<ExplainedSpike | null>
  /** The spike's series against what was expected; read anew, since the traffic of a whole site is too much to keep. */
  curve(spike: FoundSpike): Promise<Curve>
  /** In one language, with what people wrote shortly before it began. */
  told(spike: ExplainedSpike, lang: Language): Promise<Spike>
  /** New data: what was remembered may be wrong. */
  forget(): void
}

/** `run` and `band` of the detector, here or on a thread of its own. */
export interface SpikeServiceOptions {
  store: ReadStore
  catalogue: Catalogue
  run: RunFunction
  band: BandFunction
}

/** History behind a drawn band: a few days show the rhythm of the day. */
const BAND_HISTORY_MS = 3 * DAY

export function createSpikeService({ store: whole, catalogue, run, band }: SpikeServiceOptions): SpikeService {
  // records that are only counted explain nothing: for spikes the logs begin where none is missing
  const store: ReadStore = { ...whole, records: onlyWhole(whole.records) }
  const memory = () =>
    new LRUCache<string, { filters: readonly Filter[]; found: Promise<Found> }>({ max: MOST_REMEMBERED })
  let remembered = memory()
  /** explanations outlive new data: a spike that ended and looks the same is explained the same */
  const explanations = new LRUCache<string, Promise<ToldSpike | null>>({ max: MOST_EXPLANATIONS })
  const memoryOf = trafficMemory(store.records)
  const finder = episodeFinder(store.records, run)
  const slicer = sliceFinder(store.records, run)
  const slowdowns = slowdownFinder(store.records)

  function told(episode: Episode, context: ToldContext): Promise<ToldSpike | null> {
    const { end, observed, expected } = episode
    const around = { from: episode.start - DAY, to: episode.end }
    const key = JSON.stringify([
      spikeId(episode),
      end,
      observed,
      Math.round(expected * 10),
      context.filters,
      context.logs.from,
      context.requestsIn(around),
    ])
    let known = explanations.get(key)
    if (!known) {
      known = toldRise(episode, context)
      known.catch(() => explanations.delete(key))
      explanations.set(key, known)
    }
    return known
  }

  async function look(asked: SpikeQuestion): Promise<Found> {
    const extent = await store.records.extent()
    const goneBefore = extent.counted && asked.from < extent.counted.to ? extent.counted.to : null
    // without records nothing would be found there, which would look like quiet
    if (goneBefore !== null && asked.to <= goneBefore) throw recordsGone(goneBefore)
    const question = goneBefore === null ? asked : { ...asked, from: goneBefore }
    // minutes after the last record are no data, not quiet
    const end = (extent.to ?? question.to) + 1
    const live = question.to + AFTER_MS >= end
    const from = Math.max(extent.from ?? question.from, Math.floor((question.from - HISTORY_MS) / DAY) * DAY)
    const islands = await islandsOf(store.records, {
      from,
      to: Math.min(question.to + AFTER_MS, end),
      filters: question.filters,
    })
    const within = islands.filter((island) => island.to > question.from && island.from < question.to)
    const [found, phantoms] = await Promise.all([
      Promise.all(within.map((island) => lookAtIsland(island, question, live && island === islands.at(-1)))),
      phantomsIn(question),
    ])
    return {
      explained: found.flat().sort(byImportance),
      phantoms,
      tooShort: extent.from !== null && end - extent.from < TOO_SHORT_MS,
      goneBefore,
    }
  }

  async function phantomsIn({ from, to, filters }: SpikeQuestion): Promise<number> {
    return Math.round(
      totalOf(await store.records.counts({ from, to, filters, audience: 'internal', bounds: null, by: [] })),
    )
  }

  async function lookAtIsland(logs: Island, question: SpikeQuestion, live: boolean): Promise<FoundSpike[]> {
    const { filters } = question
    const { episodes: risen, requestsIn, clumps, ofClients } = await finder.find(logs, filters, live)
    const episodes = [...risen, ...(await shortEpisodes(store.records, logs, filters, risen))]
    const asked = ({ start, end }: { start: number; end: number }) => end > question.from && start < question.to
    const requestsBetween = (from: number, to: number) => requestsIn({ from, to })
    const context: ToldContext = {
      store,
      catalogue,
      filters,
      logs,
      others: episodes,
      memory: memoryOf(filters),
      requestsIn,
      requestsBetween,
      ofClients,
    }
    // neither waits for what the rises are explained with
    const beside = Promise.all([
      slowdowns.find(logs, question, filters, requestsIn),
      staleIn(store.records, run, logs, question, filters),
    ])
    beside.catch(() => {})
    const rises = (
      await inLanes(episodes.filter(asked), async (episode) =>
        withRecurrence(await told(episode, context), episode, episodes),
      )
    ).filter((spike) => spike !== null)
    const slices = await slicer.find(logs, question, filters, rises.map(riseOf), requestsIn)
    const ofSlice = ({ dimension, value }: Slice): ToldContext => ({
      ...context,
      filters: [...filters, { dimension, values: [value] }],
      // what a rule lets pass bears no name of it: what it blocks is held against all that the site is asked for
      memory: memoryOf(dimension === 'securityRuleId' ? filters : [...filters, { dimension, values: [value] }]),
      slice: { dimension, value },
    })
    const lones = lonesOf(clumps)
    const patterns = patternsOf(lones)
    const inPattern = ({ client, start }: Lone) =>
      patterns.some((pattern) => pattern.clients.includes(client) && pattern.start <= start && start < pattern.end)
    const victims = await victimsOf(
      store.records,
      // what else befalls the same client in these hours is another matter
      (['5xx', '4xx'] as const)
        .flatMap((one) => lonesOf(clumps.filter(({ statusClass }) => statusClass === one)))
        .filter((lone) => asked(lone) && !inPattern(lone)),
      logs,
      filters,
      rises.map(({ episode }) => episode),
      requestsBetween,
    )
    const isVictim = ({ client, start, end }: Lone) =>
      victims.some((one) => one.client === client && one.episode.start < end && start < one.episode.end)
    const single = toldOf(lones, requestsBetween).filter((lone) => !inPattern(lone) && !isVictim(lone))
    const parts = await inLanes(slices.filter(asked), async ({ slice, ...episode }) =>
      withRecurrence(await told(episode, ofSlice(slice)), episode, slices),
    )
    const [slow, copies] = await beside
    const found = [
      ...(await inLanes(slow, (slowdown) => toldSlowdown(slowdown, context, rises))),
      ...(await inLanes(copies.filter(asked), (one) => toldStale(one, context, rises))),
      ...rises.filter((rise) => !isPartedBy(riseOf(rise), slices) && !isClearerIn(slices, riseOf(rise))),
      ...parts,
      ...(await inLanes(victims, ({ episode, address }) =>
        told(episode, {
          ...context,
          filters: [...filters, { dimension: 'clientIp', values: [address] }],
          memory: memoryOf(filters),
          victim: address,
        }),
      )),
      ...(await inLanes([...single, ...patterns].filter(asked), (lone) => toldLone(lone, context))),
    ]
    return together(onceEach(found.filter((spike) => spike !== null)))
  }

  async function choose(question: SpikeQuestion): Promise<Found> {
    const { places, outcomes } = parted(question.filters)
    const all = await find({ ...question, filters: places })
    const [explained, phantoms] = await Promise.all([
      thoseEndedSo(store.records, all.explained, outcomes),
      phantomsIn({ ...question, from: all.goneBefore ?? question.from }),
    ])
    return { ...all, explained, phantoms }
  }

  function find(question: SpikeQuestion): Promise<Found> {
    const key = JSON.stringify([question.from, question.to, question.filters])
    const known = remembered.get(key)
    if (known) return known.found
    const found = parted(question.filters).outcomes.length === 0 ? look(question) : choose(question)
    const mine = remembered
    found.catch(() => mine.delete(key))
    remembered.set(key, { filters: question.filters, found })
    return found
  }

  return {
    find,
    async report(question, lang) {
      const { explained: all, phantoms, tooShort, goneBefore } = await find(question)
      const after = await annotationsNear(store.ledger.annotations, all.map(beginningOf))
      return {
        spikes: all.map((one) => inLanguage(one, lang, after(beginningOf(one)))),
        phantoms,
        from: iso(question.from),
        to: iso(question.to),
        lang,
        notice:
          [goneBefore === null ? '' : SINCE[lang](iso(goneBefore).slice(0, 10)), tooShort ? TOO_SHORT[lang] : '']
            .filter(Boolean)
            .join(' ') || null,
      }
    },
    async told(spike, lang) {
      const beginning = beginningOf(spike)
      return inLanguage(spike, lang, (await annotationsNear(store.ledger.annotations, [beginning]))(beginning))
    },
    window: (question) => explainWindow(question, { store, catalogue }),
    async byId(id, filters) {
      const at = startOfId(id)
      const extent = await store.records.extent()
      if (at === null || extent.from === null || extent.to === null) return null
      const around = {
        from: Math.max(extent.from, at - 12 * HOUR),
        to: Math.min(extent.to + 1, at + DAY),
      }
      const among = async (found: Promise<Found>) => (await found).explained.find((one) => one.id === id) ?? null
      const plain = await among(find({ ...around, filters: [] }))
      if (plain) return plain
      // with more or less of a past it may be seen where the usual look does not show it
      for (const { filters: had, found } of remembered.values()) {
        if (had.length > 0) continue
        const spike = await among(
          found.catch(() => ({ explained: [], phantoms: 0, tooShort: false, goneBefore: null })),
        )
        if (spike) return spike
      }
      const { places } = parted(filters)
      return places.length === 0 ? null : among(find({ ...around, filters: places }))
    },
    async curve(spike) {
      if (spike.slow) return slowCurve(store.records, spike)
      if (spike.old) return staleCurve(store.records, spike)
      const { episode } = spike
      const extent = await store.records.extent()
      const { from, to } = curveRange(episode)
      const traffic = await trafficOf(store.records, {
        from: Math.max(extent.from ?? from, from - BAND_HISTORY_MS),
        to: Math.min(to, (extent.to ?? to) + 1),
        filters: [],
      })
      return curveOf(traffic, episode, band)
    },
    forget() {
      remembered = memory()
    },
  }
}

const beginningOf = ({ episode, scope }: ExplainedSpike): Beginning => ({
  start: episode.start,
  host: scope.host ?? episode.host,
})

/** What came before may have changed since it was explained. */
function withRecurrence(spike: ToldSpike | null, episode: Episode, others: readonly Episode[]): ToldSpike | null {
  return spike && { ...spike, people: { ...spike.people, recurrence: recurrenceOf(episode, others) } }
}

const riseOf = ({ episode, scope, people }: ToldSpike): Rise => ({
  ...episode,
  scope,
  ofMany: people.judgement.kind === 'many' || people.judgement.kind === 'elsewhere',
})

const TOO_SHORT: { readonly [lang in Language]: string } = {
  en: 'These logs are too short to know what is usual; what stands out in them is told without a past.',
  fr: 'Ces journaux sont trop courts pour savoir ce qui est habituel ; ce qui s’y détache est indiqué sans passé.',
  zh: '这些日志太短，无法得知平时的水平；其中突出的部分在没有历史对照的情况下列出。',
}

const SINCE: { readonly [lang in Language]: (day: string) => string } = {
  en: (day) => `Records before ${day} are gone: spikes are looked for from that day (UTC) on.`,
  fr: (day) => `Les enregistrements d’avant le ${day} ont expiré : les pics sont cherchés à partir de ce jour (UTC).`,
  zh: (day) => `${day} 之前的记录已过期删除：仅从该日（UTC）起查找突增。`,
}

/** Spikes explained at once; in the order of time, so that what the store has at hand for one serves the next. */
const LANES = 2

async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const i = next++
      results[i] = await work(items[i])
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}

/** Newest first would bury the outage under a stray burst: ongoing first, then what matters, then by what is above expectation. */
function byImportance(a: FoundSpike, b: FoundSpike): number {
  const extra = (one: FoundSpike) => one.episode.observed - one.episode.expected
  const rank = (one: FoundSpike) => SEVERITIES.indexOf(one.people.judgement.severity)
  return (
    Number(b.episode.ongoing) - Number(a.episode.ongoing) ||
    rank(a) - rank(b) ||
    extra(b) - extra(a) ||
    (a.id < b.id ? -1 : 1)
  )
}

function startOfId(id: string): number | null {
  const m = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id)
  return m ? Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4]), Number(m[5]), Number(m[6])) : null
}
