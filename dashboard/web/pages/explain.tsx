/** Any window explained like a spike: what its errors are, what changed, which documented causes the records speak for. */
import { SpikeChart } from '../charts/spike-chart.js'
import { CopyButton } from '../parts/copy.js'
import { Explained, Facts, hasNoPast } from '../parts/explained.js'
import { FirstRecords } from '../parts/record-table.js'
import { Foldable } from '../parts/foldable.js'
import { FreezeButton } from '../parts/incidents/freeze-button.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { filtersOf, spikeName, spikeSource } from '../parts/spike-words.js'
import { Swatch } from '../parts/tags.js'
import { useWords } from '../parts/words.js'
import type { SpikeDetail } from '../state/answers.js'
import { AnnotationsContext, useAnnotations } from '../state/annotations.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { refresh, slowTurn } from '../state/clock.js'
import { explainPath, questionKey, type Asked } from '../state/questions.js'
import { linkTo } from '../state/router.js'
import type { UrlFilter } from '../state/url.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { useTheSummary } from '../state/summary.js'
import { errorsByChoice } from '../state/filters.js'
import { EmptyRange, EmptyStore } from './empty.js'
import { useStore } from '../state/store.js'

export function ExplainPage() {
  const asked = useAsked()
  return asked ? <Window asked={asked} /> : <Waiting />
}

function Waiting() {
  const { w } = useWords()
  return (
    <div class="page" aria-busy="true">
      <PageHead title={w.incidents.explain.title} />
      <i class="skeleton tall" />
    </div>
  )
}

function Window({ asked }: { asked: Asked }) {
  const speech = useWords()
  const { w, f } = speech
  const e = w.incidents.explain
  const { span, view } = asked
  const { data, problem, loading } = useAnswer<{ spike: SpikeDetail | null }>(explainPath(asked), {
    turn: useStore(slowTurn),
    subject: `${questionKey(asked)} ${asked.lang}`,
  })
  const summary = useTheSummary()
  if (problem && !data)
    return (
      <div class="page">
        <PageHead title={e.title} />
        <ProblemNote problem={problem} onRetry={() => refresh()} />
      </div>
    )
  if (!data) return <Waiting />
  // without requests there is nothing that could have failed: that is no calm
  const { data: around } = summary
  if (around && around.requests === 0 && !errorsByChoice(view.filters))
    return around.extent.from === null ? <EmptyStore /> : <EmptyRange summary={around} asked={asked} />
  const { spike } = data
  const fixed = { kind: 'span' as const, from: span.from, to: span.to }
  const interval = `${f.interval(span.from, span.to)} ${f.zoneName(span.from)}`
  const link = new URL(linkTo({ name: 'explain' }, { range: fixed }), location.origin).href
  return (
    <div class="page spike-page" aria-busy={loading}>
      <PageHead
        title={e.title}
        sub={interval}
        sign={
          spike && <Swatch token={`class-${spike.status === null ? spike.statusClass : statusClassOf(spike.status)}`} />
        }
      >
        <CopyButton text={link} label={w.spike.share} icon="link" bare />
        <FreezeButton what={{ from: span.from, to: span.to, filters: view.filters }} />
        <a
          class="control"
          href={linkTo(
            { name: 'overview' },
            { range: fixed, filters: spike && view.filters.length === 0 ? filtersOf(spike) : view.filters },
          )}
        >
          {w.spike.showRequests}
        </a>
      </PageHead>
      {spike === null ? (
        <p class="lead">{e.calm}</p>
      ) : (
        <>
          <Foldable class="lead alarm-lead">{spike.summary}</Foldable>
          <p class="faint">
            {[spikeName(spike, speech), spikeSource(spike, speech), hasNoPast(spike) ? '' : e.against]
              .filter((part) => part !== '')
              .join(' · ')}
          </p>
          <Facts spike={spike} window />
          <WindowChart spike={spike} />
          <Explained spike={spike} window />
          {spike.firstRecords && spike.firstRecords.length > 0 && (
            <FirstRecords
              records={spike.firstRecords}
              all={linkTo({ name: 'records' }, { range: fixed, filters: meantBy(spike, view.filters) })}
            />
          )}
        </>
      )}
    </div>
  )
}

/** The requests that the window is about, with what people wrote on their time. */
function WindowChart({ spike }: { spike: SpikeDetail }) {
  const { points = [], step = 0 } = spike.series ?? {}
  const charted = points.length === 0 ? null : { from: points[0][0], to: points[points.length - 1][0] + step }
  const written = useAnnotations(charted).data?.annotations ?? []
  return (
    <AnnotationsContext.Provider value={written}>
      <SpikeChart spike={spike} window />
    </AnnotationsContext.Provider>
  )
}

/** What was asked for, and of that the requests that are told of: those of a code and its writer, say. */
function meantBy(spike: SpikeDetail, asked: readonly UrlFilter[]): UrlFilter[] {
  const of = ({ dimension }: UrlFilter) => (dimension === 'class' ? 'status' : dimension)
  const told = filtersOf({ ...spike, scope: spike.kind === 'slow' ? spike.scope : {} })
  return [...asked, ...told.filter((one) => !asked.some((other) => !other.not && of(other) === of(one)))]
}
