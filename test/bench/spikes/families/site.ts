import { fixed, type Answer } from '../log-level-other.js'
import type { Random } from '../../../analyze/worlds/random.js'
import type { Label } from './corpus.js'

/**
 * Sites whose visitors are people: each address stays for some requests and goes. What befalls them is put in as troubles
 * (which change answers) and extras (requests of others: scanners, jobs, loops).
 */
export interface Client {
  ip: string
  country: string
  colo: string
  asn: number
  agent: string
}

export interface Hit {
  at: number
  host: string
  path: string
  method: string
  client: Client
  answer: Answer
}

/** Changes the answers of visitors while it lasts. Minutes since the beginning. */
export interface Trouble {
  from: number
  to: number
  hits: (hit: Hit, minute: number) => boolean
  /** part of those that it hits, by minute */
  part: (minute: number) => number
  answer: (r: Random) => Answer
  /** moved to the first and last request that it hits */
  label?: PlannedLabel
}

export interface Plan {
  hosts: { name: string; weight: number }[]
  paths: string[]
  /** requests a minute at an ordinary hour */
  rate: number
  minutes: number
  /** how much of the mean the day takes away at night, 0–1; what weekends have of weekdays */
  rhythm: number
  weekend: number
  /** ordinary shares of answers */
  usual: { share: number; answer: (r: Random) => Answer; hits?: (hit: Hit) => boolean }[]
  troubles: Trouble[]
  /** requests of others in this minute */
  extras: ((minute: number, r: Random, at: () => number) => Hit[])[]
  /** visitors' requests per minute, in place of rate and rhythm */
  due?: (minute: number) => number
  /** traffic grows or falls by this, by minute */
  times?: (minute: number) => number
  labels: PlannedLabel[]
  /** how many requests a visitor makes */
  stay: number
  /** ms that an answer takes, over what is usual for its path */
  slow?: (hit: Hit, minute: number) => number
  seconds?: number
}

/** A label in minutes since the beginning. */
export type PlannedLabel = Omit<Label, 'id' | 'start' | 'end' | 'delayFrom'> & {
  from: number
  to: number
  delayFrom?: number
  /** epoch ms of the first and the last request that it hit, once they are made */
  first?: number
  last?: number
}

export const MINUTE = 60_000
export const HOUR = 60
export const DAY = 1440

const PLACES: [string, string, number][] = [
  ['us', 'IAD', 7922],
  ['us', 'SJC', 7018],
  ['gb', 'LHR', 2856],
  ['fr', 'CDG', 3215],
  ['de', 'FRA', 3320],
  ['de', 'HAM', 6805],
  ['jp', 'NRT', 4713],
  ['br', 'GRU', 28573],
  ['in', 'BOM', 55836],
  ['pl', 'WAW', 5617],
  ['au', 'SYD', 1221],
  ['za', 'JNB', 3741],
]
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile',
  'ShopApp/4.2 (Android 15) okhttp/5.1.0',
]
const SHARES = [0.24, 0.09, 0.13, 0.1, 0.11, 0.06, 0.07, 0.06, 0.06, 0.03, 0.03, 0.02]

export function randomClient(r: Random, agent?: string): Client {
  let left = r.next()
  const i = SHARES.findIndex((share) => (left -= share) <= 0)
  const [country, colo, asn] = PLACES[i < 0 ? 0 : i]
  const ip = `${r.whole(11, 223)}.${r.whole(0, 255)}.${r.whole(0, 255)}.${r.whole(1, 254)}`
  return { ip, country, colo, asn, agent: agent ?? r.pick(AGENTS) }
}

export const ok = (r: Random): Answer =>
  r.chance(0.4)
    ? { status: 200, origin: 0, cache: 'hit', source: 'cache' }
    : { status: r.chance(0.93) ? 200 : r.pick([301, 304]), origin: 200, source: 'origin' }

/** The status that the origin answers. */
export const ofOrigin = (status: number): ((r: Random) => Answer) => fixed({ status, origin: status, source: 'origin' })

