/**
 * A site, its logs on their way, a service with a clock of its own, a store on disk and a receiver that listens. Time
 * passes only when a test says so.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlertService, type AlertService, type AlertServiceOptions } from '../../../../analyze/alerts/service.js'
import { checkNotifier } from '../../../../analyze/alerts/notices/check-notifier.js'
import { checkRule } from '../../../../analyze/alerts/rules/check.js'
import type { NotifierDraft, RuleDraft } from '../../../../schema/api/alerts.js'
import type { AlertLog, Episode } from '../../../../schema/store/alert-log.js'
import { openAlertLogHere } from '../../../schema/sqlite/alert-log-of-file.js'
import { memoryStore, type MemoryStore, type Values } from './memory-store.js'
import { startReceiver, type Receiver } from './receiver.js'
import { MINUTE, START } from './series.js'

export const OK: Values = { status: '200', source: 'origin', host: 'www.example.com' }
export const BLOCKED: Values = { status: '403', source: 'edge', host: 'www.example.com' }

/** What the site does in a minute of event time. */
export type Traffic = (time: number) => { values: Values; requests: number }[]

export interface WorldOptions {
  rules: (Partial<RuleDraft> & Pick<RuleDraft, 'expr'>)[]
  notifier?: Partial<NotifierDraft>
  service?: Partial<AlertServiceOptions>
}

export interface World {
  service: AlertService
  readonly log: AlertLog
  store: MemoryStore
  receiver: Receiver
  path: string
  traffic: Traffic
  /** how late logs are, ms; null: they do not come */
  lag: number | null
  now: number
  /** One wall minute after the other: logs come, rules are evaluated, notices are sent. */
  pass(minutes: number): Promise<void>
  /** Evaluates and sends without letting time pass. */
  look(): Promise<void>
  /** What the receiver heard: "12:05 firing Rule host=…"; the time is the wall time of hearing. */
  said: string[]
  episodes(): Promise<Episode[]>
  /** Ends the process, as far as a test can, and starts it again on the same file. */
  restart(change?: Partial<AlertServiceOptions>): Promise<void>
  /** the wall clock is set, or the machine slept: nothing was done meanwhile */
  jump(ms: number): void
  close(): Promise<void>
}

export const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 16)

export async function makeWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-alerts-'))
  const path = join(folder, 'store.sqlite')
  const receiver = await startReceiver()
  const store = memoryStore()
  const time = { wall: START, steady: 0 }
  const clock = { now: () => time.wall, monotonic: () => time.steady }
  let log = openAlertLogHere(path)
  let extra = options.service ?? {}

  const serviceOn = (on: AlertLog) =>
    createAlertService({
      store,
      log: on,
      onChange: () => () => {},
      findSurges: null,
      explain: null,
      clock,
      random: () => 0.5,
      allowAddresses: ['127.0.0.1'],
      timeoutMs: 500,
      delay: { fixedMs: 2 * MINUTE },
      ...extra,
    })

  // no starter rules unless a test asks for them
  await log.setSetting('starters-made', '0')
  await log.putRules(
    options.rules.map((draft, i) => {
      const id = `rule-${i + 1}`
      const checked = checkRule({ name: i === 0 ? 'Rule' : `Rule ${i + 1}`, ...draft }, id)
      if (!checked.draft) throw new Error(JSON.stringify(checked.problems))
      return { id, origin: 'person' as const, draft: checked.draft, createdAt: START + i, updatedAt: START }
    }),
    [],
  )
  await log.putNotifier(
    {
      ...checkNotifier(
        { name: 'hook', type: 'webhook', groupInterval: '0s', settings: { url: receiver.url }, ...options.notifier },
        null,
      ).notifier,
      id: 'hook',
    },
    START,
  )

  let sentTo = START - 60 * MINUTE
  let heard = 0
  const world: World = {
    service: serviceOn(log),
    get log() {
      return log
    },
    store,
    receiver,
    path,
    traffic: () => [{ values: OK, requests: 100 }],
    lag: MINUTE,
    said: [],
    get now() {
      return time.wall
    },
    set now(ms) {
      time.wall = ms
    },
    async pass(minutes) {
      for (let i = 0; i < minutes; i++) {
        time.wall += MINUTE
        time.steady += MINUTE
        arrive()
        await world.look()
      }
    },
    async look() {
      await world.service.evaluate()
      await world.service.deliver()
      hear()
    },
    episodes: async () =>
      (await log.episodes({ from: null, to: null, rule: null, state: null, limit: 1_000, after: null })).items,
    async restart(change = {}) {
      await log.close()
      extra = { ...extra, ...change }
      log = openAlertLogHere(path)
      world.service = serviceOn(log)
    },
    jump(ms) {
      time.wall += ms
    },
    async close() {
      await receiver.close()
      await log.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  /** One Logpush batch with all that is old enough by now. */
  function arrive(): void {
    if (world.lag === null) return
    const to = Math.floor((time.wall - world.lag) / MINUTE) * MINUTE
    if (to <= sentTo) return
    for (let minute = sentTo; minute < to; minute += MINUTE) {
      for (const { values, requests } of world.traffic(minute)) store.add(minute + 30_000, values, requests)
    }
    store.addBatch({
      from: new Date(sentTo).toISOString(),
      to: new Date(to - 1).toISOString(),
      receivedAt: new Date(time.wall).toISOString(),
    })
    sentTo = to
  }

  function hear(): void {
    for (const { body } of receiver.received.slice(heard)) {
      const notice = body as {
        reason: string
        alerts: {
          phase: string
          changed: boolean
          flapping: boolean
          endReason: string | null
          rule: { name: string }
          labels: { [name: string]: string }
        }[]
      }
      const lines = notice.alerts
        .filter((a) => a.changed || notice.reason === 'repeat')
        .map((a) => {
          const labels = Object.entries(a.labels)
            .filter(([name]) => name !== 'alertname' && name !== 'severity')
            .map(([name, value]) => ` ${name}=${value}`)
            .join('')
          const reason = a.endReason === null || a.endReason === 'recovered' ? '' : ` (${a.endReason})`
          return `${notice.reason === 'repeat' ? 'still ' : ''}${a.phase}${a.flapping ? ' flapping' : ''} ${a.rule.name}${labels}${reason}`
        })
      world.said.push(`${clockText(time.wall)} ${lines.join(' + ')}`)
    }
    heard = receiver.received.length
  }

  // an hour of ordinary traffic lies behind
  arrive()
  await world.look()
  return world
}

/** Traffic with 403s of the edge in these minutes after START; `count` requests each. */
export function blockedIn(ranges: readonly (readonly [number, number])[], count = 50): Traffic {
  return (time) => {
    const minute = (time - START) / MINUTE
    const broken = ranges.some(([from, to]) => minute >= from && minute < to)
    return [
      { values: OK, requests: 100 },
      { values: BLOCKED, requests: broken ? count : 0 },
    ]
  }
}
