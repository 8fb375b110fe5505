/** `chdb:PATH?database=…` and `clickhouse://user@host:8123/database?…` in parts. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { shownUrl } from '../store/shown-url.js'
import { decodedPart } from '../store/url-part.js'
import { StoreError } from '../store/store-error.js'
import type { ClusterPlace } from './layout.js'
import { LEDGER_FORM, ledgerPlace, type LedgerPlace } from './ledgers.js'

/** What both kinds of URL say. */
export interface StorePlace {
  /** as it may be shown */
  url: string
  database: string
  ledger: LedgerPlace
  /** null: one server */
  cluster: ClusterPlace | null
  /** the ledger of before is lost: a new one may take its place */
  newLedger: boolean
  /** folder of a backup that a new store is filled from */
  restore: string | null
}

export interface ChdbPlace extends StorePlace {
  path: string
}

export interface ServerPlace extends StorePlace {
  /** where one of them answers, tried in this order */
  hosts: string[]
  user: string
  password: string
  /** ms */
  timeout: number
  /** what goes over the network is compressed, for some processor time on both sides */
  compress: boolean
  /** settings of every statement beside our own, such as insert_quorum on a cluster */
  settings: { [name: string]: string }
}

const DEFAULT_DATABASE = 'faultline'
/** How long a statement may take before it is given up, unless the URL says otherwise. */
const DEFAULT_TIMEOUT_S = 120

const CHDB_FORM = 'chdb:PATH (a folder, made if it is missing), with ?database=NAME and ?ledger=URL if wanted'
const SERVER_FORM =
  'clickhouse://user@host:8123/database, with ?ledger=URL, ?secure=true, ?timeout=SECONDS, ?compress=true, ?cluster=NAME, ?sharded=true, ?insert-quorum=N, ?restore=FOLDER if wanted; several hosts with commas'

const refuse = (url: string, why: string, form: string) =>
  new StoreError('STORE_URL', `"${shownUrl(url)}" names no store: ${why}. Possible: ${form}.`)

/** `env`: where ledger and passwords come from, unless the URL has them. */
export function chdbPlace(url: string, env: NodeJS.ProcessEnv = process.env): ChdbPlace {
  const [path, query = ''] = url.slice('chdb:'.length).split('?')
  const given = parameters(url, query, ['database', 'ledger', 'new-ledger', 'restore'], CHDB_FORM)
  if (path === '') throw refuse(url, 'it has no path', CHDB_FORM)
  const folder = resolve(path.replace(/^\/\/(?=\/)/, ''))
  const database = databaseOf(url, given.get('database') ?? DEFAULT_DATABASE, CHDB_FORM)
  return {
    url: shownUrl(url),
    path: folder,
    database,
    ledger: ledgerOf(url, given.get('ledger'), `sqlite:${join(folder, `${database}.ledger.sqlite`)}`, env, CHDB_FORM),
    cluster: null,
    newLedger: given.get('new-ledger') === 'true',
    restore: given.get('restore') ?? null,
  }
}

