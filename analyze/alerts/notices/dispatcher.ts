/**
 * Brings queued notices to their receivers. One lane per notifier: a receiver that hangs holds up nobody else. The log
 * is the queue: what this process took and did not finish is due again when its lease ends.
 */
import type { AlertLog, Notice, StoredNotifier } from '../../../schema/store/alert-log.js'
import type { Fence } from '../../../schema/store/leases.js'
import { findChannel } from '../../notifiers/index.js'
import { troubleOf, type DeliveryTools, type Outcome } from '../../notifiers/notifier.js'
import { retryAt } from './backoff.js'
import { wordNotice } from './message.js'

/** Longer than any attempt may take, so that nothing is sent twice at the same time. */
export const LEASE_MS = 60_000
/** Several requests of one notice included. */
const ATTEMPT_MS = 45_000

export interface DispatcherOptions {
  log: AlertLog
  tools: DeliveryTools
  /** of several nodes: what shows that this one notifies; null where there is one */
  fence?(): Fence | null
  random(): number
  onDelivery?(channel: StoredNotifier['type'], became: 'sent' | 'retried' | 'failed'): void
}

export interface Dispatcher {
  /** Sends what is due; resolves when every lane has nothing left to do now. */
  run(): Promise<void>
  /** One attempt at once, past the queue: "send a test". Kept in the log like any other. */
  attempt(notice: Notice, notifier: StoredNotifier): Promise<Outcome>
  /** Takes no more on; resolves when the attempts under way have ended, or after `patienceMs`. */
  stop(patienceMs: number): Promise<void>
}

export function createDispatcher({
  log,
  tools,
  random,
  onDelivery,
  fence = () => null,
}: DispatcherOptions): Dispatcher {
  const lanes = new Map<string, Promise<void>>()
  let stopped = false

  let running: Promise<void> | null = null
  let wanted = false
  let wake = (): void => {}

  /** Goes on while there is something to send or under way; whoever calls run() meanwhile is served at once. */
  async function loop(): Promise<void> {
    try {
      for (;;) {
        wanted = false
        const shown = fence()
        const claimed = stopped
          ? []
          : await log.claim({ now: tools.now(), lease: LEASE_MS, busy: [...lanes.keys()], fence: shown })
        if (claimed.length > 0) {
          const { notifiers } = await log.load()
          for (const notice of claimed) startLane(notice, notifiers, shown)
        }
        if (wanted && !stopped) continue
        if (lanes.size === 0) return
        // a lane that ends may free the next notice of its notifier
        await Promise.race([
          ...lanes.values(),
          new Promise<void>((resolve) => {
            wake = resolve
          }),
        ])
      }
    } finally {
      running = null
    }
  }

  function startLane(notice: Notice, notifiers: readonly StoredNotifier[], shown: Fence | null): void {
    const lane = send(
      notice,
      notifiers.find((n) => n.id === notice.notifier),
      shown,
    )
      .catch(() => {})
      .finally(() => lanes.delete(notice.notifier))
    lanes.set(notice.notifier, lane)
  }

  async function send(notice: Notice, notifier: StoredNotifier | undefined, shown: Fence | null): Promise<void> {
    if (stopped) return log.release(notice.id)
    if (!notifier) {
      return log.finish(notice.id, {
        attempt: attemptOf(tools.now(), 0, lost('The notifier was deleted')),
        state: 'failed',
        retryAt: null,
      })
    }
    // it may have slept since it took it: then it is another's, who sends it
    if (await log.confirm(notice.id, tools.now() + LEASE_MS, shown)) await attempt(notice, notifier)
  }

  async function deliver(notice: Notice, notifier: StoredNotifier): Promise<Outcome> {
    const channel = findChannel(notifier.type)
    if (notifier.unreadable) return lost(`The secrets of this notifier can not be read. ${notifier.unreadable}`)
    if (!channel) return lost(`There is no channel "${notifier.type}" here`)
    return channel.deliver(wordNotice(notice, notifier.timeZone), notifier, tools)
  }

  async function attempt(notice: Notice, notifier: StoredNotifier): Promise<Outcome> {
    const at = tools.now()
    const started = performance.now()
    const outcome = await withDeadline(deliver(notice, notifier))
    const milliseconds = performance.now() - started
    const failed = (await log.delivery(notice.id))?.attempts.filter((a) => !a.ok).length ?? 0
    const next =
      outcome.ok || notice.reason === 'test'
        ? null
        : retryAt(outcome, failed + 1, notice.createdAt, tools.now(), random())
    await log.finish(notice.id, {
      attempt: attemptOf(at, milliseconds, outcome),
      state: outcome.ok ? 'sent' : next === null ? 'failed' : 'queued',
      retryAt: next,
    })
    onDelivery?.(notifier.type, outcome.ok ? 'sent' : next === null ? 'failed' : 'retried')
    return outcome
  }

  return {
    run() {
      wanted = true
      wake()
      running ??= loop()
      return running
    },
    attempt,
    async stop(patienceMs) {
      stopped = true
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all(lanes.values()),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, patienceMs)
        }),
      ])
      clearTimeout(timer)
    },
  }
}

/** What nobody can deliver. */
const lost = (reason: string): Outcome => ({ ok: false, status: null, reason, retryAfterMs: null, permanent: true })

function attemptOf(at: number, milliseconds: number, outcome: Outcome) {
  return {
    at,
    ok: outcome.ok,
    status: outcome.status,
    error: troubleOf(outcome),
    milliseconds: Math.round(milliseconds),
  }
}

function withDeadline(outcome: Promise<Outcome>): Promise<Outcome> {
  return new Promise((resolve) => {
    const late: Outcome = {
      ok: false,
      status: null,
      reason: `no outcome within ${ATTEMPT_MS / 1000} s`,
      retryAfterMs: null,
      permanent: false,
    }
    const timer = setTimeout(() => resolve(late), ATTEMPT_MS)
    outcome
      .then(resolve, (error: Error) => resolve({ ...late, reason: error.message }))
      .finally(() => clearTimeout(timer))
  })
}
