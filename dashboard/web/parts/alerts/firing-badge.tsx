/** In the header: how many alerts fire. Nothing where nothing does. */
import { useWatchFiring } from '../../state/alerts.js'
import { useWords } from '../words.js'

export function FiringBadge() {
  const { w, f } = useWords()
  const alerts = useWatchFiring()
  if (alerts.length === 0) return null
  const text = w.alerts.firingNow(alerts.length, f.count(alerts.length))
  const quiet = alerts.every((a) => a.acknowledged !== null || a.muted !== null)
  return (
    <span class={quiet ? 'firing-count hushed' : 'firing-count'} title={text}>
      <span aria-hidden="true">{f.count(alerts.length)}</span>
      <span class="unseen">{text}</span>
    </span>
  )
}
