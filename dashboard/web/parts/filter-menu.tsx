/** The values of one dimension to choose from, most frequent first, with a search of what is there. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Breakdown } from '../../../schema/api/reports.js'
import type { Dimension } from '../../../schema/store/query.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { FILTERABLE } from '../state/dimensions.js'
import { isOn, toggle } from '../state/filters.js'
import { valuesPath } from '../state/questions.js'
import { change, useView } from '../state/router.js'
import { Icon } from './icon.js'
import { onArrows } from './popover.js'
import { ProblemNote } from './problem.js'
import { Value, valueText } from './value.js'
import { useWords } from './words.js'

/** Values asked for; those beyond are found by typing them. */
const asked = 500
const shown = 60

/** Values given with 0x, spaces around or the like are taken as typed; dimensions of numbers take digits only. */
function typedValue(dimension: Dimension, text: string): string {
  const value = text.trim()
  if (dimension === 'asn') return value.replace(/^as/i, '')
  if (dimension === 'country' || dimension === 'colo') return value.toUpperCase()
  return value
}

export function ValueMenu({
  dimension,
  onBack,
  onDone,
}: {
  dimension: Dimension
  onBack?: () => void
  onDone: () => void
}) {
  const speech = useWords()
  const { w, f } = speech
  const view = useView()
  const question = useAsked()
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  // the list of dimensions gave way to this one: the focus went with it
  useEffect(() => input.current?.focus(), [])
  const { data, problem, loading } = useAnswer<Breakdown>(
    question && valuesPath(question, dimension, asked),
    0,
    dimension,
  )
  const needle = text.trim().toLowerCase()
  const match =
    data?.rows.filter(
      (r) =>
        needle === '' ||
        r.key.toLowerCase().includes(needle) ||
        valueText(dimension, r.key, speech).toLowerCase().includes(needle),
    ) ?? []
  const typed = typedValue(dimension, text)
  const choose = (value: string, not: boolean): void => change({ filters: toggle(view.filters, dimension, value, not) })
  const hidden = (data ? data.values - data.rows.length : 0) + Math.max(0, match.length - shown)
  return (
    <div class="menu values" onKeyDown={onArrows}>
      <div class="menu-search">
        {onBack && (
          <button type="button" class="quiet square" aria-label={w.filter.back} title={w.filter.back} onClick={onBack}>
            <Icon name="left" />
          </button>
        )}
        <input
          ref={input}
          data-first
          type="search"
          value={text}
          placeholder={w.filter.searchValues(w.dimensions[dimension].one)}
          aria-label={w.filter.searchValues(w.dimensions[dimension].one)}
          onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || needle === '') return
            choose(match[0]?.key ?? typed, false)
            setText('')
          }}
        />
      </div>
      {problem && problem.kind !== 'absent' && <ProblemNote problem={problem} />}
      <div class="menu-list">
        {match.slice(0, shown).map((r) => {
          const on = isOn(view.filters, dimension, r.key)
          const off = isOn(view.filters, dimension, r.key, true)
          const name = valueText(dimension, r.key, speech)
          return (
            <div key={r.key} class={`menu-row ${off ? 'excluded' : ''}`}>
              <button
                type="button"
                data-item
                role="menuitemcheckbox"
                aria-checked={on}
                class="menu-item"
                onClick={(e) => choose(r.key, e.altKey)}
              >
                <span class="tick">
                  {on && <Icon name="check" />}
                  {off && <Icon name="ban" />}
                </span>
                <span class="menu-value">
                  <Value dimension={dimension} value={r.key} />
                </span>
                <span class="menu-count">{f.short(r.count)}</span>
              </button>
              <button
                type="button"
                class="quiet square exclude"
                aria-pressed={off}
                aria-label={w.filter.exclude(name)}
                title={w.filter.exclude(name)}
                onClick={() => choose(r.key, true)}
              >
                <Icon name="ban" />
              </button>
            </div>
          )
        })}
        {!loading && data && match.length === 0 && <p class="menu-note">{w.filter.noValues}</p>}
        {!data && loading && (
          <p class="menu-note" aria-busy="true">
            {w.announce.loading}…
          </p>
        )}
        {typed !== '' && !match.some((r) => r.key === typed) && (
          <button
            type="button"
            data-item
            class="menu-item"
            onClick={() => {
              choose(typed, false)
              setText('')
            }}
          >
            <span class="tick">
              <Icon name="plus" />
            </span>
            {w.filter.useValue(typed)}
          </button>
        )}
        {hidden > 0 && <p class="menu-note">{w.filter.moreValues(hidden, f.count(hidden))}</p>}
      </div>
      <div class="menu-foot">
        <span>{w.filter.excludeHint}</span>
        <button type="button" class="control" onClick={onDone}>
          {w.filter.done}
        </button>
      </div>
    </div>
  )
}

/** First the dimension, then its values. */
export function FilterMenu({ onDone }: { onDone: () => void }) {
  const { w } = useWords()
  const [dimension, setDimension] = useState<Dimension | null>(null)
  const [text, setText] = useState('')
  if (dimension) return <ValueMenu dimension={dimension} onBack={() => setDimension(null)} onDone={onDone} />
  const needle = text.trim().toLowerCase()
  const match = FILTERABLE.filter(
    (d) => needle === '' || w.dimensions[d].one.toLowerCase().includes(needle) || d.toLowerCase().includes(needle),
  )
  return (
    <div class="menu" onKeyDown={onArrows}>
      <div class="menu-search">
        <input
          data-first
          type="search"
          value={text}
          placeholder={w.filter.pickDimension}
          aria-label={w.filter.pickDimension}
          onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && match[0]) setDimension(match[0])
          }}
        />
      </div>
      <div class="menu-list">
        {match.map((d) => (
          <button key={d} type="button" data-item class="menu-item" onClick={() => setDimension(d)}>
            <span class="menu-value">{w.dimensions[d].one}</span>
            <Icon name="right" />
          </button>
        ))}
        {match.length === 0 && <p class="menu-note">{w.filter.noValues}</p>}
      </div>
    </div>
  )
}
