import { newPart, type Baseline } from './baseline.js'
import { allowance, type Bursts } from './bursts.js'
import { displaced, LEAST as LEAST_DISPLACED } from './displaced.js'
import { scaleOf, varianceByHalves, varianceOf, type Dispersion } from './dispersion.js'
import {
  between,
  calmRateBefore,
  evidenceBefore,
  newEvidenceBefore,
  newRateBefore,
  rateBefore,
  sumBefore,
  sumSince,
  type Past,
} from './past.js'
import { isParted } from './silence.js'
import { ALL, CALM, DATA, EXPOSURE, HABIT, NEWCOMERS, ODD, SEEN } from './sums.js'
import { deviations, logUpperTail } from './tail.js'
import type { Temper } from './temper.js'

/**
 * Is there a rise that reaches up to this minute? An expectation-based scan: every stretch of 1 to 120 minutes that
 * ends now is compared with the rate known before the stretch began, so the tested minutes are never part of their
 * own baseline. Short stretches catch steps at once, long ones weak incidents and slow ramps.
 *
 * Each stretch is looked at in three ways. The counts themselves show what is big. The calm counts (each minute cut to what
 * is ordinary for it; on a sparse code: minutes that had any) show what is small but lasts, on a background of bursts
 * that would drown it: three errors a minute for an hour are not what a crawler's hundred in one minute look like.
 * And the newcomers, where clients are told apart, show what befalls people who were well so far, on a background of
 * clients that fail all day: a crawler's waves scatter the counts and bring nobody new.
 */
export interface Rise {
  score: number
  /** Minutes of the stretch. */
  width: number
  /** Requests above the expectation, per unit of exposure. */
  excess: number
  /** The same of the newcomers, where only they show it. */
  newcomers: Level | null
  /** So few show it that its start is looked for with its whole strength, or the usual ones before it would pass for it. */
  few: boolean
}

/** What is usual, and what is above it, per unit of exposure; and the scale of the stretch that showed it. */
export interface Level {
  rate: number
  excess: number
  scale: number
}

/** What the scan needs of a watch. */
export interface Scanned {
  past: Past
  dispersion: Dispersion
  calmDispersion: Dispersion
  newDispersion: Dispersion
  /** First minute that a stretch may include: what came before was an episode. */
  floor: number
  bursts: Bursts
  baseline: Baseline
}

const WIDTHS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120]
const SCALES = WIDTHS.map(scaleOf)
/** Part of the squared threshold, in squared deviations of a normal variable, below which no exact tail is worth computing. */
const HOPELESS = 0.9
/** Relative difference between one night's job and the next. */
const HABIT_WOBBLE = 0.3
const BURST_MINUTES = 5

/** The most surprising stretch that ends with minute i, if its score reaches the threshold. */
export function scan(s: Scanned, i: number, temper: Temper, threshold: number): Rise | null {
  const { past } = s
  if (isQuiet(s, i, temper)) return null
  const hopeless = HOPELESS * threshold * threshold
  let best: Rise | null = null
  for (let n = 0; n < WIDTHS.length; n++) {
    const width = WIDTHS[n]
    const from = i - width + 1
    if (from < s.floor || sumBefore(past, from, DATA) < temper.blind) break
    const exposure = sumSince(past, from, EXPOSURE)
    const habit = sumSince(past, from, HABIT)
    const seen = sumSince(past, from, SEEN)
    const usual = rateBefore(past, from) * exposure
    const excess = seen - usual - habit
    const least: number = best ? best.score : threshold
    const instead = temper.minClients > 1 ? displaced(past, from, width, temper) : 0
    if (instead >= least && (!best || instead > least) && excess > 0)
      best = { score: instead, width, excess: excess / exposure, newcomers: null, few: true }
    // the least that the other looks need
    if (excess < NEW_PART * temper.minExcess) continue
    const ofNew = temper.minClients > 1 ? newcomersRise(s, i, n, excess, hopeless, temper) : null
    if (ofNew && ofNew.score >= least && (!best || ofNew.score > best.score)) best = ofNew
    if (excess < temper.minExcess) continue
    if (!befallsMany(sumSince(past, from, NEWCOMERS), usual + habit, s.baseline, temper)) continue

    const variance = varianceOf(s.dispersion, SCALES[n], usual, temper.fano, temper.wobble)
    const evidence = evidenceBefore(past, from, temper)
    const plain = surpriseOf(seen, usual, habit, variance, evidence, hopeless, temper.minRatio)
    let score = plain
    if (plain < least) {
      const calmUsual = calmRateBefore(past, from, temper) * exposure
      const calmVariance = varianceOf(s.calmDispersion, SCALES[n], calmUsual, CALM_FANO, temper.wobble)
      const calm = sumSince(past, from, CALM)
      score = surpriseOf(calm, calmUsual, habit, calmVariance, evidence, hopeless, temper.minRatio)
    }
    if (score < least || (best && score <= best.score)) continue
    if (oneBurst(s, from, i, SEEN, rateBefore(past, from), temper) || isParted(past, from, i, SEEN)) continue
    best = { score, width, excess: excess / exposure, newcomers: null, few: false }
  }
  return best
}

