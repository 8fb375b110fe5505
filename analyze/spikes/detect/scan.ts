import { newPart, type Baseline } from './baseline.js'
import { allowance, type Bursts } from './bursts.js'
import { scaleOf, varianceOf, type Dispersion } from './dispersion.js'
import { between, calmRateBefore, evidenceBefore, rateBefore, sumBefore, sumSince, type Past } from './past.js'
import { CALM, DATA, EXPOSURE, HABIT, NEWCOMERS, SEEN } from './sums.js'
import { deviations, logUpperTail } from './tail.js'
import type { Temper } from './temper.js'

/**
 * Is there a rise that reaches up to this minute? An expectation-based scan: every stretch of 1 to 120 minutes that
 * ends now is compared with the rate known before the stretch began, so the tested minutes are never part of their
 * own baseline. Short stretches catch steps at once, long ones weak incidents and slow ramps.
 *
 * Each stretch is looked at twice. The counts themselves show what is big. The calm counts (each minute cut to what
 * is ordinary for it; on a sparse code: minutes that had any) show what is small but lasts, on a background of bursts
 * that would drown it: three errors a minute for an hour are not what a crawler's hundred in one minute look like.
 */
export interface Rise {
  score: number
  /** Minutes of the stretch. */
  width: number
  /** Requests above the expectation, per unit of exposure. */
  excess: number
}

/** What the scan needs of a watch. */
export interface Scanned {
  past: Past
  dispersion: Dispersion
  calmDispersion: Dispersion
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
    if (excess < temper.minExcess) continue
    if (!befallsMany(sumSince(past, from, NEWCOMERS), usual + habit, s.baseline, temper)) continue

    const least: number = best ? best.score : threshold
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
    if (score < least || (best && score === least) || oneBurst(s, from, i, excess, usual, temper)) continue
    best = { score, width, excess: excess / exposure }
  }
  return best
}

/** One client makes no trouble of many, however often it fails: of those who were well so far, more than usual must fail. */
export function befallsMany(newcomers: number, usual: number, b: Baseline, temper: Temper): boolean {
  const expected = usual * newPart(b)
  return newcomers - expected >= Math.max(temper.minClients, NEW_CHANCE * Math.sqrt(expected))
}

/** Deviations by which newcomers scatter. */
const NEW_CHANCE = 2.5

/** Calm counts scatter little more than chance. */
export const CALM_FANO = 1.5

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
function oneBurst(s: Scanned, from: number, to: number, excess: number, usual: number, temper: Temper): boolean {
  if (temper.minBurst <= temper.minExcess) return false
  const rate = rateBefore(s.past, from)
  let burst = 0
  for (let j = from; j <= to; j++) {
    const first = Math.max(from, j - BURST_MINUTES + 1)
    const seen = between(s.past, first, j + 1, to, SEEN)
    const usually = rate * between(s.past, first, j + 1, to, EXPOSURE)
    burst = Math.max(burst, seen - usually - between(s.past, first, j + 1, to, HABIT))
  }
  if (burst >= allowance(s.bursts, to, temper.minBurst, temper.newBurst)) return false
  return excess - burst < Math.max(temper.minExcess / 2, 3 * Math.sqrt(usual))
}
