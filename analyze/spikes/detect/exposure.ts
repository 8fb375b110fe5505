/**
 * How many chances an error had, minute by minute.
 *
 * Errors go with visitors, so the expectation is a share of the traffic: a flash crowd brings its errors along. But
 * crawlers and monitors ask at the same pace while visitors sleep, and when an origin dies visitors leave. So the
 * exposure of a minute is its requests or, where that is more, what was usual in the last two hours. A rise therefore
 * has to be one in count and one in share.
 */

/** Minutes over which "usual" forgets. */
const USUAL_MINUTES = 120
const KEEP = Math.exp(-1 / USUAL_MINUTES)
/** Silence counts as a gap when so many requests were due that chance leaves e^-8 to it. */
const SILENCE_DUE = 8

/** What the exposure remembers between minutes. */
export interface Usual {
  sum: number
  weight: number
  silent: number
}

export function newUsual(): Usual {
  return { sum: 0, weight: 0, silent: 0 }
}

/** 1 where the minute is a gap in the logs of the whole site, 0 where it is data. */
export function findGaps(site: Float64Array, usual: Usual): Uint8Array {
  const gaps = new Uint8Array(site.length)
  for (let i = 0; i < site.length; i++) {
    const expected = usual.weight > 0 ? usual.sum / usual.weight : 0
    if (site[i] === 0) {
      usual.silent++
      // Before the first request nothing is known; then a silence is a gap as soon as it is too long for chance.
      if (usual.weight === 0 || expected * usual.silent > SILENCE_DUE) {
        gaps[i] = 1
        continue
      }
    } else usual.silent = 0
    remember(usual, site[i])
  }
  return gaps
}

/** The exposure of each minute; 0 in gaps. `usual` is carried on. */
export function exposures(totals: Float64Array, gaps: Uint8Array, usual: Usual): Float64Array {
  const out = new Float64Array(totals.length)
  for (let i = 0; i < totals.length; i++) {
    if (gaps[i]) continue
    const expected = usual.weight > 0 ? usual.sum / usual.weight : 0
    out[i] = Math.max(totals[i], expected)
    // A crowd must not raise what is usual by more than double per two hours, or its echo hides what follows.
    const ceiling = usual.weight > 20 ? Math.max(2 * expected, expected + 4 * Math.sqrt(expected) + 4) : Infinity
    remember(usual, Math.min(totals[i], ceiling))
  }
  return out
}

function remember(usual: Usual, requests: number): void {
  usual.sum = usual.sum * KEEP + requests
  usual.weight = usual.weight * KEEP + 1
}
