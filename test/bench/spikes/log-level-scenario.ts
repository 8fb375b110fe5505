import { simulate, SIMULATE_SHAPES, SimulateOptionError, defaultHosts } from '../../../ingest/inputs/simulate/index.js'
import type { GroundTruth, HostSpec, IncidentSpec, SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { causedKinds, randomIncident, randomTrap, type Place } from './log-level-incidents.js'
import { otherWorld } from './log-level-other.js'
import { seeded, type Random } from '../../analyze/worlds/random.js'

/** What the scores need of the truth. */
export type Truth = Pick<GroundTruth, 'from' | 'to' | 'records' | 'fields' | 'incidents' | 'quiet'> & {
  counts: { host: { [host: string]: number } }
}

/** One site's export: its lines, the truth about them (whole once the lines are read), and what to call it. */
export interface LogScenario {
  seed: number
  /** For reading: hosts, rate, span, fields. */
  name: string
  exportName: string
  /** What was planted, for reading. */
  plan: unknown
  /** Ids of incidents that begin at full height. */
  isStep(incident: { id: string }): boolean
  /** Nothing but traps was planted. */
  quiet: boolean
  open(): { chunks: Iterable<Buffer>; truth(): Truth }
}

const HOUR = 3_600_000
const { status, all, logpull } = SIMULATE_SHAPES
const without = (...names: string[]) => status.filter((field) => !names.some((name) => field.startsWith(name)))

/** What jobs choose to send. Legacy names are those from before 2023. */
export const EXPORTS: { [name: string]: readonly string[] } = {
  all,
  status,
  logpull,
  'no security': without('Security'),
  'no pathing': without('EdgePathing'),
  'no origin status': without('OriginResponseStatus'),
  'no request source': without('ClientRequestSource'),
  'no durations': without('EdgeTimeToFirstByteMs', 'OriginResponseDurationMs'),
  'first byte only': without('OriginResponseDurationMs'),
  'origin time only': without('EdgeTimeToFirstByteMs'),
  'no address, no agent': without('ClientIP', 'ClientRequestUserAgent', 'ClientASN'),
  'legacy': [
    ...without(
      'Security',
      'OriginResponseDurationMs',
      'EdgeTimeToFirstByteMs',
      'ClientRequestSource',
      'ClientRequestPath',
    ),
    'WAFAction',
    'WAFRuleID',
    'WAFRuleMessage',
    'FirewallMatchesActions',
    'FirewallMatchesRuleIDs',
    'FirewallMatchesSources',
    'OriginResponseTime',
    'RequestSource',
  ],
  'WAFAction only': [...without('Security', 'EdgePathing'), 'WAFAction'],
}

const SITES: { [name: string]: readonly HostSpec[] } = {
  'eight hosts': defaultHosts,
  'one host': [{ host: 'www.lanterne.example', zone: 'lanterne.example', kind: 'site', share: 1 }],
  'one api': [{ host: 'api.depot.example', zone: 'depot.example', kind: 'api', share: 1, latencyMs: 140 }],
  'two equal hosts': [
    { host: 'en.magasin.example', zone: 'magasin.example', kind: 'shop', share: 1 },
    { host: 'fr.magasin.example', zone: 'magasin.example', kind: 'shop', share: 1 },
  ],
  'one big, many small': [
    { host: 'portal.kontor.example', zone: 'kontor.example', kind: 'site', share: 80 },
    ...['blog', 'jobs', 'press', 'docs'].map((name) => ({
      host: `${name}.kontor.example`,
      zone: 'kontor.example',
      kind: 'site' as const,
      share: 4,
    })),
    { host: 'api.kontor.example', zone: 'kontor.example', kind: 'api', share: 6 },
  ],
  'behind a Worker': [
    { host: 'app.studio.example', zone: 'studio.example', kind: 'app', share: 4, worker: 'gateway' },
    { host: 'www.studio.example', zone: 'studio.example', kind: 'site', share: 5 },
    { host: 'id.studio.example', zone: 'studio.example', kind: 'auth', share: 1 },
  ],
}

/** Every fourth seed is a world of the other maker. */
export function logScenario(seed: number): LogScenario {
  return seed % 4 === 3 ? otherScenario(seed) : simulatedScenario(seed)
}

function otherScenario(seed: number): LogScenario {
  const world = otherWorld(seed)
  const { incidents } = world.truth()
  return {
    seed,
    name: world.name,
    exportName: world.exportName,
    plan: incidents,
    quiet: incidents.length === 0,
    isStep: () => false,
    open: () => ({ chunks: world.chunks(), truth: world.truth }),
  }
}

function simulatedScenario(seed: number): LogScenario {
  const r = seeded(seed * 7919 + 17)
  const siteName = r.chance(0.5) ? 'eight hosts' : r.pick(Object.keys(SITES))
  const hosts = SITES[siteName]
  const exportName = r.chance(0.45) ? r.pick(['all', 'status']) : r.pick(Object.keys(EXPORTS))
  const fields = EXPORTS[exportName]
  const ratePerMinute = r.chance(0.03) ? r.spread(800, 3_000) : r.spread(2, 250)
  const hours = Math.round(Math.min(48, Math.max(4, r.spread(8_000, 50_000) / ratePerMinute / 60)))
  const from = Date.UTC(2026, r.whole(0, 11), r.whole(1, 28), r.whole(0, 23), r.whole(0, 59))
  const quiet = r.chance(0.25)
  const place: Place = {
    hosts,
    hours,
    ratePerMinute,
    hasWorker: hosts.some((host) => host.worker !== undefined) && fields.includes('ClientRequestSource'),
  }
  const options: SimulateOptions = {
    seed,
    from,
    to: from + hours * HOUR,
    ratePerMinute,
    hosts,
    shape: fields,
    timestamps: r.pick(['unixnano', 'unixnano', 'unix', 'rfc3339']),
    rhythm: r.pick(['day', 'day', 'flat']),
    unrest: r.between(0.3, 1.3),
    incidents: [],
  }
  const incidents = quiet ? [] : plantIncidents(r, place, options)
  const traps = Array.from({ length: r.whole(0, quiet ? 4 : 2) }, () => randomTrap(r, place)).filter((trap) =>
    isPossible(options, trap),
  )
  const whole = { ...options, incidents: [...incidents, ...traps] }
  const shoutedHosts = r.chance(0.15)
  return {
    seed,
    quiet,
    exportName,
    plan: whole,
    name: `${siteName}, ${ratePerMinute.toFixed(0)}/min, ${hours} h, ${exportName}`,
    isStep: ({ id }) => incidents.some((spec, i) => spec.shape === 'step' && id === `${spec.kind}-${i + 1}`),
    open() {
      const simulation = simulate(whole)
      return {
        chunks: shoutedHosts ? shouted(simulation.chunks()) : simulation.chunks(),
        truth: () => simulation.truth(),
      }
    },
  }
}

/** Every other visitor types the host in capitals. */
function* shouted(chunks: Iterable<Buffer>): Generator<Buffer> {
  let n = 0
  for (const chunk of chunks) {
    const text = chunk
      .toString()
      .replaceAll(/"ClientRequestHost":"([^"]+)"/g, (line, host: string) =>
        n++ % 2 === 0 ? line : `"ClientRequestHost":"${host.toUpperCase()}"`,
      )
    yield Buffer.from(text)
  }
}

