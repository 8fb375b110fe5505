/**
 * Closed by default: the token on every route but /healthz and the login page, Host and Origin checked on
 * loopback too, security headers on every answer.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import cookie from '@fastify/cookie'
import plugin from 'fastify-plugin'
import { Type, type Static } from 'typebox'
import { RequestError } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import { isLanguage } from '../../schema/words/languages.js'
import { loginPage, LOGIN_STYLE } from './login-page.js'
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
}

const OPEN = new Set(['/healthz', '/login', '/login.css', '/icon.svg'])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whatever stands there, a page is the answer: so nothing of it is refused. */
const querystring = Type.Object({ lang: Type.Optional(Type.Unknown()), next: Type.Optional(Type.Unknown()) })
type LoginQuery = Static<typeof querystring>

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

async function access(app: FastifyInstance, { token, allowedHosts }: AccessOptions): Promise<void> {
  const sessions = token === null ? null : createSessions(token)
  await app.register(cookie)

  function isKnown(request: FastifyRequest): boolean {
    if (token === null || sessions === null) return true
    const given = tokenOfHeader(request.headers.authorization)
    if (given !== null) return sameSecret(given, token)
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
    const path = request.url.split('?')[0]
    if (
      !SAFE_METHODS.has(request.method) &&
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
    if (OPEN.has(path) || isKnown(request)) return
    if (wantsPage(request)) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303)
    reply.header('www-authenticate', 'Bearer realm="faultline"')
    throw new RequestError(
      401,
      'TOKEN_NEEDED',
      'This Faultline asks for its token. Send "Authorization: Bearer <FAULTLINE_TOKEN>", or sign in at /login.',
    )
  })

  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', reply.getHeader('content-security-policy') ?? CONTENT_SECURITY_POLICY)
    reply.header('x-content-type-options', 'nosniff')
    // with no-referrer even our own forms would have the Origin "null"
    reply.header('referrer-policy', 'same-origin')
    reply.header('cross-origin-opener-policy', 'same-origin')
    reply.header('cross-origin-resource-policy', 'same-origin')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
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
      if (isKnown(request)) return reply.redirect(nextOf(request.query), 303)
      return page(request, reply, request.query, false)
    })
    login.post('/login', { schema: { hide: true, querystring } }, async (request, reply) => {
      if (token === null || sessions === null) return reply.redirect('/', 303)
      const given = new URLSearchParams(String(request.body ?? '')).get('token') ?? ''
      if (!sameSecret(given, token)) return page(request, reply.code(401), request.query, true)
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

function page(request: FastifyRequest, reply: FastifyReply, query: LoginQuery, wrong: boolean): FastifyReply {
  const { lang } = query
  const chosen = typeof lang === 'string' && isLanguage(lang) ? lang : null
  return reply
    .type('text/html; charset=utf-8')
    .send(loginPage(chosen ?? browserLanguage(request) ?? 'en', nextOf(query), { wrong, chosen: chosen !== null }))
}

/** Only a path of our own; anything else could send the visitor away. */
function nextOf({ next }: LoginQuery): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
}

export const accessPlugin = plugin(access, { name: 'access' })
