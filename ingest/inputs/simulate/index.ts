/**
 * The simulator: believable Cloudflare `http_requests` edge logs as NDJSON, seeded, with planted incidents, and the
 * truth about what was planted. It stands alone: it imports nothing of the product, so that its truth is a second
 * opinion.
 */
import { kinds } from './kinds.js'
import type { IncidentKindName } from './kinds.js'
import type { SimulateOptions } from './spec.js'
import { Simulation } from './simulation.js'

export { demoIncidents, demoOptions } from './demo.js'
export { fields as SIMULATE_FIELDS, shapes as SIMULATE_SHAPES } from './fields.js'
export type { IncidentKindName } from './kinds.js'
export type { TimestampFormat } from './line-writer.js'
export { SimulateOptionError } from './options.js'
export type { IncidentSpec, Rhythm, SimulateOptions } from './spec.js'
export { Simulation } from './simulation.js'
export type { GroundTruth, QuietEvent, TrueIncident } from './ground-truth.js'
export { defaultHosts } from './world/hosts.js'
export type { HostKind, HostSpec } from './world/hosts.js'

/** Begins a simulation. Wrong options throw a `SimulateOptionError` that says what to change. */
export function simulate(options: SimulateOptions): Simulation {
  return new Simulation(options)
}

/** The kinds of incidents, for help texts: `quiet` ones are planted but are no incidents. */
export const SIMULATE_KINDS: ReadonlyArray<{
  kind: IncidentKindName
  cause: string | null
  description: string
  quiet: boolean
}> = (Object.keys(kinds) as IncidentKindName[]).map((kind) => {
  const { cause, description, quiet } = kinds[kind]
  return { kind, cause, description, quiet }
})

/** What can be given for `rhythm` and `timestamps`. */
export const SIMULATE_RHYTHMS = ['flat', 'day', 'week'] as const
export const SIMULATE_TIMESTAMPS = ['unixnano', 'unix', 'rfc3339'] as const
