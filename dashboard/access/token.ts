/** The one secret of a Faultline: compared in constant time, turned into a session that a browser may keep. */
import { DAY, SECOND } from '../../schema/words/duration.js'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

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

export interface Sessions {
  create(now: number): string
  isValid(session: string, now: number): boolean
}

/** Sessions are signed, not stored: another token makes all of them void. */
export function createSessions(token: string): Sessions {
  const key = createHash('sha256').update('faultline session\0').update(token, 'utf8').digest()
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url')
  return {
    create(now) {
      const payload = `${Math.floor(now / 1000) + SESSION_SECONDS}.${randomBytes(9).toString('base64url')}`
      return `${payload}.${sign(payload)}`
    },
    isValid(session, now) {
      const at = session.lastIndexOf('.')
      if (at < 0) return false
      const payload = session.slice(0, at)
      return sameSecret(session.slice(at + 1), sign(payload)) && Number(payload.split('.')[0]) * 1000 > now
    },
  }
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
