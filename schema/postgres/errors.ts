/** PostgreSQL's errors in the words of the store: who must do something, and what. */
import { StoreError, type StoreErrorCode } from '../store/store-error.js'
import type { PostgresPlace } from './url.js'

type Meaning = [StoreErrorCode, string]

const AGAIN = 'What was committed before is whole; what was sent may or may not have arrived, and can be sent again.'
const RIGHTS =
  'Give its user the rights to make the schema of the ledger (CREATE on the database), or to read and write every table in it.'
const WRITABLE =
  'It is a standby, or set to read only: name the primary in FAULTLINE_LEDGER, and set default_transaction_read_only to off.'

/** By SQLSTATE, or by its class (the first two letters), https://www.postgresql.org/docs/current/errcodes-appendix.html */
const MEANINGS: { [state: string]: Meaning } = {
  '28P01': ['STORE_REFUSED', 'Check the password (FAULTLINE_LEDGER_PASSWORD).'],
  '28': ['STORE_REFUSED', 'Check user and password, and what pg_hba.conf says of this machine.'],
  '3D000': ['STORE_REFUSED', 'Make the database, or name another one in FAULTLINE_LEDGER.'],
  '42501': ['STORE_REFUSED', RIGHTS],
  '25006': ['STORE_REFUSED', WRITABLE],
  '53100': ['STORE_FULL', 'Its disk is full: free space; reading goes on, what was committed before is whole.'],
  '53': ['STORE_BUSY', 'It lacks memory or connections (max_connections): give it more, or time.'],
  '55P03': ['STORE_BUSY', 'Somebody held on to what was needed: the same will be tried again.'],
  '57014': ['STORE_BUSY', 'It took longer than the limit: the same will be tried again.'],
  '40': ['STORE_BUSY', 'Two wanted the same at once: the same will be tried again.'],
  // a transaction that slept too long, for example that of a process that was stopped
  '25P03': ['STORE_UNREACHABLE', AGAIN],
  '57P': ['STORE_UNREACHABLE', `It stops or starts. ${AGAIN}`],
  '08': ['STORE_UNREACHABLE', AGAIN],
  '58': ['STORE_UNUSABLE', 'Its disk gives errors: look into its log.'],
  'XX': ['STORE_UNUSABLE', 'Its files may be damaged: look into its log.'],
}

/** `tried` completes "could not …". What is none of PostgreSQL's or the network's stays as it is. */
export function postgresError(error: unknown, place: PostgresPlace, tried: string): Error {
  if (error instanceof StoreError || !(error instanceof Error)) return error as Error
  const { code } = error as { code?: string }
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) {
    const meaning = MEANINGS[code] ?? MEANINGS[code.slice(0, 3)] ?? MEANINGS[code.slice(0, 2)]
    const [said, advice] = meaning ?? ['STORE_UNUSABLE', 'See its own log for more.']
    const message = `Could not ${tried} the ledger ${place.url}: PostgreSQL says: ${error.message.slice(0, 600)}. ${advice}`
    return new StoreError(said, message, { cause: error })
  }
  if (!isOfNetwork(error, code)) return error
  const message = `The ledger does not answer at ${place.host}:${place.port} (${code ?? error.message}). Check that PostgreSQL runs and can be reached from here. ${AGAIN}`
  return new StoreError('STORE_UNREACHABLE', message, { cause: error })
}

/** The client has no codes of its own: https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js */
function isOfNetwork({ message }: Error, code: string | undefined): boolean {
  if (code !== undefined && /^E[A-Z_]+$/.test(code)) return true
  return /connection terminated|timeout (exceeded )?when trying to connect|timeout expired|query read timeout|not queryable|server does not support SSL|certificate/i.test(
    message,
  )
}
