/** GET /api/v1/retention: what is kept for how long, and what other limits would remove. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { numberOf, refuseUnknown } from '../../analyze/http/parameters.js'
import { badRequest } from '../../schema/api/errors.js'
import { RetentionSchema, type RetentionJson } from '../../schema/api/retention.js'
import { typed } from '../../schema/api/typed.js'
import { limitOf, type Expiry } from '../../schema/store/expiry.js'
import {
  expiryOf,
  isLayered,
  isOverfull,
  oldestOf,
  removalOf,
  withAll,
  type Ages,
  type KeepLimits,
  type Kept,
  type KeptDay,
} from '../../schema/store/kept.js'
import type { Records } from '../../schema/store/records.js'
import { zoneLimitsOf } from '../../schema/store/zone-limits.js'
import { DAY } from '../../schema/words/duration.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'

export const GB = 1e9

export interface RetentionLimits extends Ages {
  gb: number | null
  zones?: ReadonlyMap<string, Ages>
}

/** What limits come to now; removes nothing. `days` whole days, `gb` of 10^9 bytes. */
export async function previewRetention(
  records: Pick<Records, 'counts' | 'extent' | 'kept' | 'keepsCounts'>,
  { days, gb, countsDays = null, zones = new Map() }: RetentionLimits,
  now: number,
): Promise<RetentionJson> {
  const [kept, extent] = await Promise.all([records.kept(), records.extent()])
  const limits: KeepLimits = { days, countsDays, zones, bytes: gb === null ? null : gb * GB }
  const layered = isLayered(limits)
  if (layered && !records.keepsCounts)
    throw badRequest('NOT_ON_THIS_STORE', 'Only a store on SQLite keeps counts longer than records, or zones apart.')
  const byZone = await recordsByZone(records, kept, extent)
  const { expiry, by, overfull } = layered ? layeredExpiry(kept, limits, byZone, now) : plainExpiry(kept, limits, now)
  const gone = expiry === null ? [] : goneOf(kept, byZone, expiry)
  const { from, to, counted } = extent
  return {
    days,
    countsDays,
    zones: [...zones].map(([zone, ages]) => ({ zone, days: ages.days, countsDays: ages.countsDays ?? null })),
    gb,
    used: kept.used,
    records: extent.records,
    from: isoOrNull(from),
    to: isoOrNull(to),
    counted: counted ? { records: counted.records, from: iso(counted.from), to: iso(counted.to) } : null,
    removal:
      expiry === null || gone.length === 0
        ? null
        : {
            before: iso(latestOf(expiry)),
            by,
            records: layered
              ? gone.reduce((sum, zone) => sum + zone.records, 0)
              : await recordsBefore(records, from, expiry.before),
            bytes: layered ? gone.reduce((sum, zone) => sum + zone.bytes, 0) : bytesBefore(kept, expiry.before),
            countsStay: layered && [expiry, ...(expiry.zones?.values() ?? [])].some(staysCounted),
            zones: gone,
          },
    overfull,
  }
}

type Planned = { expiry: Expiry | null; by: 'age' | 'size'; overfull: boolean }

const latestOf = ({ before, zones }: Expiry): number =>
  Math.max(before, ...[...(zones?.values() ?? [])].map((limit) => limit.before))
const staysCounted = ({ before, countsBefore = before }: { before: number; countsBefore?: number }) =>
  countsBefore < before

function plainExpiry(kept: Kept, limits: KeepLimits, now: number): Planned {
  const removal = removalOf(kept, limits, now)
  const overfull = isOverfull(kept, limits, now)
  return { expiry: removal && { before: removal.before }, by: removal?.by ?? 'age', overfull }
}

/** By size day after day, as the service does it, with what each is said to take. */
function layeredExpiry(kept: Kept, limits: KeepLimits, byZone: ByZone, now: number): Planned {
  const never = { before: -Infinity, countsBefore: -Infinity }
  let expiry = expiryOf(limits, now) ?? never
  let by: Planned['by'] = 'age'
  let overfull = false
  const usedAfter = () => kept.used - goneOf(kept, byZone, expiry).reduce((sum, { bytes }) => sum + bytes, 0)
  while (limits.bytes !== null && usedAfter() > limits.bytes) {
    const left = kept.days.map((day) => ({ ...day, records: leftOf(day, byZone, expiry) }))
    const oldest = oldestOf({ ...kept, days: left }, now)
    // counts that are there are small: their going is not foreseen
    overfull = oldest === null || oldest.what === 'counts'
    if (oldest === null || oldest.what === 'counts') break
    expiry = withAll(expiry, oldest.before, false)
    by = 'size'
  }
  return { expiry: latestOf(expiry) === -Infinity ? null : expiry, by, overfull }
}

/** Beginning of a day → zone → records. */
type ByZone = ReadonlyMap<number, ReadonlyMap<string, number>>

