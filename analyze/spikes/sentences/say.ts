/** What can be said of a spike; one file per language says it. Figures come formatted by Intl. */
import type { Source } from '../../../schema/words/sources.js'

/** Where a spike is, and whose requests it is made of; null where that does not set it apart. */
export interface Place {
  /** host and path in one */
  address: string | null
  /** two letters */
  country: string | null
  asn: string | null
  colo: string | null
  userAgent: string | null
  /** the address of the one client that made the spike */
  client: string | null
}

/** A spike in the pieces a sentence is made of. Times are epoch ms, UTC. */
export interface SpikeFigures {
  start: number
  end: number
  ongoing: boolean
  status: number | null
  /** the commonest first; of what was detected one */
  classes: readonly string[]
  source: Source | null
  /** the codes of a whole class with their shares, the commonest first; else empty */
  codes: readonly { status: number; share: number }[]
  observed: number
  expected: number
  score: number
  place: Place
  cause: { title: string; confidence: number } | null
  /** 0–1 of all requests, where the logs hold nothing that tells what is usual; null where they do */
  ofAll: number | null
}

/** The time compared with: before the spike, or after one that stands at the beginning of the logs. */
export interface Past {
  /** 'never': the logs hold nothing but the spike */
  when: 'before' | 'after' | 'never'
  /** whether there were requests of the kind at all */
  some: boolean
}

export interface CarriedValue {
  value: string
  /** what a security rule is called; null for everything else */
  description: string | null
  share: number
  /** null: no requests of the kind to compare with */
  before: number | null
}

export interface TrendFigures {
  measure: string
  percentile: number
  now: number
  before: number
}
/** How long answers take, of one data centre or path where the others are as fast as ever. Durations in ms. */
export interface SlowFigures {
  subject: { dimension: 'colo' | 'path'; value: string } | null
  measure: string
  percentile: number
  now: number
  before: number
  /** all others; null where nothing sets it apart */
  rest: { now: number; before: number } | null
}
/** A headline of slowness. Times are epoch ms, UTC. */
export interface SlowHeadline extends SlowFigures {
  start: number
  end: number
  ongoing: boolean
  /** answers in that time */
  answers: number
  address: string | null
  cause: { title: string; confidence: number } | null
}
/** Expired copies: 0–1 of the requests, in the spike and before. */
export interface OldFigures {
  share: number
  before: number
}
/** A headline of expired copies. Times are epoch ms, UTC. */
export interface OldHeadline extends OldFigures {
  start: number
  end: number
  ongoing: boolean
  observed: number
  expected: number
  address: string | null
  cause: { title: string; confidence: number } | null
}
export interface LastedFigures {
  measure: string
  share: number
  before: number | null
  min: number | null
  max: number | null
}
export interface WaitedFigures {
  median: number
  decile: number
  before: number | null
}
/** One client: its address, and what is known of it. */
export interface ClientFigures {
  address: string
  asn: string | null
  /** two letters */
  country: string | null
  userAgent: string | null
  /** 0–1 of the spike's records */
  share: number
  /** 0–1 of the same kind before; null: there were none */
  before: number | null
  /** requests that it made in the spike */
  requests: number
}
/** A duration that no such cause would take, ms. */
export interface ContradictedFigures {
  measure: string
  median: number
}
/** A field that tells the cause and is as it was before. */
export interface UnchangedValue {
  field: string
  value: string
  description: string | null
}
export interface SubRequestFigures {
  status: number
  share: number
  before: number | null
}

export interface SpikeSentences {
  summary(figures: SpikeFigures): string
  /** "96 % carry SecuritySources = firewallManaged (before: 41 %)"; several values one after the other */
  carries(field: string, values: readonly CarriedValue[], past: Past): string
  /** nearly all requests are one client's */
  client(figures: ClientFigures, past: Past): string
  /** the fields that tell the cause are as before: there is only more of it */
  unchanged(values: readonly UnchangedValue[], past: Past): string
  /** what the records say against the cause */
  contradicted(figures: ContradictedFigures): string
  /** nothing explains the records: a guess by elimination */
  leftOver(): string
  /** where answers became slow, and how long they took */
  slow(figures: SlowFigures, past: Past): string
  slowSummary(headline: SlowHeadline): string
  oldSummary(headline: OldHeadline): string
  /** how many took between so and so long */
  lasted(figures: LastedFigures, past: Past): string
  /** no exported field tells more than the status */
  statusItself(status: number): string
  /** the trend of the other answers, with the figures that decided; durations in ms */
  slower(figures: TrendFigures, past: Past): string
  notSlower(figures: TrendFigures, past: Past): string
  trendUnknown(past: Past): string
  /** how long visitors waited, ms */
  waited(figures: WaitedFigures, past: Past): string
  /** a Worker's sub-requests */
  subRequests(figures: SubRequestFigures, past: Past): string
  /** old copies served because the origin could not be reached */
  stale(requests: number, expected: number): string
  /** requests that ended with another code for the same reason */
  also(status: number, requests: number, expected: number): string
  /** no record speaks for any cause */
  noEvidence(): string
  /** the export lacks fields that would tell */
  missing(fields: readonly string[]): string
  /** how long after what people wrote it began; negative: before */
  after(minutes: number, text: string): string
  /** what the values of a scope are called */
  scope: { readonly [dimension in ScopeDimension]: string }
  /** a value of a scope as a reader knows it: a country by name */
  scopeValue(dimension: string, value: string): string
}

export const SCOPE_DIMENSIONS = ['host', 'path', 'country', 'colo', 'asn', 'userAgent', 'securityRuleId'] as const
export type ScopeDimension = (typeof SCOPE_DIMENSIONS)[number]
