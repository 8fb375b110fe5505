/** What is not shown, and how to see it. */
import type { Summary } from '../../../schema/api/reports.js'
import { wallClock } from '../state/clock.js'
import { toggle } from '../state/filters.js'
import type { Asked } from '../state/questions.js'
import { change, linkTo } from '../state/router.js'
import { useStore } from '../state/store.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

/** Clocks differ by seconds; this much is no longer a difference, ms. */
const aheadMs = 5 * 60_000

/** Fewer requests of unknown source than this are a remnant, not a gap in the export. */
const worthSaying = 0.02

export function Notes({ summary, asked }: { summary: Summary; asked: Asked }) {
  const { w, f } = useWords()
  const { view, span } = asked
  const stale = (): void =>
    change({ filters: toggle(toggle(view.filters, 'cacheStatus', 'stale'), 'cacheStatus', 'updating') })
  const unknown = summary.requests === 0 ? 0 : (summary.bySource.undetermined ?? 0) / summary.requests
  const now = useStore(wallClock)
  const newest = summary.extent.to === null ? -Infinity : Date.parse(summary.extent.to)
  const filtered = view.filters.some((x) => x.dimension === 'cacheStatus')
  return (
    <ul class="notes">
      {summary.excluded > 0 && !view.internal && (
        <li>
          <Icon name="info" />
          {w.notes.excluded(summary.excluded, f.count(summary.excluded))}{' '}
          <button type="button" class="link" onClick={() => change({ internal: true })}>
            {w.notes.include}
          </button>
        </li>
      )}
      {view.internal && (
        <li>
          <Icon name="info" />
          {w.notes.included}{' '}
          <button type="button" class="link" onClick={() => change({ internal: false })}>
            {w.notes.leaveOut}
          </button>
        </li>
      )}
      {summary.goneBefore !== undefined && (
        <li>
          <Icon name="info" />
          {w.notes.goneBefore(f.date(Date.parse(summary.goneBefore)))}
        </li>
      )}
      {summary.staleAnswers !== null && summary.staleAnswers > 0 && !filtered && (
        <li>
          <Icon name="info" />
          {w.notes.stale(summary.staleAnswers, f.count(summary.staleAnswers))}{' '}
          <button type="button" class="link" onClick={stale}>
            {w.notes.showStale}
          </button>
        </li>
      )}
      {unknown >= worthSaying && (
        <li>
          <Icon name="info" />
          {w.notes.undetermined(f.share(unknown))} <a href={linkTo({ name: 'batches' })}>{w.notes.showBatches}</a>
        </li>
      )}
      {newest > now + aheadMs && (
        <li>
          <Icon name="clock" />
          {w.notes.future(f.moment(newest))}
        </li>
      )}
      {view.range.kind === 'auto' && !span.moving && (
        <li>
          <Icon name="info" />
          {w.range.autoAll}
        </li>
      )}
    </ul>
  )
}
