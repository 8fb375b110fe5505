/** The first page: the sentence, the figures, the charts, the tables. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Summary, Timeseries } from '../../../schema/api/reports.js'
import type { Percentiles } from '../state/answers.js'
import { columnsOf, fill, ghostOf, totals } from '../charts/series.js'
import { Lines } from '../charts/lines.js'
import { Stacked } from '../charts/stacked.js'
import { BreakdownGroup } from '../parts/breakdown-table.js'
import { Incomplete } from '../parts/incomplete.js'
import { Notes } from '../parts/notes.js'
import { ProblemNote } from '../parts/problem.js'
import { saidText } from '../parts/said.js'
import type { Problem } from '../state/api.js'
import { Segmented } from '../parts/segmented.js'
import { Sentence } from '../parts/sentence.js'
import { SpikeList } from '../parts/spike-list.js'
import { Tiles } from '../parts/tiles.js'
import { useWords } from '../parts/words.js'
import type { AnnotationJson } from '../../../schema/api/annotations.js'
import { AnnotationsContext, useAnnotations } from '../state/annotations.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { now, refresh, turn } from '../state/clock.js'
import { STATUS_CLASSES } from '../../../schema/status/status-class.js'
import { ERROR_CLASSES, SOURCE_ORDER } from '../state/dimensions.js'
import { errorsByChoice } from '../state/filters.js'
import { patienceLeft } from '../state/first.js'
import { fillingFrom } from '../state/filling.js'
import { useInputs } from '../state/inputs.js'
import { percentilesPath, questionKey, timeseriesPath, type Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { comparedOf } from '../state/comparison.js'
import { hasTab, WHAT, WHO } from '../state/tabs.js'
import { comparisonName } from '../parts/comparison-words.js'
import { useChartAlerts } from '../state/alerts-marks.js'
import { doubtOf } from '../state/standing.js'
import { useSpikes } from '../state/spikes.js'
import { useStore } from '../state/store.js'
import { useTheSummary } from '../state/summary.js'
import type { ChartView, Sort } from '../state/url.js'
import { EmptyStore, EmptyRange } from './empty.js'

export function Overview() {
  const asked = useAsked()
  const summary = useTheSummary()
  if (summary.data?.extent.from === null) return <EmptyStore />
  if (summary.problem && !summary.data) return <ProblemNote problem={summary.problem} onRetry={() => refresh()} />
  return asked ? <Figures asked={asked} /> : <Waiting />
}

/** Nothing but the room that the page will take. */
function Waiting() {
  return (
    <div class="overview" aria-busy="true">
      <p class="sentence">
        <i class="skeleton" />
      </p>
      <div class="tiles">
        {[0, 1, 2, 3, 4, 5].map((i) => (
          <div key={i} class="tile">
            <i class="skeleton" />
          </div>
        ))}
      </div>
    </div>
  )
}

