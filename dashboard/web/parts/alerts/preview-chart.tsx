/** A rule's value over time against its threshold; when it would have fired is shaded. */
import type { Preview } from '../../../../schema/api/alerts.js'
import { AnnotationMarks } from '../../charts/annotation-marks.js'
import { DataTable } from '../../charts/data-table.js'
import { Panel } from '../../charts/panel.js'
import { rowsOf, type Columns } from '../../charts/series.js'
import { SeriesOverlay } from '../../charts/series-overlay.js'
import { TimeChart, type ChartSeries } from '../../charts/time-chart.js'
import type { TimeRange } from '../../state/alerts.js'
import { AnnotationsContext, useAnnotations } from '../../state/annotations.js'
import { change } from '../../state/router.js'
import { useWords } from '../words.js'
import { labelsText, unitText } from './rule-words.js'

const mostLines = 5

export interface PreviewChartProps {
  data: Preview | null
  loading: boolean
  title: string
  recover?: number | null
  height?: number
  /** when it did fire; without it, when it would have */
  fired?: TimeRange
}

export function PreviewChart({ data, loading, title, recover = null, height = 240, fired }: PreviewChartProps) {
  const speech = useWords()
  const { w, f } = speech
  const p = w.alerts.preview
  const points = data?.series[0]?.points ?? []
  const columns: Columns = { starts: points.map(([t]) => t), end: (points.at(-1)?.[0] ?? 0) + (data?.step ?? 0) }
  const from = columns.starts[0] ?? 0
  const written = useAnnotations(points.length > 0 ? { from, to: columns.end } : null).data?.annotations ?? []
  const constant = (key: string, name: string, token: string, value: number): ChartSeries => ({
    key,
    name,
    token,
    values: columns.starts.map(() => value),
  })
  const shown: ChartSeries[] = (data?.series ?? []).slice(0, mostLines).map((s, i) => ({
    key: `line${i}`,
    name: Object.keys(s.labels).length === 0 ? p.value : labelsText(s.labels, speech),
    token: i === 0 ? 'speed-p95' : 'speed-p50',
    values: s.points.map((point) => point[1]),
  }))
  const limits = [
    ...(data?.threshold === null || data?.threshold === undefined
      ? []
      : [constant('threshold', p.threshold, 'bad', data.threshold)]),
    ...(recover === null || recover === data?.threshold ? [] : [constant('recover', p.recover, 'band', recover)]),
  ]
  const text = (v: number): string => unitText(v, data?.unit ?? 'requests', speech)
  const cell = (v: number | null | undefined): string => (v === null || v === undefined ? '–' : text(v))
  const label = `${title}. ${data ? f.interval(Date.parse(data.from), Date.parse(data.to)) : ''}`
  const all = [...shown, ...limits]
  // no axis beyond all of the requests
  const nearlyAll = data?.unit === 'share' && all.some((s) => s.values.some((v) => (v ?? 0) > 0.6))
  return (
    <Panel
      title={title}
      sub={data ? p.units[data.unit] : undefined}
      height={height}
      loading={loading}
      class="lines preview-chart"
      message={data && points.length === 0 ? p.nothing : null}
      take={
        data && points.length > 0
          ? () => ({
              title,
              head: ['time', ...all.map((s) => s.name)],
              rows: rowsOf(columns, all),
            })
          : null
      }
      picture={() => ({
        title,
        sub: data ? f.interval(Date.parse(data.from), Date.parse(data.to)) : '',
        legend: all.map((s) => ({ name: s.name, token: s.token })),
      })}
      legend={
        data ? (
          <>
            {shown[0] && (
              <span>
                <i class="swatch line speed-p95" />
                {shown.length > 1 ? p.highest(shown[0].name) : shown[0].name}
              </span>
            )}
            {shown.length > 1 && (
              <span>
                <i class="swatch line speed-p50" />
                {p.others(data.series.length - 1, f.count(data.series.length - 1))}
              </span>
            )}
            {limits.map((s) => (
              <span key={s.key}>
                <i class={`swatch line ${s.token}`} />
                {s.name}
              </span>
            ))}
            <span>
              <i class="swatch fired" />
              {fired ? w.alerts.states.firing.name : p.firing}
            </span>
          </>
        ) : undefined
      }
      table={
        data && points.length > 0
          ? () => <DataTable caption={title} columns={columns} series={all} text={text} />
          : null
      }
      chart={
        data && (
          <TimeChart
            kind="lines"
            label={label}
            columns={columns}
            from={from}
            to={columns.end}
            series={all}
            height={height}
            max={nearlyAll ? 1 : undefined}
            yText={text}
            shades={
              fired
                ? [fired]
                : data.episodes.map((e) => ({
                    from: Date.parse(e.firedAt),
                    to: e.resolvedAt ? Date.parse(e.resolvedAt) : columns.end,
                  }))
            }
          >
            {(area) => (
              <AnnotationsContext.Provider value={written}>
                <SeriesOverlay
                  area={area}
                  columns={columns}
                  from={from}
                  label={label}
                  series={all}
                  listed={all}
                  text={cell}
                  fillingFrom={null}
                  onZoom={(a, b) => change({ range: { kind: 'span', from: a, to: b } })}
                  onZoomOut={() => undefined}
                />
                <AnnotationMarks area={area} from={from} to={columns.end} />
              </AnnotationsContext.Provider>
            )}
          </TimeChart>
        )
      }
    />
  )
}
