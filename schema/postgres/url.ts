/** `postgres://user@host:5432/database?schema=…` in parts. */
import { readFileSync } from 'node:fs'
import { shownUrl } from '../store/shown-url.js'
import { decodedPart } from '../store/url-part.js'
import { StoreError } from '../store/store-error.js'

export interface PostgresPlace {
  /** as it may be shown */
  url: string
  host: string
  port: number
  user: string
  password: string
  database: string
  /** the tables lie in it: several ledgers may share a database */
  schema: string
  ssl: false | { rejectUnauthorized: boolean; ca?: string }
}

const DEFAULT_PORT = 5432
const DEFAULT_SCHEMA = 'faultline'
const PARAMETERS = ['schema', 'sslmode', 'sslrootcert']
export const POSTGRES_FORM =
  'postgres://user@host:5432/database, with ?schema=NAME, ?sslmode=disable, require or verify-full, ?sslrootcert=FILE if wanted'

const refuse = (url: string, why: string) =>
  new StoreError('STORE_URL', `"${shownUrl(url)}" names no ledger: ${why}. Possible: ${POSTGRES_FORM}.`)

/** `env`: where the password comes from, unless the URL has one. Throws a StoreError. */
export function postgresPlace(url: string, env: NodeJS.ProcessEnv = process.env): PostgresPlace {
  if (!URL.canParse(url)) throw refuse(url, 'it is no address')
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  for (const key of searchParams.keys())
    if (!PARAMETERS.includes(key)) throw refuse(url, `"${key}" is no parameter (${PARAMETERS.join(', ')})`)
  if (hostname === '') throw refuse(url, 'it has no host')
  const decoded = (text: string) => decodedPart(text, (why) => refuse(url, why))
  const database = decoded(pathname.slice(1))
  if (database === '') throw refuse(url, 'it has no database')
  const schema = searchParams.get('schema') ?? DEFAULT_SCHEMA
  // stands in statements as it is
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw refuse(url, `"${schema}" is no name of a schema (small letters, digits, _)`)
  return {
    url: shownUrl(url),
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORT : Number(port),
    user: decoded(username) || 'faultline',
    password: password === '' ? passwordFrom(env) : decoded(password),
    database,
    schema,
    ssl: sslOf(url, searchParams.get('sslmode') ?? 'disable', searchParams.get('sslrootcert')),
  }
}

function sslOf(url: string, mode: string, root: string | null): PostgresPlace['ssl'] {
  if (mode === 'disable') return false
  if (mode === 'require') return { rejectUnauthorized: false }
  if (mode !== 'verify-full') throw refuse(url, `"${mode}" is no sslmode (disable, require, verify-full)`)
  return { rejectUnauthorized: true, ...(root === null ? {} : { ca: textOf(root, 'sslrootcert') }) }
}

/** FAULTLINE_LEDGER_PASSWORD, or the file that FAULTLINE_LEDGER_PASSWORD_FILE names. */
function passwordFrom(env: NodeJS.ProcessEnv): string {
  const file = env.FAULTLINE_LEDGER_PASSWORD_FILE
  if (!file) return env.FAULTLINE_LEDGER_PASSWORD ?? ''
  return textOf(file, 'FAULTLINE_LEDGER_PASSWORD_FILE').replace(/\r?\n$/, '')
}

function textOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const message = `${what} names ${file}, which cannot be read: ${(error as Error).message}`
    throw new StoreError('STORE_REFUSED', message, { cause: error })
  }
}
