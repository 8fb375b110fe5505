import type { IncidentSpec, SimulateOptions } from './spec.js'
import { dayMs, minuteMs } from './time.js'

/**
 * A day that shows what the product does: a managed rule that blocks the checkout, an API whose origin cannot be
 * reached, a shop that became too slow for its visitors; beside them a flash crowd and a flood of phantom 504s that
 * are no incidents. Everything is placed in proportion to the range and to the traffic.
 */
export function demoIncidents({
  fromMs,
  toMs,
  ratePerMinute,
}: {
  fromMs: number
  toMs: number
  ratePerMinute: number
}): IncidentSpec[] {
  const rangeMinutes = (toMs - fromMs) / minuteMs
  const at = (part: number): number => Math.floor((fromMs + part * (toMs - fromMs)) / minuteMs) * minuteMs
  const minutes = (usual: number): number =>
    Math.max(3, Math.round(Math.min(usual, (usual / 1_440) * rangeMinutes * 3)))
  const strength = (part: number): number => Math.max(1, part * ratePerMinute)
  return [
    { kind: 'flash-crowd', start: at(0.2), minutes: minutes(25), strength: { times: 5 }, host: 'www.example.com' },
    { kind: 'slow-origin', start: at(0.4), minutes: minutes(35), strength: strength(0.06), host: 'shop.example.com' },
    {
      kind: 'connection-timeout',
      start: at(0.58),
      minutes: minutes(20),
      strength: strength(0.13),
      host: 'api.example.com',
    },
    { kind: 'phantom-504', start: at(0.74), minutes: minutes(40), strength: strength(0.3), host: 'www.example.com' },
    {
      kind: 'waf-managed-rule',
      start: at(0.88),
      minutes: minutes(28),
      strength: strength(0.1),
      host: 'www.example.com',
      path: '/checkout',
      ruleId: '5f1c8a3be0d94b7c9a62c4d7e81b03fa',
    },
  ]
}

/** What the `demo` preset sets unless told otherwise: about 200,000 visitors in the fields that Faultline uses. */
export const demoDefaults = {
  lines: 206_000,
  shape: 'status',
  rhythm: 'day',
  incidents: 'demo',
} as const satisfies Partial<SimulateOptions>

/** Options for the demo: the 24 hours before `now`. */
export function demoOptions(now: number, seed: number | string = 4711): SimulateOptions {
  const to = Math.floor(now / minuteMs) * minuteMs
  return { ...demoDefaults, seed, from: to - dayMs, to }
}
