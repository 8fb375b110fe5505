/** GET /api/v1/witness. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { badRequest } from '../../../schema/api/errors.js'
import { typed } from '../../../schema/api/typed.js'
import { WitnessSchema } from '../../../schema/api/witness.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { DAY, HOUR } from '../../../schema/words/duration.js'
import { instant } from '../../http/parameters.js'
import type { WitnessService } from './witness.js'

/** A longer range is compared more coarsely by people than by us. */
const MOST_MS = 7 * DAY

export interface WitnessPluginOptions {
  records: ReadRecords
  witness: WitnessService
  /** event time up to which logs are complete, epoch ms; null: unknown */
  completeTo(): Promise<number | null>
  now?: () => number
}

export async function witnessPlugin(
  instance: FastifyInstance,
  { records, witness, completeTo, now = Date.now }: WitnessPluginOptions,
): Promise<void> {
  typed(instance).get(
    '/witness',
    {
      schema: {
        description:
          "Cloudflare's own count of visitors' requests, an estimate with its bounds, beside what is here: finds lost batches, forgotten filters, unknown sampling",
        tags: ['questions'],
        querystring: Type.Object({
          from: Type.Optional(
            Type.String({ description: 'Start, rounded down to the hour. Default: a day before the end' }),
          ),
          to: Type.Optional(
            Type.String({
              description: 'End, excluded, rounded down to the hour. Default: as far as logs are complete',
            }),
          ),
        }),
        response: { 200: WitnessSchema },
      },
    },
    async ({ query }) => {
      const hour = (at: number) => Math.floor(at / HOUR) * HOUR
      const to = hour(query.to === undefined ? ((await completeTo()) ?? now()) : instant(query.to, 'to'))
      const extent = await records.extent()
      const first = extent.from === null ? to - DAY : hour(extent.from) + HOUR
      const from =
        query.from === undefined ? Math.min(to, Math.max(to - DAY, first)) : hour(instant(query.from, 'from'))
      if (from > to || to - from > MOST_MS)
        throw badRequest('BAD_TIME', 'The range must be at least an hour and at most seven days of whole hours.')
      return witness.of(from, to)
    },
  )
}
