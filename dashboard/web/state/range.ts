/** From what the reader chose to the span and step that is asked for. Pure. */
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import type { Range } from './url.js'

export interface Span {
  from: number
  /** excluded */
  to: number
  /** bucket width as the API takes it: ms, or `day` in the reader's time zone */
  step: number | 'day' | 'week'
  stepMs: number
  /** moves with the clock */
  moving: boolean
}

const WEEK = 7 * DAY
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((m) => m * MINUTE)

/** More columns than this are too thin to hit. */
export const maxBuckets = 150

export const PRESETS = ['15m', '1h', '6h', '12h', '24h', '3d', '7d', '30d'] as const

/** The finest step that keeps the columns wide enough. */
export function stepFor(ms: number): Pick<Span, 'step' | 'stepMs'> {
  const step = STEPS.find((s) => ms / s <= maxBuckets)
  if (step !== undefined) return { step, stepMs: step }
  if (ms / DAY <= maxBuckets * 3) return { step: 'day', stepMs: DAY }
  if (ms / WEEK <= maxBuckets * 3) return { step: 'week', stepMs: WEEK }
  // beyond decades, whole multiples of what is nearly a month, a quarter, a year: one stray line of 1970 is enough for it
  let long = 4 * WEEK
  while (ms / long > maxBuckets) long *= long < 52 * WEEK ? 13 / 4 : 2
  const whole = Math.round(long / WEEK) * WEEK
  return { step: whole, stepMs: whole }
}

const floor = (t: number, step: number): number => Math.floor(t / step) * step
const ceil = (t: number, step: number): number => Math.ceil(t / step) * step

/** A span whose ends lie on whole buckets (minutes for those a reader gave), so that every figure covers the same time. */
export function spanOf(from: number, to: number, moving: boolean): Span {
  const step = stepFor(to - from)
  const edge = moving ? Math.min(step.stepMs, DAY) : MINUTE
  const start = floor(from, edge)
  const end = Math.max(ceil(to, edge), start + MINUTE)
  return { from: start, to: end, ...stepFor(end - start), moving }
}

/** What the store holds, epoch ms. */
export interface Extent {
  from: number
  to: number
  /** nothing of it lies in the last 24 hours, whatever its ends say: a line of 2099 may be one of them */
  quiet?: boolean
}

/**
 * The span to ask for. Null: it can not be known before the extent of the data is.
 * `now` is epoch ms; `auto` means the last 24 hours until the extent shows that they are empty.
 */
export function resolveRange(range: Range, now: number, extent: Extent | null): Span | null {
  switch (range.kind) {
    case 'span':
      return spanOf(range.from, range.to, false)
    case 'last':
      return spanOf(now - range.ms, now, true)
    case 'all':
      return extent && spanOf(extent.from, extent.to + 1, false)
    case 'auto':
      if (extent && (extent.quiet || extent.to < now - DAY || extent.from > now))
        return spanOf(extent.from, extent.to + 1, false)
      return spanOf(now - DAY, now, true)
  }
}

/** The same width again, before (-1) or after (1). */
export function shifted(span: Span, direction: -1 | 1): Range {
  const width = span.to - span.from
  return { kind: 'span', from: span.from + direction * width, to: span.to + direction * width }
}

/** Twice the width about the same middle, not into the future. */
export function widened(span: Span, now: number): Range {
  const half = Math.max((span.to - span.from) / 2, MINUTE)
  const to = Math.min(span.to + half, Math.max(now, span.to))
  return { kind: 'span', from: floor(span.from - half, MINUTE), to: ceil(to, MINUTE) }
}
