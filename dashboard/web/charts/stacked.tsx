/** Requests over time, stacked by class or by source: the page's main charts. */
import { useMemo } from 'preact/hooks'
import type { Timeseries } from '../../../schema/api/reports.js'
import type { Dimension } from '../../../schema/store/query.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { Swatch } from '../parts/tags.js'
import { valueText } from '../parts/value.js'
import { useWords } from '../parts/words.js'
import { toggle, isOn } from '../state/filters.js'
import type { Asked } from '../state/questions.js'
import { widened } from '../state/range.js'
import { change } from '../state/router.js'
import type { ChartView } from '../state/url.js'
import { BrushMenu } from '../parts/brush-menu.js'
import { AnnotationMarks } from './annotation-marks.js'
import { DataTable } from './data-table.js'
import { ghostIn } from './ghost.js'
import { Overlay } from './overlay.js'
import { Panel } from './panel.js'
import { columnEnd, columnsOf, fill, rowsOf, sum, totals, type Series } from './series.js'
import { SpikeMarks } from './spike-marks.js'
import { TimeChart } from './time-chart.js'
import { AlertMarks } from './alert-marks.js'
import type { ChartAlert } from '../state/alerts-marks.js'
import type { ComponentChildren } from 'preact'

export interface StackedProps {
  asked: Asked
  by: 'class' | 'source'
  title: string
  answer: Timeseries | null
  loading: boolean
  view: ChartView
  /** keys in the order they are stacked, from the bottom */
  order: readonly string[]
  /** what of another window counts where only errors do; default: all of it */
  ghostKeys?: readonly string[]
  height: number
  spikes: readonly Spike[]
  alerts?: readonly ChartAlert[]
  fillingFrom: number | null
  controls?: ComponentChildren
}

export function Stacked(props: StackedProps) {
  const speech = useWords()
  const { w, f } = speech
  const { asked, by } = props
  const { span, view } = asked
  const order = props.order.join(' ')
  const { columns, all, total } = useMemo(() => {
    const columns = columnsOf(span, props.answer)
    const all = fill(columns, props.answer, order.split(' '))
    return { columns, all, total: totals(all, columns.starts.length) }
  }, [span, props.answer, order])
  const series = all.filter((s) => sum(s.values) > 0)
  const counted = sum(total)
  const name = (key: string): string => valueText(by as Dimension, key, speech)
  const share = props.view === 'share'
  const shown = series.map((s) => ({
    key: s.key,
    name: name(s.key),
    token: `${by}-${s.key}`,
    values: share ? s.values.map((v, i) => (total[i] > 0 ? v / total[i] : null)) : s.values,
  }))
  const ghost = ghostIn(props, columns, speech)
  const text = (v: number): string => (share ? f.share(v) : f.count(v))
  const step = f.duration(span.stepMs)
  const peak = total.reduce((best, v, i) => (v > total[best] ? i : best), 0)
  const label = w.chart.summary(
    props.title,
    f.interval(span.from, span.to),
    f.count(counted),
    f.count(total[peak] ?? 0),
    f.moment(columns.starts[peak] ?? span.from),
  )
  const message =
    props.answer && counted === 0 && !props.loading
      ? props.view === 'errors'
        ? w.chart.noErrors
        : w.chart.nothing
      : null

  return (
    <Panel
      title={props.title}
      sub={w.chart.per(step)}
      height={props.height}
      loading={props.loading}
      controls={props.controls}
      message={message}
      class={`by-${by}`}
      take={
        props.answer &&
        (() => ({
          title: props.title,
          head: ['time', ...all.map((s) => s.key), ...(ghost ? ['compared'] : [])],
          rows: rowsOf(columns, ghost ? [...all, { values: ghost.counts }] : all),
        }))
      }
      picture={() => ({
        title: props.title,
        sub: f.interval(span.from, span.to),
        legend: shown.map((s) => ({ name: s.name, token: s.token })),
      })}
      legend={
        props.answer ? (
          <>
            <Legend
              strong={props.view === 'errors'}
              series={series}
              by={by}
              total={counted}
              name={name}
              asked={asked}
            />
            {ghost && (
              <span class="ghost-key">
                <i class="swatch line ghost" />
                {ghost.line.name} {!share && <b>{f.short(sum(ghost.counts))}</b>}
              </span>
            )}
          </>
        ) : (
          <span class="skeleton legend-skeleton" />
        )
      }
      table={() => (
        <DataTable
          caption={props.title}
          columns={columns}
          series={ghost ? [...shown, { ...ghost.line, values: ghost.values }] : shown}
          text={text}
          total={share ? undefined : total}
        />
      )}
      chart={
        props.answer && (
          <TimeChart
            kind="bars"
            strong={props.view === 'errors'}
            label={label}
            columns={columns}
            from={columns.starts[0] ?? span.from}
            to={columns.end}
            series={shown}
            over={ghost ? [ghost.line] : undefined}
            height={props.height}
            max={share ? 1 : undefined}
            yText={(v) => (share ? f.share(v) : Number.isInteger(v) ? f.short(v) : '')}
            shades={props.spikes.map((s) => ({ from: Date.parse(s.start), to: Date.parse(s.end) }))}
          >
            {(area) => (
              <>
                <Overlay
                  area={area}
                  columns={columns}
                  from={columns.starts[0] ?? span.from}
                  to={columns.end}
                  label={label}
                  fillingFrom={props.fillingFrom}
                  onZoom={(from, to) => change({ range: { kind: 'span', from, to } })}
                  menu={(range, close) => <BrushMenu asked={asked} range={range} onClose={close} />}
                  onZoomOut={() => change({ range: widened(span, Date.now()) })}
                  speak={(i) =>
                    `${f.interval(columns.starts[i], columnEnd(columns, i))}: ${series.map((s) => `${name(s.key)} ${f.count(s.values[i])}`).join(', ')}${ghost ? `; ${ghost.line.name}: ${ghost.text(i)}` : ''}`
                  }
                  describe={(i) => (
                    <ColumnFacts
                      strong={props.view === 'errors'}
                      at={i}
                      series={series}
                      by={by}
                      total={total[i]}
                      name={name}
                      title={f.interval(columns.starts[i], columnEnd(columns, i))}
                      then={ghost && { name: ghost.line.name, text: ghost.text(i) }}
                    />
                  )}
                />
                <AnnotationMarks area={area} from={columns.starts[0] ?? span.from} to={columns.end} />
                <SpikeMarks
                  spikes={props.spikes}
                  area={area}
                  from={columns.starts[0] ?? span.from}
                  to={columns.end}
                  view={view}
                />
                {props.alerts && (
                  <AlertMarks
                    alerts={props.alerts}
                    area={area}
                    from={columns.starts[0] ?? span.from}
                    to={columns.end}
                  />
                )}
              </>
            )}
          </TimeChart>
        )
      }
    />
  )
}

