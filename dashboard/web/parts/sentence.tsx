/** What is going on, in words, before any chart. */
import type { Spike } from '../../../schema/api/spikes.js'
import { useEffect, useState } from 'preact/hooks'
import { reachable } from '../state/api.js'
import { wallClock } from '../state/clock.js'
import { spanParts } from '../state/format.js'
import { errorsByChoice } from '../state/filters.js'
import { patienceLeft } from '../state/first.js'
import { shareOf } from '../state/levels.js'
import { live } from '../state/live.js'
import type { Asked } from '../state/questions.js'
import { linkTo } from '../state/router.js'
import type { KnownSpikes } from '../state/spikes.js'
import { areKnown, isOld, standingOf, type Told } from '../state/standing.js'
import { useStore } from '../state/store.js'
import type { SummaryAnswer } from '../state/summary.js'
import { Foldable } from './foldable.js'
import { Icon } from './icon.js'
import { Popover } from './popover.js'
import { SpikeCard } from './spike-list.js'
import { mostSevere } from './spike-words.js'
import { useWords, type Speech } from './words.js'

/** "in the last 24 hours", "across all data", "from 20 Nov, 14:05 to 15:00". */
export function whenText(asked: Asked, { w, f }: Speech): string {
  const last = (ms: number): string => {
    const { unit, n } = spanParts(ms)
    return w.sentence.whenLast(f.span(ms), unit, n)
  }
  const { range } = asked.view
  if (range.kind === 'last') return last(range.ms)
  if (range.kind === 'auto' && asked.span.moving) return last(86_400_000)
  if (range.kind === 'span') return w.sentence.whenSpan(f.interval(range.from, range.to))
  return w.sentence.whenAll(f.interval(asked.span.from, asked.span.to))
}

/** Says only what one answer says, of the question that it answers; while another is on its way it says nothing. */
export function Sentence({ summary, spikes }: { summary: SummaryAnswer; spikes: KnownSpikes }) {
  const speech = useWords()
  const { w } = speech
  const now = useStore(wallClock)
  const stuck = useStore(live) === 'off' || !useStore(reachable)
  const { data, question } = summary
  const patient = usePatience(question)
  if (!data || !question || (patient && !areKnown(spikes)))
    return (
      <p class="sentence" aria-busy="true">
        <span class="unseen">{w.sentence.updating}</span>
        <i class="skeleton" />
      </p>
    )
  const told: Told = {
    asked: question,
    summary: data,
    // both must be of now: the older of them counts
    at: Math.min(summary.at, spikes.at || summary.at),
    spikes,
    stuck: stuck || summary.problem !== null,
    now,
  }
  const worst = mostSevere(spikes.list ?? [])
  return worst.length > 0 ? <Alarm worst={worst} told={told} /> : <Calm told={told} />
}

/** The figures wait for the spikes so long, ms: what is said once is better than what is said twice, but not than nothing. */
const patienceMs = 400

/** True while a question is that new. */
function usePatience(question: Asked | null): boolean {
  const [waited, setWaited] = useState<Asked | null>(null)
  useEffect(() => {
    if (question === null) return
    const timer = setTimeout(() => setWaited(question), patienceLeft(patienceMs))
    return () => clearTimeout(timer)
  }, [question])
  return question !== null && waited === null
}

/** "As of 14:05: " where the figures are not of now. */
function asOf(told: Told, { w, f }: Speech): string {
  return isOld(told) ? w.sentence.asOf(f.near(told.at, told.now)) : ''
}

function Alarm({ worst, told }: { worst: readonly Spike[]; told: Told }) {
  const speech = useWords()
  const { w, f } = speech
  const [first, ...others] = worst
  return (
    <div class="sentence alarm">
      <i class="sign" aria-hidden="true" />
      <Foldable>
        {asOf(told, speech)}
        {first.summary}
      </Foldable>
      <div class="sentence-doors">
        <a class="primary" href={linkTo({ name: 'spike', id: first.id })}>
          {w.sentence.open}
        </a>
        {others.length > 0 && (
          <Popover
            align="right"
            class="more-spikes"
            button={w.sentence.moreSpikes(others.length, f.count(others.length))}
          >
            {() => (
              <ol class="spike-list menu-list" aria-label={w.spikes.others}>
                {others.map((s) => (
                  <li key={s.id}>
                    <SpikeCard spike={s} />
                  </li>
                ))}
              </ol>
            )}
          </Popover>
        )}
      </div>
    </div>
  )
}

function Calm({ told }: { told: Told }) {
  const speech = useWords()
  const { w, f } = speech
  const { asked, summary } = told
  const standing = standingOf(told)
  const calm = standing === 'calm'
  const when = whenText(asked, speech)
  const count = f.short(summary.requests)
  const why = w.sentence.why[standing as keyof typeof w.sentence.why] ?? ''
  return (
    <div class={calm ? 'sentence calm' : 'sentence'} aria-busy={standing === 'looking'}>
      {calm && <Icon name="check" />}
      <Foldable>
        {asOf(told, speech)}
        {asked.view.filters.length > 0 && w.sentence.filtered}
        {errorsByChoice(asked.view.filters)
          ? w.sentence.counted(when, count, summary.requests)
          : (calm ? w.sentence.quiet : w.sentence.plain)(
              when,
              count,
              summary.requests,
              f.share(summary.errorRate),
              f.share(shareOf(summary, 'left')),
            )}
        {why !== '' && <span class="sentence-why"> {why}</span>}
      </Foldable>
      {!calm && standing !== 'looking' && standing !== 'gone' && (
        <div class="sentence-doors">
          <a class="control" href={linkTo({ name: 'explain' })}>
            {w.incidents.brush.explain}
          </a>
        </div>
      )}
    </div>
  )
}
