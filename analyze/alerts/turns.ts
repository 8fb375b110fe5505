/**
 * Who evaluates the alerts looks at them as of one moment, and begins anew where somebody changed them meanwhile. Against somebody
 * who changes them all the time (a script that keeps silences up to date) it would never come to an end: then changes wait for it once.
 */
import type { AlertLog } from '../../schema/store/alert-log.js'

/** What makes an evaluation begin anew. */
const CHANGES = [
  'putRules',
  'putSilence',
  'deleteSilence',
  'putMaintenance',
  'deleteMaintenance',
  'putNotifier',
  'deleteNotifier',
  'acknowledge',
] as const satisfies readonly (keyof AlertLog)[]

export interface Turns {
  /** For everybody who changes something. */
  log: AlertLog
  /** Changes of this process wait until `work` has ended, and it waits for those that are under way. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function takeTurns(log: AlertLog): Turns {
  const underWay = new Set<Promise<unknown>>()
  let turn: Promise<unknown> = Promise.resolve()

  const waiting =
    <A extends unknown[], R>(change: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await turn
      const mine = change(...args)
      const ended = mine.catch(() => {})
      underWay.add(ended)
      void ended.then(() => underWay.delete(ended))
      return mine
    }
  const changes = Object.fromEntries(
    CHANGES.map((name) => [name, waiting(log[name] as (...args: unknown[]) => Promise<unknown>)]),
  ) as Pick<AlertLog, (typeof CHANGES)[number]>

  return {
    log: { ...log, ...changes },
    alone(work) {
      const mine = Promise.all(underWay).then(work)
      turn = mine.catch(() => {})
      return mine
    },
  }
}
