/** Who may come in, who is in, and who did what, as the API takes and gives it. */
import { Type, type Static } from 'typebox'
import { AUDIT_OUTCOMES } from '../words/audit-outcomes.js'
import { ROLES, ZONE_PATTERN } from '../words/roles.js'

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => Type.String({ format: 'date-time', description })
const role = Type.Enum([...ROLES], {
  description:
    'ingest sends logs · read looks · operate also sends, changes rules, silences, annotations and undoes · admin also decides who may come in',
})
const zones = Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'Only these zones; null: all' })

export const TokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role,
  zones,
  createdAt: time('When it was made'),
  createdBy: orNull(Type.String({ description: 'Who made it; null: the command line, or nobody by name' })),
  expiresAt: orNull(time('Not valid from here on; null: no end')),
  lastUsedAt: orNull(time('Kept to the minute; null: never')),
  revokedAt: orNull(time('When it was revoked; null: it was not')),
  state: Type.Enum(['valid', 'expired', 'revoked']),
})
export type TokenJson = Static<typeof TokenSchema>

export const MadeTokenSchema = Type.Interface([TokenSchema], {
  token: Type.String({ description: 'The token itself: shown this once, kept as a hash only' }),
})
export type MadeTokenJson = Static<typeof MadeTokenSchema>

/** Zones of one token. */
export const MOST_ZONES = 100

export const TokenDraftSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'What it is for, or whose it is' }),
    role,
    zones: Type.Optional(
      Type.Union(
        [Type.Array(Type.String({ pattern: ZONE_PATTERN }), { minItems: 1, maxItems: MOST_ZONES }), Type.Null()],
        {
          description: 'Only these zones (ZoneName); not for admins. Left out: all',
        },
      ),
    ),
    expiresAt: Type.Optional(orNull(Type.String({ description: 'ISO 8601 or epoch ms. Left out: no end' }))),
  },
  { additionalProperties: false },
)
export type TokenDraft = Static<typeof TokenDraftSchema>

export const SessionSchema = Type.Object({
  id: Type.String(),
  name: orNull(Type.String({ description: 'Name of the token, or who the provider says it is' })),
  role,
  zones,
  createdAt: time('When it began'),
  lastSeenAt: time('Kept to the minute'),
  expiresAt: time('When it ends by itself'),
  address: orNull(Type.String({ description: 'From where it was begun' })),
  userAgent: orNull(Type.String()),
  current: Type.Boolean({ description: 'It is the one that asks' }),
})
export type SessionJson = Static<typeof SessionSchema>

export const MeSchema = Type.Object({
  role,
  zones,
  name: orNull(Type.String({ description: 'null: nobody by name, on loopback without a token' })),
  session: Type.Boolean({ description: 'There is a session that can be ended' }),
  asked: Type.Boolean({ description: 'Is anybody asked who they are? Not on loopback without a token' }),
})
export type MeJson = Static<typeof MeSchema>

export const AuditEntrySchema = Type.Object({
  id: Type.String(),
  time: time('When'),
  actor: orNull(Type.String({ description: 'Name of a token, subject of a sign-in; null: nobody by name' })),
  role: Type.Union([Type.Enum([...ROLES]), Type.Null()]),
  address: orNull(Type.String()),
  action: Type.String({ description: 'From the general to the particular: token.create, batch.delete' }),
  target: orNull(Type.String({ description: 'On what: an id, a name' })),
  outcome: Type.Enum([...AUDIT_OUTCOMES]),
  detail: Type.Unsafe<unknown>({ description: 'What else is worth knowing; `times`: so often, summed up' }),
})
export type AuditEntryJson = Static<typeof AuditEntrySchema>