function Figures({ asked }: { asked: Asked }) {
  const { w, f } = useWords()
  const again = useStore(turn)
  const summary = useTheSummary()
  const spikes = useSpikes(asked)
  const { view, span } = asked
  const key = questionKey(asked)
  const known = useKnownSoon(spikes.list !== null || spikes.absent || spikes.problem !== null, key)
  const shown = known || view.view !== null ? shownView(asked, (spikes.list?.length ?? 0) > 0) : null
  const errors = shown === 'errors'
  const sort = rankOf(asked, summary.data, (spikes.list?.length ?? 0) > 0)
  const how = { turn: again, subject: key, urgent: true, question: asked }
  const classes = useAnswer<Timeseries, Asked>(timeseriesPath(asked, 'class', false), how)
  const sources = useAnswer<Timeseries, Asked>(shown && timeseriesPath(asked, 'source', errors), {
    ...how,
    subject: `${key} ${String(errors)}`,
  })
  const speed = useAnswer<Percentiles, Asked>(percentilesPath(asked), how)
  const inputs = useInputs(f.lang).data
  const filling = fillingFrom(span, summary.data, useStore(now), inputs)
  // of a range that turns to older data because its last day is empty, that is no news yet
  const nothing = summary.data !== null && summary.data.requests === 0
  const problem = summary.problem ?? classes.problem
  const alerts = useChartAlerts(
    span,
    summary.data?.extent.to ? Date.parse(summary.data.extent.to) : null,
    classes.data !== null,
  )
  const annotations = useAnnotations(classes.data !== null ? span : null)
  const swipe = useSwipe((to) => change({ chart: to }, 'replace'))
  // the last day is empty and older data will be shown: that there is none is no news yet
  if (
    nothing &&
    summary.data &&
    view.range.kind === 'auto' &&
    span.moving &&
    summary.data.excluded === 0 &&
    view.filters.length === 0
  )
    return <Waiting />
  if (nothing && summary.data)
    return (
      <>
        <Incomplete asked={asked} inputs={inputs} />
        <Notes summary={summary.data} asked={asked} />
        <EmptyRange summary={summary.data} asked={asked} />
      </>
    )

  const views = (
    <Segmented<ChartView>
      label={w.chart.view}
      value={shown ?? 'all'}
      onChange={(v) => change({ view: v }, 'replace')}
      class="views"
      choices={(['errors', 'all', 'share'] as const).map((v) => ({
        value: v,
        text: w.chart.views[v],
        title: w.chart.viewHints[v],
      }))}
    />
  )
  const classAnswer =
    errors && classes.data
      ? {
          ...classes.data,
          series: classes.data.series.filter((s) => (ERROR_CLASSES as readonly string[]).includes(s.key)),
        }
      : classes.data
  const marks = spikes.list ?? []
  return (
    <AnnotationsContext.Provider value={annotations.data?.annotations ?? nothingWritten}>
      <div class={spikes.absent ? 'overview no-spikes' : 'overview'}>
        <h1 class="unseen">{w.nav.overview}</h1>
        {problem && <ProblemNote problem={problem} onRetry={() => refresh()} />}
        <p class="print-only">
          Faultline · {f.interval(span.from, span.to)} {f.zoneName(span.from)}
          {view.filters.map(
            (x) => ` · ${w.dimensions[x.dimension].one} ${x.not ? w.filter.isNot : w.filter.is} ${x.values.join(', ')}`,
          )}
        </p>
        <Sentence summary={summary} spikes={spikes} />
        <Incomplete asked={asked} inputs={inputs} />
        <Tiles asked={asked} summary={summary.data} classes={classes} sources={sources} speed={speed.data} />
        <div class="charts" data-chart={view.chart} {...swipe}>
          <Segmented
            label={w.chart.which}
            value={view.chart}
            onChange={(c) => change({ chart: c }, 'replace')}
            class="chart-choice"
            choices={[
              { value: 'class', text: w.chart.classes },
              { value: 'source', text: w.chart.sources },
            ]}
          />
          <Stacked
            asked={classes.question ?? asked}
            by="class"
            title={errors ? w.chart.classesErrors : w.chart.classes}
            answer={shown && classAnswer}
            loading={classes.loading}
            view={shown ?? 'all'}
            order={STATUS_CLASSES.filter((c) => !errors || ERROR_CLASSES.includes(c))}
            ghostKeys={ERROR_CLASSES}
            height={248}
            spikes={marks}
            alerts={alerts}
            fillingFrom={filling}
            controls={views}
          />
          <Stacked
            asked={sources.question ?? asked}
            by="source"
            title={errors ? w.chart.sourcesErrors : w.chart.sources}
            answer={shown && sources.data}
            loading={sources.loading}
            view={shown ?? 'all'}
            order={SOURCE_ORDER}
            height={200}
            spikes={[]}
            fillingFrom={filling}
            controls={views}
          />
          <div class="pair">
            <ErrorRate
              asked={classes.question ?? asked}
              answer={classes.data}
              loading={classes.loading}
              filling={filling}
            />
            <Speed
              asked={speed.question ?? asked}
              answer={speed.data}
              problem={speed.problem}
              loading={speed.loading}
              filling={filling}
            />
          </div>
        </div>
        {!spikes.absent && (
          <SpikeList
            spikes={spikes.list}
            problem={spikes.problem}
            doubt={summary.problem || summary.data === null ? 'old' : doubtOf(summary.data, asked)}
          />
        )}
        <div class="breakdowns">
          <BreakdownGroup
            asked={asked}
            title={w.table.what}
            tabs={WHAT}
            tab={hasTab(WHAT, view.what) ? view.what : WHAT.shown[0]}
            onTab={(tab) => change({ what: tab === WHAT.shown[0] ? null : tab }, 'replace')}
            errors={shown === null ? null : errors}
            sort={sort}
          />
          <BreakdownGroup
            asked={asked}
            title={w.table.who}
            tabs={WHO}
            tab={hasTab(WHO, view.who) ? view.who : WHO.shown[0]}
            onTab={(tab) => change({ who: tab === WHO.shown[0] ? null : tab }, 'replace')}
            errors={shown === null ? null : errors}
            sort={sort}
          />
        </div>
        {summary.data && <Notes summary={summary.data} asked={asked} />}
      </div>
    </AnnotationsContext.Provider>
  )
}

const nothingWritten: readonly AnnotationJson[] = []

/** Errors where there is a spike, unless the reader chose otherwise or filters for what is no error. */
function shownView({ view }: Asked, hasSpikes: boolean): ChartView {
  return view.view ?? (hasSpikes && !errorsByChoice(view.filters) ? 'errors' : 'all')
}