/** The lines of a plan. */
export function* linesOf(plan: Plan, r: Random, from: number): Generator<Uint8Array> {
  const pool = Array.from({ length: Math.max(6, Math.round(plan.rate * 4)) }, () => randomClient(r))
  let buffer: string[] = []
  const span = (plan.seconds ?? 60) * 1000
  for (let minute = 0; minute < plan.minutes; minute++) {
    const start = from + minute * MINUTE
    const at = () => start + Math.floor(r.next() * span)
    for (let n = r.poisson(dueAt(plan, minute, from)); n > 0; n--) {
      const seat = r.whole(0, pool.length - 1)
      if (r.chance(1 / plan.stay)) pool[seat] = randomClient(r)
      buffer.push(lineOf(visit(plan, r, at(), minute, pool[seat]), plan, minute, r))
    }
    for (const extra of plan.extras) {
      for (const hit of extra(minute, r, at)) buffer.push(lineOf(hit, plan, minute, r))
    }
    if (buffer.length > 2_000) {
      yield Buffer.from(`${buffer.join('\n')}\n`)
      buffer = []
    }
  }
  if (buffer.length > 0) yield Buffer.from(`${buffer.join('\n')}\n`)
}

function dueAt(plan: Plan, minute: number, from: number): number {
  const times = plan.times?.(minute) ?? 1
  if (plan.due) return plan.due(minute) * times
  const date = new Date(from + minute * MINUTE)
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60
  const day = 1 - plan.rhythm * (0.5 + 0.5 * Math.cos((2 * Math.PI * (hour - 15)) / 24 + Math.PI))
  const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6 ? plan.weekend : 1
  return plan.rate * day * weekend * times
}

function visit(plan: Plan, r: Random, at: number, minute: number, client: Client): Hit {
  const hit: Hit = {
    at,
    host: weighted(r, plan.hosts).name,
    path: plan.paths[Math.floor(plan.paths.length * r.next() ** 1.6)],
    method: r.chance(0.85) ? 'GET' : 'POST',
    client,
    answer: { status: 200, origin: 200, source: 'origin' },
  }
  for (const trouble of plan.troubles) {
    const { from, to, hits, part, answer, label } = trouble
    if (minute < from || minute >= to || !hits(hit, minute) || !r.chance(part(minute))) continue
    if (label) {
      label.first = Math.min(label.first ?? at, at)
      label.last = Math.max(label.last ?? at, at)
    }
    return { ...hit, answer: answer(r) }
  }
  let x = r.next()
  for (const { share, answer, hits } of plan.usual) {
    if (hits && !hits(hit)) continue
    if ((x -= share) < 0) return { ...hit, answer: answer(r) }
  }
  return { ...hit, answer: ok(r) }
}

export function weighted<T extends { weight: number }>(r: Random, of: readonly T[]): T {
  let left = r.next() * of.reduce((sum, one) => sum + one.weight, 0)
  return of.find((one) => (left -= one.weight) <= 0) ?? of[of.length - 1]
}

let rays = 0

function lineOf({ at, host, path, method, client, answer }: Hit, plan: Plan, minute: number, r: Random): string {
  const hit: Hit = { at, host, path, method, client, answer }
  const usual = answer.cache === 'hit' ? r.whole(2, 12) : 60 * Math.exp(0.5 * r.normal()) + (path.length % 7) * 20
  const ms = Math.round(answer.wait?.(r) ?? usual * (plan.slow?.(hit, minute) ?? 1))
  return JSON.stringify({
    RayID: (0x7_0000_0000_0000 + rays++).toString(16).padStart(16, '8'),
    EdgeStartTimestamp: at * 1e6,
    EdgeEndTimestamp: (at + ms + 1) * 1e6,
    ClientRequestHost: host,
    ClientRequestMethod: method,
    ClientRequestPath: path,
    ClientRequestURI: path,
    ClientRequestSource: 'eyeball',
    ClientRequestUserAgent: client.agent,
    ClientCountry: client.country,
    ClientASN: client.asn,
    ClientIP: client.ip,
    EdgeColoCode: client.colo,
    EdgeResponseStatus: answer.status,
    OriginResponseStatus: answer.origin,
    OriginIP: answer.origin > 0 ? '198.51.100.7' : '',
    CacheCacheStatus: answer.cache ?? (answer.source === 'edge' ? 'unknown' : 'dynamic'),
    SecurityAction: '',
    SecurityActions: [],
    SecuritySources: [],
    SecurityRuleID: '',
    SecurityRuleIDs: [],
    EdgePathingOp: 'wl',
    EdgePathingSrc: 'macro',
    EdgePathingStatus: 'nr',
    WorkerStatus: 'unknown',
    EdgeTimeToFirstByteMs: ms,
    OriginResponseDurationMs: answer.cache === 'hit' || answer.source === 'edge' ? 0 : Math.max(1, ms - 3),
    ...answer.fields,
  })
}
