/** What is going on, in words, before any chart. */
import type { Summary } from '../../../schema/api/reports.js'
import type { Asked } from '../state/questions.js'
import { spanParts } from '../state/format.js'
import { linkTo } from '../state/router.js'
import type { KnownSpikes } from '../state/spikes.js'
import { Icon } from './icon.js'
import { mostSevere } from './spike-words.js'
import { useWords, type Speech } from './words.js'

/** With fewer requests than this nobody can call errors unusual, or usual. */
const fewest = 200

/** "in the last 24 hours", "in all the data", "in 20 Nov, 14:05–15:00". */
export function whenText(asked: Asked, { w, f }: Speech): string {
  const last = (ms: number): string => {
    const { unit, n } = spanParts(ms)
    return w.sentence.whenLast(f.span(ms), unit, n)
  }
  const { range } = asked.view
  if (range.kind === 'last') return last(range.ms)
  if (range.kind === 'auto' && asked.span.moving) return last(86_400_000)
  if (range.kind === 'span') return w.sentence.whenSpan(f.interval(range.from, range.to))
  return w.sentence.whenAll
}

export function Sentence({ asked, summary, spikes }: { asked: Asked; summary: Summary | null; spikes: KnownSpikes }) {
  const speech = useWords()
  const { w, f } = speech
  if (!summary || (!spikes.list && !spikes.absent && !spikes.problem))
    return (
      <p class="sentence" aria-busy="true">
        <i class="skeleton" />
      </p>
    )
  const worst = mostSevere(spikes.list ?? [])
  if (worst.length > 0) {
    const [first, ...others] = worst
    return (
      <div class="sentence alarm">
        <i class="sign" aria-hidden="true" />
        <p>{first.summary}</p>
        <div class="sentence-doors">
          <a class="primary" href={linkTo({ name: 'spike', id: first.id })}>
            {w.sentence.open}
          </a>
          {others.length > 0 && (
            <a class="control" href={linkTo({ name: 'spike', id: others[0].id })} title={others[0].summary}>
              {w.sentence.moreSpikes(others.length, f.count(others.length))}
            </a>
          )}
        </div>
      </div>
    )
  }
  const left = summary.requests === 0 ? 0 : (summary.byClass['499'] ?? 0) / summary.requests
  const unknown = spikes.list === null
  // a handful of requests has no usual to be beside
  const tooFew = summary.requests < fewest && summary.errorRate > 0
  const quiet = !unknown && asked.view.filters.length === 0 && !tooFew
  const say = quiet ? w.sentence.quiet : w.sentence.plain
  return (
    <div class={quiet ? 'sentence calm' : 'sentence'}>
      {quiet && <Icon name="check" />}
      <p>
        {asked.view.filters.length > 0 && w.sentence.filtered}
        {say(
          whenText(asked, speech),
          f.short(summary.requests),
          summary.requests,
          f.share(summary.errorRate),
          f.share(left),
        )}
      </p>
    </div>
  )
}
