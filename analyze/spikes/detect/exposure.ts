/**
 * How many chances an error had, minute by minute.
 *
 * Errors go with visitors, so the expectation is a share of the traffic: a flash crowd brings its errors along. But
 * crawlers and monitors ask at the same pace while visitors sleep, and when an origin dies visitors leave. So the
 * exposure of a minute is its requests or, where that is more, what was usual in the last two hours. A rise therefore
 * has to be one in count and one in share.
 *
 * A flood of errors must not pass for visitors, or every other code would seem rare while it lasts and frequent when
 * it is over: errors count as requests only up to what is usual for the good answers beside them.
 */

/** Minutes over which "usual" forgets. */
const USUAL_MINUTES = 120
const KEEP = Math.exp(-1 / USUAL_MINUTES)
/** Silence counts as a gap when so many requests were due that chance leaves e^-8 to it. */
const SILENCE_DUE = 8
/** Most minutes are within these multiples of what is usual; others teach nothing about ordinary days. */
const CROWD = 2
const COLLAPSE = 0.4
/** Below this part of the usual share of good answers the site is in trouble, and its traffic with it. */
const TROUBLE = 0.5

/** Good answers a minute below which their number says nothing about a crowd. */
const FEW = 5
/** Minutes before anything is usual. */
const NEW = 20

/** What the exposure remembers between minutes: decaying sums of answers, good and bad, and of minutes. */
export interface Usual {
  good: number
  bad: number
  weight: number
  /** Minutes of silence up to now. */
  silent: number
}

export interface Exposure {
  /** Requests due, 0 in gaps. */
  due: Float64Array
  /** Requests that there were. */
  requests: Float64Array
  /** 1 where the traffic was ordinary, so that the minute can teach what is usual. */
  ordinary: Uint8Array
}

export function newUsual(): Usual {
  return { good: 0, bad: 0, weight: 0, silent: 0 }
}

/** 1 where the minute is a gap in the logs of the whole site, 0 where it is data. */
export function findGaps(site: Float64Array, usual: Usual): Uint8Array {
  const gaps = new Uint8Array(site.length)
  for (let i = 0; i < site.length; i++) {
    if (site[i] === 0) {
      usual.silent++
      const due = usual.weight > 0 ? (usual.good / usual.weight) * usual.silent : Infinity
      if (due > SILENCE_DUE) {
        gaps[i] = 1
        continue
      }
    } else usual.silent = 0
    remember(usual, site[i], 0, 1)
  }
  return gaps
}

/** The exposure of each minute of a host (or the site). `trouble` counts all answers of 4xx, 499 and 5xx. */
export function exposureOf(totals: Float64Array, trouble: Float64Array, gaps: Uint8Array, usual: Usual): Exposure {
  const due = new Float64Array(totals.length)
  const ordinary = new Uint8Array(totals.length)
  for (let i = 0; i < totals.length; i++) {
    if (gaps[i]) continue
    const good = Math.max(0, totals[i] - trouble[i])
    if (usual.weight < NEW) {
      due[i] = Math.max(totals[i], usual.weight > 0 ? (usual.good + usual.bad) / usual.weight : 0)
      ordinary[i] = 1
      remember(usual, good, trouble[i], 1)
      continue
    }
    const usualGood = usual.good / usual.weight
    const usualBad = usual.bad / usual.weight
    const expected = usualGood + usualBad
    const slack = 4 * Math.sqrt(expected) + 4
    const growth = Math.max(1, (good + FEW) / (usualGood + FEW))
    const bad = Math.min(trouble[i], usualBad * growth + 3 * Math.sqrt(usualBad) + 3)
    const requests = good + bad
    due[i] = Math.max(requests, expected)
    const crowd = requests > Math.max(CROWD * expected, expected + slack)
    const collapse = requests < Math.min(COLLAPSE * expected, expected - slack)
    ordinary[i] = crowd || collapse ? 0 : 1
    // A crowd raises what is usual by no more than double in two hours, trouble lowers it slowly: else their echo
    // hides, or makes, what follows.
    const part = crowd ? Math.max(CROWD * expected, expected + slack) / requests : 1
    const inTrouble = good < TROUBLE * (usualGood / expected) * totals[i] - slack
    remember(usual, good * part, bad * part, inTrouble ? 0.1 : 1)
  }
  return { due, requests: totals, ordinary }
}

function remember(usual: Usual, good: number, bad: number, weight: number): void {
  const keep = weight === 1 ? KEEP : KEEP ** weight
  usual.good = usual.good * keep + good * weight
  usual.bad = usual.bad * keep + bad * weight
  usual.weight = usual.weight * keep + weight
}
