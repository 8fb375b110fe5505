/**
 * Cloudflare Access in front: every request carries a signed token that says who passed. Its signature is what counts, never
 * the header with the e-mail address beside it, which anybody can write who gets past Access.
 * https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
import type { FastifyRequest } from 'fastify'
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from 'jose'
import { RequestError } from '../../../schema/api/errors.js'
import type { Identity } from '../identity.js'
import { askForKeys } from './asking.js'
import { groupsIn, MOST_OF_NAME, roleOf, type RoleMap, type Vouched } from './roles.js'

export const ASSERTION = 'cf-access-jwt-assertion'

export interface CloudflareAccessOptions {
  /** `https://TEAM.cloudflareaccess.com`, which issues the tokens and publishes the keys */
  issuer: string
  /** AUD tag of the application; tokens for others open nothing here */
  audience: string
  roles: RoleMap
  /** A key that nobody knows is looked for at most this often, ms: made-up ones must not become a flood to Cloudflare. */
  cooldownMs?: number
  /** After a failure nobody is asked for so long, ms. */
  restMs?: number
}

export interface CloudflareAccess {
  /** Null: the request did not come through Access. Throws 401 for a token that is not right, 403 for nobody's role. */
  whoAsks(request: FastifyRequest): Promise<Identity | null>
}

const CLOCK_TOLERANCE_S = 10

export function createCloudflareAccess(options: CloudflareAccessOptions): CloudflareAccess {
  const { issuer, audience, roles, cooldownMs = 30_000, restMs } = options
  // old keys stay valid for seven days after a rotation, and new ones are fetched when one is met
  const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', issuer), {
    cooldownDuration: cooldownMs,
    timeoutDuration: 5_000,
    [customFetch]: askForKeys(undefined, restMs),
  })

  async function payloadOf(assertion: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(assertion, keys, {
        issuer,
        audience,
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_S,
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout))
        throw new RequestError(
          401,
          'ACCESS_TOKEN_BAD',
          `Cloudflare Access's token is not accepted (${error.code}). Sign in again; if that does not help, compare FAULTLINE_ACCESS_TEAM and FAULTLINE_ACCESS_AUDIENCE with the application.`,
        )
      throw new RequestError(
        503,
        'PROVIDER_UNREACHABLE',
        `The keys of Cloudflare Access at ${issuer} could not be fetched. It is tried again in five seconds.`,
        { retryAfter: 5 },
      )
    }
  }

  return {
    async whoAsks({ headers }) {
      const assertion = headers[ASSERTION]
      if (typeof assertion !== 'string') return null
      const payload = await payloadOf(assertion)
      const vouched = vouchedIn(payload)
      const name = vouched.email ?? vouched.service ?? (isName(payload.sub) ? payload.sub : 'somebody')
      const role = roleOf(vouched, roles)
      if (role === null) throw noRole(name)
      return { role, zones: null, name, signs: true, token: null, session: null }
    },
  }
}

/** People have an address, services the id of their client; groups are there where the application hands claims on. */
function vouchedIn(payload: JWTPayload): Vouched {
  const { email, common_name: service, custom, groups } = payload as { [name: string]: unknown }
  const handedOn = typeof custom === 'object' && custom !== null && 'groups' in custom ? custom.groups : groups
  return {
    email: isName(email) ? email : null,
    groups: groupsIn(handedOn),
    service: isName(service) ? service : null,
  }
}

/** One that is longer is cut off nowhere: its beginning may be another's. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MOST_OF_NAME

export const noRole = (name: string) =>
  new RequestError(
    403,
    'NO_ROLE',
    `${name} is signed in, but has no role here. Add them, their domain or a group of theirs to FAULTLINE_ROLES.`,
  )
