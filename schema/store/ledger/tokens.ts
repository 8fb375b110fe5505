/** Tokens that let machines and people in. The store knows their hashes only: nobody can read a token out of a backup. */
import type { Role } from '../../words/roles.js'
import type { Page, PageQuery } from '../paging.js'

export interface Token {
  id: string
  name: string
  role: Role
  /** only these zones, by name; null: all */
  zones: string[] | null
  createdAt: number
  /** who made it; null: the command line */
  createdBy: string | null
  /** not valid from here on; null: no end */
  expiresAt: number | null
  /** kept to the minute; null: never used */
  lastUsedAt: number | null
  revokedAt: number | null
}

export type NewToken = Pick<Token, 'name' | 'role' | 'zones' | 'createdAt' | 'createdBy' | 'expiresAt'> & {
  /** of the token's text, hexadecimal; two tokens never share one */
  hash: string
}

export interface Tokens {
  create(token: NewToken): Promise<Token>
  /** Newest first, revoked and expired ones as well. */
  page(query: PageQuery): Promise<Page<Token>>
  get(id: string): Promise<Token | null>
  /** Also one that has expired or was revoked: whoever asks judges, and can say why. */
  byHash(hash: string): Promise<Token | null>
  /** Notes that it was used at that time; a use less than a minute after the one noted before costs a look only. */
  used(id: string, at: number): Promise<void>
  /** Ends it for good, and with it every session that it began. False: there is none, or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>
}
