/** What the door keeps for a while: entries of the audit log, and sessions that are over. */
import type { Ledger } from '../../schema/store/ledger.js'
import { DAY, HOUR } from '../../schema/words/duration.js'

/** Entries of the audit log stay this long. */
export const AUDIT_DAYS = 400
/** Sessions that ended or expired: until then a cookie of theirs is told apart from one that never was. */
const SESSION_DAYS = 30
/** A service that is started anew every day looks all the same. */
const FIRST_LOOK_MS = HOUR / 12
const LOOK_MS = 6 * HOUR

export interface Expiry {
  stop(): void
}

/** `now`: of a clock that may not be wrong, since what is removed is gone. */
export function expireByAge(
  { audit, sessions }: Pick<Ledger, 'audit' | 'sessions'>,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): Expiry {
  async function look(): Promise<void> {
    await audit.expire(now() - AUDIT_DAYS * DAY)
    await sessions.expire(now() - SESSION_DAYS * DAY)
  }
  const turn = () => void look().catch(onError)
  const first = setTimeout(turn, FIRST_LOOK_MS).unref()
  const timer = setInterval(turn, LOOK_MS).unref()
  return {
    stop() {
      clearTimeout(first)
      clearInterval(timer)
    },
  }
}
