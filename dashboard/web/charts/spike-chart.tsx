/**
 * A spike's own series over the range in which it would have been no news; the minute of detection is marked. Of a window that somebody
 * chose: a smaller chart, as nothing was detected, with what is usual in each step.
 */
import type { SpikeDetail } from '../state/answers.js'
import { useAsked } from '../state/asked.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { stepFor } from '../state/range.js'
import { change } from '../state/router.js'
import { useWords } from '../parts/words.js'
import { AnnotationMarks } from './annotation-marks.js'
import { DataTable } from './data-table.js'
import { Overlay } from './overlay.js'
import { Panel } from './panel.js'
import { columnEnd, rowsOf, type Columns } from './series.js'
import { TimeChart, type ChartSeries } from './time-chart.js'

/** px */
const HEIGHT = 220
const WINDOW_HEIGHT = 150

/** The expectation covers the spike itself, not all of its surroundings: each value goes to its own minute. */
function valuesOf(starts: readonly number[], points: readonly [number, number][]): (number | null)[] {
  const at = new Map(points)
  return starts.map((t) => at.get(t) ?? null)
}

/** `window`: somebody chose it, nothing was detected. */
export function SpikeChart({ spike, window = false }: { spike: SpikeDetail; window?: boolean }) {
  const { w, f } = useWords()
  const asked = useAsked()
  const series = spike.series
  if (!series || series.points.length === 0) return null
  const starts = series.points.map((p) => p[0])
  const step = series.step || stepFor(starts[starts.length - 1] - starts[0]).stepMs
  const columns: Columns = { starts, end: starts[starts.length - 1] + step }
  const from = starts[0]
  const expected = valuesOf(starts, series.expected)
  const upper = valuesOf(starts, series.upper)
  const cell = (v: number | null | undefined): string =>
    v === null || v === undefined
      ? '–'
      : series.unit === 'ms'
        ? f.duration(v)
        : v > 0 && v < 10 && !Number.isInteger(v)
          ? f.decimal(v)
          : f.count(v)
  const seen: ChartSeries = {
    key: 'seen',
    name: w.spike.seen,
    token: `class-${spike.status === null ? spike.statusClass : statusClassOf(spike.status)}`,
    values: series.points.map((p) => p[1]),
  }
  const lines: ChartSeries[] = [
    { key: 'expected', name: w.spike.expectedLine, token: 'speed-p95', values: expected },
    { key: 'upper', name: w.spike.band, token: 'band', values: upper },
  ].filter((s) => s.values.some((v) => v !== null))
  const label = `${w.spike.against}: ${spike.summary}`
  const detected = window ? null : Date.parse(spike.detectedAt)
  const height = window ? WINDOW_HEIGHT : HEIGHT
  return (
    <Panel
      title={w.spike.against}
      sub={w.chart.per(f.duration(step))}
      height={height}
      loading={false}
      class="spike-chart"
      take={() => ({
        title: `${w.spike.against} ${spike.id}`,
        head: ['time', 'seen', ...lines.map((l) => l.key)],
        rows: rowsOf(columns, [seen, ...lines]),
      })}
      picture={() => ({
        title: w.spike.against,
        sub: spike.summary,
        legend: [seen, ...lines].map(({ name, token }) => ({ name, token })),
      })}
      legend={
        <>
          <span>
            <i class={`swatch ${seen.token}`} />
            {w.spike.seen}
          </span>
          {lines.map((l) => (
            <span key={l.key}>
              <i class={`swatch line ${l.token}`} />
              {l.name}
            </span>
          ))}
          {detected !== null && (
            <span>
              <i class="swatch line mark" />
              {w.spike.detectedLine}
            </span>
          )}
        </>
      }
      table={() => <DataTable caption={w.spike.against} columns={columns} series={[seen, ...lines]} text={cell} />}
      chart={
        <TimeChart
          kind="bars"
          over={lines}
          label={label}
          columns={columns}
          from={from}
          to={columns.end}
          series={[seen]}
          height={height}
          yText={(v) => (series.unit === 'ms' ? f.duration(v) : Number.isInteger(v) ? f.short(v) : '')}
          shades={[{ from: Date.parse(spike.start), to: Date.parse(spike.end) }]}
          line={detected ?? undefined}
        >
          {(area) => (
            <>
              <Overlay
                area={area}
                columns={columns}
                from={from}
                to={columns.end}
                label={label}
                fillingFrom={null}
                onZoom={(a, b) =>
                  change({
                    page: { name: window ? 'explain' : 'overview' },
                    range: { kind: 'span', from: a, to: b },
                    filters: asked?.view.filters ?? [],
                  })
                }
                onZoomOut={() => undefined}
                speak={(i) =>
                  `${f.interval(starts[i], columnEnd(columns, i))}: ${cell(seen.values[i])}, ${w.spike.expected} ${cell(expected[i])}`
                }
                describe={(i) => (
                  <>
                    <h3>{f.interval(starts[i], columnEnd(columns, i))}</h3>
                    <table>
                      <tbody>
                        <tr>
                          <th scope="row">{w.spike.seen}</th>
                          <td>{cell(seen.values[i])}</td>
                        </tr>
                        <tr>
                          <th scope="row">{w.spike.expectedLine}</th>
                          <td>{cell(expected[i])}</td>
                        </tr>
                        {upper[i] !== null && (
                          <tr>
                            <th scope="row">{w.spike.band}</th>
                            <td>{cell(upper[i])}</td>
                          </tr>
                        )}
                      </tbody>
                    </table>
                  </>
                )}
              />
              <AnnotationMarks area={area} from={from} to={columns.end} />
            </>
          )}
        </TimeChart>
      }
    />
  )
}
