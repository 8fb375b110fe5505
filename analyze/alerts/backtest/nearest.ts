/** Why a rule would not have fired: how near it came, and what held it back. */
import type { Backtest } from '../../../schema/api/alerts.js'
import type { Signal } from '../signals/signal.js'

type Quiet = NonNullable<Backtest['quiet']>

/** Minutes above the threshold that are looked at for how many requests they had. */
const MOST_ASKED = 2_000

/** Notes each group from minute `first` on; `said` once all were seen. */
export function nearestMiss() {
  let highest = -Infinity
  let requests = -1
  let asked = 0
  let lasted = false
  return {
    note({ start, stay, startAbove, finding }: Signal, first: number): void {
      for (let i = first; i < stay.length; i++) {
        if (Number.isNaN(stay[i])) continue
        if (stay[i] > highest) highest = stay[i]
        if (!(stay[i] > startAbove)) continue
        if (start[i] > startAbove) lasted = true
        else if (asked++ < MOST_ASKED) requests = Math.max(requests, finding(i).requests ?? -1)
      }
    },
    said(threshold: number | null, minimum: number | null): Quiet {
      const seen = highest === -Infinity ? null : Number(highest.toPrecision(6))
      if (seen === null) return { reason: 'no-data', highest: null, requests: null, minimum: null }
      // above the threshold, and long gone before it had lasted
      if (lasted) return { reason: 'duration', highest: seen, requests: null, minimum: null }
      if (requests >= 0) return { reason: 'minimum', highest: seen, requests: Math.round(requests), minimum }
      return { reason: threshold === null ? 'usual' : 'threshold', highest: seen, requests: null, minimum: null }
    },
  }
}