/** Too little failed in the widest stretch for any look at it or at a shorter one: nearly all minutes of a rare code. */
function isQuiet({ past, floor }: Scanned, i: number, { minExcess, minClients }: Temper): boolean {
  const from = Math.max(floor, i - WIDTHS[WIDTHS.length - 1] + 1)
  if (from > i) return true
  if (sumSince(past, from, SEEN) >= minExcess) return false
  return (
    minClients === 1 || (sumSince(past, from, NEWCOMERS) < minExcess && sumSince(past, from, ALL) < LEAST_DISPLACED)
  )
}

/** Part of the newcomers above the usual that the counts must be above theirs: who only takes another's place is no rise. */
const NEW_PART = 0.5

/** The stretch of the n-th width that ends with minute i, as the newcomers show it. In a crowd all are new: nothing is to be learned from them. */
function newcomersRise(
  s: Scanned,
  i: number,
  n: number,
  excess: number,
  hopeless: number,
  temper: Temper,
): Rise | null {
  const { past } = s
  const width = WIDTHS[n]
  const from = i - width + 1
  const newcomers = sumSince(past, from, NEWCOMERS)
  if (newcomers < temper.minExcess || sumSince(past, from, ODD) > 0) return null
  const exposure = sumSince(past, from, EXPOSURE)
  const rate = newRateBefore(past, from, temper)
  const usual = rate * exposure
  const above = newcomers - usual
  if (above < temper.minExcess || excess < NEW_PART * above) return null
  const variance = varianceByHalves(s.newDispersion, SCALES[n], usual, NEW_FANO, temper.wobble)
  const evidence = newEvidenceBefore(past, from, temper)
  const score = surpriseOf(newcomers, usual, 0, variance, evidence, hopeless, temper.minRatio) + temper.caution
  if (score <= temper.caution || oneBurst(s, from, i, NEWCOMERS, rate, temper)) return null
  if (isParted(past, from, i, NEWCOMERS)) return null
  return {
    score,
    width,
    excess: excess / exposure,
    newcomers: { rate, excess: above / exposure, scale: SCALES[n] },
    few: true,
  }
}

/** One client makes no trouble of many, however often it fails: of those who were well so far, more than usual must fail. */
export function befallsMany(newcomers: number, usual: number, b: Baseline, temper: Temper): boolean {
  const expected = usual * newPart(b)
  return newcomers - expected >= Math.max(temper.minClients, NEW_CHANCE * Math.sqrt(expected))
}

/** Deviations by which newcomers scatter. */
const NEW_CHANCE = 2.5

/** Calm counts scatter little more than chance, different clients hardly. */
export const CALM_FANO = 1.5
export const NEW_FANO = 1.2

function surpriseOf(
  seen: number,
  usual: number,
  habit: number,
  variance: number,
  evidence: number,
  hopeless: number,
  minRatio: number,
): number {
  const mean = usual + habit
  const above = seen - mean
  if (above <= 0 || seen < minRatio * mean) return 0
  // The rate itself is an estimate; and a job does not fail as often every night.
  const spread = variance + (usual * usual) / evidence + habit + (HABIT_WOBBLE * habit) ** 2
  // The negative binomial's tail is heavier than the normal one: what fails here fails there.
  if (above * above < hopeless * spread) return 0
  return deviations(logUpperTail(seen, mean, spread))
}

/** The smallest count at which one minute alone would be an episode: the upper edge of a band. */
export function ceiling(
  s: Scanned,
  minute: number,
  usual: number,
  habit: number,
  evidence: number,
  temper: Temper,
  threshold: number,
): number {
  const mean = usual + habit
  const burst = temper.minBurst > temper.minExcess ? allowance(s.bursts, minute, temper.minBurst, temper.newBurst) : 0
  const variance = varianceOf(s.dispersion, 0, usual, temper.fano, temper.wobble)
  const enough = (count: number) => surpriseOf(count, usual, habit, variance, evidence, 0, temper.minRatio) >= threshold
  let low = Math.ceil(Math.max(mean + Math.max(temper.minExcess, burst), temper.minRatio * mean))
  if (enough(low)) return low
  let high = 2 * low
  while (!enough(high)) high *= 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * Did it come in one burst of five minutes, of a size that single clients make, or that this series is used to? Then
 * what came besides must be a rise of its own.
 */
function oneBurst(s: Scanned, from: number, to: number, sum: number, rate: number, temper: Temper): boolean {
  if (temper.minBurst <= temper.minExcess) return false
  const usual = rate * sumSince(s.past, from, EXPOSURE)
  const excess = sumSince(s.past, from, sum) - usual - sumSince(s.past, from, HABIT)
  let burst = 0
  for (let j = from; j <= to; j++) {
    const first = Math.max(from, j - BURST_MINUTES + 1)
    const seen = between(s.past, first, j + 1, to, sum)
    const usually = rate * between(s.past, first, j + 1, to, EXPOSURE)
    burst = Math.max(burst, seen - usually - between(s.past, first, j + 1, to, HABIT))
  }
  if (burst >= allowance(s.bursts, to, temper.minBurst, temper.newBurst)) return false
  return excess - burst < Math.max(temper.minExcess / 2, 3 * Math.sqrt(usual))
}
