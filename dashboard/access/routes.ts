/** …/api/v1/me, /tokens and /sessions: who one is, who may come in, who is in. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { instant } from '../../analyze/http/parameters.js'
import { MadeTokenSchema, MeSchema, SessionSchema, TokenDraftSchema, TokenSchema } from '../../schema/api/access.js'
import { badRequest, notFound } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import type { Ledger } from '../../schema/store/ledger.js'
import type { Session } from '../../schema/store/ledger/sessions.js'
import { iso } from '../../schema/words/iso.js'
import { authorOf, type Identity } from './identity.js'
import { createToken, tokenView } from './tokens.js'

export interface AccessRoutesOptions {
  ledger: Pick<Ledger, 'tokens' | 'sessions'>
  /** is anybody asked who they are? */
  asked: boolean
  now?: () => number
}

const TAGS = ['access']
const BODY_LIMIT = 20_000
const MOST = 500
const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
const paging = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST })),
  after: Type.Optional(Type.String({ description: '`next` of the page before' })),
})
const next = Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null at the end' })

export async function accessRoutes(
  instance: FastifyInstance,
  { ledger, asked, now = Date.now }: AccessRoutesOptions,
): Promise<void> {
  const app = typed(instance)

  app.get(
    '/me',
    { schema: { description: 'Who asks, and what they may', tags: TAGS, response: { 200: MeSchema } } },
    async (request) => {
      const { role, zones, name, session } = whoIn(request)
      return { role, zones: zones && [...zones], name, session: session !== null, asked }
    },
  )

  app.get(
    '/tokens',
    {
      schema: {
        description: 'Tokens, newest first, those that are over as well',
        tags: TAGS,
        querystring: paging,
        response: { 200: Type.Object({ tokens: Type.Array(TokenSchema), next }) },
      },
    },
    async ({ query: { limit = MOST, after = null } }) => {
      const page = await ledger.tokens.page({ limit, after })
      return { tokens: page.items.map((token) => tokenView(token, now())), next: page.next }
    },
  )

  app.post(
    '/tokens',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'A new token. Its text is in this answer and nowhere else',
        tags: TAGS,
        body: TokenDraftSchema,
        response: { 201: MadeTokenSchema },
      },
    },
    async (request, reply) => {
      const { body } = request
      const { made, token } = await createToken(ledger.tokens, body, {
        expiresAt:
          body.expiresAt === undefined || body.expiresAt === null ? null : instant(body.expiresAt, 'expiresAt'),
        createdBy: authorOf(request),
        now: now(),
      })
      return reply.code(201).send({ ...tokenView(made, now()), token })
    },
  )

  app.delete(
    '/tokens/:id',
    {
      schema: {
        description: 'Revokes a token: it opens nothing from now on, nor does any session that it began',
        tags: TAGS,
        params: idParams,
        response: { 200: TokenSchema },
      },
    },
    async ({ params: { id } }) => {
      const revoked = await ledger.tokens.revoke(id, now())
      const token = await ledger.tokens.get(id)
      if (!token) throw notFound('NO_SUCH_TOKEN', `There is no token ${id}. GET /api/v1/tokens lists them.`)
      if (!revoked) throw badRequest('TOKEN_OVER', `The token “${token.name}” was revoked before.`)
      return tokenView(token, now())
    },
  )

  app.get(
    '/sessions',
    {
      schema: {
        description: 'Who is signed in, newest first: an admin sees everybody, others their own',
        tags: TAGS,
        querystring: paging,
        response: { 200: Type.Object({ sessions: Type.Array(SessionSchema), next }) },
      },
    },
    async (request) => {
      const { limit = MOST, after = null } = request.query
      const who = whoIn(request)
      const page = await ledger.sessions.page({ limit, after, liveAt: now(), ...scopeOf(who) })
      return { sessions: page.items.map((session) => sessionView(session, who)), next: page.next }
    },
  )

  app.delete(
    '/sessions/:id',
    {
      schema: {
        description: 'Ends a session: one of one’s own, or as an admin anybody’s',
        tags: TAGS,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const session = await ledger.sessions.get(id)
      const isMine = session !== null && mayEnd(whoIn(request), session)
      if (!isMine || !(await ledger.sessions.end(id, now())))
        throw notFound('NO_SUCH_SESSION', `There is no such session, or it has ended. GET /api/v1/sessions lists them.`)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/sessions',
    {
      schema: {
        description: 'Ends all sessions but the one that asks: one’s own, or as an admin everybody’s',
        tags: TAGS,
        response: { 200: Type.Object({ ended: Type.Integer() }) },
      },
    },
    async (request) => {
      const who = whoIn(request)
      const except = who.session ?? undefined
      return { ended: await ledger.sessions.endAll({ ...scopeOf(who), except }, now()) }
    },
  )
}

/** The door lets nobody through whom it does not know. */
function whoIn({ who }: FastifyRequest): Identity {
  if (who === null) throw new Error('Nobody asks')
  return who
}

/** Whose sessions somebody may see and end. A token's own are told by the token, others by their subject. */
function scopeOf({ role, token, name }: Identity): { token?: string; subject?: string } {
  if (role === 'admin') return {}
  return token === null ? { subject: name ?? '' } : { token }
}

function mayEnd(who: Identity, session: Session): boolean {
  const { token, subject } = scopeOf(who)
  return (token === undefined || session.token === token) && (subject === undefined || session.subject === subject)
}

function sessionView(session: Session, who: Identity) {
  const { id, token, subject, role, zones, createdAt, lastSeenAt, expiresAt, address, userAgent } = session
  return {
    id,
    name: subject ?? token,
    role,
    zones,
    createdAt: iso(createdAt),
    lastSeenAt: iso(lastSeenAt),
    expiresAt: iso(expiresAt),
    address,
    userAgent,
    current: id === who.session,
  }
}
