/** GET /api/v1/retention: what is kept for how long, and what other limits would remove. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { numberOf, refuseUnknown } from '../../analyze/http/parameters.js'
import { RetentionSchema, type RetentionJson } from '../../schema/api/retention.js'
import { typed } from '../../schema/api/typed.js'
import { isOverfull, removalOf, type KeepLimits, type Kept } from '../../schema/store/kept.js'
import type { Records } from '../../schema/store/records.js'
import { DAY } from '../../schema/words/duration.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'

export const GB = 1e9

/** What limits come to now; removes nothing. `days` whole days, `gb` of 10^9 bytes. */
export async function previewRetention(
  records: Pick<Records, 'counts' | 'extent' | 'kept'>,
  { days, gb }: { days: number | null; gb: number | null },
  now: number,
): Promise<RetentionJson> {
  const [kept, extent] = await Promise.all([records.kept(), records.extent()])
  const limits: KeepLimits = { days, bytes: gb === null ? null : gb * GB }
  const removal = removalOf(kept, limits, now)
  const { from, to } = extent
  const range = { from: from ?? 0, to: removal?.before ?? 0 }
  return {
    days,
    gb,
    used: kept.used,
    records: extent.records,
    from: isoOrNull(from),
    to: isoOrNull(to),
    removal: removal && {
      before: iso(removal.before),
      by: removal.by,
      records: (await records.counts({ ...range, filters: [], audience: 'all', bounds: null, by: [] })).total.records,
      bytes: bytesBefore(kept, removal.before),
    },
    overfull: isOverfull(kept, limits, now),
  }
}

/** Of the day in which it lies, as much as has passed of it. */
function bytesBefore({ days }: Kept, before: number): number {
  return Math.round(days.reduce((sum, day) => sum + day.bytes * Math.min(1, Math.max(0, (before - day.from) / DAY)), 0))
}

export interface RetentionOptions {
  records: Records
  /** as the service was told */
  limits: { days: number | null; gb: number | null }
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
          'How long records are kept and how much room they take; with days or gb, what such limits would remove',
        tags: ['access'],
        querystring: Type.Object({
          days: text('Whole days, as FAULTLINE_RETENTION_DAYS takes them'),
          gb: text('GB of 10^9 bytes, as FAULTLINE_RETENTION_GB takes them'),
        }),
        response: { 200: RetentionSchema },
      },
    },
    async ({ query }) => {
      refuseUnknown(query, ['days', 'gb'])
      const { days, gb } = query
      const asked =
        days === undefined && gb === undefined
          ? limits
          : { days: numberOf(days, 'days', { whole: true }), gb: numberOf(gb, 'gb', { whole: false }) }
      return previewRetention(records, asked, now())
    },
  )
}
