/** On every page: who is not told, because nobody takes what is sent. An alert that no one hears of is the worst of all. */
import type { DeliveryJson } from '../../../../schema/api/alerts.js'
import { visible } from '../../../../schema/words/visible.js'
import { useRecentDeliveries } from '../../state/alerts.js'
import { linkTo } from '../../state/router.js'
import { Icon } from '../icon.js'
import { attemptText } from './attempt-text.js'
import { useWords } from '../words.js'

interface Failing {
  notifier: string
  name: string
  /** since when nothing was accepted, epoch ms */
  since: number
  why: string
}

/** Notifiers whose last attempt was not accepted. Deliveries come newest first, attempts oldest first. */
export function failingOf(deliveries: readonly DeliveryJson[]): Failing[] {
  const attempts = deliveries
    .flatMap((d) => d.attempts.map((a) => ({ ...a, notifier: d.notifier, name: d.notifierName })))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const ended = new Set<string>()
  const failing = new Map<string, Failing>()
  for (const a of attempts) {
    if (ended.has(a.notifier)) continue
    if (a.ok) ended.add(a.notifier)
    else {
      const known = failing.get(a.notifier)
      const why = a.error ?? (a.status === null ? '' : String(a.status))
      failing.set(a.notifier, known ? { ...known, since: Date.parse(a.at) } : { ...a, since: Date.parse(a.at), why })
    }
  }
  return [...failing.values()]
}

/** One line, however many they are: it stands on every page, above what people came for. */
export function FailingDeliveries() {
  const speech = useWords()
  const { w, f } = speech
  const { data } = useRecentDeliveries()
  const failing = failingOf(data?.deliveries ?? [])
  if (failing.length === 0) return null
  const [one, ...others] = failing
  const since = f.near(Math.max(...failing.map((each) => each.since)), Date.now())
  const names = f.list(failing.map((each) => visible(each.name)))
  const why = failing.every((each) => each.why === one.why) ? attemptText(one.why, speech) : ''
  return (
    <div class="failing" role="alert">
      <p>
        <Icon name="bell" />
        <span>
          {w.alerts.failing(names, since, failing.length)} {why !== '' && <span class="faint">{visible(why)}</span>}{' '}
          <a href={linkTo(others.length === 0 ? { name: 'notifier', id: one.notifier } : { name: 'notifiers' })}>
            {w.alerts.failingDo}
          </a>
        </span>
      </p>
    </div>
  )
}
