/**
 * Closed by default: the token on every route but /healthz and the login page, Host and Origin checked on
 * loopback too, security headers on every answer, limits on what one address may try and send.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import cookie from '@fastify/cookie'
import plugin from 'fastify-plugin'
import { Type, type Static } from 'typebox'
import { RequestError } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import { DEFAULT_LANGUAGE, isLanguage } from '../../schema/words/languages.js'
import { bodyPlugin, BODY_LIMITS, type BodyLimits } from './bodies.js'
import { headerPlugin } from './headers.js'
import { createLimiter, RATE_LIMITS, type RateLimits } from './limits.js'
import { loginPage, LOGIN_STYLE, type LoginProblem } from './login-page.js'
import { browserLanguage } from './reader-language.js'
import { isAllowedHost, isOwnOrigin } from './origin.js'
import {
  createSessions,
  sameSecret,
  SESSION_COOKIE,
  SESSION_SECONDS,
  SIGNED_IN_COOKIE,
  tokenOfHeader,
} from './token.js'

export interface AccessOptions {
  /** null: no token, for loopback only */
  token: string | null
  /** host names besides loopback; null: any */
  allowedHosts: readonly string[] | null
  /** addresses and networks (10.0.0.0/8, loopback) of proxies that are believed when they say for whom they ask */
  trustedProxies?: readonly string[]
  limits?: Partial<RateLimits & BodyLimits>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Did the request bring the token, or a session that stands for it? Without a token everybody who gets here is known. */
    known: boolean
  }
}

const OPEN = new Set(['/healthz', '/login', '/login.css', '/icon.svg'])
/** What weighs, not how often it comes, is what limits logs. */
const NO_CHANGE = new Set(['/api/v1/logs', '/login', '/logout'])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whatever stands there, a page is the answer: so nothing of it is refused. */
const querystring = Type.Object({ lang: Type.Optional(Type.Unknown()), next: Type.Optional(Type.Unknown()) })
type LoginQuery = Static<typeof querystring>

async function access(app: FastifyInstance, { token, allowedHosts, limits }: AccessOptions): Promise<void> {
  const sessions = token === null ? null : createSessions(token)
  await app.register(headerPlugin)
  await app.register(cookie)
  await app.register(bodyPlugin, { ...BODY_LIMITS, ...limits })
  const limiter = await createLimiter(app, { ...RATE_LIMITS, ...limits })
  app.decorateRequest('known', false)

  /** Throws 429 where there were too many guesses. */
  async function isRight(request: FastifyRequest, given: string): Promise<boolean> {
    await limiter.checkGuess(request)
    const right = token !== null && sameSecret(given, token)
    await (right ? limiter.noteRight(request) : limiter.noteWrong(request))
    return right
  }

  async function isKnown(request: FastifyRequest): Promise<boolean> {
    if (token === null || sessions === null) return true
    const given = tokenOfHeader(request.headers.authorization)
    if (given !== null) return isRight(request, given)
    const session = request.cookies[SESSION_COOKIE]
    return session !== undefined && sessions.isValid(session, Date.now())
  }

  app.addHook('onRequest', async (request, reply) => {
    if (!isAllowedHost(request.headers.host, allowedHosts)) {
      throw new RequestError(
        421,
        'FOREIGN_HOST',
        `This Faultline does not answer for the host "${request.headers.host ?? ''}". Use localhost or 127.0.0.1, or start it with a token.`,
      )
    }
    const isChange = !SAFE_METHODS.has(request.method)
    if (
      isChange &&
      !isOwnOrigin({
        host: request.headers.host,
        origin: request.headers.origin,
        secFetchSite: request.headers['sec-fetch-site'] as string | undefined,
      })
    ) {
      throw new RequestError(
        403,
        'FOREIGN_ORIGIN',
        "A page of another site tried to change something here. Requests must come from Faultline's own page, or from a program.",
      )
    }
    const path = request.url.split('?')[0]
    const isOpen = OPEN.has(path)
    // a stranger's guess must not close what is open to strangers
    request.known = await isKnown(request).catch((error: Error) => {
      if (isOpen) return false
      throw error
    })
    if (isChange && request.known && !NO_CHANGE.has(path)) await limiter.noteChange(request)
    if (isOpen || request.known) return
    if (wantsPage(request)) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303)
    reply.header('www-authenticate', 'Bearer realm="faultline"')
    throw new RequestError(
      401,
      'TOKEN_NEEDED',
      'This Faultline asks for its token. Send "Authorization: Bearer <FAULTLINE_TOKEN>", or sign in at /login.',
    )
  })

  await app.register(async (pages) => {
    const login = typed(pages)
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
      return page(request, reply, request.query, null)
    })
    login.post('/login', { schema: { hide: true, querystring } }, async (request, reply) => {
      if (token === null || sessions === null) return reply.redirect('/', 303)
      const given = new URLSearchParams(String(request.body ?? '')).get('token') ?? ''
      try {
        if (!(await isRight(request, given))) return page(request, reply.code(401), request.query, 'wrong')
      } catch (error) {
        if (!(error instanceof RequestError) || error.details.retryAfter === undefined) throw error
        reply.code(error.statusCode).header('retry-after', error.details.retryAfter)
        return page(request, reply, request.query, 'wait')
      }
      const lasting = {
        path: '/',
        sameSite: 'strict' as const,
        maxAge: SESSION_SECONDS,
        secure: request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https',
      }
      reply.setCookie(SESSION_COOKIE, sessions.create(Date.now()), { ...lasting, httpOnly: true })
      reply.setCookie(SIGNED_IN_COOKIE, '1', { ...lasting, httpOnly: false })
      return reply.redirect(nextOf(request.query), 303)
    })
    login.post('/logout', { schema: { hide: true } }, async (_request, reply) =>
      reply
        .clearCookie(SESSION_COOKIE, { path: '/' })
        .clearCookie(SIGNED_IN_COOKIE, { path: '/' })
        .redirect('/login', 303),
    )
  })
}

function page(
  request: FastifyRequest,
  reply: FastifyReply,
  query: LoginQuery,
  problem: LoginProblem | null,
): FastifyReply {
  const { lang } = query
  const chosen = typeof lang === 'string' && isLanguage(lang) ? lang : null
  return reply.type('text/html; charset=utf-8').send(
    loginPage(chosen ?? browserLanguage(request) ?? DEFAULT_LANGUAGE, nextOf(query), {
      problem,
      chosen: chosen !== null,
    }),
  )
}

/** Only a path of our own; anything else could send the visitor away. */
function nextOf({ next }: LoginQuery): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
}

export const accessPlugin = plugin(access, { name: 'access' })
