/** Signing in and out in a browser: the page at /login, and the sessions that begin there. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { RequestError } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import type { Ledger } from '../../schema/store/ledger.js'
import { SECOND } from '../../schema/words/duration.js'
import { DEFAULT_LANGUAGE, isLanguage } from '../../schema/words/languages.js'
import { mayDo } from '../../schema/words/roles.js'
import type { Trail } from './audit-trail.js'
import { subjectOf, type Identify } from './identify.js'
import type { Identity } from './identity.js'
import { loginPage, LOGIN_STYLE, type LoginProblem } from './login-page.js'
import { browserLanguage } from './reader-language.js'
import { makeSessionSecret, SESSION_COOKIE, SESSION_SECONDS, sessionId, SIGNED_IN_COOKIE } from './token.js'

export interface SignInOptions {
  /** what sessions are bound to */
  sessionKey: string | null
  /** false: nobody is asked */
  closed: boolean
  ledger: Pick<Ledger, 'sessions' | 'tokens'>
  identify: Identify
  trail: Trail
  /** may people sign in with a provider of their own? */
  provider: boolean
}

/** Whatever stands there, a page is the answer: so nothing of it is refused. */
export const querystring = Type.Object({ lang: Type.Optional(Type.Unknown()), next: Type.Optional(Type.Unknown()) })
export type LoginQuery = Static<typeof querystring>

/** Begins a session and gives the browser what stands for it. `expiresAt`: what vouches ends then. */
export async function beginSession(
  { ledger, sessionKey, trail }: Pick<SignInOptions, 'ledger' | 'sessionKey' | 'trail'>,
  request: FastifyRequest,
  reply: FastifyReply,
  who: Identity,
  expiresAt: number | null,
): Promise<void> {
  const secret = makeSessionSecret()
  const now = Date.now()
  const until = Math.min(now + SESSION_SECONDS * SECOND, expiresAt ?? Infinity)
  const id = sessionId(secret, sessionKey)
  await ledger.sessions.begin({
    id,
    token: who.token,
    subject: subjectOf(who),
    role: who.role,
    zones: who.zones === null ? null : [...who.zones],
    createdAt: now,
    expiresAt: until,
    address: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
  })
  request.who = { ...who, session: id }
  trail.note(request, { action: 'session.begin', target: id.slice(0, 12), outcome: 'done' })
  const lasting = {
    path: '/',
    sameSite: 'strict' as const,
    maxAge: Math.floor((until - now) / SECOND),
    secure: request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https',
  }
  reply.setCookie(SESSION_COOKIE, secret, { ...lasting, httpOnly: true })
  reply.setCookie(SIGNED_IN_COOKIE, '1', { ...lasting, httpOnly: false })
}

export async function signInRoutes(app: FastifyInstance, options: SignInOptions): Promise<void> {
  const { closed, ledger, identify, trail, provider } = options
  const login = typed(app)
  login.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, body),
  )
  login.get('/login.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css').send(LOGIN_STYLE),
  )
  login.get('/login', { schema: { hide: true, querystring } }, async (request, reply) => {
    if (request.known) return reply.redirect(nextOf(request.query), 303)
    return answerPage(request, reply, request.query, null, provider)
  })
  login.post('/login', { schema: { hide: true, querystring } }, async (request, reply) => {
    if (!closed) return reply.redirect('/', 303)
    const given = new URLSearchParams(String(request.body ?? '')).get('token') ?? ''
    const refuse = (status: number, problem: LoginProblem) => {
      trail.sum(request, { action: 'session.begin', outcome: 'refused' })
      return answerPage(request, reply.code(status), request.query, problem, provider)
    }
    try {
      const who = await identify.byToken(request, given)
      if (who === null) return refuse(401, 'wrong')
      if (!mayDo(who.role, 'read')) return refuse(403, 'sender')
      const expiresAt = who.token === null ? null : ((await ledger.tokens.get(who.token))?.expiresAt ?? null)
      await beginSession(options, request, reply, who, expiresAt)
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      if (error.statusCode === 401) return refuse(401, 'over')
      if (error.details.retryAfter === undefined) throw error
      reply.header('retry-after', error.details.retryAfter)
      return refuse(error.statusCode, 'wait')
    }
    return reply.redirect(nextOf(request.query), 303)
  })
  login.post('/logout', { schema: { hide: true } }, async (request, reply) => {
    const session = await identify.sessionOf(request)
    if (session && (await ledger.sessions.end(session.id, Date.now())))
      trail.note(request, { action: 'session.end', target: session.id.slice(0, 12), outcome: 'done' })
    return reply
      .clearCookie(SESSION_COOKIE, { path: '/' })
      .clearCookie(SIGNED_IN_COOKIE, { path: '/' })
      .redirect('/login', 303)
  })
}

/** The login page, and what was the matter. */
export function answerPage(
  request: FastifyRequest,
  reply: FastifyReply,
  query: LoginQuery,
  problem: LoginProblem | null,
  provider: boolean,
): FastifyReply {
  const { lang } = query
  const chosen = typeof lang === 'string' && isLanguage(lang) ? lang : null
  return reply.type('text/html; charset=utf-8').send(
    loginPage(chosen ?? browserLanguage(request) ?? DEFAULT_LANGUAGE, nextOf(query), {
      problem,
      chosen: chosen !== null,
      provider,
    }),
  )
}

/** Only a path of our own; anything else could send the visitor away. */
export function nextOf({ next }: LoginQuery): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'
}
