/** A store with a rule that fires, and a receiver that hears of it: for processes that are killed in between. */
import { fileURLToPath } from 'node:url'
import { checkNotifier } from '../../../../analyze/alerts/notices/check-notifier.js'
import { checkRule } from '../../../../analyze/alerts/rules/check.js'
import { openStore } from '../../../../schema/open-store.js'
import { openAlertLogHere } from '../../../schema/sqlite/alert-log-of-file.js'
import { fill, lineOf } from './real-store.js'
import { startReceiver, type Receiver } from './receiver.js'

const MINUTE = 60_000

export interface FiringStore {
  receiver: Receiver
  /** what a receiver that drops repeats by the id has heard: phases of each notice */
  heard: () => string[]
  /** the process that evaluates and delivers; see crash-child.mjs */
  child: string
}

/** Half an hour of logs up to now, with 403s that still go on. */
export async function firingStore(path: string): Promise<FiringStore> {
  const receiver = await startReceiver()
  const store = await openStore(`sqlite:${path}`)
  const now = Date.now()
  const lines: string[] = []
  for (let age = 30 * MINUTE; age > 0; age -= 5_000) {
    lines.push(lineOf({ time: now - age, status: 200 }))
    if (age < 10 * MINUTE) lines.push(lineOf({ time: now - age, status: 403, origin: 0 }))
  }
  await fill(store, lines)
  await store.close()
  const log = openAlertLogHere(path)
  await log.setSetting('starters-made', '0')
  const { draft } = checkRule(
    { name: 'Blocked', expr: { kind: 'count', where: { status: 403 }, window: '2m', above: 5 } },
    'rule',
  )
  await log.putRules([{ id: 'rule', origin: 'person', draft: draft!, createdAt: now, updatedAt: now }], [])
  await log.putNotifier(
    checkNotifier({ name: 'hook', type: 'webhook', settings: { url: receiver.url } }, null).notifier,
    now,
  )
  await log.close()
  const heard = () => [
    ...new Map(
      receiver.received.map(({ headers, body }) => [
        headers['webhook-id'],
        (body as { alerts: { phase: string }[] }).alerts.map((a) => a.phase).join(),
      ]),
    ).values(),
  ]
  return { receiver, heard, child: fileURLToPath(new URL('./crash-child.mjs', import.meta.url)) }
}
