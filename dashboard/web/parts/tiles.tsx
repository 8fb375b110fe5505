/** The six figures under the sentence. Their lines come from the charts' answers: no question is asked twice. */
import type { Summary, Timeseries } from '../../../schema/api/reports.js'
import { columnsOf, fill, totals } from '../charts/series.js'
import type { Percentiles } from '../state/answers.js'
import { comparedOf } from '../state/comparison.js'
import { STATUS_CLASSES } from '../../../schema/status/status-class.js'
import { ERROR_CLASSES } from '../state/dimensions.js'
import type { Answer } from '../state/api.js'
import { errorsByChoice, only } from '../state/filters.js'
import { levelOf, shareOf, type Figure, type Level } from '../state/levels.js'
import { ruleOfRequests, ruleOfSpeed } from '../state/new-rule.js'
import { errorsOnly, type Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { Tile } from './tile.js'
import { useWords } from './words.js'

export interface TilesProps {
  asked: Asked
  summary: Summary | null
  classes: Answer<Timeseries, Asked>
  sources: Answer<Timeseries, Asked>
  speed: Percentiles | null
}

export function Tiles({ asked, summary, classes, sources, speed }: TilesProps) {
  const { w, f } = useWords()
  const before = comparedOf(summary, asked.view)
  const columns = columnsOf(classes.question?.span ?? asked.span, classes.data)
  const all = fill(columns, classes.data, STATUS_CLASSES)
  const line = (...keys: string[]): number[] =>
    totals(
      all.filter((s) => keys.includes(s.key)),
      columns.starts.length,
    )
  const origin = fill(columnsOf(sources.question?.span ?? asked.span, sources.data), sources.data, [
    'origin-failure',
  ]).find((s) => s.key === 'origin-failure')?.values
  const p95 = speed?.percentiles.indexOf(0.95) ?? -1
  const rate = (part: number | undefined, whole: number | undefined): number => (whole ? (part ?? 0) / whole : 0)
  const of = (kind: 'byClass' | 'bySource', key: string) => ({
    now: rate(summary?.[kind][key], summary?.requests),
    before: before && rate(before[kind][key], before.requests),
  })
  const server = of('byClass', '5xx')
  const left = of('byClass', '499')
  const failures = of('bySource', 'origin-failure')
  const errorRate = summary?.errorRate ?? 0
  const ttfb = summary?.timeToFirstByteMs.p95 ?? null
  // of errors that were asked for, that they are errors is no alarm
  const level = (figure: Figure): Level =>
    summary && !errorsByChoice(asked.view.filters) ? levelOf(figure, shareOf(summary, figure)) : 'calm'
  const share = (x: number): string | null => (summary ? f.share(x) : null)
  const shareBefore = (x: number | null): string => (x === null ? '' : f.share(x))
  const filter = (dimension: 'class' | 'source', key: string) => () =>
    change({ filters: only(asked.view.filters, dimension, key) })
  return (
    <div class="tiles" role="group" aria-label={w.tiles.label} data-level={level('errors')}>
      <Tile
        label={w.tiles.requests}
        hint={w.tiles.hints.requests}
        value={summary && f.short(summary.requests)}
        exact={summary ? f.count(summary.requests) : undefined}
        now={summary?.requests ?? 0}
        before={before?.requests ?? null}
        beforeText={before ? f.short(before.requests) : ''}
        more="neutral"
        points={line(...STATUS_CLASSES)}
        token="ink-3"
        alert={summary ? asked.view.filters : undefined}
        rule={ruleOfRequests(line(...STATUS_CLASSES), (classes.question ?? asked).span.stepMs)}
      />
      <Tile
        label={w.tiles.errors}
        hint={w.tiles.hints.errors}
        value={share(errorRate)}
        now={errorRate}
        before={before?.errorRate ?? null}
        beforeText={shareBefore(before?.errorRate ?? null)}
        more="bad"
        level={level('errors')}
        points={line(...ERROR_CLASSES)}
        token="bad"
        onClick={() => change({ view: 'errors' }, 'replace')}
        alert={errorsOnly(asked.view.filters)}
      />
      <Tile
        label={w.tiles.serverErrors}
        hint={w.tiles.hints.serverErrors}
        value={share(server.now)}
        now={server.now}
        before={server.before}
        beforeText={shareBefore(server.before)}
        more="bad"
        level={level('server')}
        points={line('5xx')}
        token="class-5xx"
        onClick={filter('class', '5xx')}
        alert={only(asked.view.filters, 'class', '5xx')}
      />
      <Tile
        label={w.tiles.clientClosed}
        hint={w.tiles.hints.clientClosed}
        value={share(left.now)}
        now={left.now}
        before={left.before}
        beforeText={shareBefore(left.before)}
        more="bad"
        level={level('left')}
        points={line('499')}
        token="class-499"
        onClick={filter('class', '499')}
        alert={only(asked.view.filters, 'class', '499')}
      />
      <Tile
        label={w.tiles.originFailures}
        hint={w.tiles.hints.originFailures}
        value={share(failures.now)}
        now={failures.now}
        before={failures.before}
        beforeText={shareBefore(failures.before)}
        more="bad"
        level={level('origin')}
        points={origin}
        token="source-origin-failure"
        onClick={filter('source', 'origin-failure')}
        alert={only(asked.view.filters, 'source', 'origin-failure')}
      />
      <Tile
        label={w.tiles.ttfb}
        hint={w.tiles.hints.ttfb}
        value={summary && (ttfb === null ? '–' : f.millis(ttfb))}
        now={ttfb ?? 0}
        // measured in steps of a few per cent: only who asked for it is told how it moved
        before={asked.view.compare === 'auto' ? null : (before?.timeToFirstByteMs.p95 ?? null)}
        beforeText={before?.timeToFirstByteMs.p95 ? f.millis(before.timeToFirstByteMs.p95) : ''}
        more="bad"
        points={speed?.series[0]?.points.map((p) => p[p95 + 1])}
        token="ink-3"
        alert={ttfb === null ? undefined : asked.view.filters}
        rule={ruleOfSpeed(ttfb ?? 0)}
      />
    </div>
  )
}
