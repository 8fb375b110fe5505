/**
 * Closed by default: who asks is looked up, and every route says in rights.ts who may. Host and Origin are checked on loopback
 * too, every answer has security headers, and one address may try and send only so often.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import cookie from '@fastify/cookie'
import plugin from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { RequestError } from '../../schema/api/errors.js'
import { cautiousTime } from '../../schema/store/cautious-time.js'
import type { Ledger } from '../../schema/store/ledger.js'
import { PAGES } from '../../schema/words/pages.js'
import { mayDo } from '../../schema/words/roles.js'
import { createTrail, type Trail } from './audit-trail.js'
import { expireByAge } from './expiry.js'
import { bodyPlugin, BODY_LIMITS, type BodyLimits } from './bodies.js'
import type { ConnectionLimits } from './connections.js'
import { headerPlugin } from './headers.js'
import { createIdentify, type Identify } from './identify.js'
import { EVERYBODY, type Identity } from './identity.js'
import { createLimiter, RATE_LIMITS, type RateLimits } from './limits.js'
import { notePlugin } from './notes.js'
import { endRevoked } from './lasting.js'
import { isAllowedHost, isOwnOrigin } from './origin.js'
import { rightOf, type Right } from './rights.js'
import type { CloudflareAccessOptions } from './providers/cloudflare.js'
import type { OidcOptions } from './providers/oidc.js'
import { answerPage, beginSession, signInRoutes } from './sign-in.js'
import { hashOfToken } from './token.js'

export interface AccessOptions {
  /** the first admin's; null: none, for loopback only */
  token: string | null
  /** host names besides loopback; null: any */
  allowedHosts: readonly string[] | null
  /** addresses and networks (10.0.0.0/8, loopback) of proxies that are believed when they say for whom they ask */
  trustedProxies?: readonly string[]
  limits?: Partial<RateLimits & BodyLimits>
  connections?: Partial<ConnectionLimits>
  /** Cloudflare Access is in front of it */
  cloudflare?: CloudflareAccessOptions
  /** people sign in with a provider of their own */
  oidc?: OidcOptions
  /** so often requests that last are looked at, ms */
  lookMs?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** who did what, on its way to the audit log */
    trail: Trail
    identify: Identify
    /** Would whoever was let in be let in again? */
    isStillKnown(request: FastifyRequest): Promise<boolean>
  }
  interface FastifyContextConfig {
    right?: Right
  }
}

/** What weighs, not how often it comes, is what limits logs. */
const NO_CHANGE = new Set(['/api/v1/logs', '/login', '/logout'])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
const PAGE_URLS = [...Object.values(PAGES), '/*', '/index.html']

type Options = AccessOptions & { ledger: Pick<Ledger, 'tokens' | 'sessions' | 'audit'> }

