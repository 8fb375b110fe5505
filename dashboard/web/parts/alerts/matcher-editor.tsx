/** Conditions on the labels of alerts, for silences, maintenance windows and notifiers. */
import { nameIn } from '../../../../schema/words/starters.js'
import { own } from '../../../../schema/words/own.js'
import { visible } from '../../../../schema/words/visible.js'
import { useId } from 'preact/hooks'
import type { Matcher } from '../../../../schema/api/alerts.js'
import { firing, useRules } from '../../state/alerts.js'
import { useStore } from '../../state/store.js'
import { Icon } from '../icon.js'
import { isDimension } from '../spike-words.js'
import { useWords } from '../words.js'

const OPERATORS = ['=', '!=', '=~', '!~'] as const
const USUAL_LABELS = ['alertname', 'severity', 'host', 'status', 'source', 'zone']

export function MatcherList({ matchers }: { matchers: readonly Matcher[] }) {
  const speech = useWords()
  return (
    <span class="label-list">
      {matchers.map((m, i) => (
        <span key={i} class="label">
          <small>
            {isDimension(m.label) ? speech.w.dimensions[m.label].one : visible(m.label)}{' '}
            {speech.w.alerts.silences.operators[m.op ?? '=']}
          </small>
          {m.label === 'alertname' ? nameIn(m.value, speech.f.lang) : visible(m.value)}
        </span>
      ))}
    </span>
  )
}

export function MatcherEditor({
  label,
  hint,
  value,
  onChange,
  least = 0,
}: {
  label: string
  hint?: string
  value: readonly Matcher[]
  onChange: (matchers: Matcher[]) => void
  least?: number
}) {
  const { w } = useWords()
  const s = w.alerts.silences
  const id = useId()
  const alerts = useStore(firing) ?? []
  const rules = useRules().data?.rules ?? []
  const names = [
    ...new Set([
      ...USUAL_LABELS,
      ...alerts.flatMap((a) => Object.keys(a.labels)),
      ...rules.flatMap((r) => [...Object.keys(r.labels ?? {}), ...(r.by ?? [])]),
    ]),
  ]
  const valuesOf = (name: string): string[] => [
    ...new Set([
      ...alerts.flatMap((a) => own(a.labels, name) ?? []),
      ...(name === 'alertname'
        ? rules.map((r) => r.storedName ?? r.name)
        : name === 'severity'
          ? ['critical', 'warning', 'info']
          : []),
    ]),
  ]
  const set = (i: number, part: Partial<Matcher>): void =>
    onChange(value.map((m, j) => (j === i ? { ...m, ...part } : m)))
  return (
    <div class="field matchers" role="group" aria-labelledby={id}>
      <span id={id} class="field-label">
        {label}
      </span>
      {value.map((m, i) => (
        <div key={i} class="matcher-line">
          <input
            type="text"
            value={m.label}
            list={`${id}-names`}
            aria-label={s.label}
            placeholder={s.label}
            spellcheck={false}
            onInput={(e) => set(i, { label: e.currentTarget.value })}
          />
          <select
            value={m.op ?? '='}
            aria-label={s.operator}
            onChange={(e) => set(i, { op: e.currentTarget.value as Matcher['op'] })}
          >
            {OPERATORS.map((op) => (
              <option key={op} value={op}>
                {s.operators[op]}
              </option>
            ))}
          </select>
          <input
            type="text"
            value={m.value}
            list={`${id}-values-${i}`}
            aria-label={s.value}
            placeholder={s.value}
            spellcheck={false}
            onInput={(e) => set(i, { value: e.currentTarget.value })}
          />
          <datalist id={`${id}-values-${i}`}>
            {valuesOf(m.label).map((v) => (
              <option key={v} value={v} />
            ))}
          </datalist>
          <button
            type="button"
            class="quiet square"
            aria-label={s.removeMatcher}
            title={s.removeMatcher}
            disabled={value.length <= least}
            onClick={() => onChange(value.filter((_, j) => j !== i))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <datalist id={`${id}-names`}>
        {names.map((n) => (
          <option key={n} value={n} />
        ))}
      </datalist>
      <button type="button" class="quiet add" onClick={() => onChange([...value, { label: '', op: '=', value: '' }])}>
        <Icon name="plus" />
        {s.addMatcher}
      </button>
      {hint && <p class="field-hint">{hint}</p>}
    </div>
  )
}
