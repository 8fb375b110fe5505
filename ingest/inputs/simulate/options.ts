import { demoDefaults } from './demo.js'
import { shapes, fields } from './fields.js'
import { kinds } from './kinds.js'
import type { IncidentKindName } from './kinds.js'
import type { TimestampFormat } from './line-writer.js'
import { defaultHosts } from './world/hosts.js'
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

/** A wrong option. `code` is stable, the message says what to do. */
export class SimulateOptionError extends Error {
  readonly code = 'SIMULATE_OPTION'
}

/** Options with all defaults filled in and all values checked. */
export interface ResolvedOptions {
  seed: number | string
  fromMs: number
  toMs: number
  lines: number | null
  ratePerMinute: number
  fieldNames: readonly string[]
  timestamps: TimestampFormat
  internal: boolean
  sampleRate: number
  hosts: readonly HostSpec[]
  rhythm: Rhythm
  unrest: number
  strays: boolean
  nightlyJob: boolean
}

const dayMs = 86_400_000

export function resolveOptions(given: SimulateOptions): ResolvedOptions {
  const options = withPreset(given)
  const fromMs = instant(options.from, 'from')
  const toMs = instant(options.to, 'to')
  const minutes = (toMs - fromMs) / 60_000
  if (!(minutes > 0)) throw new SimulateOptionError('`to` must lie after `from`')
  if (toMs - fromMs > 100 * dayMs) throw new SimulateOptionError('the range is over 100 days; simulate it in parts')
  if ((options.lines === undefined) === (options.ratePerMinute === undefined)) {
    throw new SimulateOptionError('give either `lines` or `ratePerMinute`')
  }
  const lines = options.lines ?? null
  if (lines !== null && !(Number.isSafeInteger(lines) && lines > 0 && lines < 2 ** 32)) {
    throw new SimulateOptionError(`\`lines\` must be a whole number from 1 to 4,294,967,295, not ${lines}`)
  }
  const ratePerMinute = lines === null ? (options.ratePerMinute as number) : lines / minutes
  if (!(ratePerMinute > 0 && ratePerMinute * minutes < 2 ** 32)) {
    throw new SimulateOptionError(
      `\`ratePerMinute\` must be above 0 and give fewer than 2^32 lines, not ${ratePerMinute}`,
    )
  }
  const sampleRate = options.sampleRate ?? 1
  if (!(sampleRate > 0 && sampleRate <= 1))
    throw new SimulateOptionError(`\`sampleRate\` must be over 0 and at most 1, not ${sampleRate}`)
  const unrest = options.unrest ?? 1
  if (!(unrest >= 0 && unrest <= 3)) throw new SimulateOptionError(`\`unrest\` must be from 0 to 3, not ${unrest}`)
  const fieldNames = fieldNamesOf(options.shape ?? 'all')
  const timestamps = options.timestamps ?? (options.shape === 'logpull' ? 'rfc3339' : 'unixnano')
  if (!['unixnano', 'unix', 'rfc3339'].includes(timestamps)) {
    throw new SimulateOptionError(`\`timestamps\` must be unixnano, unix or rfc3339, not ${String(timestamps)}`)
  }
  const hosts = options.hosts ?? defaultHosts
  if (hosts.length === 0 || hosts.length > 200) throw new SimulateOptionError('give 1 to 200 hosts')
  const rhythm = options.rhythm ?? 'day'
  if (!['flat', 'day', 'week'].includes(rhythm))
    throw new SimulateOptionError(`\`rhythm\` must be flat, day or week, not ${String(rhythm)}`)
  return {
    seed: options.seed ?? 1,
    fromMs,
    toMs,
    lines,
    ratePerMinute,
    fieldNames,
    timestamps,
    internal: options.internal ?? (fieldNames.includes('ClientRequestSource') || fieldNames.includes('RequestSource')),
    sampleRate,
    hosts,
    rhythm,
    unrest,
    strays: options.strays ?? true,
    nightlyJob: options.nightlyJob ?? rhythm !== 'flat',
  }
}

