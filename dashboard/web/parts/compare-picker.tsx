/** What the figures are held against: nothing, the time before, the same hours of another day, a window of one's own. */
import { useState } from 'preact/hooks'
import { useAsked } from '../state/asked.js'
import { comparedOf } from '../state/comparison.js'
import { change, useView } from '../state/router.js'
import { useTheSummary } from '../state/summary.js'
import type { Compare } from '../state/url.js'
import { fromWall, toWall } from '../state/wall.js'
import { compareName } from './comparison-words.js'
import { Icon } from './icon.js'
import { onArrows, Popover } from './popover.js'
import { useWords } from './words.js'

const CHOICES: readonly Compare[] = ['auto', 'previous', 'day', 'week', 'off']
const DAY_MS = 86_400_000

export function CompareChoices({ onDone }: { onDone: () => void }) {
  const speech = useWords()
  const { w, f } = speech
  const { compare } = useView()
  const asked = useAsked()
  const [start, setStart] = useState(
    toWall(typeof compare === 'number' ? compare : (asked?.span.from ?? Date.now()) - DAY_MS, f.zone),
  )
  const choose = (next: Compare): void => {
    change({ compare: next })
    onDone()
  }
  return (
    <div class="compare-menu">
      <h3>{w.compare.label}</h3>
      <div class="menu-list" onKeyDown={onArrows}>
        {CHOICES.map((one) => (
          <button
            key={one}
            type="button"
            data-item
            class="menu-item"
            aria-current={one === compare}
            onClick={() => choose(one)}
          >
            {compareName(one, asked?.span ?? null, speech)}
          </button>
        ))}
      </div>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          const t = fromWall(start, f.zone)
          if (Number.isFinite(t)) choose(t)
        }}
      >
        <label class="menu-field">
          {w.compare.from}
          <input type="datetime-local" value={start} required onInput={(e) => setStart(e.currentTarget.value)} />
        </label>
        <p class="faint small">{w.compare.sameLength}</p>
        <button type="submit" class="control">
          {w.compare.apply}
        </button>
      </form>
    </div>
  )
}

export function ComparePicker() {
  const speech = useWords()
  const { w } = speech
  const { compare } = useView()
  const asked = useAsked()
  const summary = useTheSummary()
  const chosen = compare !== 'auto' && compare !== 'off'
  const name = compareName(compare, asked?.span ?? null, speech)
  const missing = chosen && summary.data !== null && !summary.loading && comparedOf(summary.data, { compare }) === null
  return (
    <Popover
      class={`compare ${missing ? 'missing' : ''}`}
      align="right"
      name="compare"
      title={missing ? w.compare.missing : w.compare.label}
      label={`${w.compare.label}: ${name}${missing ? `. ${w.compare.missing}` : ''}`}
      button={
        <>
          <Icon name="compare" />
          <span class="control-text">{chosen ? name : w.compare.short}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => <CompareChoices onDone={close} />}
    </Popover>
  )
}