/** What tells nothing comes last. */
const isRest = (key: string): boolean => key === 'other' || key === 'undetermined'

/** Also the way to filter: a click keeps only this key, with Alt all but it. */
function Legend(props: {
  strong: boolean
  series: readonly Series[]
  by: 'class' | 'source'
  total: number
  name: (key: string) => string
  asked: Asked
}) {
  const { w, f } = useWords()
  const { filters } = props.asked.view
  return (
    <>
      {[...props.series]
        .reverse()
        .sort((a, b) => Number(isRest(a.key)) - Number(isRest(b.key)))
        .map((s, i) => {
          const count = sum(s.values)
          const meaning =
            props.by === 'class'
              ? w.classes[s.key as keyof typeof w.classes]
              : w.sources[s.key as keyof typeof w.sources]?.meaning
          return (
            <button
              key={s.key}
              type="button"
              data-side
              tabIndex={i === 0 ? 0 : -1}
              aria-pressed={isOn(filters, props.by, s.key)}
              title={`${meaning ?? ''}\n${f.count(count)}. ${w.chart.hide(props.name(s.key))}. ${w.filter.excludeHint}.`}
              onClick={(e) => change({ filters: toggle(filters, props.by, s.key, e.altKey) })}
            >
              <Swatch token={`${props.by}-${s.key}`} strong={props.strong} />
              <span>{props.name(s.key)}</span>
              <b>{f.short(count)}</b>
              <em>{props.total > 0 ? f.share(count / props.total) : ''}</em>
            </button>
          )
        })}
    </>
  )
}

function ColumnFacts(props: {
  strong: boolean
  at: number
  series: readonly Series[]
  by: string
  total: number
  name: (key: string) => string
  title: string
  then: { name: string; text: string } | null
}) {
  const { w, f } = useWords()
  const rows = props.series.filter((s) => s.values[props.at] > 0).reverse()
  return (
    <>
      <h3>{props.title}</h3>
      <table>
        <tbody>
          {rows.map((s) => (
            <tr key={s.key}>
              <th scope="row">
                <Swatch token={`${props.by}-${s.key}`} strong={props.strong} />
                {props.name(s.key)}
              </th>
              <td>{f.count(s.values[props.at])}</td>
              <td class="faint">{f.share(s.values[props.at] / props.total)}</td>
            </tr>
          ))}
          <tr class="sum">
            <th scope="row">{w.chart.total}</th>
            <td>{f.count(props.total)}</td>
            <td />
          </tr>
          {props.then && (
            <tr>
              <th scope="row">
                <i class="swatch line ghost" />
                {props.then.name}
              </th>
              <td>{props.then.text}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </>
  )
}
