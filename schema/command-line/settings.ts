/**
 * Every setting of Faultline, once: a flag, an environment variable and a line of the README's table each. A flag goes
 * before the variable. A command lists those that it heeds.
 */
import { NAMED_VALUES } from '../store/named-values.js'
import { CLIENT_ADDRESSES } from '../words/client-addresses.js'
import { LANGUAGES } from '../words/languages.js'
import { ROLES_OF_NODES } from '../words/node-roles.js'
import { nearest } from '../words/nearest.js'
import { choice, fileVariableOf, list, number, text, whole, wordsOf, yes } from './option.js'
import type { Environment } from './read-options.js'

export const LOG_LEVELS = ['error', 'warn', 'info'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const SETTINGS = {
  store: text({
    description: 'where the data rests',
    placeholder: 'URL',
    variable: 'FAULTLINE_STORE',
    // other engines' addresses have a password in them
    inFile: true,
    takes: 'sqlite:PATH, clickhouse://user@host:8123/database or chdb:PATH',
    default: 'sqlite:data/faultline.sqlite',
  }),
  clickhousePassword: text({
    description: 'the password of the user of a clickhouse:// store',
    variable: 'FAULTLINE_CLICKHOUSE_PASSWORD',
    secret: true,
    takes: 'a password',
    unset: 'none',
  }),
  ledger: text({
    description:
      'where the ledger of a clickhouse:// store rests: reports, tokens, rules, notes; PostgreSQL where several nodes serve one store',
    variable: 'FAULTLINE_LEDGER',
    secret: true,
    takes: 'postgres://user@host:5432/database or sqlite:PATH',
    unset: 'a SQLite file, for the processes of one machine',
  }),
  ledgerPassword: text({
    description: 'the password of the user of a postgres:// ledger',
    variable: 'FAULTLINE_LEDGER_PASSWORD',
    secret: true,
    takes: 'a password',
    unset: 'none',
  }),
  role: choice(ROLES_OF_NODES, {
    description:
      'what this node of several does: ingest takes logs in and fetches them, web answers people and watches the rules, all does both',
    placeholder: 'ROLE',
    variable: 'FAULTLINE_ROLE',
    default: 'all',
  }),
  leaseSeconds: whole({
    description: 'of several nodes one evaluates rules; silent for so many seconds it is replaced',
    placeholder: 'N',
    variable: 'FAULTLINE_LEASE_SECONDS',
    takes: 'whole seconds from 1 to 45',
    minimum: 1,
    maximum: 45,
    default: 15,
  }),
  host: text({
    description: 'the address it listens on',
    placeholder: 'ADDRESS',
    variable: 'FAULTLINE_HOST',
    takes: 'an address of this machine',
    default: '127.0.0.1',
  }),
  port: whole({
    description: 'the port it listens on; 0 lets the system choose',
    placeholder: 'N',
    variable: 'FAULTLINE_PORT',
    takes: 'a number from 0 to 65535',
    advice: (given: string) =>
      given.startsWith('tcp://')
        ? 'Kubernetes sets this beside a Service called faultline: put enableServiceLinks: false into the pod.'
        : undefined,
    minimum: 0,
    maximum: 65_535,
    default: 8080,
  }),
  token: text({
    description: 'the token that everyone must give, at least 16 characters',
    variable: 'FAULTLINE_TOKEN',
    secret: true,
    takes: 'at least 16 characters',
    advice: 'Make one with: openssl rand -hex 24',
    minLength: 16,
    unset: 'none: loopback only',
  }),
  accessTeam: text({
    description: 'Cloudflare Access is in front: the team that issues its tokens',
    placeholder: 'URL',
    variable: 'FAULTLINE_ACCESS_TEAM',
    takes: 'the address of a team, like https://example.cloudflareaccess.com',
    pattern: '^https://[^/\\s]+/?$',
    unset: 'none',
  }),
  accessAudience: text({
    description: 'the AUD tag of the application in Cloudflare Access; tokens for others open nothing',
    placeholder: 'TAG',
    variable: 'FAULTLINE_ACCESS_AUDIENCE',
    takes: 'the AUD tag that the application shows',
    unset: 'none',
  }),
  oidcIssuer: text({
    description: 'people sign in with this OpenID Connect provider; it sends them back to /login/oidc/callback',
    placeholder: 'URL',
    variable: 'FAULTLINE_OIDC_ISSUER',
    takes: 'the address of a provider, like https://login.example.com',
    pattern: '^https?://[^\\s]+$',
    unset: 'none',
  }),
  oidcClientId: text({
    description: 'what this service is called at the provider',
    placeholder: 'ID',
    variable: 'FAULTLINE_OIDC_CLIENT_ID',
    unset: 'none',
  }),
  oidcClientSecret: text({
    description: 'the secret that the provider gave for it',
    variable: 'FAULTLINE_OIDC_CLIENT_SECRET',
    secret: true,
    unset: 'none: a public client, which PKCE protects',
  }),
  oidcClaim: text({
    description:
      'the claim that lists the groups of whoever signs in; within others by its path, like realm_access.roles',
    placeholder: 'NAME',
    variable: 'FAULTLINE_OIDC_CLAIM',
    default: 'groups',
  }),
  roles: list({
    description:
      'who has which role that Cloudflare Access or the provider vouches for: WHO=ROLE, where WHO is an address, @domain, group:NAME, service:ID or *',
    placeholder: 'WHO=ROLE',
    variable: 'FAULTLINE_ROLES',
    takes: 'like alice@example.com=admin,@example.com=read,group:sre=operate',
    unset: 'nobody has one',
  }),
  secretKey: text({
    description: 'the key that secrets of notifiers rest under; behind it, with commas, older ones that still open',
    variable: 'FAULTLINE_SECRET_KEY',
    secret: true,
    takes: 'at least 32 characters',
    advice: 'Make one with: openssl rand -base64 32',
    minLength: 32,
    unset: 'a file beside the store, made on first use',
  }),
  cloudflareToken: text({
    description: 'the token of Cloudflare’s API with which logs are fetched: permission Logs Read',
    variable: 'FAULTLINE_CLOUDFLARE_TOKEN',
    secret: true,
    takes: 'the token as Cloudflare shows it once, or you@example.com:KEY with the key of an account',
    unset: 'none: nothing is asked of Cloudflare',
  }),
  tlsCert: text({
    description: 'a certificate with its chain (PEM): it speaks HTTPS then; read again when it changes',
    placeholder: 'FILE',
    variable: 'FAULTLINE_TLS_CERT',
    takes: 'the name of a file',
    unset: 'none: HTTP, for loopback or behind a proxy',
  }),
  tlsKey: text({
    description: 'the key of the certificate (PEM)',
    placeholder: 'FILE',
    variable: 'FAULTLINE_TLS_KEY',
    takes: 'the name of a file',
    unset: 'none',
  }),
  witnessZones: list({
    description:
      'zones whose own count Cloudflare is asked for, to be shown beside ours: their ids, or ID=name in the records',
    placeholder: 'ZONES',
    variable: 'FAULTLINE_WITNESS_ZONES',
    takes: 'ids of zones with commas between, each with =name where several zones are here',
    unset: 'none: nobody is asked; needs FAULTLINE_CLOUDFLARE_TOKEN with Analytics Read',
  }),
  allowedHosts: list({
    description: 'host names it answers for, with commas between',
    placeholder: 'NAMES',
    variable: 'FAULTLINE_ALLOWED_HOSTS',
    takes: 'host names with commas between',
    unset: 'loopback names; with a token any',
  }),
  trustedProxies: list({
    description:
      'proxies that are believed when they say for whom they ask: limits then count by visitor, not by proxy',
    placeholder: 'NETWORKS',
    variable: 'FAULTLINE_TRUSTED_PROXIES',
    takes: 'addresses or networks with commas between, like 10.1.0.0/16, or loopback',
    unset: 'none: whoever connects is who asks',
  }),
  url: text({
    description: 'the address under which people reach the page, for links in notices',
    placeholder: 'URL',
    variable: 'FAULTLINE_URL',
    takes: 'an address like https://faultline.example.com',
    pattern: '^https?://[^/\\s]+',
    unset: 'none: notices without links',
  }),
  rules: text({
    description: 'a YAML file with rules, reloaded when it changes',
    placeholder: 'FILE',
    variable: 'FAULTLINE_RULES',
    takes: 'the name of a file',
    unset: 'none',
  }),
  inputs: text({
    description: 'a YAML file that says which logs the service fetches by itself, read again when it changes',
    placeholder: 'FILE',
    variable: 'FAULTLINE_INPUTS',
    takes: 'the name of a file',
    unset: 'none: logs are posted',
  }),
  s3Endpoint: text({
    description: 'the storage of s3:// and r2:// where it is not AWS: https://ACCOUNT.r2.cloudflarestorage.com',
    placeholder: 'URL',
    variable: 'FAULTLINE_S3_ENDPOINT',
    takes: 'an address like https://ACCOUNT.r2.cloudflarestorage.com',
    pattern: '^https?://[^/\\s]+',
    unset: 'AWS',
  }),
  s3Region: text({
    description: 'the region of the bucket',
    placeholder: 'NAME',
    variable: 'FAULTLINE_S3_REGION',
    takes: 'a name like eu-west-1',
    pattern: '^[a-z0-9-]+$',
    unset: 'us-east-1; with an endpoint auto',
  }),
  s3AccessKeyId: text({
    description: 'the id of the key with which buckets are listed and read',
    variable: 'FAULTLINE_S3_ACCESS_KEY_ID',
    secret: true,
    takes: 'the id of an access key',
    unset: 'none: the role that AWS gives this machine',
  }),
  s3SecretAccessKey: text({
    description: 'that key',
    variable: 'FAULTLINE_S3_SECRET_ACCESS_KEY',
    secret: true,
    takes: 'an access key',
    unset: 'none: the role that AWS gives this machine',
  }),
  s3SessionToken: text({
    description: 'the token that comes with keys that are lent for some hours (STS)',
    variable: 'FAULTLINE_S3_SESSION_TOKEN',
    secret: true,
    takes: 'a session token',
    unset: 'none: the key is one that stays',
  }),
  allowAddresses: list({
    description: 'internal addresses or networks that notices may go to, with commas between',
    placeholder: 'NETWORKS',
    variable: 'FAULTLINE_ALLOW_ADDRESSES',
    takes: 'addresses or networks with commas between, like 10.1.0.0/16',
    unset: 'none: internal ones are refused',
  }),
  retentionDays: whole({
    description: 'records older than so many days are removed, at start and daily; that goes for old exports too',
    placeholder: 'N',
    variable: 'FAULTLINE_RETENTION_DAYS',
    takes: 'whole days from 1, like 90',
    advice: 'Leave it out to keep everything.',
    minimum: 1,
    unset: 'none: everything is kept',
  }),
  retentionCountsDays: whole({
    description:
      'counts by zone, host, status and source (by quarter of an hour) outlive their records until they are so old; only with FAULTLINE_RETENTION_DAYS or FAULTLINE_RETENTION_ZONES, on SQLite',
    placeholder: 'N',
    variable: 'FAULTLINE_RETENTION_COUNTS_DAYS',
    takes: 'whole days, like 400; 0: as the records',
    advice: 'See first what that comes to: faultline retention --days 30 --counts-days 400',
    minimum: 0,
    unset: 'none: counts go with their records',
  }),
  retentionZones: list({
    description:
      'zones that are kept for other times: ZONE=DAYS or ZONE=DAYS/COUNTS_DAYS with commas between, - is what has no zone; on SQLite',
    placeholder: 'ZONES',
    variable: 'FAULTLINE_RETENTION_ZONES',
    takes: 'zones with days, like example.com=30/400,example.org=7',
    unset: 'none: all zones alike',
  }),
  retentionGb: number({
    description:
      'the store takes no more than so many GB (of 1,000,000,000 bytes): the oldest days’ records are removed, never those of the last day',
    placeholder: 'GB',
    variable: 'FAULTLINE_RETENTION_GB',
    takes: 'a number above 0, like 50',
    advice: 'See first what would go: faultline retention --gb 50',
    exclusiveMinimum: 0,
    unset: 'none: only age counts',
  }),
  namedValues: whole({
    description:
      'so many hosts, paths, addresses … of a day are told apart in figures, the heaviest (all, up to twice as many); the rest counts as other, and is found by its records',
    placeholder: 'N',
    variable: 'FAULTLINE_NAMED_VALUES',
    takes: 'a whole number from 1000',
    advice: 'Fewer are faster when a flood of values comes.',
    minimum: 1_000,
    default: NAMED_VALUES,
  }),
  backupDir: text({
    description:
      'copies of the store go there by the clock, each whole and under its time; old ones beyond FAULTLINE_BACKUP_KEEP are removed',
    placeholder: 'DIR',
    variable: 'FAULTLINE_BACKUP_DIR',
    takes: 'the name of a folder',
    unset: 'none: no copies are made',
  }),
  backupKeep: whole({
    description: 'how many copies stay',
    placeholder: 'N',
    variable: 'FAULTLINE_BACKUP_KEEP',
    takes: 'a whole number from 1',
    minimum: 1,
    default: 7,
  }),
  backupHours: whole({
    description: 'hours from one copy to the next',
    placeholder: 'N',
    variable: 'FAULTLINE_BACKUP_HOURS',
    takes: 'whole hours from 1',
    minimum: 1,
    default: 24,
  }),
  logLevel: choice(LOG_LEVELS, {
    description:
      'the least that is worth a line on stderr, of JSON unless that is a terminal; info: also each batch, and each request that was refused',
    placeholder: 'LEVEL',
    variable: 'FAULTLINE_LOG_LEVEL',
    default: 'info',
  }),
  lang: choice(LANGUAGES, {
    description: 'language of the proposed rules',
    placeholder: 'L',
    variable: 'FAULTLINE_LANG',
    unset: 'that of whoever looks at the page when the first logs come',
  }),
  orangeToOrange: choice(['visitor', 'internal'], {
    description: 'what requests of other proxied zones are: a visitor’s, or internal',
    placeholder: 'KIND',
    variable: 'FAULTLINE_ORANGE_TO_ORANGE',
    default: 'visitor',
  }),
  sampleRate: number({
    description: 'the share of the requests that the job writes; each record counts accordingly',
    placeholder: 'R',
    variable: 'FAULTLINE_SAMPLE_RATE',
    takes: 'a number above 0 up to 1',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 1,
  }),
  field: list({
    description: 'a field that the input has under a name of its own: EdgeResponseStatus=status',
    placeholder: 'FIELD=NAME',
    variable: 'FAULTLINE_FIELDS',
    unset: 'names are Cloudflare’s, however they are spelt',
  }),
  keepQuery: yes({
    description: 'query strings are stored; they can hold secrets',
    variable: 'FAULTLINE_KEEP_QUERY',
  }),
  mcpWrites: yes({
    description: 'assistants may annotate and freeze incidents; without it their tools only read',
    variable: 'FAULTLINE_MCP_WRITES',
  }),
  clientAddresses: choice(CLIENT_ADDRESSES, {
    description:
      'in which form visitors’ addresses are stored: whole, shortened to their network (/24, /48), hashed with a key beside the store, or none',
    placeholder: 'FORM',
    variable: 'FAULTLINE_CLIENT_ADDRESSES',
    default: 'whole',
  }),
  dropClientIp: yes({
    description: 'visitors’ addresses are not stored',
    variable: 'FAULTLINE_DROP_CLIENT_IP',
  }),
}

export type SettingName = keyof typeof SETTINGS

/** Those of the settings that a command heeds, to be spread into its options. */
export function settings<Name extends SettingName>(...names: Name[]): Pick<typeof SETTINGS, Name> {
  return Object.fromEntries(names.map((name) => [name, SETTINGS[name]])) as Pick<typeof SETTINGS, Name>
}

const PREFIX = 'FAULTLINE_'

/** Variables that are no setting but look like one that was mistyped: nobody would notice that they do nothing. */
export function mistyped(environment: Environment): { name: string; meant: string }[] {
  const known = Object.values(SETTINGS).flatMap((schema) => {
    const { variable = '' } = wordsOf(schema)
    return [variable, fileVariableOf(schema) ?? variable]
  })
  const bare = (name: string) => name.slice(PREFIX.length)
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(bare(name), known.map(bare))
      return meant === null ? [] : [{ name, meant: `${PREFIX}${meant}` }]
    })
}
