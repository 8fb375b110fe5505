/** GET /api/v1/witness: what Cloudflare itself counted, beside what is here. Its counts are estimates, and are never mixed into ours. */
import { Type, type Static } from 'typebox'

const Counted = Type.Object({
  estimate: Type.Number(),
  lower: Type.Number({ description: 'With 95 % confidence at least so many' }),
  upper: Type.Number({ description: 'With 95 % confidence at most so many' }),
})

const Beside = {
  cloudflare: Counted,
  here: Type.Number({ description: 'Requests of visitors that are stored here, weighted' }),
}

/**
 * agrees · lost: some hours lack requests · filter: some statuses are not here at all · sampling: about the same share is here
 * in every hour and status · more: more is here than Cloudflare counted · nothing: Cloudflare counted nothing
 */
export const VERDICTS = ['agrees', 'lost', 'filter', 'sampling', 'more', 'nothing'] as const
export type WitnessVerdict = (typeof VERDICTS)[number]

export const WitnessZoneSchema = Type.Object({
  zone: Type.String({ description: 'Id of the zone' }),
  name: Type.Union([Type.String(), Type.Null()], { description: 'Its name in the records; null: all records' }),
  problem: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()], {
    description: 'Why Cloudflare gave no count',
  }),
  verdict: Type.Union([Type.Enum(VERDICTS), Type.Null()]),
  share: Type.Union([Type.Number(), Type.Null()], { description: 'Of what Cloudflare counted, how much is here' }),
  total: Type.Union([Type.Object(Beside), Type.Null()]),
  hours: Type.Array(Type.Object({ from: Type.String({ format: 'date-time' }), ...Beside, agrees: Type.Boolean() })),
  statuses: Type.Array(Type.Object({ status: Type.Integer(), ...Beside, agrees: Type.Boolean() })),
})
export type WitnessZone = Static<typeof WitnessZoneSchema>

export const WitnessSchema = Type.Object({
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time', description: 'Whole hours, up to where logs are complete' }),
  zones: Type.Array(WitnessZoneSchema, { description: 'Those that were named; none: nobody is asked' }),
})
export type Witness = Static<typeof WitnessSchema>
