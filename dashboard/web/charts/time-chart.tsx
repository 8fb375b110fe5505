/**
 * A chart over time: columns stacked or lines. Chart.js draws; what a reader touches (cross-hair, tooltip, selection,
 * spikes, the hatched end) is HTML above it, so that it can be focused, read aloud and styled.
 */
import type { ChartConfiguration, ChartDataset, ScriptableContext } from 'chart.js'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWords } from '../parts/words.js'
import { shownTheme } from '../state/prefs.js'
import { useStore } from '../state/store.js'
import { paintOf, tokenValue, type Token } from './palette.js'
import { columnEnd, type Columns } from './series.js'
import type { Chart } from './setup.js'
import { tickLabel, timeTicks } from './time-axis.js'

export interface ChartSeries {
  key: string
  name: string
  token: Token
  /** one for each column; null: nothing known */
  values: (number | null)[]
  /** another time, drawn over this one */
  ghost?: boolean
}

export interface Shade {
  from: number
  to: number
}

/** Where the columns lie in the box, px. */
export interface Area {
  left: number
  right: number
  top: number
  bottom: number
}

export interface TimeChartProps {
  kind: 'bars' | 'lines'
  label: string
  columns: Columns
  from: number
  to: number
  series: ChartSeries[]
  height: number
  /** the top of the y axis, where it is known (1 for shares) */
  max?: number
  yText: (value: number) => string
  shades?: readonly Shade[]
  /** nothing is pale: what is drawn are errors */
  strong?: boolean
  /** lines drawn over columns */
  over?: ChartSeries[]
  /** a moment to mark */
  line?: number
  /** what lies above the canvas, told where the columns lie */
  children?: (area: Area) => ComponentChildren
}

/** Chart.js is most of the page's script: it comes by itself, while the words and figures are already there. */
let library = import('./setup.js')
/** One that did not come, because the service was away, is asked for again. */
const chartLibrary = (): typeof library => (library = library.catch(() => import('./setup.js')))
library.catch(() => {})

const axisWidth = 52
/** px for one label of the time axis */
const tickRoom = 84

type Data = ChartDataset<'bar' | 'line', { x: number; y: number | null }[]>

function datasets(props: TimeChartProps, width: number): Data[] {
  const { columns } = props
  const made = (s: ChartSeries, kind: 'bars' | 'lines') => {
    const paint = paintOf(s.token, props.strong, width / columns.starts.length)
    const middle = (i: number): number => (columns.starts[i] + columnEnd(columns, i)) / 2
    if (kind === 'lines') {
      return {
        type: 'line' as const,
        data: s.values.map((y, i) => ({ x: middle(i), y })),
        borderColor: paint.line,
        borderWidth: s.ghost ? 1.5 : 1.75,
        ...(s.ghost ? { borderDash: [5, 3] } : {}),
        pointRadius: (c: ScriptableContext<'line'>) => (isolated(s.values, c.dataIndex) ? 2 : 0),
        pointBackgroundColor: paint.line,
        tension: 0,
        spanGaps: false,
        fill: false,
        stack: s.key,
      }
    }
    return {
      type: 'bar' as const,
      data: s.values.map((y, i) => ({ x: middle(i), y: y === 0 ? null : y })),
      backgroundColor: paint.fill,
      borderColor: paint.line,
      borderWidth: paint.pale ? { top: 1.5 } : 0,
      minBarLength: paint.pale ? 0 : 1.5,
      barPercentage: columns.starts.length > 60 ? 1 : 0.86,
      inflateAmount: columns.starts.length > 60 ? 0.33 : 0,
      categoryPercentage: 1,
      stack: 'one',
      maxBarThickness: 64,
    }
  }
  // what comes first is drawn on top
  return [...(props.over ?? []).map((s) => made(s, 'lines')), ...props.series.map((s) => made(s, props.kind))] as Data[]
}

/** A point without neighbours would be an invisible line. */
function isolated(values: readonly (number | null)[], i: number): boolean {
  return values[i] !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
}

/** All that a chart shows of what it is given; of the function that names values, what it makes of some. */
function pictureOf({ children: _, yText, ...shown }: TimeChartProps): unknown[] {
  return [shown, yText(0.25), yText(1_234)]
}

