/** Alerting, where this service has it. */
import { later } from '../../parts/later.js'
import { useWords } from '../../parts/words.js'
import { alertsAbsent } from '../../state/alerts.js'
import { useStore } from '../../state/store.js'
import type { AlertPage } from '../../state/url.js'

const Pages = later<{ page: AlertPage }>(async () => (await import('./index.js')).CurrentAlertPage)

export function AlertPages({ page }: { page: AlertPage }) {
  const { w } = useWords()
  if (useStore(alertsAbsent))
    return (
      <div class="empty-range">
        <h1>{w.alerts.common.absent}</h1>
      </div>
    )
  return <Pages page={page} />
}
