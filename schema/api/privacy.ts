/** What is kept of visitors, how long, who looked at it, and what is to be erased. */
import { Type, type Static } from 'typebox'
import { CLIENT_ADDRESSES } from '../words/client-addresses.js'

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])

export const PrivacySchema = Type.Object({
  clientAddresses: Type.Enum([...CLIENT_ADDRESSES], {
    description: 'In which form visitors’ addresses are stored now',
  }),
  queryStrings: Type.Boolean({ description: 'Are query strings stored?' }),
  retentionDays: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Records older are removed; null: none are',
  }),
  retentionCountsDays: Type.Optional(
    Type.Union([Type.Integer(), Type.Null()], {
      description: 'Counts of records that are gone are removed when they are so old; null: with the records',
    }),
  ),
  retentionGb: Type.Union([Type.Number(), Type.Null()], {
    description: 'Beyond so many GB (of 10^9 bytes) the oldest records are removed; null: none are',
  }),
  auditDays: Type.Integer({ description: 'Entries of the audit log older are removed' }),
  records: Type.Integer(),
  from: orNull(Type.String({ format: 'date-time', description: 'Event time of the oldest record' })),
  to: orNull(Type.String({ format: 'date-time' })),
  seenBy: Type.Array(
    Type.Object({
      name: orNull(Type.String()),
      action: Type.String({ description: 'records.read, batch.rejected …' }),
      times: Type.Integer(),
      lastAt: Type.String({ format: 'date-time' }),
    }),
    { description: 'Who looked at single requests in the last 30 days, the latest first' },
  ),
  erasable: Type.Boolean({ description: 'Can the store erase by host, visitor and range?' }),
})
export type PrivacyJson = Static<typeof PrivacySchema>

export const ErasureDraftSchema = Type.Object(
  {
    host: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
    clientIp: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'As it is stored: whole, shortened or hashed' }),
    ),
    from: Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms, included' })),
    to: Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms, excluded' })),
  },
  { additionalProperties: false, description: 'What all fits that is given; at least one is' },
)
export type ErasureDraft = Static<typeof ErasureDraftSchema>

export const ErasedSchema = Type.Object({
  removed: Type.Integer({ description: 'Records, with their rollups' }),
  samples: Type.Integer({ description: 'Samples of rejected lines' }),
  notReached: Type.Array(Type.Enum(['backups', 'incidents', 'alerts', 'notices']), {
    description: 'Copies that may still hold it',
  }),
})
export type ErasedJson = Static<typeof ErasedSchema>
