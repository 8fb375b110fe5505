/** Which role somebody has whom a provider vouches for: by address, domain, group or the name of a service. */
import { isRole, ROLES, type Role } from '../../../schema/words/roles.js'

/** What a provider says of somebody. Only what it has verified is in here. */
export interface Vouched {
  email: string | null
  groups: readonly string[]
  /** id of a service that asks for itself; null: it is a person */
  service: string | null
}

/** Characters of an address or an id: mail has 254, OpenID Connect 255. */
export const MOST_OF_NAME = 320

export type RoleMap = readonly { who: string; role: Role }[]

/** An address, @domain, a group, a service, everybody. */
const WHO = /^(\*|[^@\s:]*@[^@\s]+|(group|service):.+)$/

/** `alice@example.com=admin`, `@example.com=read`, `group:sre=operate`, `service:ID=ingest`, `*=read`; a sentence on what is wrong. */
export function roleMapOf(texts: readonly string[]): RoleMap | string {
  const map: { who: string; role: Role }[] = []
  for (const text of texts) {
    const at = text.lastIndexOf('=')
    const [who, role] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
    if (at < 1 || who === '' || !isRole(role))
      return `"${text}" is not understood: write WHO=ROLE, like alice@example.com=admin, @example.com=read or group:sre=operate. Roles are ${ROLES.join(', ')}.`
    if (!WHO.test(who)) return `"${who}" is nobody: give an e-mail address, @domain, group:NAME, service:ID or *.`
    map.push({ who, role })
  }
  return map
}

/** The role that may most of those that fit; null: none fits. `*` is every person, no service. */
export function roleOf({ email, groups, service }: Vouched, map: RoleMap): Role | null {
  const address = email?.toLowerCase() ?? null
  const domain = address === null ? null : address.slice(address.lastIndexOf('@'))
  const fits = (who: string): boolean => {
    if (who === '*') return service === null
    if (who.startsWith('group:')) return groups.includes(who.slice('group:'.length))
    if (who.startsWith('service:')) return service === who.slice('service:'.length)
    const wanted = who.toLowerCase()
    return wanted.startsWith('@') ? domain === wanted : address === wanted
  }
  const found = map.filter(({ who }) => fits(who)).map(({ role }) => role)
  return ROLES.findLast((role) => found.includes(role)) ?? null
}

/** A claim by its name; one within others by its path, like Keycloak's `realm_access.roles`. */
export function claimIn(claims: { readonly [name: string]: unknown }, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let within: unknown = claims
  for (const part of name.split('.')) {
    if (typeof within !== 'object' || within === null || !Object.hasOwn(within, part)) return undefined
    within = (within as { [name: string]: unknown })[part]
  }
  return within
}

/** A claim that lists groups: a list of texts, or one text. */
export function groupsIn(claim: unknown): string[] {
  return [claim].flat().filter((one): one is string => typeof one === 'string')
}