async function recordsByZone(
  records: Pick<Records, 'counts'>,
  kept: Kept,
  { from, to, counted }: { from: number | null; to: number | null; counted?: unknown },
): Promise<ByZone> {
  const days = new Map<number, Map<string, number>>()
  const put = (day: number, zone: string, n: number) => days.set(day, (days.get(day) ?? new Map()).set(zone, n))
  if (counted !== undefined) {
    for (const day of kept.days) for (const [zone, n] of Object.entries(day.zones ?? {})) put(day.from, zone, n)
    return days
  }
  if (from === null || to === null) return days
  // a record of another century, of a clock that was wrong, makes no bucket for each day in between
  const bounds = Float64Array.from([...kept.days.map((day) => day.from), to + 1])
  const asked = { from, to: to + 1, filters: [], audience: 'all' as const, bounds, by: ['zone' as const] }
  const { bucket, group, groups, records: n } = await records.counts(asked)
  bucket.forEach((b, i) => put(bounds[b], groups[group[i]][0], n[i]))
  return days
}

/** As much of a day's records as its zone's limit takes. */
const shareGone = (day: KeptDay, before: number) => Math.min(1, Math.max(0, (before - day.from) / DAY))

function leftOf(day: KeptDay, byZone: ByZone, expiry: Expiry): number {
  let left = 0
  for (const [zone, n] of byZone.get(day.from) ?? []) left += n * (1 - shareGone(day, limitOf(expiry, zone).before))
  return left
}

function goneOf(kept: Kept, byZone: ByZone, expiry: Expiry) {
  const zones = new Map<string, { zone: string; records: number; days: number; bytes: number }>()
  for (const day of kept.days) {
    for (const [zone, n] of byZone.get(day.from) ?? []) {
      const share = shareGone(day, limitOf(expiry, zone).before)
      if (share === 0) continue
      const known = zones.get(zone) ?? { zone, records: 0, days: 0, bytes: 0 }
      known.records += Math.round(n * share)
      known.days++
      known.bytes += Math.round((day.bytes * share * n) / day.records)
      zones.set(zone, known)
    }
  }
  return [...zones.values()].sort((a, b) => b.records - a.records || (a.zone < b.zone ? -1 : 1)).slice(0, MOST_ZONES)
}
const MOST_ZONES = 100

async function recordsBefore(records: Pick<Records, 'counts'>, from: number | null, before: number): Promise<number> {
  const range = { from: from ?? 0, to: before }
  return (await records.counts({ ...range, filters: [], audience: 'all', bounds: null, by: [] })).total.records
}

/** Of the day in which it lies, as much as has passed of it. */
function bytesBefore({ days }: Kept, before: number): number {
  return Math.round(days.reduce((sum, day) => sum + day.bytes * shareGone(day, before), 0))
}

export interface RetentionOptions {
  records: Records
  /** as the service was told */
  limits: RetentionLimits
  now?: () => number
}

const text = (description: string) => Type.Optional(Type.String({ description }))

export async function retentionPlugin(
  instance: FastifyInstance,
  { records, limits, now = Date.now }: RetentionOptions,
): Promise<void> {
  typed(instance).get(
    '/retention',
    {
      schema: {
        description:
          'How long records and counts are kept and how much room they take; with days, countsDays, zones or gb, what such limits would remove',
        tags: ['access'],
        querystring: Type.Object({
          days: text('Whole days, as FAULTLINE_RETENTION_DAYS takes them'),
          countsDays: text('Whole days, as FAULTLINE_RETENTION_COUNTS_DAYS takes them'),
          zones: text('Zones with limits of their own, as FAULTLINE_RETENTION_ZONES takes them'),
          gb: text('GB of 10^9 bytes, as FAULTLINE_RETENTION_GB takes them'),
        }),
        response: { 200: RetentionSchema },
      },
    },
    async ({ query }) => {
      refuseUnknown(query, ['days', 'countsDays', 'zones', 'gb'])
      const { days, countsDays, zones = '', gb } = query
      const isAsked = [days, countsDays, gb].some((given) => given !== undefined) || zones !== ''
      return previewRetention(records, isAsked ? askedLimits({ days, countsDays, zones, gb }) : limits, now())
    },
  )
}

function askedLimits(query: { days?: string; countsDays?: string; zones: string; gb?: string }): RetentionLimits {
  const zones = zoneLimitsOf(query.zones.split(',').filter((text) => text.trim() !== ''))
  if (typeof zones === 'string') throw badRequest('BAD_ZONES', zones)
  return {
    days: numberOf(query.days, 'days', { whole: true }),
    countsDays: numberOf(query.countsDays, 'countsDays', { whole: true }),
    zones,
    gb: numberOf(query.gb, 'gb', { whole: false }),
  }
}
