/** Who is signed in. A session is a row and not only a cookie: ending it ends it, wherever the cookie may be. */
import type { Role } from '../../words/roles.js'
import type { Page, PageQuery } from '../paging.js'

export interface Session {
  /** hash of the cookie's secret, which the store never sees */
  id: string
  /** the token that it was begun with; null: by a provider, see `subject` */
  token: string | null
  /** who, as the provider of the sign-in says; null where a token says all there is to know */
  subject: string | null
  role: Role
  /** only these zones, by name; null: all */
  zones: string[] | null
  createdAt: number
  /** kept to the minute */
  lastSeenAt: number
  expiresAt: number
  /** address and browser at the beginning, for the list that people end sessions from */
  address: string | null
  userAgent: string | null
  /** null: it has not been ended; it may have expired */
  endedAt: number | null
}

export type NewSession = Omit<Session, 'lastSeenAt' | 'endedAt'>

export interface Sessions {
  /** Repeated with the same id it changes nothing and gives what is kept. */
  begin(session: NewSession): Promise<Session>
  /** Also one that has ended or expired: whoever asks judges, and can say why. */
  get(id: string): Promise<Session | null>
  /** Newest first: of one token or one subject, or all; `liveAt`: only those that have neither ended nor expired then. */
  page(query: PageQuery & { token?: string; subject?: string; liveAt?: number }): Promise<Page<Session>>
  /** Notes that it was used at that time, as `Tokens.used` does. */
  seen(id: string, at: number): Promise<void>
  /** False: there is none, or it had ended before. */
  end(id: string, at: number): Promise<boolean>
  /** Ends those of one token or one subject, or all, but not `except`; says how many. */
  endAll(which: { token?: string; subject?: string; except?: string }, at: number): Promise<number>
  /** Forgets those that ended or expired before this time; says how many. */
  expire(before: number): Promise<number>
}
