/**
 * From episodes and the clumps of single clients to what is told: rises that many suffer, one client's errors, patterns that
 * come back by the clock. Each with who suffers, how much that matters, and whether it was here before.
 */
import { MINUTE } from '../../../schema/words/duration.js'
import type { Filter, Selection } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { partsOfCode } from '../clients.js'
import type { Catalogue } from '../../../schema/status/catalogue.js'
import type { Episode } from '../detect/index.js'
import type { Fact } from '../fact.js'
import { explain, selectionOfEpisode, spikeId, type ExplainContext, type ExplainedSpike } from '../explain.js'
import { episodeOfLone, isLoud, mainOf, type Lone, type Pattern } from './lone.js'
import { recurrenceOf, type Recurrence } from './recurrence.js'
import { isElsewhere } from './elsewhere.js'
import { judge, type Judgement } from './severity.js'
import { addressOf, loudOf, whoOf, without } from './who.js'

export interface Client {
  address: string
  asn: string | null
  userAgent: string | null
}

export interface People {
  judgement: Judgement
  client: Client | null
  pattern: { periodMs: number; phaseMs: number; times: number; requestsEach: number } | null
  recurrence: Recurrence | null
}

/** A spike as it is told: explained, and weighed by who suffers. */
export interface ToldSpike extends ExplainedSpike {
  people: People
  /** the requests of other codes that it tells of */
  alsoOf?: readonly Selection[]
}

export interface ToldContext extends ExplainContext {
  ofClients: boolean
  /** all requests of visitors between two times */
  requestsBetween: (from: number, to: number) => number
  /** the part of the site that was looked at alone; it sets the spike apart */
  slice?: { dimension: string; value: string }
  /** the one client that is looked at, a victim */
  victim?: string
}

/** What is left of a rise without its loud clients must be so many times what was expected to be told at all. */
const LEAST_LEFT = 1.3
/** ... and so many requests of so many clients. */
const FEWEST = 8
const FEWEST_CLIENTS = 3

/** A rise that many suffer; loud clients in it are left aside. Null: without them nothing is left. */
export async function toldRise(episode: Episode, context: ToldContext): Promise<ToldSpike | null> {
  const { store, filters } = context
  const who = context.ofClients ? await whoOf(store.records, selectionOfEpisode(episode, filters)) : null
  const loud = who === null || context.victim !== undefined ? [] : loudOf(who)
  const noise =
    who === null ? 0 : who.top.reduce((sum, one) => sum + (loud.includes(one.address) ? one.requests : 0), 0)
  const observed = episode.observed - noise
  const clients = who === null || who.clients === null ? null : who.clients - loud.length
  if (
    loud.length > 0 &&
    (observed < LEAST_LEFT * episode.expected || observed < FEWEST || (clients ?? 0) < FEWEST_CLIENTS)
  )
    return null
  const own = loud.length === 0 ? episode : { ...episode, observed, expected: Math.min(episode.expected, observed) }
  const explained = await explain(
    own,
    loud.length === 0 ? context : { ...context, filters: [...filters, ...without(loud)] },
  )
  const { slice } = context
  const spike: ExplainedSpike =
    slice === undefined
      ? explained
      : {
          ...explained,
          id: `${explained.id}-${slice.dimension}-${slice.value.replaceAll(/[^a-z0-9.-]+/gi, '_').slice(0, 60)}`,
          scope: { ...explained.scope, [slice.dimension]: slice.value },
        }
  const judgement = judge({
    kind: await kindOf(spike, context),
    clients,
    extra: own.observed - own.expected,
    ...(await shareOf(spike, own, context)),
    address: context.victim,
    minutes: (own.end - own.start) / MINUTE,
    ongoing: own.ongoing,
    statusClass: own.statusClass,
    source: own.source,
  })
  // where the logs have no addresses nobody knows how many the party is
  if (judgement.kind === 'party' && context.ofClients && !isWorthAWord(own, context)) return null
  return {
    ...spike,
    people: { judgement, client: null, pattern: null, recurrence: recurrenceOf(episode, context.others) },
  }
}

/** What one party asks for in vain is told like what one client does: from a good part of all requests on, or very many. */
function isWorthAWord(
  { statusClass, start, end, observed, expected }: Episode,
  { requestsBetween }: ToldContext,
): boolean {
  const extra = observed - expected
  return statusClass !== '4xx' || isLoud(extra, requestsBetween(start, end))
}

async function kindOf(
  { client, scope, episode, ofStrangers }: ExplainedSpike,
  { victim, ofClients, store, filters, slice }: ToldContext,
): Promise<Judgement['kind']> {
  if (victim !== undefined) return 'victim'
  if (client !== null) return 'client'
  // one network with one agent is one party, whatever its addresses
  if (scope.asn !== undefined && scope.userAgent !== undefined) return 'party'
  // what fails of itself is the site's matter, whoever asks
  if (episode.statusClass !== '4xx') return 'many'
  if (ofStrangers) return 'strangers'
  // with one path alone nobody asks for anything else
  const ofSite = filters.filter(({ dimension }) => dimension !== slice?.dimension && dimension !== 'path')
  return ofClients && (await isElsewhere(store.records, selectionOfEpisode(episode, filters), ofSite, scope))
    ? 'elsewhere'
    : 'many'
}

