/** Secrets that let somebody in: made, hashed, compared in constant time, read out of headers. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { DAY, SECOND } from '../../schema/words/duration.js'

/** A session lasts this long, then the login page asks again, seconds. */
export const SESSION_SECONDS = (7 * DAY) / SECOND
export const SESSION_COOKIE = 'faultline_session'
/** Tells the page, which cannot see the session, that there is one to end. Worth nothing by itself. */
export const SIGNED_IN_COOKIE = 'faultline_signed_in'

const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()

/** True if the two are the same; takes as long whether they differ early, late or in length. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

/** Marks what is a token of ours wherever it turns up, for those who look for secrets where none should be. */
const TOKEN_MARK = 'flt_'

/** 256 bits that nobody can guess, so that a fast hash keeps them as safely as a slow one. */
export const makeToken = (): string => TOKEN_MARK + randomBytes(32).toString('base64url')

/** What the store keeps of a token. */
export const hashOfToken = (token: string): string => digest(token).toString('hex')

export const makeSessionSecret = (): string => randomBytes(32).toString('base64url')

/** What the store keeps of a session's secret. With another key (`plugin.ts`) no cookie finds its session any more. */
export function sessionId(secret: string, key: string | null): string {
  return createHmac('sha256', digest(`faultline session\0${key ?? ''}`))
    .update(secret, 'utf8')
    .digest('hex')
}

/** The token out of an Authorization header: Bearer, or Basic with the token as the password (Logpush can send both). */
export function tokenOfHeader(header: string | undefined): string | null {
  const [, scheme, value] = /^(\S+)\s+(.+)$/.exec(header ?? '') ?? []
  if (scheme === undefined) return null
  if (scheme.toLowerCase() === 'bearer') return value.trim()
  if (scheme.toLowerCase() !== 'basic') return null
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}
