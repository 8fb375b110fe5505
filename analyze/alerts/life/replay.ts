/** Goes through the minutes of a signal and notes each firing. */
import type { EndReason, Instance } from '../../../schema/store/alert-log.js'
import { tickOf } from '../signals/minutes.js'
import type { Signal, SignalSet } from '../signals/signal.js'
import { newInstance, step, type LifeOptions, type Reading } from './step.js'

/** One firing as the logs of now tell it. */
export interface Firing {
  /** the episode that it goes on with, if it began before the range */
  episode: string | null
  pendingAt: number
  firedAt: number
  resolvedAt: number | null
  reason: EndReason | null
  flapping: boolean
  /** minute with the highest value; -1 if that was before the range */
  peakAt: number
  peak: number
}

export interface Replay {
  firings: Firing[]
  /** at the end of the range */
  end: Instance
  /** as it was at the close of minute `checkpoint` */
  before: Instance
  /** which firing each of them is in; -1: none */
  endFiring: number
  beforeFiring: number
  /** minutes of which nobody could tell */
  unknown: number
  firingMinutes: number
}

export interface ReplayRange {
  /** first and last minute (excluded) to go through */
  first: number
  last: number
  /** minute after which the instance is copied into `before` */
  checkpoint: number
}

export function replay(
  grid: SignalSet['grid'],
  signal: Signal,
  from: Instance | undefined,
  range: ReplayRange,
  options: LifeOptions,
): Replay {
  const one = from ? { ...from, starts: [...from.starts] } : newInstance()
  const firings: Firing[] = []
  let current = -1
  if (one.phase === 'firing') {
    firings.push({
      episode: one.episode,
      pendingAt: one.pendingAt,
      firedAt: one.firedAt,
      resolvedAt: null,
      reason: null,
      flapping: one.flapping,
      peakAt: -1,
      peak: one.peak,
    })
    current = 0
  }
  let before = copy(one)
  let beforeFiring = current
  let unknown = 0
  let firingMinutes = 0
  let peakAt = -1
  const { start, stay, startAbove, stayAbove } = signal
  const reading: Reading = { start: null, stay: null, value: 0 }

  for (let i = range.first; i < range.last; i++) {
    const value = stay[i]
    const isUnknown = Number.isNaN(one.phase === 'firing' ? value : start[i])
    if (isUnknown) unknown++
    // most minutes of most rules: nothing is going on
    if (!(one.phase === 'inactive' && !(start[i] > startAbove)) || isUnknown) {
      reading.start = Number.isNaN(start[i]) ? null : start[i] > startAbove
      reading.stay = Number.isNaN(value) ? null : value > stayAbove
      reading.value = value
      const peak = one.phase === 'inactive' ? -Infinity : one.peak
      const turn = step(one, tickOf(grid, i), reading, options)
      if (one.phase !== 'inactive' && one.peak > peak) peakAt = i
      if (turn?.turn === 'fired') {
        current =
          firings.push({
            episode: null,
            pendingAt: one.pendingAt,
            firedAt: one.firedAt,
            resolvedAt: null,
            reason: null,
            flapping: one.flapping,
            peakAt,
            peak: one.peak,
          }) - 1
      }
      if (current >= 0) {
        const firing = firings[current]
        firing.peak = Math.max(firing.peak, one.peak)
        if (peakAt >= 0) firing.peakAt = peakAt
        if (turn?.turn === 'resolved') {
          firing.resolvedAt = tickOf(grid, i)
          firing.reason = turn.reason
          current = -1
          peakAt = -1
        }
      }
    } else one.unknownSince = null
    if (one.phase === 'firing') firingMinutes++
    if (i === range.checkpoint) {
      before = copy(one)
      beforeFiring = current
    }
  }
  return { firings, end: one, before, endFiring: current, beforeFiring, unknown, firingMinutes }
}

const copy = (one: Instance): Instance => ({ ...one, starts: [...one.starts] })
