/** A chart of an incident as it was frozen: its points are in the document, nothing is asked for. */
import type { Frozen } from '../../../schema/api/incidents.js'
import { STATUS_CLASSES, statusClassOf } from '../../../schema/status/status-class.js'
import { Swatch } from '../parts/tags.js'
import { valueText } from '../parts/value.js'
import { useWords } from '../parts/words.js'
import { AnnotationMarks } from './annotation-marks.js'
import { DataTable } from './data-table.js'
import { Panel } from './panel.js'
import { fill, rowsOf, sum, type Columns } from './series.js'
import { SeriesOverlay } from './series-overlay.js'
import { TimeChart, type ChartSeries } from './time-chart.js'
import { change } from '../state/router.js'

export function FrozenChart(props: {
  title: string
  by: 'class' | 'status'
  chart: Frozen['charts']['classes']
  /** the incident itself, shaded */
  range: { from: number; to: number }
}) {
  const speech = useWords()
  const { w, f } = speech
  const { step, series } = props.chart
  const starts = [...new Set(series.flatMap(({ points }) => points.map(([t]) => t)))].sort((a, b) => a - b)
  if (starts.length === 0) return null
  const columns: Columns = { starts, end: starts[starts.length - 1] + step }
  const answer = {
    step,
    excluded: 0,
    series: series.map(({ key, points }) => ({ key, points: points as [number, number][] })),
  }
  const shown: ChartSeries[] = fill(columns, answer, props.by === 'class' ? STATUS_CLASSES : [])
    .filter((one) => sum(one.values) > 0)
    .map((one) => ({
      key: one.key,
      name: valueText(props.by, one.key, speech),
      token: `class-${props.by === 'class' ? one.key : statusClassOf(Number(one.key))}`,
      values: one.values,
    }))
  const from = starts[0]
  const label = `${props.title}, ${f.interval(from, columns.end)}`
  const text = (v: number | null | undefined): string => (v === null || v === undefined ? '–' : f.count(v))
  return (
    <Panel
      title={props.title}
      sub={w.chart.per(f.duration(step))}
      height={180}
      loading={false}
      take={() => ({
        title: props.title,
        head: ['time', ...shown.map((s) => s.key)],
        rows: rowsOf(columns, shown),
      })}
      picture={() => ({
        title: props.title,
        sub: f.interval(from, columns.end),
        legend: shown.map((s) => ({ name: s.name, token: s.token })),
      })}
      legend={shown.map((one) => (
        <span key={one.key}>
          <Swatch token={one.token} />
          {one.name} <b>{f.short(sum(one.values as number[]))}</b>
        </span>
      ))}
      table={() => <DataTable caption={props.title} columns={columns} series={shown} text={f.count} />}
      chart={
        <TimeChart
          kind="bars"
          label={label}
          columns={columns}
          from={from}
          to={columns.end}
          series={shown}
          height={180}
          yText={(v) => (Number.isInteger(v) ? f.short(v) : '')}
          shades={[props.range]}
        >
          {(area) => (
            <>
              <SeriesOverlay
                area={area}
                columns={columns}
                from={from}
                label={label}
                series={shown}
                listed={[...shown].reverse()}
                text={text}
                fillingFrom={null}
                onZoom={(a, b) =>
                  change({ page: { name: 'overview' }, range: { kind: 'span', from: a, to: b }, filters: [] })
                }
                onZoomOut={() => undefined}
              />
              <AnnotationMarks area={area} from={from} to={columns.end} />
            </>
          )}
        </TimeChart>
      }
    />
  )
}
