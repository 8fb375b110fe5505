/** Alerting comes by itself when it is first opened: the figures of the overview need none of it. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../../parts/words.js'
import { alertsAbsent } from '../../state/alerts.js'
import { useStore } from '../../state/store.js'
import type { Page } from '../../state/url.js'

export type AlertPage = Extract<
  Page,
  { name: 'alerts' | 'alert' | 'rules' | 'rule' | 'silences' | 'notifiers' | 'notifier' }
>
type Pages = ComponentType<{ page: AlertPage }>

let loaded: Pages | null = null

export function AlertPages({ page }: { page: AlertPage }) {
  const { w } = useWords()
  const [Shown, setShown] = useState<Pages | null>(() => loaded)
  const absent = useStore(alertsAbsent)
  useEffect(() => {
    void import('./index.js').then((module) => {
      loaded = module.CurrentAlertPage
      setShown(() => module.CurrentAlertPage)
    })
  }, [])
  if (absent)
    return (
      <div class="empty-range">
        <h1>{w.alerts.common.absent}</h1>
      </div>
    )
  return Shown ? (
    <Shown page={page} />
  ) : (
    <div class="page" aria-busy="true">
      <i class="skeleton tall" />
    </div>
  )
}