async function access(app: FastifyInstance, options: Options): Promise<void> {
  const { token, allowedHosts, limits, ledger, oidc } = options
  const closed = isClosed(options)
  // what a provider needs is loaded where there is one: else every start would wait for it
  const provider = options.cloudflare ? await import('./providers/cloudflare.js') : null
  const cloudflare = options.cloudflare ? provider?.createCloudflareAccess(options.cloudflare) : null
  await app.register(headerPlugin)
  await app.register(cookie)
  await app.register(bodyPlugin, { ...BODY_LIMITS, ...limits })
  const limiter = await createLimiter(app, { ...RATE_LIMITS, ...limits })
  const onError = (error: unknown) => app.log.error(error)
  const identify = createIdentify({ token, sessionKey: sessionKeyOf(options), ledger, limiter, onError })
  const trail = createTrail(ledger.audit, onError)
  app.decorate('trail', trail)
  app.decorate('identify', identify)
  app.decorate('isStillKnown', async (request) => (await whoAsks(request).catch(refusedOnly)) !== null)
  app.decorateRequest('known', false)
  app.decorateRequest('who', null)
  const expiry = expireByAge(ledger, { now: cautiousTime(), onError })
  app.addHook('onClose', async () => {
    expiry.stop()
    await trail.close()
  })

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      if (method === 'OPTIONS') continue
      const right = rightOf(method, route.url, PAGE_URLS)
      if (right === null) throw new Error(`dashboard/access/rights.ts does not say who may ${method} ${route.url}`)
      route.config = { ...route.config, right }
    }
  })

  async function whoAsks(request: FastifyRequest): Promise<Identity | null> {
    const byHeader = await identify.byHeader(request).catch((error: Error) => {
      // where nobody is asked for a token a wrong one shuts nobody out
      if (closed) throw error
      return null
    })
    if (byHeader !== null || !closed) return byHeader ?? EVERYBODY
    if (request.headers.authorization !== undefined) return null
    return (await identify.bySession(request)) ?? (await byCloudflare(request))
  }

  /** Access begins no session here; each of its tokens is noted once. */
  const noted = new LRUCache<string, true>({ max: 10_000 })
  async function byCloudflare(request: FastifyRequest): Promise<Identity | null> {
    const who = await cloudflare?.whoAsks(request)
    if (!who || !provider) return null
    const assertion = hashOfToken(String(request.headers[provider.ASSERTION]))
    if (!noted.has(assertion)) {
      request.who = who
      trail.note(request, { action: 'session.begin', outcome: 'done', detail: { by: 'Cloudflare Access' } })
    }
    noted.set(assertion, true)
    return who
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
    const { right } = request.routeOptions.config
    const isOpen = right?.needs === 'stranger'
    // a stranger's guess, or a store that does not answer, must not close what is open to strangers
    request.who = await whoAsks(request).catch((error: Error) => {
      if (isOpen) return null
      throw error
    })
    request.known = request.who !== null
    if (isChange && request.known && !NO_CHANGE.has(request.url.split('?')[0])) await limiter.noteChange(request)
    if (isOpen) return
    if (request.who !== null) return checkRight(request.who, right)
    if (wantsPage(request)) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303)
    reply.header('www-authenticate', 'Bearer realm="faultline"')
    throw new RequestError(
      401,
      'TOKEN_NEEDED',
      'This Faultline asks for its token. Send "Authorization: Bearer <FAULTLINE_TOKEN>", or sign in at /login.',
    )
  })

  if (closed) endRevoked(app, { ledger, onError, ...(options.lookMs !== undefined && { lookMs: options.lookMs }) })
  await app.register(notePlugin, { trail })
  const signIn = { sessionKey: sessionKeyOf(options), closed, ledger, identify, trail, provider: oidc !== undefined }
  await app.register(signInRoutes, signIn)
  if (oidc)
    await app.register((await import('./providers/oidc.js')).oidcRoutes, {
      oidc,
      begin: (request, reply, who, expiresAt) => beginSession(signIn, request, reply, who, expiresAt),
      refuse: (request, reply, { statusCode, code }) => {
        trail.sum(request, { action: 'session.begin', outcome: 'refused' })
        return answerPage(request, reply.code(statusCode), {}, code === 'NO_ROLE' ? 'noRole' : 'failed', true)
      },
    })
}

/** FAULTLINE_TOKEN and, with a provider, who it may let in: whoever loses a role loses it with the restart, not with the session's end. */
const sessionKeyOf = ({ token, oidc }: AccessOptions): string | null =>
  oidc ? [token ?? '', JSON.stringify([oidc.issuer, oidc.claim, oidc.roles])].join('\0') : token

/** Is anybody asked who they are? */
export const isClosed = ({ token, cloudflare, oidc }: AccessOptions): boolean =>
  token !== null || cloudflare !== undefined || oidc !== undefined

/** Throws 403. An address that is none of ours has no right, and nothing to see. */
function checkRight({ role, zones, name }: Identity, right: Right | undefined): void {
  if (right === undefined || right.needs === 'stranger') return
  const [who, whom] = name === null ? ['You are', 'you are'] : [`“${name}” is`, `“${name}” is`]
  if (right.needs !== 'someone' && !mayDo(role, right.needs))
    throw new RequestError(
      403,
      'ROLE_NEEDED',
      `This takes the role "${right.needs}"; ${whom} "${role}". Ask an admin of this Faultline for a token that may.`,
      { role, needed: right.needs },
    )
  if (zones !== null && right.zones === 'refused')
    throw new RequestError(
      403,
      'ALL_ZONES_NEEDED',
      `${who} limited to ${zones.join(', ')}, and this tells of all zones together. Ask an admin for access to all of them.`,
    )
}

/** Nobody is in the way of a store that does not answer. */
function refusedOnly(error: unknown): null {
  if (error instanceof RequestError) return null
  throw error
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
}

export const accessPlugin = plugin(access, { name: 'access' })
