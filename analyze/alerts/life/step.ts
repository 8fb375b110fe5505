/**
 * The life of one alert, minute by minute of event time: inactive → pending → firing → resolved. A pure machine: the
 * same values give the same life, however often it is gone through.
 */
import type { EndReason, Instance } from '../../../schema/store/alert-log.js'
import { HOUR, MINUTE } from '../../../schema/words/duration.js'

export interface LifeOptions {
  /** broken for so long before it fires, ms */
  forMs: number
  /** over for so long before it resolves, ms */
  keepFiringForMs: number
  flapping: FlappingOptions
  /** an alert of which nobody can tell any more ends after this, ms */
  giveUpMs: number
}

export interface FlappingOptions {
  /** so many firings … */
  times: number
  /** … within this, ms, are flapping … */
  withinMs: number
  /** … and then it must be over for so long before it resolves, ms */
  holdMs: number
}

export const DEFAULT_FLAPPING: FlappingOptions = { times: 3, withinMs: HOUR, holdMs: 30 * MINUTE }

export function newInstance(): Instance {
  return {
    phase: 'inactive',
    pendingAt: 0,
    firedAt: 0,
    calmAt: null,
    unknownSince: null,
    starts: [],
    flapping: false,
    episode: null,
    peak: 0,
  }
}

/** What the minute says: is it broken enough to begin, and enough to go on? Null: nobody can tell. */
export interface Reading {
  start: boolean | null
  stay: boolean | null
  value: number
}

export type Turn = { turn: 'fired' } | { turn: 'resolved'; reason: EndReason }

/** Moves the instance on to the tick `at`; says if it fired or resolved there. */
export function step(one: Instance, at: number, reading: Reading, options: LifeOptions): Turn | null {
  const broken = one.phase === 'firing' ? reading.stay : reading.start
  if (broken === null) return holdStill(one, at, options)
  one.unknownSince = null
  if (one.phase === 'firing') return stepFiring(one, at, broken, reading.value, options)
  if (!broken) {
    one.phase = 'inactive'
    return null
  }
  if (one.phase === 'inactive') {
    one.phase = 'pending'
    one.pendingAt = at
    one.peak = reading.value
  }
  one.peak = Math.max(one.peak, reading.value)
  if (at - one.pendingAt < options.forMs) return null
  return fire(one, at, options)
}

function fire(one: Instance, at: number, { flapping }: LifeOptions): Turn {
  one.phase = 'firing'
  one.firedAt = at
  one.calmAt = null
  one.episode = null
  one.starts = [...one.starts.filter((start) => at - start < flapping.withinMs), at]
  one.flapping = one.starts.length >= flapping.times
  return { turn: 'fired' }
}

function stepFiring(one: Instance, at: number, broken: boolean, value: number, options: LifeOptions): Turn | null {
  if (broken) {
    one.calmAt = null
    one.peak = Math.max(one.peak, value)
    return null
  }
  one.calmAt ??= at
  const hold = one.flapping ? Math.max(options.keepFiringForMs, options.flapping.holdMs) : options.keepFiringForMs
  return at - one.calmAt >= hold ? resolve(one, 'recovered') : null
}

function resolve(one: Instance, reason: EndReason): Turn {
  one.phase = 'inactive'
  one.calmAt = null
  one.unknownSince = null
  one.flapping = false
  return { turn: 'resolved', reason }
}

/** Nobody can tell: nothing begins, nothing ends, and the clocks of `for` and `keepFiringFor` stand still. */
function holdStill(one: Instance, at: number, { giveUpMs }: LifeOptions): Turn | null {
  one.unknownSince ??= at
  if (one.phase === 'pending') one.pendingAt += MINUTE
  if (one.phase === 'firing' && one.calmAt !== null) one.calmAt += MINUTE
  if (one.phase === 'inactive' || at - one.unknownSince < giveUpMs) return null
  if (one.phase === 'firing') return resolve(one, 'no-data')
  one.phase = 'inactive'
  return null
}

/** Nothing of it needs to be remembered at `at`. */
export function isForgettable(one: Instance, at: number, { flapping }: LifeOptions): boolean {
  return one.phase === 'inactive' && !one.starts.some((start) => at - start < flapping.withinMs)
}
