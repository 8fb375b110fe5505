import type { Spike } from '../../../schema/api/spikes.js'
import type { Problem } from '../state/api.js'
import { statusClassOf, type StatusClass } from '../../../schema/status/status-class.js'
import { wallClock } from '../state/clock.js'
import { isNow } from '../state/spike-now.js'
import { useStore } from '../state/store.js'
import { change, linkTo } from '../state/router.js'
import { onSideways } from './popover.js'
import { Bell } from './alerts/bell.js'
import { Middle } from './middle.js'
import { filtersOf, mostSevere, spikeName, spikeScope, spikeSource, spikeSpan, spikeTimes } from './spike-words.js'
import { Swatch } from './tags.js'
import type { Doubt } from '../state/standing.js'
import { useWords, type Speech } from './words.js'

/** More than these no one reads at a glance; the rest is counted. */
const most = 8

export interface SpikeListProps {
  spikes: readonly Spike[] | null
  problem: Problem | null
  /** why nothing can be called usual; `old`: what is shown is not of now; null: nothing stands against it */
  doubt: Doubt | null
}

export function SpikeList({ spikes, problem, doubt }: SpikeListProps) {
  const speech = useWords()
  const { w, f } = speech
  const ofFilters = doubt === 'filtered' || doubt === 'chosen'
  return (
    <section class="spike-list" aria-label={w.spikes.title}>
      <header>
        <h2>{w.spikes.title}</h2>
        {spikes && spikes.length > most && <small>{w.spikes.firstOfMany(f.count(most), f.count(spikes.length))}</small>}
      </header>
      {!spikes && problem && <p class="spike-none">{doubt === 'gone' ? w.sentence.why.gone : w.spikes.unknown}</p>}
      {!spikes && !problem && (
        <ol>
          {[0, 1, 2].map((i) => (
            <li key={i}>
              <span class="spike-card">
                <i class="skeleton" />
                <i class="skeleton" />
              </span>
            </li>
          ))}
        </ol>
      )}
      {spikes?.length === 0 && (
        <p class="spike-none">
          <strong>{ofFilters ? w.spikes.noneFiltered : w.spikes.none}</strong>
          {doubt === null ? w.spikes.noneHint : doubtText(doubt, speech)}
          {ofFilters && (
            <>
              {' '}
              <button type="button" class="link" onClick={() => change({ filters: [] })}>
                {w.spikes.unfiltered}
              </button>
            </>
          )}
        </p>
      )}
      {spikes && spikes.length > 0 && (
        <ol>
          {mostSevere(spikes)
            .slice(0, most)
            .map((s) => (
              <li key={s.id} data-row onKeyDown={onSideways}>
                <SpikeCard spike={s} />
                <Bell inRow filters={filtersOf(s)} of={spikeName(s, speech)} />
              </li>
            ))}
        </ol>
      )}
    </section>
  )
}

function doubtText(doubt: Doubt, { w }: Speech): string {
  if (doubt === 'old') return ''
  if (doubt === 'filtered') return w.spikes.filteredHint
  if (doubt === 'chosen') return w.spikes.chosenHint
  return doubt === 'short' ? w.spikes.noneSoFar : w.sentence.why[doubt]
}

/** A spike in three short lines, a door to its page. */
export function SpikeCard({ spike: s }: { spike: Spike }) {
  const speech = useWords()
  const { w } = speech
  const at = useStore(wallClock)
  return (
    <a data-item class="spike-card" href={linkTo({ name: 'spike', id: s.id })} title={s.summary}>
      <span class="spike-head">
        <Swatch token={`class-${s.status === null ? (s.statusClass as StatusClass) : statusClassOf(s.status)}`} />
        <b>{spikeName(s, speech)}</b> <span>{spikeSource(s, speech)}</span>
        <em>{spikeTimes(s, speech)}</em>
      </span>
      <span class="spike-when">
        {isNow(s, at) && <i class="pulse" title={w.spikes.ongoing} />}
        {spikeSpan(s, speech, at)}
      </span>
      <span class="spike-where">
        <Middle text={spikeScope(s, speech)} />
      </span>
    </a>
  )
}
