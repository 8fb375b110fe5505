/** Who asks, as far as the door knows. */
import type { FastifyRequest } from 'fastify'
import type { Role } from '../../schema/words/roles.js'

export interface Identity {
  role: Role
  /** only these zones, in lower case; null: all */
  zones: readonly string[] | null
  /** the name for the audit log; null: nobody by name, on loopback without a token */
  name: string | null
  /** does the name say who it is? What everybody shares (FAULTLINE_TOKEN) signs nothing */
  signs: boolean
  /** id of the token, FIRST_TOKEN, or null: a provider vouches */
  token: string | null
  /** id of the session, where there is one */
  session: string | null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** null: nobody that we know */
    who: Identity | null
    /** Did the request bring what lets it in? Without a token everybody who gets here is known. */
    known: boolean
  }
}

/** Stands for FAULTLINE_TOKEN where tokens have ids and names. */
export const FIRST_TOKEN = 'FAULTLINE_TOKEN'

/** On loopback without a token. */
export const EVERYBODY: Identity = { role: 'admin', zones: null, name: null, signs: false, token: null, session: null }

export const FIRST_ADMIN: Identity = { ...EVERYBODY, name: FIRST_TOKEN, token: FIRST_TOKEN }

/** The zones that a request is limited to; null: all. */
export const zonesOf = (request: FastifyRequest): readonly string[] | null => request.who?.zones ?? null

/** Whose logs a request brings: those of one token count together wherever they come from, as Logpush's do. */
export const waitsAs = ({ who, ip }: FastifyRequest): string => who?.token ?? who?.name ?? ip

/** Who signs what is written; null: nobody by name. */
export const authorOf = (request: FastifyRequest): string | null => (request.who?.signs ? request.who.name : null)

/** The name that whoever asks goes by in the audit log and in what they send; null: nobody by name. */
export const nameOf = (request: FastifyRequest): string | null => request.who?.name ?? null
