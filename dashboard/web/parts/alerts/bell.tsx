/** From anything that one sees to a rule about it: the editor opens with these filters, and says what it would have done. */
import { alertsAbsent } from '../../state/alerts.js'
import { linkTo } from '../../state/router.js'
import { useStore } from '../../state/store.js'
import type { UrlFilter } from '../../state/url.js'
import { Icon } from '../icon.js'
import { useWords } from '../words.js'

export interface BellProps {
  filters: readonly UrlFilter[]
  of: string
  inRow?: boolean
  /** which new rule (state/new-rule.ts) */
  rule?: string
}

export function Bell({ filters, of, inRow = false, rule = 'new' }: BellProps) {
  const { w } = useWords()
  if (useStore(alertsAbsent)) return null
  const text = w.take.alert(of)
  return (
    <a
      class="quiet square bell"
      href={linkTo({ name: 'rule', id: rule }, { filters: [...filters] })}
      aria-label={text}
      title={text}
      {...(inRow ? { 'data-side': true, 'tabIndex': -1 } : {})}
    >
      <Icon name="bell" />
    </a>
  )
}