/** Puts in what the preset says; a rate of one's own replaces its number of lines. */
function withPreset(given: SimulateOptions): SimulateOptions {
  if (given.preset === undefined) return given
  if (given.preset !== 'demo')
    throw new SimulateOptionError(`unknown preset ${JSON.stringify(given.preset)}; known: demo`)
  const { lines, ...defaults } = demoDefaults
  // A value of undefined (an option that a command line did not get) must not hide the default.
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as SimulateOptions
  return { ...defaults, ...(given.ratePerMinute === undefined ? { lines } : {}), ...said }
}

/** Checks a spec's own values; whether its scope exists is checked where the world is known. */
export function checkIncident(spec: IncidentSpec): void {
  if (!Object.hasOwn(kinds, spec.kind)) {
    throw new SimulateOptionError(
      `unknown incident kind ${JSON.stringify(spec.kind)}; known: ${Object.keys(kinds).join(', ')}`,
    )
  }
  if (!(spec.minutes > 0)) throw new SimulateOptionError(`${spec.kind}: \`minutes\` must be above 0`)
  const narrow = spec.path ?? spec.country ?? spec.colo ?? spec.asn ?? spec.userAgent
  if (narrow !== undefined && (spec.kind === 'flash-crowd' || spec.kind === 'log-gap')) {
    throw new SimulateOptionError(`${spec.kind}: only \`host\` can be its scope`)
  }
  if (spec.kind === 'log-gap' && spec.host !== undefined) {
    throw new SimulateOptionError('log-gap: a gap is of all logs; leave out `host`')
  }
  const { strength } = spec
  if (strength === undefined) return
  const number = typeof strength === 'number' ? strength : 'share' in strength ? strength.share : strength.times
  if (!(number > 0)) throw new SimulateOptionError(`${spec.kind}: \`strength\` must be above 0`)
  if (typeof strength === 'object' && 'share' in strength && number > 1) {
    throw new SimulateOptionError(`${spec.kind}: a share is at most 1`)
  }
  if ((typeof strength === 'object' && 'times' in strength) !== (spec.kind === 'flash-crowd')) {
    throw new SimulateOptionError(`${spec.kind}: \`{times}\` is the strength of a flash crowd and of nothing else`)
  }
}

/** Epoch ms of an option; `+90m` counts from `fromMs`. */
export function instant(value: number | string, name: string, fromMs = 0): number {
  const relative = typeof value === 'string' ? /^\+(\d+(?:\.\d+)?)([mhd])$/.exec(value) : null
  if (relative)
    return fromMs + Number(relative[1]) * { m: 60_000, h: 3_600_000, d: dayMs }[relative[2] as 'm' | 'h' | 'd']
  const ms = typeof value === 'number' ? value : Date.parse(value)
  if (!Number.isFinite(ms))
    throw new SimulateOptionError(
      `\`${name}\` is neither epoch milliseconds nor an ISO 8601 time: ${JSON.stringify(value)}`,
    )
  return Math.floor(ms)
}

function fieldNamesOf(shape: keyof typeof shapes | readonly string[]): readonly string[] {
  if (typeof shape === 'string') {
    if (!Object.hasOwn(shapes, shape)) {
      throw new SimulateOptionError(
        `unknown shape ${JSON.stringify(shape)}; known: ${Object.keys(shapes).join(', ')} or a list of field names`,
      )
    }
    return shapes[shape]
  }
  const unknown = shape.filter((name) => !Object.hasOwn(fields, name))
  if (unknown.length > 0) throw new SimulateOptionError(`unknown fields: ${unknown.join(', ')}`)
  if (shape.length === 0 || new Set(shape).size < shape.length)
    throw new SimulateOptionError('name at least one field, and none twice')
  return shape
}
