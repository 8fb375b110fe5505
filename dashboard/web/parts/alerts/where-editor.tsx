/** The filters of a rule: chips of what is there, and one line to add more. */
import { useId, useState } from 'preact/hooks'
import type { FoundValues } from '../../../../schema/api/reports.js'
import type { Dimension } from '../../../../schema/store/query.js'
import { useAnswer } from '../../state/api.js'
import { useAsked } from '../../state/asked.js'
import { FILTERABLE } from '../../state/dimensions.js'
import { isOn, toggle } from '../../state/filters.js'
import { valuesPath } from '../../state/questions.js'
import type { UrlFilter } from '../../state/url.js'
import { Icon } from '../icon.js'
import { Middle } from '../middle.js'
import { valueText } from '../value.js'
import { useWords } from '../words.js'

const offered = 200

export interface WhereEditorProps {
  label: string
  hint?: string
  problem?: string | null
  value: readonly UrlFilter[]
  onChange: (filters: UrlFilter[]) => void
  /** chosen in the line to begin with */
  first?: Dimension
}

export function WhereEditor({ label, hint, problem, value, onChange, first = 'host' }: WhereEditorProps) {
  const speech = useWords()
  const { w } = speech
  const id = useId()
  return (
    <div class="field where-editor" role="group" aria-labelledby={id}>
      <span id={id} class="field-label">
        {label}
      </span>
      {value.length > 0 && (
        <ul class="where-chips">
          {value.flatMap((f) =>
            f.values.map((v) => {
              const text = `${w.dimensions[f.dimension].one} ${f.not ? w.filter.isNot : w.filter.is} ${valueText(f.dimension, v, speech)}`
              return (
                <li key={`${f.dimension}${f.not}${v}`} class={f.not ? 'chip not' : 'chip'}>
                  <span class="chip-name">
                    {w.dimensions[f.dimension].one} {f.not ? w.filter.isNot : w.filter.is}
                  </span>
                  <span class="chip-value">
                    <Middle text={valueText(f.dimension, v, speech)} />
                  </span>
                  <button
                    type="button"
                    class="chip-remove"
                    aria-label={w.alerts.editor.removeValue(text)}
                    title={w.alerts.editor.removeValue(text)}
                    onClick={() => onChange(toggle(value, f.dimension, v, f.not))}
                  >
                    <Icon name="close" />
                  </button>
                </li>
              )
            }),
          )}
        </ul>
      )}
      <AddFilter value={value} onChange={onChange} first={first} label={label} />
      {problem && <p class="field-problem">{problem}</p>}
      {hint && <p class="field-hint">{hint}</p>}
    </div>
  )
}

function AddFilter({
  value,
  onChange,
  first,
  label,
}: {
  value: readonly UrlFilter[]
  onChange: (filters: UrlFilter[]) => void
  first: Dimension
  label: string
}) {
  const speech = useWords()
  const { w } = speech
  const [dimension, setDimension] = useState<Dimension>(first)
  const [not, setNot] = useState(false)
  const [text, setText] = useState('')
  const [near, setNear] = useState(false)
  const list = useId()
  const asked = useAsked()
  const { data } = useAnswer<FoundValues>(
    near && asked
      ? valuesPath({ ...asked, view: { ...asked.view, filters: [] } }, dimension, text.trim(), offered)
      : null,
    { subject: dimension },
  )
  const add = (): void => {
    const typed = text.trim()
    if (typed === '') return
    const known = data?.values.find((r) => valueText(dimension, r.key, speech).toLowerCase() === typed.toLowerCase())
    const key = known?.key ?? typed
    if (!isOn(value, dimension, key, not)) onChange(toggle(value, dimension, key, not))
    setText('')
  }
  return (
    <div class="add-line">
      <select
        aria-label={`${label}: ${w.filter.pickDimension}`}
        value={dimension}
        onChange={(e) => {
          setDimension(e.currentTarget.value as Dimension)
          setText('')
        }}
      >
        {FILTERABLE.map((d) => (
          <option key={d} value={d}>
            {w.dimensions[d].one}
          </option>
        ))}
      </select>
      <select
        aria-label={`${w.filter.is} / ${w.filter.isNot}`}
        value={not ? 'not' : 'is'}
        onChange={(e) => setNot(e.currentTarget.value === 'not')}
      >
        <option value="is">{w.filter.is}</option>
        <option value="not">{w.filter.isNot}</option>
      </select>
      <input
        type="text"
        value={text}
        list={list}
        placeholder={w.alerts.editor.value}
        aria-label={`${label}: ${w.alerts.editor.value}`}
        spellcheck={false}
        autocomplete="off"
        onFocus={() => setNear(true)}
        onInput={(e) => setText(e.currentTarget.value)}
        onBlur={add}
        onKeyDown={(e) => {
          if (e.key !== 'Enter') return
          e.preventDefault()
          add()
        }}
      />
      <datalist id={list}>
        {data?.values
          .filter((r) => r.key !== '')
          .map((r) => (
            <option key={r.key} value={r.key}>
              {valueText(dimension, r.key, speech)}
            </option>
          ))}
      </datalist>
      <button type="button" class="control" onClick={add} disabled={text.trim() === ''}>
        <Icon name="plus" />
        {w.alerts.common.add}
      </button>
    </div>
  )
}
