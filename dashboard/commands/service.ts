/** A running service as the command sees it. app.ts makes one: it alone looks into every room. */
import type { Static, TObject } from 'typebox'
import { settings } from '../../schema/command-line/settings.js'

export const SERVICE_SETTINGS = settings(
  'store',
  'ledger',
  'role',
  'leaseSeconds',
  'host',
  'port',
  'token',
  'accessTeam',
  'accessAudience',
  'oidcIssuer',
  'oidcClientId',
  'oidcClientSecret',
  'oidcClaim',
  'roles',
  'secretKey',
  'tlsCert',
  'tlsKey',
  'cloudflareToken',
  'witnessZones',
  'allowedHosts',
  'trustedProxies',
  'url',
  'rules',
  'inputs',
  'allowAddresses',
  'retentionDays',
  'retentionCountsDays',
  'retentionZones',
  'retentionGb',
  'namedValues',
  'backupDir',
  'backupKeep',
  'backupHours',
  'logLevel',
  'lang',
  'sampleRate',
  'keepQuery',
  'clientAddresses',
  'dropClientIp',
  'orangeToOrange',
  'mcpWrites',
)
export type ServiceSettings = Static<TObject<typeof SERVICE_SETTINGS>>

export interface Service {
  storeUrl: string
  /** Resolves with the address under which it can be reached. */
  listen(address: { host: string; port: number }): Promise<string>
  /** Reads its files again: inputs, rules, the certificate. */
  reload(): Promise<void>
  close(): Promise<void>
}

export type OpenService = (settings: ServiceSettings) => Promise<Service>
