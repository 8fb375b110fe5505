/** Two counts beside each other: per hour, per status, and what their difference looks like. Pure. */
import type { WitnessVerdict, WitnessZone } from '../../../schema/api/witness.js'
import { iso } from '../../../schema/words/iso.js'
import type { CountedByCloudflare } from './graphql.js'

/** What is here in an hour with a status, weighted. */
export interface CountedHere {
  hour: number
  status: number
  requests: number
}

/**
 * Two exact counts differ as well: by requests at the bounds of an hour (Cloudflare goes by the end of a request), and by a few
 * that one side sees only.
 */
const TOLERANCE = 0.005
const FEWEST_APART = 3
/** Of a status that Cloudflare saw so often at least one would be here. */
const OFTEN = 20
/** Sampling leaves about the same share everywhere, whichever hour. */
const SAMPLED_BELOW = 0.9
const SAME_SHARE = 0.1

interface Sum {
  estimate: number
  /** variances add up, widths do not */
  below: number
  above: number
  here: number
}

const nothing = (): Sum => ({ estimate: 0, below: 0, above: 0, here: 0 })

function add(sum: Sum, { estimate, lower, upper }: CountedByCloudflare): void {
  sum.estimate += estimate
  sum.below += (estimate - lower) ** 2
  sum.above += (upper - estimate) ** 2
}

const besides = ({ estimate, below, above, here }: Sum) => ({
  cloudflare: {
    estimate: Math.round(estimate),
    lower: Math.round(Math.max(0, estimate - Math.sqrt(below))),
    upper: Math.round(estimate + Math.sqrt(above)),
  },
  here: Math.round(here),
})

function agrees(sum: Sum): boolean {
  const { cloudflare, here } = besides(sum)
  const more = Math.max(FEWEST_APART, TOLERANCE * cloudflare.estimate)
  return here >= cloudflare.lower - more && here <= cloudflare.upper + more
}

export type Compared = Pick<WitnessZone, 'verdict' | 'share' | 'total' | 'hours' | 'statuses'>

export function compare(theirs: readonly CountedByCloudflare[], ours: readonly CountedHere[]): Compared {
  const total = nothing()
  const hours = new Map<number, Sum>()
  const statuses = new Map<number, Sum>()
  const at = (sums: Map<number, Sum>, key: number): Sum => {
    const sum = sums.get(key) ?? nothing()
    sums.set(key, sum)
    return sum
  }
  for (const row of theirs) for (const sum of [total, at(hours, row.hour), at(statuses, row.status)]) add(sum, row)
  for (const row of ours)
    for (const sum of [total, at(hours, row.hour), at(statuses, row.status)]) sum.here += row.requests
  const sorted = (sums: Map<number, Sum>) => [...sums].sort(([a], [b]) => a - b)
  return {
    verdict: verdictOf(total, [...hours.values()], [...statuses.values()]),
    share: total.estimate === 0 ? null : total.here / total.estimate,
    total: besides(total),
    hours: sorted(hours).map(([hour, sum]) => ({ from: iso(hour), ...besides(sum), agrees: agrees(sum) })),
    statuses: sorted(statuses).map(([status, sum]) => ({ status, ...besides(sum), agrees: agrees(sum) })),
  }
}

function verdictOf(total: Sum, hours: readonly Sum[], statuses: readonly Sum[]): WitnessVerdict {
  if (total.estimate === 0 && total.here === 0) return 'nothing'
  const apart = hours.filter((hour) => !agrees(hour))
  if (agrees(total) && apart.length === 0) return 'agrees'
  if (total.here > total.estimate && !agrees(total)) return 'more'
  const often = statuses.filter(({ estimate }) => estimate >= OFTEN)
  const absent = often.filter(({ here }) => here === 0)
  if (absent.length > 0 && absent.length < often.length) return 'filter'
  const shares = hours.filter(({ estimate }) => estimate >= OFTEN).map(({ estimate, here }) => here / estimate)
  const share = total.here / total.estimate
  if (
    shares.length > 1 &&
    share > 0 &&
    share < SAMPLED_BELOW &&
    // by chance they differ too where few are here
    hours.every(
      (hour) =>
        Math.abs(hour.here - share * hour.estimate) <=
        SAME_SHARE * share * hour.estimate + 4 * Math.sqrt(share * hour.estimate),
    )
  )
    return 'sampling'
  return 'lost'
}
