/** From the settings of the service to the options of its door. The command has checked that they belong together. */
import type { ServiceSettings } from '../../commands/service.js'
import type { AccessOptions } from '../plugin.js'
import { roleMapOf } from './roles.js'

export function providersOf(settings: ServiceSettings): Pick<AccessOptions, 'cloudflare' | 'oidc'> {
  const { accessTeam, accessAudience, oidcIssuer, oidcClientId, oidcClientSecret, oidcClaim, url } = settings
  const roles = roleMapOf(settings.roles ?? [])
  if (typeof roles === 'string') throw new Error(roles)
  return {
    ...(accessTeam !== undefined && accessAudience !== undefined
      ? { cloudflare: { issuer: accessTeam.replace(/\/$/, ''), audience: accessAudience, roles } }
      : {}),
    ...(oidcIssuer !== undefined && oidcClientId !== undefined && url !== undefined
      ? {
          oidc: {
            issuer: oidcIssuer,
            clientId: oidcClientId,
            clientSecret: oidcClientSecret ?? null,
            claim: oidcClaim,
            url,
            roles,
          },
        }
      : {}),
  }
}
