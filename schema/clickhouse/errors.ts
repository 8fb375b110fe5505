/** ClickHouse's errors in the words of the store: who must do something, and what. */
import { StoreError, type StoreErrorCode } from '../store/store-error.js'

interface Meaning {
  code: StoreErrorCode
  advice: string
}

const refused = (advice: string): Meaning => ({ code: 'STORE_REFUSED', advice })
const busy = (advice: string): Meaning => ({ code: 'STORE_BUSY', advice })
const unknown = (advice: string): Meaning => ({ code: 'STORE_UNREACHABLE', advice })

const RIGHTS =
  'Give its user the rights to SELECT, INSERT, ALTER, CREATE and DROP in the database, without the setting readonly.'
const LATER = 'Give it time, or more of what it lacks; the same will be tried again.'
const WHOLE = 'What was stored before is whole; what was sent may or may not have arrived and can be sent again.'

/** By the number of the error, https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const MEANINGS: { [number: number]: Meaning } = {
  81: refused('Make the database, or name another one in the URL of the store.'),
  159: busy('It took longer than the limit: ask for less, or raise ?timeout= in the URL of the store.'),
  160: busy('It took longer than the limit: ask for less, or raise ?timeout= in the URL of the store.'),
  164: refused(RIGHTS),
  192: refused('Check the name of the user in the URL of the store.'),
  193: refused('Check the password (FAULTLINE_CLICKHOUSE_PASSWORD).'),
  202: busy(LATER),
  209: unknown(WHOLE),
  210: unknown(WHOLE),
  225: unknown('No Keeper is configured for it, or none answers: replicated tables need one. ' + WHOLE),
  241: busy('It has too little memory for that: ask for a shorter range, or raise max_memory_usage of its user.'),
  242: unknown('A replica lost its Keeper and takes nothing. ' + WHOLE),
  243: {
    code: 'STORE_FULL',
    advice: 'Its disk is full: free space; reading goes on, what was stored before is whole.',
  },
  252: busy('It has too many parts to merge: larger batches, or more machines.'),
  279: unknown(WHOLE),
  285: unknown('Too few replicas live for a write that must rest on several. ' + WHOLE),
  286: unknown('The write before has not reached enough replicas yet. ' + WHOLE),
  289: unknown('This replica lags behind and may not answer: it is asked again, or another host of the URL. ' + WHOLE),
  319: unknown(WHOLE),
  497: refused(RIGHTS),
  516: refused('Check user and password (FAULTLINE_CLICKHOUSE_PASSWORD).'),
  999: unknown('Its Keeper does not answer. ' + WHOLE),
}

const FULL = /no space left on device|not enough space/i

/** An error of the engine, whichever way it came. `tried` completes "could not …". */
export function engineError(number: number | null, message: string, tried: string, cause: unknown): StoreError {
  const meaning = FULL.test(message) ? MEANINGS[243] : number === null ? undefined : MEANINGS[number]
  const { code, advice } = meaning ?? { code: 'STORE_UNUSABLE' as const, advice: 'See its own log for more.' }
  return new StoreError(code, `Could not ${tried}: ClickHouse says: ${firstLine(message)} ${advice}`, { cause })
}

function firstLine(message: string): string {
  const line = message.replace(/\s*\(version [^)]*\)\s*$/, '').split('\n')[0]
  const shown = line.length > 600 ? `${line.slice(0, 600)}…` : line
  return /[.!?)]$/.test(shown) ? shown : `${shown}.`
}

export function chdbError(error: unknown, tried: string): Error {
  if (error instanceof StoreError || !(error instanceof Error)) return error as Error
  const number =
    (error as { clickhouseCode?: number }).clickhouseCode ?? Number(/^Code: (\d+)/.exec(error.message)?.[1])
  if (/CANNOT_OPEN_FILE|Another server instance|Cannot lock/i.test(error.message)) {
    const message = `Could not ${tried}: another process has it open, and chdb lets one at a time. Stop that one, or name another folder.`
    return new StoreError('STORE_BUSY', message, { cause: error })
  }
  const system = (error as NodeJS.ErrnoException).syscall !== undefined
  if (system)
    return new StoreError(
      'STORE_UNUSABLE',
      `Could not ${tried}: ${error.message}. Check that this user may write there.`,
      { cause: error },
    )
  return engineError(Number.isNaN(number) ? null : number, error.message, tried, error)
}
