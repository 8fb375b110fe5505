/**
 * One client against many visitors: nearly all extra requests come from one address. A client that was served as
 * often before and now gets errors is a victim of the trouble, not its cause.
 */
import { MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { Record } from '../../schema/words/record.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Baseline } from './baseline.js'
import { excessShare } from './changed.js'
import type { FindingResult } from './findings.js'
import type { ClientFigures } from './sentences/say.js'
import type { TimeRange } from './sample.js'

export interface ClientMaterial {
  spike: readonly Record[]
  /** the same status and source before */
  before: readonly Record[]
  observed: number
  expected: number
  range: TimeRange
  baseline: Baseline | null
  filters: readonly Filter[]
}

/** Of the extra requests; what is left are strays. */
const LEAST_OF_EXTRA = 0.9
/** Fewer requests are nobody's campaign. */
const LEAST_REQUESTS = 5
/** Served at least this part as often in as long a time before, it is a victim. */
const SERVED_BEFORE = 1 / 3

const weightOf = (records: readonly Record[]) => records.reduce((sum, { weight }) => sum + weight, 0)

/** The client that nearly all extra requests come from; null if there is none. */
export function commonClient({ spike, before, observed, expected }: ClientMaterial): ClientFigures | null {
  const top = commonest(spike, ({ clientIp }) => clientIp)
  if (top === null || top.value === null) return null
  const own = spike.filter(({ clientIp }) => clientIp === top.value)
  const past = before.length === 0 ? null : shareOf(before, (record) => record.clientIp === top.value)
  const requests = top.share * observed
  if (requests < LEAST_REQUESTS || excessShare(top.share, past ?? 0, observed, expected) < LEAST_OF_EXTRA) return null
  return {
    address: top.value,
    asn: commonest(own, ({ asn }) => (asn === null ? null : String(asn)))?.value ?? null,
    country: commonest(own, ({ country }) => country)?.value ?? null,
    userAgent: commonest(own, ({ userAgent }) => userAgent)?.value ?? null,
    share: top.share,
    before: past,
    requests,
  }
}

/** Was it served nearly as often, in any stretch of the same length before? */
export async function wasServed(
  store: ReadRecords,
  client: Pick<ClientFigures, 'address' | 'requests'>,
  { range, baseline, filters }: Pick<ClientMaterial, 'range' | 'baseline' | 'filters'>,
): Promise<boolean> {
  if (baseline === null) return false
  const length = Math.max(MINUTE, range.to - range.from)
  const most = await Promise.all(
    baseline.ranges.map(async ({ from, to }) => {
      const bounds = Float64Array.from({ length: Math.ceil((to - from) / length) + 1 }, (_, i) =>
        Math.min(to, from + i * length),
      )
      const { requests } = await store.counts({
        from,
        to,
        filters: [
          ...filters,
          { dimension: 'clientIp', values: [client.address] },
          { dimension: 'class', values: ['2xx', '3xx'] },
        ],
        audience: 'visitors',
        bounds,
        by: [],
      })
      return Math.max(0, ...requests)
    }),
  )
  return Math.max(...most) >= SERVED_BEFORE * client.requests
}

/** The finding for the catalogue: the client, or that its address is not exported while all else looks like one. */
export async function singleClientFinding(
  store: ReadRecords,
  material: ClientMaterial,
  absent: ReadonlySet<string>,
): Promise<FindingResult> {
  const { spike } = material
  const none: FindingResult = { holds: false, lacks: [], speaksOf: () => false, facts: [] }
  if (spike.every(({ clientIp }) => clientIp === null)) {
    const alike =
      spike.length >= LEAST_REQUESTS &&
      (commonest(spike, ({ asn, userAgent }) => `${asn} ${userAgent}`)?.share ?? 0) >= LEAST_OF_EXTRA
    return alike && absent.has('clientIp') ? { ...none, holds: null, lacks: ['clientIp'] } : none
  }
  const client = commonClient(material)
  if (client === null || (await wasServed(store, client, material))) return none
  return {
    holds: true,
    lacks: [],
    speaksOf: ({ clientIp }) => clientIp === client.address,
    facts: [{ kind: 'client', client, share: client.share, baselineShare: client.before ?? 0 }],
  }
}

function commonest<T extends string | null>(
  records: readonly Record[],
  valueOf: (record: Record) => T,
): { value: T; share: number } | null {
  const sums = new Map<T, number>()
  for (const record of records) sums.set(valueOf(record), (sums.get(valueOf(record)) ?? 0) + record.weight)
  const [first] = [...sums].sort((a, b) => b[1] - a[1])
  return first === undefined ? null : { value: first[0], share: first[1] / weightOf(records) }
}

function shareOf(records: readonly Record[], is: (record: Record) => boolean): number {
  return weightOf(records.filter(is)) / weightOf(records)
}
