/** The pages of alerting, by what the address names. */
import '../../styles/alerts-editor.css'
import { SectionNav } from '../../parts/alerts/section-nav.js'
import { AlertOne } from './alert.js'
import { AlertsPage } from './alerts.js'
import type { AlertPage } from '../../state/url.js'
import { NotifierPage } from './notifier.js'
import { NotifiersPage } from './notifiers.js'
import { RulePage } from './rule.js'
import { RulesPage } from './rules.js'
import { SilencesPage } from './silences.js'

export function CurrentAlertPage({ page }: { page: AlertPage }) {
  return (
    <div class="page alerting">
      <SectionNav />
      <Current page={page} />
    </div>
  )
}

function Current({ page }: { page: AlertPage }) {
  switch (page.name) {
    case 'alerts':
      return <AlertsPage />
    case 'alert':
      return <AlertOne key={page.id} id={page.id} />
    case 'rules':
      return <RulesPage />
    case 'rule':
      return <RulePage key={page.id} id={page.id} />
    case 'silences':
      return <SilencesPage />
    case 'notifiers':
      return <NotifiersPage />
    case 'notifier':
      return <NotifierPage key={page.id} id={page.id} />
  }
}
