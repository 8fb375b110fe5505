import { BASELINE_NUMBERS, copyBaseline, evidenceOf, rateOf, type Baseline } from './baseline.js'
import { SCALES, varianceOf, type Dispersion } from './dispersion.js'
import { between, rateBefore, type Past } from './past.js'
import { ALL, EXPOSURE, NEWCOMERS, REQUESTS, SEEN } from './sums.js'
import { befallsMany } from './scan.js'
import { surprise } from './tail.js'
import type { Temper } from './temper.js'

/**
 * Stretches of hours, up to a day, for series so sparse that two hours of them hold next to nothing: a site of four requests
 * an hour of which all fail. Sums are kept by quarters of an hour.
 *
 * Over hours everything drifts, and what single clients do adds up. So a rise of hours has to be one in share: a good part
 * of all requests fails, again and again, without long pauses. Where nearly all of them do, fewer suffice; of what healthy sites
 * hardly have at all a smaller part does, or a front page that fails at a slowly waking site would teach that this is usual.
 */
export interface Hours {
  /** From place (s modulo SLOTS) * NUMBERS on: sums before the first minute of slot s, then the baseline as it was; see Past. */
  ring: Float64Array
  /** Slots since the beginning. */
  slots: number
}

export interface RiseOfHours {
  score: number
  /** First minute. */
  from: number
  rate: number
  evidence: number
  /** Above the expectation, per unit of exposure. */
  excess: number
}

const SLOT = 15
const SLOTS = 128
/** Widths in slots: from an hour to a day. */
const WIDTHS = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96]
/** A series is sparse where less than this is expected in two hours. */
const SPARSE = 2
/** Part of the exposure that must fail; a minute with a request counts for more than one, so nearly all of the requests come to half of it. */
const LEAST_SHARE = 0.35
/** Where this part of the requests fails, so many failures of so many different clients will do. */
const NEARLY_ALL = 0.8
const LEAST_OF_ALL = 6
const CLIENTS_OF_ALL = 5
/** Variance over mean of such clients. */
const FANO_OF_CLIENTS = 1.2
/** A smaller part (`temper.leastShare`) has to be so many times what is usual, of so many clients. */
const TIMES = 12
const CLIENTS_OF_PART = 12
const LONG_WIDTH = 12
/** The longest pause between two failures: so many slots, or this part of the stretch. */
const PAUSE = 8
const PAUSE_PART = 0.3

/** Sums that are kept, and where the baseline begins. */
const KEPT = [SEEN, ALL, NEWCOMERS, EXPOSURE, REQUESTS]
const BASELINE = REQUESTS + 1
const NUMBERS = BASELINE + BASELINE_NUMBERS

export function newHours(): Hours {
  return { ring: new Float64Array(SLOTS * NUMBERS), slots: 0 }
}

/** To be called in each minute, once it is open in `past`. */
export function openHour(h: Hours, i: number, past: Past, b: Baseline): void {
  if (i % SLOT !== 0) return
  const at = placeOf(i / SLOT)
  h.slots = i / SLOT + 1
  for (const sum of KEPT) h.ring[at + sum] = past.now[sum]
  copyBaseline(b, 0, h.ring, at + BASELINE)
}

const placeOf = (slot: number): number => (slot % SLOTS) * NUMBERS

interface Scanned {
  past: Past
  hours: Hours
  dispersion: Dispersion
  baseline: Baseline
  /** First minute that a stretch may include. */
  floor: number
}