/** `env`: where ledger and passwords come from, unless the URL has them. */
export function serverPlace(url: string, env: NodeJS.ProcessEnv = process.env): ServerPlace {
  const match = /^clickhouse:\/\/(?:([^@/?]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(url)
  if (!match) throw refuse(url, 'it has no host', SERVER_FORM)
  const [, userinfo = '', hosts, database = '', query = ''] = match
  const given = parameters(
    url,
    query,
    ['ledger', 'new-ledger', 'secure', 'timeout', 'compress', 'cluster', 'sharded', 'insert-quorum', 'restore'],
    SERVER_FORM,
  )
  const [user, password] = splitOnce(userinfo, ':')
  const secure = given.get('secure') === 'true'
  const cluster = given.get('cluster')
  if (cluster !== null && !/^[\w.-]+$/.test(cluster))
    throw refuse(url, `"${cluster}" is no name of a cluster`, SERVER_FORM)
  const sharded = given.get('sharded') === 'true'
  if (sharded && cluster === null) throw refuse(url, '"sharded" needs a cluster', SERVER_FORM)
  const timeout = Number(given.get('timeout') ?? DEFAULT_TIMEOUT_S)
  if (!(timeout > 0)) throw refuse(url, '"timeout" is a number of seconds', SERVER_FORM)
  const decoded = (text: string) => decodedPart(text, (why) => refuse(url, why, SERVER_FORM))
  const name = databaseOf(url, decoded(database) || DEFAULT_DATABASE, SERVER_FORM)
  return {
    url: shownUrl(url),
    hosts: hosts.split(',').map((host) => hostUrl(url, host, secure)),
    user: decoded(user) || 'default',
    password: password === null ? setting(env, 'FAULTLINE_CLICKHOUSE_PASSWORD') : decoded(password),
    database: name,
    ledger: ledgerOf(url, given.get('ledger'), 'sqlite:data/faultline-ledger.sqlite', env, SERVER_FORM),
    newLedger: given.get('new-ledger') === 'true',
    restore: given.get('restore') ?? null,
    timeout: timeout * 1000,
    compress: given.get('compress') === 'true',
    cluster: cluster === null ? null : { name: cluster, sharded },
    settings: { ...settingsOf(cluster, given.get('insert-quorum')), ...(sharded ? SHARDED : {}) },
  }
}

/** A part is acknowledged when its shards have it, a shard that does not answer is an error, and no shard asks the others again. */
const SHARDED = { distributed_foreground_insert: '1', skip_unavailable_shards: '0', distributed_product_mode: 'deny' }

/**
 * On a cluster a part rests on most replicas before anyone is told, and whatever replica is asked next has it: which records are
 * known must not depend on which one that is.
 */
function settingsOf(cluster: string | null, quorum: string | null): { [name: string]: string } {
  const quorumOf = quorum ?? (cluster === null ? null : 'auto')
  return {
    ...(quorumOf === null ? {} : { insert_quorum: quorumOf }),
    ...(cluster === null
      ? {}
      : { insert_quorum_parallel: '0', select_sequential_consistency: '1', allow_nondeterministic_mutations: '1' }),
  }
}

function hostUrl(url: string, host: string, secure: boolean): string {
  const port = /:\d+$/.test(host) ? '' : secure ? ':8443' : ':8123'
  const whole = `${secure ? 'https' : 'http'}://${host}${port}`
  if (!URL.canParse(whole)) throw refuse(url, `"${host}" is no host`, SERVER_FORM)
  return whole
}

function parameters(url: string, query: string, known: readonly string[], form: string): URLSearchParams {
  const given = new URLSearchParams(query)
  for (const key of given.keys())
    if (!known.includes(key)) throw refuse(url, `"${key}" is no parameter (${known.join(', ')})`, form)
  return given
}

function databaseOf(url: string, name: string, form: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name))
    throw refuse(url, `"${name}" is no name of a database (letters, digits, _)`, form)
  return name
}

/** As the URL says, else FAULTLINE_LEDGER or the file that FAULTLINE_LEDGER_FILE names, else `beside`. */
function ledgerOf(
  url: string,
  given: string | null,
  beside: string,
  env: NodeJS.ProcessEnv,
  form: string,
): LedgerPlace {
  const place = ledgerPlace(given ?? (setting(env, 'FAULTLINE_LEDGER') || beside), env)
  if (place === null && given !== null) throw refuse(url, `"ledger" is ${LEDGER_FORM}`, form)
  if (place === null) throw new StoreError('STORE_URL', `FAULTLINE_LEDGER names no ledger. It is ${LEDGER_FORM}.`)
  return place
}

function splitOnce(text: string, mark: string): [string, string | null] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

/** A variable, or the file that the one with _FILE behind it names; '' if neither is there. */
function setting(env: NodeJS.ProcessEnv, name: string): string {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] ?? ''
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const message = `${name}_FILE names ${file}, which cannot be read: ${(error as Error).message}`
    throw new StoreError('STORE_REFUSED', message, { cause: error })
  }
}
