/** The values of one dimension to choose from, most frequent first, with a search of what is there. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FoundValues } from '../../../schema/api/reports.js'
import type { Dimension } from '../../../schema/store/query.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { FILTERABLE } from '../state/dimensions.js'
import { isOn, toggle } from '../state/filters.js'
import { isPattern } from '../../../schema/words/pattern.js'
import { questionKey, valuesPath } from '../state/questions.js'
import { change, useView } from '../state/router.js'
import { ExcludeButton } from './exclude-button.js'
import { Icon } from './icon.js'
import { onArrows } from './popover.js'
import { ProblemNote } from './problem.js'
import { Value, valueText } from './value.js'
import { useWords } from './words.js'

/** As many as one looks through; more is typed. */
const shown = 60
/** So long nothing more may be typed before it is searched, ms. */
const pauseMs = 120

/** Values given with 0x, spaces around or the like are taken as typed; dimensions of numbers take digits only. */
function typedValue(dimension: Dimension, text: string): string {
  const value = text.trim()
  if (dimension === 'asn') return value.replace(/^as(?=\d)/i, '')
  if (dimension === 'country' || dimension === 'colo') return value.toUpperCase()
  return value
}

/** What the service searches for. Of networks it knows the number alone. */
const searchOf = (dimension: Dimension, text: string): string =>
  dimension === 'asn' ? text.replace(/^as(?=\d|$)/i, '') : text

/** More countries than there are. */
const allCountries = 400

/** Dimensions whose values are words of their own: a part of them says something. */
const TEXTUAL = new Set<Dimension>([
  'zone',
  'host',
  'path',
  'userAgent',
  'clientIp',
  'originIp',
  'edgePathingOp',
  'edgePathingSrc',
  'edgePathingStatus',
])

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
  useLayoutEffect(() => input.current?.focus(), [])
  const wanted = useLater(text.trim(), pauseMs)
  // a country is found by its name too, which the service does not know
  const byName = dimension === 'country' && !isPattern(wanted)
  const { data, problem, loading } = useAnswer<FoundValues>(
    question &&
      valuesPath(question, dimension, byName ? '' : searchOf(dimension, wanted), byName ? allCountries : shown),
    { subject: `${question ? questionKey(question) : ''} ${dimension}` },
  )
  const needle = wanted.toLowerCase()
  const match =
    data?.values.filter(
      (r) =>
        !byName ||
        needle === '' ||
        r.key.toLowerCase().includes(needle) ||
        valueText(dimension, r.key, speech).toLowerCase().includes(needle),
    ) ?? []
  const typed = typedValue(dimension, text)
  const pattern = typed !== '' && !isPattern(typed) && TEXTUAL.has(dimension) ? `*${typed}*` : null
  // a name in the reader's language (Germany, Edge) is the value that it names
  const named = match.find((r) => valueText(dimension, r.key, speech).toLowerCase() === text.trim().toLowerCase())?.key
  const choose = (value: string, not: boolean): void => change({ filters: toggle(view.filters, dimension, value, not) })
  const use = (value: string, not: boolean): void => {
    choose(value, not)
    setText('')
  }
  const settled = !loading && wanted === text.trim()
  const hidden = byName ? Math.max(0, match.length - shown) : (data?.total ?? 0) - match.length
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
            // what was typed and nothing else, whatever stands first in the list
            if (e.key === 'Enter' && typed !== '') use(named ?? typed, e.altKey)
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
                data-side
                tabIndex={-1}
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
        {settled && data && match.length === 0 && !problem && <p class="menu-note">{w.filter.noValues}</p>}
        {!data && loading && (
          <p class="menu-note" aria-busy="true">
            {w.announce.loading}…
          </p>
        )}
        {typed !== '' && !match.some((r) => r.key === typed) && (
          <UseTyped
            text={isPattern(typed) ? w.filter.usePattern(typed) : w.filter.useValue(typed)}
            on={(not) => use(typed, not)}
          />
        )}
        {pattern !== null && <UseTyped text={w.filter.useContains(typed)} on={(not) => use(pattern, not)} />}
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

/** What was typed as a filter, or as something to leave out. */
function UseTyped({ text, on }: { text: string; on: (not: boolean) => void }) {
  return (
    <div class="menu-row">
      <button type="button" data-item class="menu-item" onClick={(e) => on(e.altKey)}>
        <span class="tick">
          <Icon name="plus" />
        </span>
        {text}
      </button>
      <ExcludeButton class="exclude" name={text} onClick={() => on(true)} />
    </div>
  )
}

/** `value`, once it has not changed for a while. */
function useLater(value: string, ms: number): string {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms)
    return () => clearTimeout(timer)
  }, [value])
  return late
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
