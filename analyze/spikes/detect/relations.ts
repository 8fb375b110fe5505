import { isOngoing, type Run } from './run.js'
import type { Scope, Source } from './types.js'

/** How series and their runs lie to each other: in time, and in what they count. */

/** Starts this near to each other (in minutes) are one start; found starts of weak or long rises are less exact. */
const SAME_START = 5
const SAME_START_AT_MOST = 15
/** Ends this near, in minutes or as part of the longer one, are one end. */
const SAME_END = 5
const SAME_END_PART = 0.2

export interface Span {
  start: number
  end: number
}

export const length = (a: Span): number => Math.max(1, a.end - a.start)
export const overlap = (a: Span, b: Span): number => Math.min(a.end, b.end) - Math.max(a.start, b.start)

/** Did they begin together, as far as that can be seen? What took long to be known has a start that is less exact. */
export function together(a: Run, b: Run): boolean {
  const unsure = Math.max(a.knownAt - a.start, b.knownAt - b.start)
  const slack = Math.min(SAME_START_AT_MOST, SAME_START + unsure)
  return Math.abs(a.start - b.start) <= slack && overlap(a, b) > 0
}

/** Did they also end together, as far as that is known? What took long to be known has an end that is less exact, too. */
export function endTogether(a: Run, b: Run): boolean {
  if (isOngoing(a) || isOngoing(b)) return true
  const unsure = Math.max(a.knownAt - a.start, b.knownAt - b.start)
  return Math.abs(a.end - b.end) <= Math.max(SAME_END, unsure, SAME_END_PART * Math.max(length(a), length(b)))
}

/** Could one trouble have made both? What the edge refuses, what a Worker throws and what the origin fails at are several. */
export function sameSide(a: Scope, b: Scope): boolean {
  const [one, other] = [sideOf(a.source), sideOf(b.source)]
  return one === null || other === null || one === other
}

/** Null: nobody can tell. */
function sideOf(source: Source | null): Source | null {
  if (source === 'origin-failure' || source === 'cache') return 'origin'
  return source === 'undetermined' ? null : source
}

export const sameCode = (a: Scope, b: Scope): boolean => a.status === b.status && a.source === b.source

/** Can a request belong to both? */
export function meet(a: Scope, b: Scope): boolean {
  const codes = a.status === null || b.status === null || sameCode(a, b)
  return codes && (a.host === null || b.host === null || a.host === b.host)
}

export const covers = (a: Scope, b: Scope): boolean => within(b, a) || (sameCode(a, b) && a.host === b.host)

/** Is `a` strictly narrower than `b`? */
export function within(a: Scope, b: Scope): boolean {
  const code = b.status === null || sameCode(a, b)
  const host = b.host === null || a.host === b.host
  return code && host && !(sameCode(a, b) && a.host === b.host)
}

/** A name for a series, equal for equal scopes. */
export const keyOf = ({ statusClass, status, source, host }: Scope): string =>
  `${statusClass} ${status ?? ''} ${source ?? ''} ${host ?? ''}`