/** By what rose where there is a spike, so that it stands above what is everyday; by count where nothing can be compared. */
function rankOf({ view }: Asked, summary: Summary | null, hasSpikes: boolean): Sort {
  if (view.sort === 'p95' && view.columns === 'speed') return 'p95'
  if (comparedOf(summary, view) === null) return 'count'
  const chosen = view.sort === 'p95' ? null : view.sort
  return chosen ?? (hasSpikes ? 'change' : 'count')
}

/** How long the charts wait to learn whether there are spikes, ms: longer is worse than changing once. */
const patienceMs = 600

function useKnownSoon(known: boolean, question: string): boolean {
  const [late, setLate] = useState<string | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setLate(question), patienceLeft(patienceMs))
    return () => clearTimeout(timer)
  }, [question])
  return known || late === question
}

function ErrorRate(props: { asked: Asked; answer: Timeseries | null; loading: boolean; filling: number | null }) {
  const speech = useWords()
  const { w, f } = speech
  const columns = columnsOf(props.asked.span, props.answer)
  const all = fill(columns, props.answer, STATUS_CLASSES)
  const total = totals(all, columns.starts.length)
  const bad = totals(
    all.filter((s) => (ERROR_CLASSES as readonly string[]).includes(s.key)),
    columns.starts.length,
  )
  const rate = total.map((n, i) => (n > 0 ? bad[i] / n : null))
  const allThen = ghostOf(columns, props.answer)
  const badThen = ghostOf(columns, props.answer, ERROR_CLASSES)
  const then = allThen && badThen && allThen.map((n, i) => (n > 0 ? badThen[i] / n : null))
  return (
    <Lines
      asked={props.asked}
      title={w.chart.errorRate}
      columns={columns}
      most={1}
      height={128}
      loading={props.loading}
      fillingFrom={props.filling}
      text={f.share}
      series={
        props.answer && [
          ...(then ? [ghostSeries(comparisonName(props.asked, speech), then)] : []),
          { key: 'rate', name: w.chart.errorRate, token: 'bad', values: rate },
        ]
      }
    />
  )
}

const ghostSeries = (name: string, values: (number | null)[]) => ({
  key: 'ghost',
  name,
  token: 'ghost',
  values,
  ghost: true,
})

function Speed(props: {
  asked: Asked
  answer: Percentiles | null
  problem: Problem | null
  loading: boolean
  filling: number | null
}) {
  const speech = useWords()
  const { w, f } = speech
  const points = props.answer?.series[0]?.points ?? []
  const columns = columnsOf(
    props.asked.span,
    props.answer && { step: 0, excluded: 0, series: [{ key: '', points: points.map((p) => [p[0] ?? 0, 0]) }] },
  )
  const at = new Map(points.map((p) => [p[0], p]))
  const values = (quantile: number): (number | null)[] => {
    const i = props.answer?.percentiles.indexOf(quantile) ?? -1
    return columns.starts.map((t) => at.get(t)?.[i + 1] ?? null)
  }
  const other = props.answer?.compared?.series[0]?.points
  const p95 = props.answer?.percentiles.indexOf(0.95) ?? -1
  const nothing = props.answer !== null && points.every((p) => p.slice(1).every((v) => v === null))
  return (
    <Lines
      asked={props.asked}
      title={w.chart.ttfb}
      columns={columns}
      height={128}
      loading={props.loading}
      fillingFrom={props.filling}
      text={f.millis}
      message={
        nothing
          ? w.chart.noMeasure
          : props.answer === null && props.problem
            ? saidText(props.problem, speech) || w.problem[props.problem.kind]
            : null
      }
      series={
        props.answer && [
          ...(props.answer.compared
            ? [
                ghostSeries(
                  `${comparisonName(props.asked, speech)}${f.aside(w.chart.p95)}`,
                  columns.starts.map((_, i) => other?.[i]?.[p95 + 1] ?? null),
                ),
              ]
            : []),
          { key: 'p50', name: w.chart.p50, token: 'speed-p50', values: values(0.5) },
          { key: 'p95', name: w.chart.p95, token: 'speed-p95', values: values(0.95) },
        ]
      }
    />
  )
}

/** A finger to the left shows the sources, to the right the classes. */
function useSwipe(show: (chart: 'class' | 'source') => void) {
  const start = useRef<{ x: number; y: number } | null>(null)
  const latest = useRef(show)
  useEffect(() => {
    latest.current = show
  })
  return {
    onTouchStart: (e: TouchEvent) => {
      start.current = e.touches.length === 1 ? { x: e.touches[0].clientX, y: e.touches[0].clientY } : null
    },
    onTouchEnd: (e: TouchEvent) => {
      const end = e.changedTouches[0]
      if (!start.current || !end) return
      const dx = end.clientX - start.current.x
      if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(end.clientY - start.current.y))
        latest.current(dx < 0 ? 'source' : 'class')
    },
  }
}
