/** From what a request brings to who asks. Asked anew each time, so that what was revoked opens nothing from then on. */
import type { FastifyRequest } from 'fastify'
import { RequestError } from '../../schema/api/errors.js'
import type { Ledger } from '../../schema/store/ledger.js'
import type { Session } from '../../schema/store/ledger/sessions.js'
import type { Token } from '../../schema/store/ledger/tokens.js'
import { FIRST_ADMIN, FIRST_TOKEN, type Identity } from './identity.js'
import type { Limiter } from './limits.js'
import { queryTokenOf } from './query-token.js'
import { hashOfToken, sameSecret, SESSION_COOKIE, sessionId, tokenOfHeader } from './token.js'

export interface IdentifyOptions {
  /** FAULTLINE_TOKEN; null: none */
  token: string | null
  /** what sessions are bound to: with another one none is found any more */
  sessionKey: string | null
  ledger: Pick<Ledger, 'tokens' | 'sessions'>
  limiter: Limiter
  onError: (error: unknown) => void
  now?: () => number
}

export interface Identify {
  /** Who has this token; null: nobody. Throws 429 where there were too many guesses, 401 for one that is over. */
  byToken(request: FastifyRequest, given: string): Promise<Identity | null>
  /** Also by the address of a post of logs. */
  byHeader(request: FastifyRequest): Promise<Identity | null>
  bySession(request: FastifyRequest): Promise<Identity | null>
  /** The session's row that the request's cookie stands for, live or not. */
  sessionOf(request: FastifyRequest): Promise<Session | null>
}

export function createIdentify({
  token,
  sessionKey,
  ledger,
  limiter,
  onError,
  now = Date.now,
}: IdentifyOptions): Identify {
  async function lookUp(given: string): Promise<Identity | Token | null> {
    if (token !== null && sameSecret(given, token)) return FIRST_ADMIN
    return ledger.tokens.byHash(hashOfToken(given))
  }

  async function byToken(request: FastifyRequest, given: string): Promise<Identity | null> {
    await limiter.checkGuess(request)
    const found = await lookUp(given)
    if (found === null) {
      await limiter.noteWrong(request)
      return null
    }
    if (!('id' in found)) {
      await limiter.noteRight(request)
      return found
    }
    const over = overOf(found, now())
    if (over !== null) {
      await limiter.noteWrong(request)
      throw over
    }
    await limiter.noteRight(request)
    ledger.tokens.used(found.id, now()).catch(onError)
    return identityOf(found)
  }

  async function sessionOf(request: FastifyRequest): Promise<Session | null> {
    const secret = request.cookies[SESSION_COOKIE]
    return secret === undefined ? null : ledger.sessions.get(sessionId(secret, sessionKey))
  }

  return {
    byToken,
    async byHeader(request) {
      // in the address only where there is none in a header
      const given = tokenOfHeader(request.headers.authorization) ?? queryTokenOf(request.raw)
      return given === null ? null : byToken(request, given)
    },
    sessionOf,
    async bySession(request) {
      const session = await sessionOf(request)
      if (session === null || session.endedAt !== null || session.expiresAt <= now()) return null
      ledger.sessions.seen(session.id, now()).catch(onError)
      const { role, zones, subject } = session
      return {
        role,
        zones,
        name: subject ?? session.token,
        signs: subject !== null,
        token: session.token,
        session: session.id,
      }
    },
  }
}

export const identityOf = ({ id, name, role, zones }: Token): Identity => ({
  role,
  zones,
  name,
  signs: true,
  token: id,
  session: null,
})

function overOf({ name, revokedAt, expiresAt }: Token, now: number): RequestError | null {
  const again = 'Ask whoever runs this Faultline for another one.'
  if (revokedAt !== null) return new RequestError(401, 'TOKEN_REVOKED', `The token “${name}” was revoked. ${again}`)
  if (expiresAt !== null && expiresAt <= now)
    return new RequestError(401, 'TOKEN_EXPIRED', `The token “${name}” has expired. ${again}`)
  return null
}

/** What a session keeps of who began it. FAULTLINE_TOKEN names nobody. */
export const subjectOf = ({ name, token }: Identity): string | null => (token === FIRST_TOKEN ? null : name)
