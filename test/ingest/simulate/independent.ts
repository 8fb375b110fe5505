/**
 * A second reader of simulated lines, written from the fact sheet (5.1, 5.2) and sharing nothing with the product or
 * the simulator: plain counts over raw fields, to hold the ground truth against.
 */
import type { SimulateOptions, Simulation } from '../../../ingest/inputs/simulate/index.js'
import { simulate } from '../../../ingest/inputs/simulate/index.js'

export type Row = Record<string, unknown> & {
  RayID: string
  EdgeStartTimestamp: number
  EdgeEndTimestamp: number
  EdgeResponseStatus: number
  OriginResponseStatus: number
  CacheCacheStatus: string
  CacheResponseStatus: number
  ClientRequestSource: string
  WorkerSubrequest: boolean
  WorkerStatus: string
  ParentRayID: string
  SecurityAction: string
  SecurityActions: string[]
  SecuritySources: string[]
  SecurityRuleID: string
  EdgePathingOp: string
  EdgePathingSrc: string
  EdgePathingStatus: string
  ClientRequestHost: string
  ClientRequestPath: string
  ClientRequestURI: string
  ClientCountry: string
  EdgeColoCode: string
  ClientIP: string
  ClientASN: number
  OriginIP: string
  EdgeServerIP: string
  EdgeTimeToFirstByteMs: number
  OriginResponseDurationMs: number
  ClientRequestUserAgent: string
}

export function textOf(simulation: Simulation): string {
  return Buffer.concat([...simulation.chunks()]).toString()
}

/**
 * Runs a simulation and reads it back; timestamps are asked for in whole seconds and milliseconds, so numbers are
 * exact enough.
 */
export function run(options: SimulateOptions): { simulation: Simulation; rows: Row[] } {
  const simulation = simulate(options)
  return {
    simulation,
    rows: textOf(simulation)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
  }
}

/** Epoch ms of a nanosecond timestamp that JSON.parse rounded by at most 128 ns. */
export function startMs(row: Row): number {
  return Math.round(row.EdgeStartTimestamp / 1e6)
}

export function endMs(row: Row): number {
  return Math.round(row.EdgeEndTimestamp / 1e6)
}

export function isVisitor(row: Row): boolean {
  const internal = [
    'purge',
    'alwaysOnline',
    'healthcheck',
    'edgeWorkerFetch',
    'edgeWorkerCacheAPI',
    'edgeWorkerKV',
    'imageResizing',
    'sslDetector',
    'earlyHintsCache',
  ]
  return !row.WorkerSubrequest && !internal.includes(row.ClientRequestSource)
}

export function classOf(status: number): string {
  if (status === 499) return '499'
  if (status >= 200 && status <= 599) return `${String(status)[0]}xx`
  return 'other'
}

/** Who wrote the status, by the decision order of the fact sheet. */
export function sourceOf(row: Row): string {
  const edge = row.EdgeResponseStatus
  const origin = row.OriginResponseStatus
  if (edge === 499 || edge === 0) return 'client'
  if ((edge >= 520 && edge <= 526) || edge === 530) return 'origin-failure'
  const ends = [
    'block',
    'drop',
    'ban',
    'challenge',
    'jschallenge',
    'managedchallenge',
    'connectionclose',
    'forceconnectionclose',
  ]
  const ended = [row.SecurityAction, ...row.SecurityActions].some((action) =>
    ends.includes(action.toLowerCase().replaceAll('_', '')),
  )
  if (origin === 0 && (ended || ['ban', 'chl'].includes(row.EdgePathingOp) || row.EdgePathingSrc === 'err'))
    return 'edge'
  if (origin > 0) {
    if (origin === edge) return 'origin'
    if (row.CacheCacheStatus === 'revalidated') return 'cache'
    if (origin < 400 === edge < 400) return 'origin'
    return row.WorkerStatus === 'unknown' || row.WorkerStatus === '' ? 'edge' : 'worker'
  }
  if (['hit', 'stale', 'updating', 'revalidated', 'stream_hit'].includes(row.CacheCacheStatus)) return 'cache'
  if (edge === 502 || edge === 504) return 'origin-failure'
  return row.WorkerStatus === 'unknown' || row.WorkerStatus === '' ? 'edge' : 'worker'
}

export function countBy(rows: readonly Row[], key: (row: Row) => string | number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1
  return counts
}

/** Requests per minute of the range for rows that match. */
export function perMinute(
  rows: readonly Row[],
  fromMs: number,
  minutes: number,
  matches: (row: Row) => boolean = () => true,
): number[] {
  const counts = Array.from({ length: minutes }, () => 0)
  for (const row of rows) if (matches(row)) counts[Math.floor((startMs(row) - fromMs) / 60_000)] += 1
  return counts
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