const areaOf = ({ left, right, top, bottom }: Area): Area => ({ left, right, top, bottom })
const sameArea = (a: Area, b: Area): boolean =>
  a.left === b.left && a.right === b.right && a.top === b.top && a.bottom === b.bottom

type Config = ChartConfiguration<'bar' | 'line', { x: number; y: number | null }[]>

export function TimeChart(props: TimeChartProps) {
  const { f } = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<'bar' | 'line', { x: number; y: number | null }[]> | null>(null)
  const [area, setArea] = useState<Area | null>(null)
  const theme = useStore(shownTheme)

  const [ready, setReady] = useState(false)
  useEffect(() => {
    let made: Chart<'bar' | 'line', { x: number; y: number | null }[]> | null = null
    let gone = false
    chartLibrary().then(
      ({ Chart }) => {
        if (gone || !canvas.current) return
        made = new Chart(canvas.current, {
          type: 'bar',
          data: { datasets: [] },
          options: {
            layout: { padding: { top: 8, right: 2 } },
            responsive: true,
            plugins: { annotation: { annotations: {} } },
          },
          plugins: [
            {
              id: 'area',
              afterLayout: ({ chartArea }) =>
                setArea((old) => (old && sameArea(old, chartArea) ? old : areaOf(chartArea))),
            },
          ],
        } as Config)
        chart.current = made
        setReady(true)
      },
      () => {},
    )
    return () => {
      gone = true
      drawn.current = null
      made?.destroy()
      chart.current = null
    }
  }, [])

  const drawn = useRef<string | null>(null)
  useEffect(() => {
    const made = chart.current
    if (!made) return
    // a page that follows live data renders with each of its answers, most of which are about something else
    const picture = JSON.stringify([pictureOf(props), area, theme, f.lang, f.zone])
    if (drawn.current === picture) return
    drawn.current = picture
    const grid = tokenValue('grid')
    const text = tokenValue('ink-3')
    const font = { family: tokenValue('font'), size: 11 }
    made.data.datasets = datasets(props, area ? area.right - area.left : Infinity)
    made.options.scales = {
      x: {
        type: 'linear',
        min: props.from,
        max: props.to,
        stacked: props.kind === 'bars',
        offset: false,
        grid: { display: false },
        border: { color: tokenValue('rule') },
        afterBuildTicks: (axis) => {
          axis.ticks = timeTicks(props.from, props.to, Math.floor(axis.width / tickRoom), f.zone).map((value) => ({
            value,
          }))
        },
        ticks: {
          autoSkip: false,
          maxRotation: 0,
          color: text,
          font,
          callback: (value, i, ticks) =>
            tickLabel(
              Number(value),
              i,
              ticks.map((t) => t.value),
              f,
            ),
        },
      },
      y: {
        type: 'linear',
        min: 0,
        ...(props.max !== undefined
          ? { max: props.max }
          : props.kind === 'bars'
            ? { suggestedMax: 1 }
            : { grace: '8%' }),
        stacked: props.kind === 'bars',
        grid: { color: grid, drawTicks: false },
        border: { display: false },
        afterFit: (axis) => {
          axis.width = axisWidth
        },
        ticks: { maxTicksLimit: 5, color: text, font, padding: 8, callback: (value) => props.yText(Number(value)) },
      },
    }
    made.options.plugins = {
      annotation: {
        annotations: {
          ...Object.fromEntries(
            (props.shades ?? []).map((s, i) => [
              `spike${i}`,
              {
                type: 'box' as const,
                xMin: Math.max(s.from, props.from),
                xMax: Math.min(s.to, props.to),
                backgroundColor: tokenValue('spike'),
                borderWidth: 0,
                drawTime: 'beforeDatasetsDraw' as const,
              },
            ]),
          ),
          ...(props.line === undefined
            ? {}
            : {
                moment: {
                  type: 'line' as const,
                  xMin: props.line,
                  xMax: props.line,
                  borderColor: tokenValue('ink'),
                  borderWidth: 1.5,
                  borderDash: [4, 3],
                },
              }),
        },
      },
    }
    made.update('none')
  })

  return (
    <div class="chart-box" style={{ height: `${props.height}px` }}>
      {/* what it shows is read from the overlay, once */}
      <canvas ref={canvas} aria-hidden="true" data-theme={theme} />
      {!ready && <div class="skeleton columns" aria-hidden="true" />}
      {area && props.children?.(area)}
    </div>
  )
}
