/** What somebody may do here. */

/**
 * `ingest` sends logs and nothing else · `read` looks at everything but secrets · `operate` also sends logs, changes rules,
 * silences, annotations, and takes batches out again · `admin` also decides who may come in and where notices go.
 */
export const ROLES = ['ingest', 'read', 'operate', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What each role may do beside its own. */
const INCLUDES: { readonly [role in Role]: readonly Role[] } = {
  ingest: ['ingest'],
  read: ['read'],
  operate: ['ingest', 'read', 'operate'],
  admin: ROLES,
}

export const mayDo = (role: Role, needed: Role): boolean => INCLUDES[role].includes(needed)

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** The name of a zone as a limit: exactly this zone, so nothing in it may stand for anything else. */
export const ZONE_PATTERN = '^[^\\s*,"/]{1,253}$'
