/** How severities and states look, everywhere the same: told apart by shape as well as by colour. */
import type { RuleState, Severity } from '../../../../schema/api/alerts.js'
import { useWords } from '../words.js'
import { labelParts } from './rule-words.js'

export function SeverityMark({ severity }: { severity: Severity }) {
  const { w } = useWords()
  return (
    <i
      class={`severity ${severity}`}
      role="img"
      aria-label={w.alerts.severities[severity]}
      title={w.alerts.severities[severity]}
    />
  )
}

export function SeverityTag({ severity }: { severity: Severity }) {
  const { w } = useWords()
  return (
    <span class="severity-tag">
      <i class={`severity ${severity}`} aria-hidden="true" />
      {w.alerts.severities[severity]}
    </span>
  )
}

export function RuleStateTag({ state }: { state: RuleState }) {
  const { w } = useWords()
  return (
    <span class={`rule-state ${state}`} title={w.alerts.states[state].meaning}>
      <i aria-hidden="true" />
      {w.alerts.states[state].name}
    </span>
  )
}

/** Where an alert is: its labels, without those that its head says. */
export function LabelList({ labels }: { labels: { [name: string]: string } }) {
  const speech = useWords()
  const parts = labelParts(labels, speech)
  if (parts.length === 0) return <span class="faint">{speech.w.alerts.common.everywhere}</span>
  return (
    <span class="label-list">
      {parts.map((p) => (
        <span key={p.name} class="label" title={p.head}>
          <small>{p.head}</small>
          {p.text}
        </span>
      ))}
    </span>
  )
}
