import { addressRules } from '../../analyze/notifiers/addresses.js'
import { defineCommand, EXIT, type Command } from '../../schema/command-line/command.js'
import { OutsideError } from '../../schema/command-line/errors.js'
import { print } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import { stopSignal } from '../../schema/runtime/stop-signal.js'
import { isLoopback } from '../access/origin.js'
import { roleMapOf } from '../access/providers/roles.js'
import { isProxyName } from '../access/proxies.js'
import { readPair } from '../access/tls.js'
import { zoneLimitsOf } from '../../schema/store/zone-limits.js'
import { SERVICE_SETTINGS, type OpenService, type ServiceSettings } from './service.js'

/** `load` brings the whole service when it is to run. */
export function serve(load: () => Promise<OpenService>): Command {
  return defineCommand({
    name: 'serve',
    summary: 'the dashboard and the API',
    about:
      'Without a token it listens on loopback only. The token comes from FAULTLINE_TOKEN, or from the file that\n' +
      'FAULTLINE_TOKEN_FILE names: a command line can be read by others. The files of inputs, of rules and of the\n' +
      'certificate are looked at every few seconds; SIGHUP has them read at once.',
    options: SERVICE_SETTINGS,
    problems(options) {
      const { host, token, allowAddresses, trustedProxies = [], accessTeam, oidcIssuer } = options
      const problems = [
        ...addressProblems(allowAddresses),
        ...proxyProblems(trustedProxies),
        ...providerProblems(options),
        ...tlsProblems(options),
        ...witnessProblems(options),
        ...sharingProblems(options),
        ...retentionProblems(options),
      ]
      const isAsked = token !== undefined || accessTeam !== undefined || oidcIssuer !== undefined
      if (host === undefined || isLoopback(host) || isAsked) return problems
      return [
        ...problems,
        `Listening on ${shown(host)} would open the logs to the network. Set FAULTLINE_TOKEN to a secret of at least 16 characters first, for example:\n  FAULTLINE_TOKEN=$(openssl rand -hex 24) faultline serve --host ${shown(host)}`,
      ]
    },
    examples: [
      { line: 'faultline serve', says: 'http://127.0.0.1:8080, for this machine only' },
      { line: 'faultline serve --port 9000 --store sqlite:/var/lib/faultline/a.sqlite', says: 'elsewhere' },
      { line: 'faultline serve --role ingest', says: 'one of several nodes, see the README' },
      { line: 'FAULTLINE_TOKEN_FILE=/run/secrets/token faultline serve --host 0.0.0.0', says: 'for the network' },
    ],
    async run(settings) {
      const { host, port } = settings
      const openService = await load()
      const service = await openService(settings)
      const reload = () => void service.reload()
      // heard from now on: who reads that it serves may stop it at once
      const stopped = stopSignal()
      process.on('SIGHUP', reload)
      try {
        const address = await service.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
          throw cannotListen(error, host, port)
        })
        print(`Faultline serves ${shown(service.storeUrl)} on ${shown(address)}\n`)
        await stopped
      } finally {
        process.off('SIGHUP', reload)
        await service.close()
      }
      return EXIT.done
    },
  })
}

type Providers = Partial<
  Pick<ServiceSettings, 'accessTeam' | 'accessAudience' | 'oidcIssuer' | 'oidcClientId' | 'url' | 'roles'>
>

/** What belongs together is given together: half of it would let nobody in, or everybody. */
function providerProblems(options: Providers): string[] {
  const { accessTeam, accessAudience, oidcIssuer, oidcClientId, url, roles = [] } = options
  const problems: string[] = []
  if ((accessTeam === undefined) !== (accessAudience === undefined))
    problems.push('Cloudflare Access needs both FAULTLINE_ACCESS_TEAM and FAULTLINE_ACCESS_AUDIENCE.')
  if (oidcIssuer !== undefined && (oidcClientId === undefined || url === undefined))
    problems.push(
      'FAULTLINE_OIDC_ISSUER needs FAULTLINE_OIDC_CLIENT_ID, and FAULTLINE_URL: it sends people back there.',
    )
  const map = roleMapOf(roles)
  if (typeof map === 'string') problems.push(`FAULTLINE_ROLES: ${shown(map)}`)
  else if (map.length === 0 && (accessTeam ?? oidcIssuer) !== undefined)
    problems.push('FAULTLINE_ROLES is missing: without it nobody who signs in there has a role here.')
  return problems
}

