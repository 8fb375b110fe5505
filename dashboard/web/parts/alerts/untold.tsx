/** Who was to be told of an alert and was not: how often it was tried, why that failed, and when it is tried again. */
import type { EpisodeJson } from '../../../../schema/api/alerts.js'
import { visible } from '../../../../schema/words/visible.js'
import { linkTo } from '../../state/router.js'
import { useWords } from '../words.js'
import { attemptText } from './attempt-text.js'

/** Items of a list. `at`: now, epoch ms. */
export function Untold({ alert, at }: { alert: EpisodeJson; at: number }) {
  const speech = useWords()
  const { w, f } = speech
  const o = w.alerts.one
  const next = (time: string | null): string => {
    if (time === null) return o.triedLast
    return Date.parse(time) <= at ? o.triedNow : o.triedNext(f.near(Date.parse(time), at))
  }
  return (
    <>
      {alert.failing.map(({ notifier, id, phase, since, attempts, error, nextAttemptAt }) => (
        <li key={id} class="untold">
          <a href={linkTo({ name: 'notifier', id })}>{visible(notifier)}</a> <span>{o.phases[phase] ?? phase}</span>{' '}
          <span class="bad">{o.tried(attempts, f.count(attempts), f.near(Date.parse(since), at))}</span>{' '}
          {error !== null && <span>{visible(attemptText(error, speech))}</span>}{' '}
          <span class="faint">{next(nextAttemptAt)}</span>
        </li>
      ))}
    </>
  )
}
