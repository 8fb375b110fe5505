/** Making tokens: for the API and for the command line. */
import type { TokenDraft, TokenJson } from '../../schema/api/access.js'
import { badRequest } from '../../schema/api/errors.js'
import type { Token, Tokens } from '../../schema/store/ledger/tokens.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'
import { hashOfToken, makeToken } from './token.js'

/** The token's text is in this answer and nowhere else. Throws where the draft makes no sense. */
export async function createToken(
  tokens: Tokens,
  { name, role, zones = null }: TokenDraft,
  { expiresAt, createdBy, now }: { expiresAt: number | null; createdBy: string | null; now: number },
): Promise<{ made: Token; token: string }> {
  if (role === 'admin' && zones !== null)
    throw badRequest('ADMIN_OF_ZONES', 'An admin decides over all zones. Leave the zones out, or choose another role.')
  if (expiresAt !== null && expiresAt <= now)
    throw badRequest('ALREADY_OVER', `The token would have expired already (${iso(expiresAt)}). Give a time to come.`)
  const token = makeToken()
  const made = await tokens.create({
    name: name.trim(),
    role,
    zones: zones === null ? null : [...new Set(zones.map((zone) => zone.toLowerCase()))].sort(),
    createdAt: now,
    createdBy,
    expiresAt,
    hash: hashOfToken(token),
  })
  return { made, token }
}

export function stateOf({ revokedAt, expiresAt }: Token, now: number): TokenJson['state'] {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid'
}

export function tokenView(token: Token, now: number): TokenJson {
  const { id, name, role, zones, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt } = token
  return {
    id,
    name,
    role,
    zones,
    createdAt: iso(createdAt),
    createdBy,
    expiresAt: isoOrNull(expiresAt),
    lastUsedAt: isoOrNull(lastUsedAt),
    revokedAt: isoOrNull(revokedAt),
    state: stateOf(token, now),
  }
}