function retentionProblems({
  retentionDays,
  retentionCountsDays = 0,
  retentionZones = [],
}: Partial<Pick<ServiceSettings, 'retentionDays' | 'retentionCountsDays' | 'retentionZones'>>): string[] {
  const zones = zoneLimitsOf(retentionZones)
  if (typeof zones === 'string') return [`FAULTLINE_RETENTION_ZONES: ${shown(zones)}`]
  return retentionCountsDays > 0 && retentionDays === undefined
    ? ['FAULTLINE_RETENTION_COUNTS_DAYS is for counts whose records are gone: set FAULTLINE_RETENTION_DAYS too.']
    : []
}

/** What several nodes share must be of a kind that several machines can have. */
function sharingProblems({
  store = '',
  ledger,
  role = 'all',
}: Partial<Pick<ServiceSettings, 'store' | 'ledger' | 'role'>>): string[] {
  const isServer = /^clickhouse:/i.test(store)
  const isShared = /[?&]ledger=/i.test(store)
    ? /[?&]ledger=postgres(ql)?(:|%3a)/i.test(store)
    : /^postgres(ql)?:/i.test(ledger ?? '')
  if (role !== 'all' && !(isServer && isShared))
    return [
      `--role ${role} is for one of several nodes, which share a store and its ledger: name --store clickhouse://user@host:8123/database and set FAULTLINE_LEDGER=postgres://user@host:5432/database. For a single node leave --role out.`,
    ]
  if (ledger !== undefined && (store === '' || /^sqlite:/i.test(store)))
    return [
      'FAULTLINE_LEDGER is for a clickhouse:// store: a sqlite: store has its ledger in its file. Unset it, or name another store.',
    ]
  return []
}

function tlsProblems({ tlsCert, tlsKey }: Partial<Pick<ServiceSettings, 'tlsCert' | 'tlsKey'>>): string[] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) return ['TLS needs both --tls-cert and --tls-key.']
  if (tlsCert === undefined || tlsKey === undefined) return []
  try {
    readPair({ cert: tlsCert, key: tlsKey })
    return []
  } catch (error) {
    return [shown((error as Error).message)]
  }
}

function addressProblems(allowed: readonly string[] | undefined): string[] {
  try {
    addressRules(allowed)
    return []
  } catch (error) {
    return [`FAULTLINE_ALLOW_ADDRESSES: ${shown((error as Error).message)}`]
  }
}

function proxyProblems(names: readonly string[]): string[] {
  return names
    .filter((name) => !isProxyName(name))
    .map(
      (name) =>
        `FAULTLINE_TRUSTED_PROXIES: a trusted proxy is an address, a network like 10.1.0.0/16, or loopback, not ${shown(name)}`,
    )
}

/** Trouble outside with what to do about it: the port is taken, the address is not ours, the right is missing. */
function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const advice: { [code: string]: string } = {
    EADDRINUSE: `Port ${port} is in use, perhaps by another Faultline. Stop it, or choose another: faultline serve --port ${port + 1}`,
    EACCES: `Port ${port} may only be opened by the administrator. Choose one above 1023: faultline serve --port 8080`,
    EADDRNOTAVAIL: `This machine has no address ${shown(host)}. Use 127.0.0.1, or one of its own.`,
    ENOTFOUND: `No address is known for ${shown(host)}. Use 127.0.0.1, or an address of this machine.`,
  }
  const text = advice[error.code ?? '']
  return text === undefined ? error : new OutsideError(text, { cause: error })
}

/** An id that is none would be asked for in vain every hour. */
function witnessProblems({
  witnessZones = [],
  cloudflareToken,
}: {
  witnessZones?: readonly string[]
  cloudflareToken?: string
}): string[] {
  const wrong = witnessZones.filter((zone) => !/^[0-9a-f]{32}(=.+)?$/i.test(zone))
  const problems = wrong.map(
    (zone) =>
      `FAULTLINE_WITNESS_ZONES: ${shown(zone)} is no id of a zone. It has 32 hexadecimal digits and stands on the zone's overview page; write ID or ID=name.`,
  )
  if (witnessZones.length > 0 && cloudflareToken === undefined)
    problems.push('FAULTLINE_WITNESS_ZONES needs FAULTLINE_CLOUDFLARE_TOKEN, with the permission Analytics Read.')
  return problems
}
