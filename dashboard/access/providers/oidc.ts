/** Signing in with a provider of one's own (OpenID Connect): code flow with PKCE, role from a claim. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as client from 'openid-client'
import { RequestError } from '../../../schema/api/errors.js'
import { typed } from '../../../schema/api/typed.js'
import { HOUR, SECOND } from '../../../schema/words/duration.js'
import type { Identity } from '../identity.js'
import { isLoopback } from '../origin.js'
import { nextOf, querystring } from '../sign-in.js'
import { noRole } from './cloudflare.js'
import { askProvider, ProviderSilent, REST_MS } from './asking.js'
import { claimIn, groupsIn, MOST_OF_NAME, roleOf, type RoleMap } from './roles.js'

export interface OidcOptions {
  issuer: string
  clientId: string
  /** null: a public client, which PKCE alone protects */
  clientSecret: string | null
  /** the claim whose values FAULTLINE_ROLES calls groups */
  claim: string
  /** the address under which browsers reach this service */
  url: string
  roles: RoleMap
}

/** A session that a provider vouched for ends sooner than its own: whoever left the company is out the same day, ms. */
export const OIDC_SESSION_MS = 12 * HOUR
/** On its way to the provider and back; the browser keeps it that long, seconds. */
const JOURNEY_S = 600
/** Answers of the provider that are waited for; strangers can make us ask. */
const MOST_AT_ONCE = 32
const JOURNEY_COOKIE = 'faultline_oidc'
const PATH = '/login/oidc'

/** What must come back as it went out. */
interface Journey {
  state: string
  nonce: string
  verifier: string
  next: string
}

type Begin = (request: FastifyRequest, reply: FastifyReply, who: Identity, expiresAt: number) => Promise<void>

export interface OidcRoutesOptions {
  oidc: OidcOptions
  begin: Begin
  /** answers a person who could not be let in */
  refuse: (request: FastifyRequest, reply: FastifyReply, error: RequestError) => FastifyReply
}

export async function oidcRoutes(app: FastifyInstance, { oidc, begin, refuse }: OidcRoutesOptions): Promise<void> {
  const redirectUri = new URL(`${PATH}/callback`, oidc.url).href
  let found: Promise<client.Configuration> | null = null
  let failedAt = -Infinity
  let underWay = 0

  /** Asked for when somebody signs in first, so that a provider that is down does not keep the service from starting. */
  function provider(): Promise<client.Configuration> {
    if (performance.now() - failedAt < REST_MS) return Promise.reject(unreachable())
    found ??= discover(oidc).catch((error: unknown) => {
      found = null
      failedAt = performance.now()
      app.log.error(error)
      throw unreachable()
    })
    return found
  }
  const unreachable = () =>
    new RequestError(
      503,
      'PROVIDER_UNREACHABLE',
      `The sign-in provider ${oidc.issuer} does not answer as it should. Try again soon, or sign in with a token.`,
      { retryAfter: REST_MS / SECOND },
    )

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof RequestError && error.statusCode < 500) return refuse(request, reply, error)
    throw error
  })

  typed(app).get(PATH, { schema: { hide: true, querystring } }, async (request, reply) => {
    const config = await provider()
    const journey: Journey = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      next: nextOf(request.query),
    }
    // Lax: the provider sends the browser back from another site
    reply.setCookie(JOURNEY_COOKIE, Buffer.from(JSON.stringify(journey)).toString('base64url'), {
      path: PATH,
      httpOnly: true,
      sameSite: 'lax',
      secure: oidc.url.startsWith('https:'),
      maxAge: JOURNEY_S,
    })
    const target = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: scopesOf(config),
      code_challenge: await client.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
      state: journey.state,
      nonce: journey.nonce,
    })
    return reply.redirect(target.href, 303)
  })

  app.get(`${PATH}/callback`, { schema: { hide: true } }, async (request, reply) => {
    const config = await provider()
    const journey = journeyOf(request.cookies[JOURNEY_COOKIE])
    reply.clearCookie(JOURNEY_COOKIE, { path: PATH })
    const claims = await claimsFrom(config, new URL(request.url, oidc.url), journey)
    // what is longer than any address or id is nobody's: cut off it could be another's
    if (claims.sub.length > MOST_OF_NAME) throw refused()
    const address = text(claims.email)
    const email = claims.email_verified === true && address && address.length <= MOST_OF_NAME ? address : null
    const name = email ?? unverifiedName(text(claims.preferred_username), claims.sub)
    const role = roleOf({ email, groups: groupsIn(claimIn(claims, oidc.claim)), service: null }, oidc.roles)
    if (role === null) throw noRole(name)
    const who: Identity = { role, zones: null, name, signs: true, token: null, session: null }
    await begin(request, reply, who, Date.now() + OIDC_SESSION_MS)
    // a redirect would still count as coming from the provider, and the session's cookie would stay at home
    return reply
      .type('text/html; charset=utf-8')
      .send(`<!doctype html><meta http-equiv="refresh" content="0;url=${inMarkup(journey.next)}">`)
  })

  async function claimsFrom(config: client.Configuration, url: URL, journey: Journey) {
    if (underWay >= MOST_AT_ONCE) throw unreachable()
    underWay++
    try {
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: journey.verifier,
        expectedState: journey.state,
        expectedNonce: journey.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims() as client.IDToken
      const more = config.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        : {}
      return { ...more, ...claims } as { [name: string]: unknown; sub: string }
    } catch (error) {
      app.log.warn(error)
      throw isSilent(error) ? unreachable() : refused()
    } finally {
      underWay--
    }
  }
}

function discover({ issuer, clientId, clientSecret }: OidcOptions): Promise<client.Configuration> {
  const url = new URL(issuer)
  // on this machine alone a provider may be without TLS
  const execute = url.protocol === 'http:' && isLoopback(url.hostname) ? [client.allowInsecureRequests] : []
  return client.discovery(url, clientId, clientSecret ?? undefined, clientSecret === null ? client.None() : undefined, {
    execute,
    [client.customFetch]: (address, init) => askProvider(address, init as RequestInit),
  })
}

/** Those that the provider has, of what tells who somebody is. */
function scopesOf(config: client.Configuration): string {
  const known = config.serverMetadata().scopes_supported ?? ['openid', 'email', 'profile']
  return ['openid', 'email', 'profile', 'groups']
    .filter((scope) => scope === 'openid' || known.includes(scope))
    .join(' ')
}

function journeyOf(cookie: string | undefined): Journey {
  try {
    const { state, nonce, verifier, next } = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as Journey
    if (typeof state === 'string' && typeof nonce === 'string' && typeof verifier === 'string')
      return { state, nonce, verifier, next: nextOf({ next }) }
  } catch {
    /* none, or none of ours */
  }
  throw refused()
}

/** A path of our own (`nextOf`) within quotes. */
const inMarkup = (path: string) => path.replaceAll('&', '&amp;').replaceAll('"', '%22').replaceAll('<', '%3C')

/** A name that people choose for themselves may be another's address, whose sessions and notes are told by it: the provider's own id stands behind it. */
const unverifiedName = (chosen: string | null, sub: unknown) =>
  chosen === null ? String(sub) : `${chosen.slice(0, MOST_CHOSEN)} [${String(sub)}]`
const MOST_CHOSEN = 100

/** The library wraps what it meets. */
const isSilent = (error: unknown): boolean =>
  error instanceof ProviderSilent || (error instanceof Error && error.cause !== undefined && isSilent(error.cause))

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

const refused = () =>
  new RequestError(401, 'SIGN_IN_FAILED', 'The sign-in was not finished, or took too long. Begin it again at /login.')
