/** A session as a row. */
import type { Role } from '../../words/roles.js'
import type { Session } from '../ledger/sessions.js'
import { zonesOf } from './zones.js'

export interface SessionRow {
  seq: number
  id: string
  token: string | null
  subject: string | null
  role: Role
  zones: string | null
  created_at: number
  last_seen_at: number
  expires_at: number
  address: string | null
  user_agent: string | null
  ended_at: number | null
}

export function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    token: row.token,
    subject: row.subject,
    role: row.role,
    zones: zonesOf(row.zones),
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    userAgent: row.user_agent,
    endedAt: row.ended_at,
  }
}