/** The most surprising stretch of hours that ends with minute i, if its score reaches the threshold. */
export function scanHours(w: Scanned, i: number, temper: Temper, threshold: number): RiseOfHours | null {
  const { past, hours, dispersion } = w
  if (rateBefore(past, i) * between(past, Math.max(0, i - 120), i + 1, i, EXPOSURE) > SPARSE) return null
  const slot = Math.floor(i / SLOT)
  // too little failed in the widest stretch for any
  const earliest = Math.max(0, slot - WIDTHS[WIDTHS.length - 1] + 1, hours.slots - SLOTS + 1, Math.ceil(w.floor / SLOT))
  if (earliest > slot) return null
  if (past.now[SEEN] - hours.ring[placeOf(earliest) + SEEN] < Math.min(LEAST_OF_ALL, temper.minExcess)) return null
  let best: RiseOfHours | null = null
  for (const width of WIDTHS) {
    const first = slot - width + 1
    if (first < 0 || first <= hours.slots - SLOTS || first * SLOT < w.floor) break
    const at = placeOf(first)
    const { seen, all, requests, exposure, newcomers } = sinceHour(hours, first * SLOT, past)
    const rate = rateOf(hours.ring, at + BASELINE, temper)
    const usual = rate * exposure
    const isNearlyAll = all >= NEARLY_ALL * requests && newcomers >= CLIENTS_OF_ALL
    if (seen - usual < (isNearlyAll ? Math.min(LEAST_OF_ALL, temper.minExcess) : temper.minExcess)) continue
    const isPart =
      seen >= temper.leastShare * exposure &&
      seen >= TIMES * usual &&
      newcomers >= CLIENTS_OF_PART &&
      width >= LONG_WIDTH
    if (seen < LEAST_SHARE * exposure && !isNearlyAll && !isPart) continue
    if (!befallsMany(newcomers, usual, w.baseline, temper)) continue
    if (longestPause(hours, first, slot, past) > Math.max(PAUSE, PAUSE_PART * width)) continue
    const evidence = evidenceOf(hours.ring, at + BASELINE, temper)
    const variance = varianceOf(dispersion, SCALES - 1, usual, temper.fano, temper.wobble) + usual ** 2 / evidence
    // different clients of whom nearly each one fails do not cling together as one client's failures do
    const score = Math.max(
      surprise(seen, usual, variance),
      isNearlyAll ? surprise(newcomers, usual, FANO_OF_CLIENTS * usual + usual ** 2 / evidence) : 0,
    )
    if (score < (best?.score ?? threshold)) continue
    best = { score, from: first * SLOT, rate, evidence, excess: (seen - usual) / exposure }
  }
  return best
}

/** Sums from minute `from`, the first of a slot, up to now. */
export function sinceHour(
  { ring }: Hours,
  from: number,
  { now }: Past,
): { seen: number; all: number; newcomers: number; exposure: number; requests: number } {
  const at = placeOf(from / SLOT)
  return {
    seen: now[SEEN] - ring[at + SEEN],
    all: now[ALL] - ring[at + ALL],
    newcomers: now[NEWCOMERS] - ring[at + NEWCOMERS],
    exposure: now[EXPOSURE] - ring[at + EXPOSURE],
    requests: now[REQUESTS] - ring[at + REQUESTS],
  }
}

/** First minute of the first slot from minute `from` on in which something failed; `before`, if there was none. */
export function firstSlotSeen(h: Hours, from: number, before: number): number {
  for (let slot = from / SLOT; (slot + 1) * SLOT <= before; slot++)
    if (seenBefore(h, slot + 1) > seenBefore(h, slot)) return slot * SLOT
  return before
}

const seenBefore = ({ ring }: Hours, slot: number): number => ring[placeOf(slot) + SEEN]

/** The baseline as it was before the slot that begins with minute `from`. */
export function restoreHour({ ring }: Hours, from: number, b: Baseline): void {
  copyBaseline(ring, placeOf(from / SLOT) + BASELINE, b, 0)
}

/** Slots in a row in which nothing failed. */
function longestPause(h: Hours, first: number, last: number, { now }: Past): number {
  let longest = 0
  let pause = 0
  for (let slot = first; slot <= last; slot++) {
    const after = slot === last ? now[SEEN] : seenBefore(h, slot + 1)
    pause = after > seenBefore(h, slot) ? 0 : pause + 1
    longest = Math.max(longest, pause)
  }
  return longest
}
