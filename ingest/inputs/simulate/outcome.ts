/**
 * Who wrote the status, as planted (the words of the product; decided here by what the generator does, not by reading
 * records).
 */
export type Source = 'client' | 'edge' | 'origin-failure' | 'cache' | 'worker' | 'origin'

/** Whether an origin was contacted: decides `OriginIP` and `EdgeServerIP`. */
export type Contact = 'none' | 'tried' | 'answered'

/** Which story the durations of a record tell. */
export type Timing =
  | 'edge'
  | 'cache'
  | 'revalidate'
  | 'origin'
  | 'worker'
  | 'gave-up'
  | 'abandoned'
  | 'refused'
  | 'connect-timeout'
  | 'unreachable'
  | 'origin-timeout'
  | 'gateway-timeout'
  | 'origin-gateway-timeout'
  | 'tls-failed'
  | 'dns-failed'
  | 'crashed'
  | 'worker-failed'
  | 'cpu-limit'
  | 'slow-upload'

/** What the body is: the route's own, a page of the edge, a short error of the origin, nothing. */
export type Body = 'route' | 'edge-page' | 'origin-error' | 'none' | 'partial'

/** The rule that terminated a request, or that matched without ending it. */
export interface SecurityRule {
  id: string
  description: string
  /** A value of `SecuritySources`. */
  source: string
  /** A value of `SecurityActions`. */
  action: string
  /** Whether it ended the request; otherwise only the arrays carry it. */
  terminating: boolean
}

/** Everything in a record that follows from how the request ended. */
export interface Outcome {
  readonly status: number
  readonly source: Source
  /** `OriginResponseStatus`; 0 = no answer from an origin. */
  readonly originStatus: number
  readonly cache: string
  /** `CacheResponseStatus`; 0 = never reached the cache layer. */
  readonly cacheStatus: number
  readonly contact: Contact
  readonly timing: Timing
  readonly body: Body
  readonly requestSource: string
  readonly pathing: readonly [op: string, src: string, status: string]
  readonly rule: SecurityRule | null
  readonly workerStatus: string
  readonly workerScript: string
  readonly scheme: 'https' | 'http'
  /** How the sub-requests of this Worker run ended, if it made any. */
  readonly child: Outcome | null
  /** False for records that no visitor saw. */
  readonly visitor: boolean
  readonly index: number
}

/** The common case, to be overridden: an ordinary dynamic answer of the origin. */
const ordinary = {
  status: 200,
  source: 'origin' as Source,
  originStatus: 200,
  cache: 'dynamic',
  cacheStatus: 200,
  contact: 'answered' as Contact,
  timing: 'origin' as Timing,
  body: 'route' as Body,
  requestSource: 'eyeball',
  pathing: ['wl', 'macro', 'nr'] as readonly [string, string, string],
  rule: null as SecurityRule | null,
  workerStatus: 'unknown',
  workerScript: '',
  scheme: 'https' as 'https' | 'http',
  child: null as Outcome | null,
}

/** What may be said about an outcome when making one. */
export type OutcomeParts = Partial<typeof ordinary>

/** Makes outcomes, one object per distinct look, numbered so that tallies and rendered text can be plain arrays. */
export class Outcomes {
  readonly all: Outcome[] = []
  readonly #known = new Map<string, Outcome>()

  of(parts: OutcomeParts): Outcome {
    const whole = { ...ordinary, ...parts }
    const key = JSON.stringify({ ...whole, child: whole.child?.index ?? null })
    const known = this.#known.get(key)
    if (known) return known
    const internal = whole.requestSource !== 'eyeball' && whole.requestSource !== 'inBrowserChallenge'
    const outcome: Outcome = { ...whole, visitor: !internal, index: this.all.length }
    this.all.push(outcome)
    this.#known.set(key, outcome)
    return outcome
  }

  /** The origin answered; the edge passed it on. */
  origin(status: number, cache = 'dynamic', parts: OutcomeParts = {}): Outcome {
    return this.of({
      status,
      originStatus: status,
      cache,
      cacheStatus: status,
      body: status >= 400 ? 'origin-error' : 'route',
      ...parts,
    })
  }

  /** Answered from cache without asking the origin. */
  cached(status: number, cache = 'hit', parts: OutcomeParts = {}): Outcome {
    return this.of({
      status,
      source: 'cache',
      originStatus: 0,
      cache,
      cacheStatus: status,
      contact: 'none',
      timing: 'cache',
      body: status === 304 ? 'none' : status >= 400 ? 'origin-error' : 'route',
      ...parts,
    })
  }

  /** The edge decided by itself, before cache and origin. */
  edge(status: number, parts: OutcomeParts = {}): Outcome {
    return this.of({
      status,
      source: 'edge',
      originStatus: 0,
      cache: 'unknown',
      cacheStatus: 0,
      contact: 'none',
      timing: 'edge',
      body: 'edge-page',
      ...parts,
    })
  }

  /** A security rule ended the request. */
  blocked(status: number, rule: SecurityRule, parts: OutcomeParts = {}): Outcome {
    return this.edge(status, { rule, ...parts })
  }

  /** The edge wrote the status because the origin failed: an origin was chosen, no HTTP answer came. */
  failed(status: number, timing: Timing, cache: string, parts: OutcomeParts = {}): Outcome {
    return this.of({
      status,
      source: 'origin-failure',
      originStatus: 0,
      cache,
      cacheStatus: status,
      contact: 'tried',
      timing,
      body: 'edge-page',
      ...parts,
    })
  }

  /** The visitor's record of a request that a Worker answered, whatever its sub-requests (`child`) got. */
  worker(status: number, script: string, child: Outcome | null, parts: OutcomeParts = {}): Outcome {
    const originFailure = (status >= 520 && status <= 526) || status === 530 || status === 502 || status === 504
    return this.of({
      status,
      source: originFailure ? 'origin-failure' : 'worker',
      originStatus: 0,
      cacheStatus: status,
      contact: 'none',
      timing: 'worker',
      body: status >= 400 ? 'origin-error' : 'route',
      workerStatus: 'ok',
      workerScript: script,
      child,
      ...parts,
    })
  }

  /** A Worker's fetch that ended like `outcome`: its own record, never a visitor's. */
  subrequest(outcome: Outcome): Outcome {
    const { index: _, visitor: __, ...parts } = outcome
    return this.of({ ...parts, requestSource: 'edgeWorkerFetch', child: null })
  }
}

/** `4xx` and so on; 499 is a class of its own, `other` is for 0, 1xx and anything unknown. */
export function statusClassOf(status: number): string {
  if (status === 499) return '499'
  const hundreds = Math.floor(status / 100)
  return hundreds >= 2 && hundreds <= 5 ? `${hundreds}xx` : 'other'
}
