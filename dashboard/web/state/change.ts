/** How a figure moved against the period before. Pure. */
import type { Format } from './format.js'

export interface Change {
  /** `new`: there was nothing before; `none`: nothing to compare */
  kind: 'up' | 'down' | 'same' | 'new' | 'none'
  /** now / before; Infinity where nothing was before */
  ratio: number
}

/** Below this a difference is noise, not news. */
const sameWithin = 0.005

export function changeOf(now: number, before: number | null | undefined): Change {
  if (before === null || before === undefined) return { kind: 'none', ratio: NaN }
  if (before === 0) return now === 0 ? { kind: 'same', ratio: 1 } : { kind: 'new', ratio: Infinity }
  const ratio = now / before
  if (Math.abs(ratio - 1) < sameWithin) return { kind: 'same', ratio }
  return { kind: ratio > 1 ? 'up' : 'down', ratio }
}

/** +3 %, −12 %, 2.1× from twofold on. */
export function changeText(change: Change, format: Format): string {
  if (change.ratio >= 2) return format.times(change.ratio)
  const percent = Math.abs(change.ratio - 1)
  return new Intl.NumberFormat(format.locale, {
    style: 'percent',
    maximumFractionDigits: percent < 0.1 ? 1 : 0,
  }).format(percent)
}