/** One to three incidents; those of one status keep their distance, others may overlap. */
function plantIncidents(r: Random, place: Place, options: SimulateOptions): IncidentSpec[] {
  const planted: IncidentSpec[] = []
  const wanted = r.pick([1, 1, 2, 2, 3])
  const mayOverlap = r.chance(0.3)
  for (let tries = 0; planted.length < wanted && tries < 60; tries++) {
    const spec = randomIncident(r, place)
    if (planted.some((other) => clash(spec, other, mayOverlap)) || !isPossible(options, spec)) continue
    planted.push(spec)
  }
  return planted
}

function clash(a: IncidentSpec, b: IncidentSpec, mayOverlap: boolean): boolean {
  const startOf = (spec: IncidentSpec) => Number(String(spec.start).slice(1, -1))
  const apart =
    mayOverlap &&
    causedKinds.get(a.kind) !== causedKinds.get(b.kind) &&
    a.kind !== 'mixed-5xx' &&
    b.kind !== 'mixed-5xx'
      ? -Infinity
      : 90
  return startOf(a) < startOf(b) + b.minutes + apart && startOf(b) < startOf(a) + a.minutes + apart
}

/** The simulator refuses scopes that no traffic has. */
function isPossible(options: SimulateOptions, spec: IncidentSpec): boolean {
  try {
    simulate({ ...options, ratePerMinute: undefined, lines: 1, incidents: [spec] })
    return true
  } catch (error) {
    if (error instanceof SimulateOptionError) return false
    throw error
  }
}
