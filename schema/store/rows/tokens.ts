/** A token as a row. */
import type { Role } from '../../words/roles.js'
import type { Token } from '../ledger/tokens.js'
import { zonesOf } from './zones.js'

export interface TokenRow {
  seq: number
  id: string
  name: string
  role: Role
  zones: string | null
  created_at: number
  created_by: string | null
  expires_at: number | null
  last_used_at: number | null
  revoked_at: number | null
}

export function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    zones: zonesOf(row.zones),
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}
