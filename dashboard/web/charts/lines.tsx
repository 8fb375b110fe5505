/** One or a few lines over time, drawn with the same columns as the charts above them. */
import type { ComponentChildren } from 'preact'
import { useWords } from '../parts/words.js'
import type { Asked } from '../state/questions.js'
import { widened } from '../state/range.js'
import { change } from '../state/router.js'
import { BrushMenu } from '../parts/brush-menu.js'
import { AnnotationMarks } from './annotation-marks.js'
import { DataTable } from './data-table.js'
import { Panel } from './panel.js'
import { rowsOf, type Columns } from './series.js'
import { SeriesOverlay } from './series-overlay.js'
import { TimeChart, type ChartSeries } from './time-chart.js'

export interface LinesProps {
  asked: Asked
  title: string
  columns: Columns
  series: ChartSeries[] | null
  text: (value: number) => string
  axisText?: (value: number) => string
  /** no value can be higher: 1 of a share */
  most?: number
  height: number
  loading: boolean
  fillingFrom: number | null
  message?: string | null
  controls?: ComponentChildren
}

/** An axis of shares ends at all, also where there is nothing: 150 % would be no share. */
function endOfAxis(series: readonly ChartSeries[], most: number | undefined): number | undefined {
  if (most === undefined) return undefined
  const highest = Math.max(0, ...series.flatMap(({ values }) => values.map((v) => v ?? 0)))
  return highest === 0 || highest > most * 0.9 ? most : undefined
}

export function Lines(props: LinesProps) {
  const { f } = useWords()
  const { columns, asked, series } = props
  const from = columns.starts[0] ?? asked.span.from
  const cell = (v: number | null | undefined): string => (v === null || v === undefined ? '–' : props.text(v))
  const label = `${props.title}, ${f.interval(asked.span.from, asked.span.to)}`
  return (
    <Panel
      title={props.title}
      height={props.height}
      loading={props.loading}
      message={props.message}
      controls={props.controls}
      class="lines"
      take={
        series &&
        (() => ({
          title: props.title,
          head: ['time', ...series.map((s) => s.name)],
          rows: rowsOf(columns, series),
        }))
      }
      picture={() => ({
        title: props.title,
        sub: f.interval(asked.span.from, asked.span.to),
        legend: (series ?? []).map((s) => ({ name: s.name, token: s.token })),
      })}
      legend={
        series
          ? series.map((s) => (
              <span key={s.key}>
                <i class={`swatch line ${s.token}`} />
                {s.name}
              </span>
            ))
          : undefined
      }
      table={series && (() => <DataTable caption={props.title} columns={columns} series={series} text={props.text} />)}
      chart={
        series && (
          <TimeChart
            kind="lines"
            label={label}
            columns={columns}
            from={from}
            to={columns.end}
            series={series}
            height={props.height}
            max={endOfAxis(series, props.most)}
            yText={props.axisText ?? props.text}
          >
            {(area) => (
              <>
                <SeriesOverlay
                  area={area}
                  columns={columns}
                  from={from}
                  label={label}
                  series={series}
                  listed={[...series].reverse()}
                  text={cell}
                  fillingFrom={props.fillingFrom}
                  onZoom={(a, b) => change({ range: { kind: 'span', from: a, to: b } })}
                  menu={(range, close) => <BrushMenu asked={asked} range={range} onClose={close} />}
                  onZoomOut={() => change({ range: widened(asked.span, Date.now()) })}
                />
                <AnnotationMarks area={area} from={from} to={columns.end} />
              </>
            )}
          </TimeChart>
        )
      }
    />
  )
}
