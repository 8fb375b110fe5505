/**
 * How many chances an error had, minute by minute.
 *
 * Errors go with visitors, so the expectation is a share of the traffic: a flash crowd brings its errors along. But
 * crawlers and monitors ask at the same pace while visitors sleep, and when an origin dies visitors leave. So the
 * exposure of a minute is its requests or, where that is more, what was usual in the last two hours. A rise therefore
 * has to be one in count and one in share.
 *
 * Only requests that went well are counted: a flood of errors must not pass for visitors, or every other code would
 * seem rare while it lasts and frequent when it is over.
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

/** What the exposure remembers between minutes. */
export interface Usual {
  good: number
  all: number
  weight: number
  silent: number
}

export interface Exposure {
  /** Requests due, 0 in gaps. */
  due: Float64Array
  /** 1 where the traffic was ordinary, so that the minute can teach what is usual. */
  ordinary: Uint8Array
}

export function newUsual(): Usual {
  return { good: 0, all: 0, weight: 0, silent: 0 }
}

/** 1 where the minute is a gap in the logs of the whole site, 0 where it is data. */
export function findGaps(site: Float64Array, usual: Usual): Uint8Array {
  const gaps = new Uint8Array(site.length)
  for (let i = 0; i < site.length; i++) {
    if (site[i] === 0) {
      usual.silent++
      const due = usual.weight > 0 ? (usual.all / usual.weight) * usual.silent : Infinity
      if (due > SILENCE_DUE) {
        gaps[i] = 1
        continue
      }
    } else usual.silent = 0
    usual.all = usual.all * KEEP + site[i]
    usual.weight = usual.weight * KEEP + 1
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
    if (usual.weight < 20) {
      // A site that begins amid an incident has few good answers, but it is all that is known.
      due[i] = Math.max(good, usual.weight > 0 ? usual.good / usual.weight : 0)
      ordinary[i] = 1
      remember(usual, good, totals[i], 1)
      continue
    }
    const expected = usual.good / usual.weight
    const slack = 4 * Math.sqrt(expected) + 4
    due[i] = Math.max(good, expected)
    const crowd = good > Math.max(CROWD * expected, expected + slack)
    const collapse = good < Math.min(COLLAPSE * expected, expected - slack)
    const inTrouble = good < TROUBLE * (usual.good / usual.all) * totals[i] - slack
    ordinary[i] = crowd || collapse ? 0 : 1
    // A crowd raises what is usual by no more than double in two hours, trouble lowers it slowly: else their echo
    // hides, or makes, what follows.
    const seen = crowd ? Math.max(CROWD * expected, expected + slack) : good
    remember(usual, seen, totals[i], inTrouble ? 0.1 : 1)
  }
  return { due, ordinary }
}

function remember(usual: Usual, good: number, all: number, weight: number): void {
  const keep = weight === 1 ? KEEP : KEEP ** weight
  usual.good = usual.good * keep + good * weight
  usual.all = usual.all * keep + all * weight
  usual.weight = usual.weight * keep + weight
}
