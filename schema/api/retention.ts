/** How long records are kept and how much room they may take, and what a limit would remove before it is set. */
import { Type, type Static } from 'typebox'

const orNull = <T extends ReturnType<typeof Type.Number>>(schema: T) => Type.Union([schema, Type.Null()])
const timeOrNull = (description: string) => Type.Union([Type.String({ format: 'date-time', description }), Type.Null()])

export const RetentionSchema = Type.Object({
  days: orNull(Type.Number({ description: 'Records of an older event time are removed; null: none are' })),
  countsDays: orNull(
    Type.Number({ description: 'Counts of records that are gone go when they are so old; null: with their records' }),
  ),
  zones: Type.Array(
    Type.Object({
      zone: Type.String({ description: 'In lower case; empty: what has no zone' }),
      days: orNull(Type.Number()),
      countsDays: orNull(Type.Number()),
    }),
    { description: 'Zones with limits of their own' },
  ),
  gb: orNull(Type.Number({ description: 'So many GB (of 10^9 bytes) may be in use; null: any number' })),
  used: Type.Integer({ description: 'Bytes in use; what is free within the file is not' }),
  records: Type.Integer(),
  from: timeOrNull('Event time of the oldest record'),
  to: timeOrNull('Event time of the newest record'),
  counted: Type.Union(
    [
      Type.Object({
        records: Type.Integer(),
        from: Type.String({ format: 'date-time' }),
        to: Type.String({ format: 'date-time', description: 'From here on no record is missing' }),
      }),
      Type.Null(),
    ],
    { description: 'Records that are gone, of which counts remain' },
  ),
  removal: Type.Union(
    [
      Type.Object({
        before: Type.String({ format: 'date-time', description: 'Records of an event time before this go' }),
        by: Type.Enum(['age', 'size']),
        records: Type.Integer(),
        bytes: Type.Integer({ description: 'About so many bytes become free; counts that stay take some of them' }),
        countsStay: Type.Boolean({ description: 'Counts of some of them stay' }),
        zones: Type.Array(
          Type.Object({
            zone: Type.String({ description: 'Empty: what has no zone' }),
            records: Type.Integer(),
            days: Type.Integer({ description: 'Days that lose records' }),
            bytes: Type.Integer(),
          }),
          { description: 'The same by zone, at most 100, the most first' },
        ),
      }),
      Type.Null(),
    ],
    { description: 'What these limits remove now; null: nothing' },
  ),
  overfull: Type.Boolean({ description: 'The last day alone takes more than the limit: it stays' }),
})
export type RetentionJson = Static<typeof RetentionSchema>
