import { demoDefaults } from './demo.js'
import { shapes, fields } from './fields.js'
import { kinds } from './kinds.js'
import type { TimestampFormat } from './line-writer.js'
import type { IncidentSpec, Rhythm, SimulateOptions } from './spec.js'
import { dayMs, hourMs, minuteMs } from './time.js'
import { defaultHosts } from './world/hosts.js'
import type { HostSpec } from './world/hosts.js'

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

export function resolveOptions(given: SimulateOptions): ResolvedOptions {
  const options = withPreset(given)
  const fromMs = instant(options.from, 'from')
  const toMs = instant(options.to, 'to')
  const minutes = (toMs - fromMs) / minuteMs
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
    return fromMs + Number(relative[1]) * { m: minuteMs, h: hourMs, d: dayMs }[relative[2] as 'm' | 'h' | 'd']
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
