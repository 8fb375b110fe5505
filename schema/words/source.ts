/**
 * Who wrote the status that the visitor got, and whether a visitor was there at all.
 *
 * Cloudflare logs no such field; this is a conclusion from several. The order of the checks matters and every
 * answer carries the reason for it. Sources: Cloudflare's pages on the http_requests dataset, pathing status,
 * cache responses, ClientRequestSource and "504 with origin status 0".
 */
import type { Source } from './sources.js'

/** What a decision rests on, already normalised: names in Cloudflare's spelling, absent values null. */
export interface SourceFacts {
  edgeResponseStatus: number
  originResponseStatus: number | null
  cacheStatus: string | null
  /** the terminating action where one of the security fields has one, else what they say */
  securityAction: string | null
  edgePathingOp: string | null
  edgePathingSrc: string | null
  workerStatus: string | null
  requestSource: string | null
  /** WorkerSubrequest; null where it was not exported */
  workerSubrequest: boolean | null
  parentRayId: string | null
}

export const SOURCE_REASONS = [
  'client-closed',
  'no-status-sent',
  'origin-failure-status',
  'security-action',
  'pathing-banned',
  'pathing-challenged',
  'pathing-error',
  'origin-same-status',
  'cache-revalidated',
  'origin-success-changed',
  'origin-error-changed',
  'worker-changed-status',
  'edge-changed-status',
  'cache-answered',
  'cache-answered-stale',
  'gateway-without-origin',
  'worker-answered',
  'edge-answered',
  'origin-status-missing',
  'origin-status-missing-404',
] as const
export type SourceReason = (typeof SOURCE_REASONS)[number]

export interface SourceDecision {
  source: Source
  reason: SourceReason
}

/** Values that are compared are few words said millions of times; so many are remembered. */
const MOST_PLAIN = 2_000
const plainWords = new Map<string, string>()

/** Lower case without underscores: the docs spell `managed_challenge`, logs carry `managedChallenge`. */
export function plain(value: string): string {
  let known = plainWords.get(value)
  if (known === undefined) {
    known = value.toLowerCase().replaceAll('_', '')
    if (plainWords.size >= MOST_PLAIN) plainWords.clear()
    plainWords.set(value, known)
  }
  return known
}

const TERMINATING = new Set([
  'block',
  'drop',
  'ban',
  'challenge',
  'jschallenge',
  'managedchallenge',
  'connectionclose',
  'forceconnectionclose',
])

/** True for the security actions that end a request; `allow`, `log`, `skip`, `…Solved`, `…Bypassed` let it pass. */
export function isTerminating(action: string | null): boolean {
  return action !== null && TERMINATING.has(plain(action))
}

/** The edge writes these because the origin failed, whatever the origin status says. */
export function isOriginFailureStatus(status: number): boolean {
  return (status >= 520 && status <= 526) || status === 530
}

const FROM_CACHE = new Set(['hit', 'stale', 'updating', 'revalidated', 'streamhit'])

function workerRan(status: string | null): boolean {
  return status !== null && plain(status) !== 'unknown'
}

function stoppedAtTheEdge(facts: SourceFacts): SourceReason | null {
  if (isTerminating(facts.securityAction)) return 'security-action'
  const op = facts.edgePathingOp === null ? '' : plain(facts.edgePathingOp)
  if (op === 'ban') return 'pathing-banned'
  if (op === 'chl') return 'pathing-challenged'
  if (facts.edgePathingSrc !== null && plain(facts.edgePathingSrc) === 'err') return 'pathing-error'
  return null
}

/** The origin answered, and the visitor got another status than the origin gave. */
function originAnsweredOtherwise(facts: SourceFacts, origin: number): SourceDecision {
  const edge = facts.edgeResponseStatus
  // 206 and 304 are made out of an origin's 200; one error page may stand for another
  if (edge < 400 && origin < 400) return { source: 'origin', reason: 'origin-success-changed' }
  if (edge >= 400 && origin >= 400) return { source: 'origin', reason: 'origin-error-changed' }
  return workerRan(facts.workerStatus)
    ? { source: 'worker', reason: 'worker-changed-status' }
    : { source: 'edge', reason: 'edge-changed-status' }
}

/** Decides the source of a record. Total: every combination of facts has an answer and a reason. */
export function decideSource(facts: SourceFacts): SourceDecision {
  const edge = facts.edgeResponseStatus
  const origin = facts.originResponseStatus
  const cache = facts.cacheStatus === null ? '' : plain(facts.cacheStatus)

  if (edge === 499) return { source: 'client', reason: 'client-closed' }
  if (isOriginFailureStatus(edge)) return { source: 'origin-failure', reason: 'origin-failure-status' }
  if (origin === null || origin === 0) {
    const stopped = stoppedAtTheEdge(facts)
    if (stopped) return { source: 'edge', reason: stopped }
  }
  if (edge === 0) return { source: 'client', reason: 'no-status-sent' }
  if (origin !== null && origin > 0) {
    if (origin === edge) return { source: 'origin', reason: 'origin-same-status' }
    if (cache === 'revalidated' && origin === 304 && edge === 200)
      return { source: 'cache', reason: 'cache-revalidated' }
    return originAnsweredOtherwise(facts, origin)
  }
  if (FROM_CACHE.has(cache)) {
    return {
      source: 'cache',
      reason: cache === 'stale' || cache === 'updating' ? 'cache-answered-stale' : 'cache-answered',
    }
  }
  if (origin === 0) {
    if (edge === 502 || edge === 504) return { source: 'origin-failure', reason: 'gateway-without-origin' }
    if (workerRan(facts.workerStatus)) return { source: 'worker', reason: 'worker-answered' }
    return { source: 'edge', reason: 'edge-answered' }
  }
  // The docs say that Cloudflare makes no 404 for customer sites, but a Worker or a custom rule may.
  return { source: 'undetermined', reason: edge === 404 ? 'origin-status-missing-404' : 'origin-status-missing' }
}

/** ClientRequestSource by number, as https://developers.cloudflare.com/logs/reference/clientrequestsource/ lists them. */
export const REQUEST_SOURCES = [
  'unknown',
  'eyeball',
  'purge',
  'alwaysOnline',
  'healthcheck',
  'edgeWorkerFetch',
  'edgeWorkerCacheAPI',
  'edgeWorkerKV',
  'imageResizing',
  'orangeToOrange',
  'sslDetector',
  'earlyHintsCache',
  'inBrowserChallenge',
] as const

const INTERNAL = new Set<string>(
  REQUEST_SOURCES.filter((_, n) => (n >= 2 && n <= 8) || n === 10 || n === 11).map(plain),
)

/** Are requests of another proxied zone ("orange to orange") a visitor's? They are by default: their visitor waits for us. */
export interface VisitorSettings {
  orangeToOrangeIsVisitor: boolean
}
export const DEFAULT_VISITOR_SETTINGS: VisitorSettings = { orangeToOrangeIsVisitor: true }

/** False where no visitor saw the answer: internal requests and the sub-requests of Workers. */
export function isVisitor(facts: SourceFacts, settings: VisitorSettings = DEFAULT_VISITOR_SETTINGS): boolean {
  if (facts.workerSubrequest === true) return false
  if (facts.requestSource !== null) {
    const by = plain(facts.requestSource)
    if (INTERNAL.has(by)) return false
    if (by === 'orangetoorange') return settings.orangeToOrangeIsVisitor
    return true
  }
  // Exported neither who asked nor WorkerSubrequest: a parent is the only thing left that tells a sub-request.
  return !(facts.workerSubrequest === null && facts.parentRayId !== null)
}
