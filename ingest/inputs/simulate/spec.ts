/** What one can ask of the simulator. */
import type { shapes } from './fields.js'
import type { IncidentKindName } from './kinds.js'
import type { TimestampFormat } from './line-writer.js'
import type { HostSpec } from './world/hosts.js'

/** What to simulate. Only `from`, `to` and one of `lines`, `ratePerMinute` and `preset` are needed. */
export interface SimulateOptions {
  /** Same seed and same options give the same bytes. Default 1. */
  seed?: number | string
  /** First moment of `EdgeStartTimestamp`, epoch ms or ISO 8601. */
  from: number | string
  /** End of the range, excluded. At most 100 days after `from`. */
  to: number | string
  /** `demo`: a day's worth of traffic with incidents to look at; sets what is not given (see `demoDefaults`). */
  preset?: 'demo'
  /**
   * Requests in total, spread by the rhythm; what incidents add counts in. Exact, unless incidents alone bring more.
   */
  lines?: number
  /** Instead of `lines`: the mean number of requests per minute. */
  ratePerMinute?: number
  /**
   * `all` (82 fields), `status` (what Faultline uses), `logpull` (the 9 default fields) or field names in the wanted
   * order.
   */
  shape?: keyof typeof shapes | readonly string[]
  /** Default `rfc3339` for `logpull`, otherwise `unixnano`. */
  timestamps?: TimestampFormat
  /** Default `none`. `demo` places three incidents, a flash crowd and a phantom flood in proportion to the range. */
  incidents?: 'none' | 'demo' | readonly IncidentSpec[]
  /**
   * Records that no visitor saw: Worker sub-requests, Early Hints and cache API 504s, health checks, image resizing.
   * Default: if the chosen fields can tell them apart (`ClientRequestSource`).
   */
  internal?: boolean
  /** Share of the requests that is written, over 0 up to 1, like a sampled job; the lines don't say it. Default 1. */
  sampleRate?: number
  /** Default: eight example hosts. */
  hosts?: readonly HostSpec[]
  /** `flat`, `day` (night and day, UTC) or `week` (also weekends). Default `day`. */
  rhythm?: Rhythm
  /** How restless traffic and errors are beyond Poisson: 1 is usual, 0 leaves pure chance, at most 3. Default 1. */
  unrest?: number
  /** Little bursts of 2 to 7 errors now and then, as any origin has. Default true. */
  strays?: boolean
  /** A batch client at 02:30 UTC every night. Default: unless the rhythm is `flat`. */
  nightlyJob?: boolean
}

export type Rhythm = 'flat' | 'day' | 'week'

/**
 * One planted incident (or quiet event: see the kinds). Unset scope means: all hosts, paths, clients that suit the
 * kind.
 */
export interface IncidentSpec {
  kind: IncidentKindName
  /** Epoch ms, ISO 8601, or `+90m` / `+6h` / `+2d` after `from`. */
  start: number | string
  minutes: number
  /**
   * A number: requests per minute at full height. `{share}`: that part of the requests in scope turns into the incident
   * (`{share: 1}` = all). `{times}`: only for `flash-crowd`, the traffic as a multiple. Default: by kind.
   */
  strength?: number | { share: number } | { times: number }
  /** `ramp` grows evenly to full height at the end, `pulse` is on for three minutes and off for two. Default `step`. */
  shape?: 'step' | 'ramp' | 'pulse'
  host?: string
  /**
   * A path of the host's routes with ids as `:id`, also as a prefix of whole segments; an unknown path is added to
   * the host.
   */
  path?: string
  country?: string
  colo?: string
  asn?: number
  userAgent?: string
  /** Id of the security rule, for kinds that have one. */
  ruleId?: string
  /** Whether the requests come on top of the usual traffic instead of out of it. Default: by kind. */
  extra?: boolean
  /** Name in the ground truth. Default: kind and number. */
  id?: string
}
