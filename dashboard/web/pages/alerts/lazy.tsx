/** Alerting comes by itself when it is first opened: the figures of the overview need none of it. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../../parts/words.js'
import { ProblemNote } from '../../parts/problem.js'
import { reachable } from '../../state/api.js'
import { refresh, turn } from '../../state/clock.js'
import { alertsAbsent } from '../../state/alerts.js'
import { useStore } from '../../state/store.js'
import type { AlertPage } from '../../state/url.js'

type Pages = ComponentType<{ page: AlertPage }>

let loaded: Pages | null = null

export function AlertPages({ page }: { page: AlertPage }) {
  const { w } = useWords()
  const [Shown, setShown] = useState<Pages | null>(() => loaded)
  const absent = useStore(alertsAbsent)
  const [lost, setLost] = useState(false)
  const again = useStore(turn)
  useEffect(() => {
    if (loaded) return
    import('./index.js').then(
      (module) => {
        loaded = module.CurrentAlertPage
        setShown(() => module.CurrentAlertPage)
      },
      () => {
        setLost(true)
        reachable.set(false)
      },
    )
  }, [again])
  if (absent)
    return (
      <div class="empty-range">
        <h1>{w.alerts.common.absent}</h1>
      </div>
    )
  if (!Shown && lost)
    return <ProblemNote problem={{ kind: 'offline', status: 0, code: '', message: '' }} onRetry={() => refresh()} />
  return Shown ? (
    <Shown page={page} />
  ) : (
    <div class="page" aria-busy="true">
      <i class="skeleton tall" />
    </div>
  )
}