/** The part that it takes of the requests of the place where it is. Of a path only where that alone was looked at: else it is of the site. */
async function shareOf(
  { scope }: ExplainedSpike,
  episode: Episode,
  { store, filters, requestsBetween, slice, victim }: ToldContext,
): Promise<Pick<Judgement, 'share' | 'place'>> {
  const isOfRule = slice?.dimension === 'securityRuleId'
  const ofPath = isOfRule || slice?.dimension === 'path'
  const place = (['host', 'path', 'country', 'colo', 'asn'] as const)
    // of a client it is the part of what that one asked for
    .filter((dimension) => victim === undefined && (dimension !== 'path' || ofPath))
    .flatMap((dimension) => (scope[dimension] === undefined ? [] : [{ dimension, value: scope[dimension] }]))
  const all =
    place.length === 0 && slice === undefined && victim === undefined
      ? requestsBetween(episode.start, episode.end)
      : (
          await store.records.counts({
            from: episode.start,
            to: episode.end,
            // what a rule is on record for are failures only: they are a part of what it was asked about
            filters: [
              ...(isOfRule ? filters.filter((one) => one.dimension !== slice.dimension) : filters),
              ...place.map(({ dimension, value }) => ({ dimension, values: [value] })),
            ],
            audience: 'visitors',
            bounds: null,
            by: [],
          })
        ).total.requests
  return { place, share: all <= 0 ? 1 : Math.min(1, (episode.observed - episode.expected) / all) }
}

/** One client's errors, or what comes back by the clock. Null: its records are gone. */
export async function toldLone(lone: Lone | Pattern, context: ToldContext): Promise<ToldSpike | null> {
  const { store, filters } = context
  const episode = episodeOfLone(lone, context.logs.to)
  const errors: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }
  const selection = { from: lone.start, to: lone.end, filters: [...filters, errors], audience: 'visitors' as const }
  const address = await addressOf(store.records, selection, lone.client)
  if (address === null) return null
  const mine: Filter = { dimension: 'clientIp', values: [address] }
  const [asn, userAgent, path, country] = await Promise.all(
    (['asn', 'userAgent', 'path', 'country'] as const).map((dimension) =>
      commonest(store.records, { ...selection, filters: [...selection.filters, mine] }, dimension),
    ),
  )
  const pattern = 'periodMs' in lone ? lone : null
  const alone = pattern === null || pattern.clients.length === 1
  const judgement = judge({
    kind: pattern ? 'pattern' : 'client',
    clients: pattern?.clients.length ?? 1,
    extra: lone.requests,
    share: Math.min(1, lone.requests / Math.max(1, context.requestsBetween(lone.start, lone.end))),
    minutes: (lone.end - lone.start) / MINUTE,
    ongoing: episode.ongoing,
    statusClass: episode.statusClass,
    source: episode.source,
  })
  const fact = {
    kind: 'client' as const,
    client: {
      address,
      asn: asn.value || null,
      country: country.value || null,
      userAgent: userAgent.value || null,
      share: 1,
      before: null,
      requests: lone.requests,
    },
    share: 1,
    baselineShare: 0,
  }
  return {
    id: `${spikeId(episode)}-${pattern ? 'pattern' : 'client'}-${lone.client.toString(36)}`,
    episode,
    selection: alone ? { ...selection, filters: [...selection.filters, mine] } : selectionOfEpisode(episode, filters),
    changes: [],
    scope: {
      ...(episode.host === null ? {} : { host: episode.host }),
      ...(path.part >= NEARLY_ALL ? { path: path.value } : {}),
      ...(asn.value === '' || !alone ? {} : { asn: asn.value }),
      ...(userAgent.part >= NEARLY_ALL && userAgent.value !== '' ? { userAgent: userAgent.value } : {}),
    },
    client: alone ? fact.client : null,
    causes: causesOf(context.catalogue, mainOf(lone.codes), pattern === null ? fact : null),
    codes: [...lone.codes]
      .map(([code, n]) => ({ status: partsOfCode(code).status, share: n / lone.requests }))
      .sort((a, b) => b.share - a.share || a.status - b.status)
      .slice(0, 3),
    past: { when: 'before', some: false },
    people: {
      judgement,
      client: alone ? { address, asn: asn.value || null, userAgent: userAgent.value || null } : null,
      pattern: pattern && {
        periodMs: pattern.periodMs,
        phaseMs: pattern.phaseMs,
        times: pattern.times,
        requestsEach: pattern.requestsEach,
      },
      recurrence: null,
    },
  }
}

const NEARLY_ALL = 0.9

async function commonest(
  store: ReadRecords,
  selection: { from: number; to: number; filters: Filter[]; audience: 'visitors' },
  dimension: 'asn' | 'userAgent' | 'path' | 'country',
): Promise<{ value: string; part: number }> {
  const { groups, group, requests, total } = await store.counts({
    ...selection,
    bounds: null,
    by: [dimension],
    limit: 1,
  })
  if (group.length === 0) return { value: '', part: 0 }
  return { value: groups[group[0]][0], part: requests[0] / total.requests }
}

/** The documented advice where one client is behind it: limit or block it, or mend the job that it is. */
/** `fact`: that it is one client; null: a job that fails by the clock. */
function causesOf(catalogue: Catalogue, code: string, fact: Fact | null): ExplainedSpike['causes'] {
  const finding = fact === null ? 'failing-job' : 'single-client'
  return catalogue
    .causes(partsOfCode(code).status)
    .filter((cause) => cause.finding === finding)
    .map((cause) => ({ cause, confidence: 1, facts: fact === null ? [] : [fact] }))
}
