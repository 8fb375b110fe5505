/**
 * The address of a rule that is not there yet: `new`, or `new:KIND:FIGURE` where somebody saw a figure that shall not be passed
 * again. Pure.
 */
import type { RuleForm } from './alerts-form.js'
import { MINUTE } from '../../../schema/words/duration.js'

/** Kinds that can be asked for by a figure, with what else they begin with. */
const KINDS: { readonly [kind: string]: (figure: string) => Partial<RuleForm> } = {
  count: (above) => ({ kind: 'count', above, window: '5m' }),
  latency: (above) => ({
    kind: 'latency',
    other: { measure: 'first-byte', percentile: 0.95, window: '5m', above: Number(above), minimum: 100 },
  }),
}
const windowMs = 5 * MINUTE

/** What the form begins with; null: it is no such address. */
export function newRuleAt(id: string): Partial<RuleForm> | null {
  if (id === 'new') return {}
  const [, kind, figure] = /^new:([a-z]+):(\d+)$/.exec(id) ?? []
  return kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind](figure) : null
}

/** Two digits are enough for a limit that somebody will look at again. */
function limit(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}

/** A rule for more than twice as many requests in five minutes as there ever were in the columns of a chart. */
export function ruleOfRequests(points: readonly number[], stepMs: number): string {
  const inWindow = (Math.max(0, ...points) * windowMs) / stepMs
  return `new:count:${limit(Math.max(50, inWindow) * 2)}`
}

/** A rule for first bytes that take twice as long as they do. */
export const ruleOfSpeed = (p95: number): string => `new:latency:${limit(Math.max(50, p95) * 2)}`
