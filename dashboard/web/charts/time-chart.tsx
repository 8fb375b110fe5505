/**
 * A chart over time: columns stacked or lines. Chart.js draws; what a reader touches (cross-hair, tooltip, selection,
 * spikes, the hatched end) is HTML above it, so that it can be focused, read aloud and styled.
 */
import type { ChartConfiguration } from 'chart.js'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWords } from '../parts/words.js'
import type { Format } from '../state/format.js'
import { shownTheme } from '../state/prefs.js'
import { useStore } from '../state/store.js'
import type { ChartSeries, Drawing, Shade } from './drawing.js'
import { drawInTurn } from './one-by-one.js'
import { tokenValue } from './palette.js'
import type { Columns } from './series.js'
import type { Chart } from './setup.js'
import { tickLabel, timeTicks } from './time-axis.js'

export type { ChartSeries, Shade } from './drawing.js'

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

/** Chart.js is most of the page's script: its chunk is on its way with the page's own, and runs when there is something to draw. */
let library: Promise<typeof import('./setup.js')> | null = null
/** One that did not come, because the service was away, is asked for again. */
const chartLibrary = () => (library = library?.catch(() => import('./setup.js')) ?? import('./setup.js'))

const axisWidth = 52
/** px for one label of the time axis */
const tickRoom = 84

const areaOf = ({ left, right, top, bottom }: Area): Area => ({ left, right, top, bottom })

/** What one finds in both, down to the last point. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [mine, other] = [Object.entries(a), b as { [key: string]: unknown }]
  return mine.length === Object.keys(b).length && mine.every(([key, value]) => same(value, other[key]))
}

/** All that a chart shows of what it is given; of the function that names values, what it makes of some. */
function pictureOf({ children: _, yText, ...shown }: TimeChartProps): unknown[] {
  return [shown, yText(0.25), yText(1_234)]
}

type Config = ChartConfiguration<'scatter'>

function dataOf(props: TimeChartProps): Config['data'] {
  const { kind, columns, from, to, series, over, shades, line, strong } = props
  const drawing: Drawing = { kind, columns, from, to, series, over, shades, line, strong }
  return { datasets: [{ type: 'drawn', data: [], drawing }] } as unknown as Config['data']
}

function scalesOf(props: TimeChartProps, f: Format): NonNullable<Config['options']>['scales'] {
  const text = tokenValue('ink-3')
  const font = { family: tokenValue('font'), size: 11 }
  return {
    x: {
      type: 'linear',
      min: props.from,
      max: props.to,
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
      ...(props.max !== undefined ? { max: props.max } : props.kind === 'bars' ? { suggestedMax: 1 } : { grace: '8%' }),
      grid: { color: tokenValue('grid'), drawTicks: false },
      border: { display: false },
      afterFit: (axis) => {
        axis.width = axisWidth
      },
      ticks: { maxTicksLimit: 5, color: text, font, padding: 8, callback: (value) => props.yText(Number(value)) },
    },
  }
}

export function TimeChart(props: TimeChartProps) {
  const { f } = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<'scatter'> | null>(null)
  const [area, setArea] = useState<Area | null>(null)
  const theme = useStore(shownTheme)
  const drawn = useRef<unknown>(null)
  const latest = useRef({ props, f })
  latest.current = { props, f }

  useEffect(() => {
    let takeBack = () => {}
    let gone = false
    const begin = ({ Chart }: typeof import('./setup.js')): void => {
      if (gone || !canvas.current) return
      const { props, f } = latest.current
      drawn.current = [pictureOf(props), shownTheme.get(), f]
      chart.current = new Chart(canvas.current, {
        type: 'drawn' as 'scatter',
        data: dataOf(props),
        options: { layout: { padding: { top: 8, right: 2 } }, responsive: true, scales: scalesOf(props, f) },
        plugins: [
          {
            id: 'area',
            afterLayout: ({ chartArea }) => setArea((old) => (same(old, areaOf(chartArea)) ? old : areaOf(chartArea))),
          },
        ],
      } as Config)
    }
    chartLibrary().then(
      (loaded) => {
        takeBack = drawInTurn(() => begin(loaded))
      },
      () => {},
    )
    return () => {
      gone = true
      takeBack()
      drawn.current = null
      chart.current?.destroy()
      chart.current = null
    }
  }, [])

  const [redraw] = useState(() => () => {
    const made = chart.current
    if (!made) return
    const { props, f } = latest.current
    drawn.current = [pictureOf(props), shownTheme.get(), f]
    made.data = dataOf(props)
    made.options.scales = scalesOf(props, f)
    made.update('none')
  })
  useEffect(() => {
    // a page that follows live data renders with each of its answers, most of which are about something else
    if (chart.current && !same(drawn.current, [pictureOf(props), theme, f])) drawInTurn(redraw)
  })

  return (
    <div class="chart-box" style={{ height: `${props.height}px` }}>
      {/* what it shows is read from the overlay, once */}
      <canvas ref={canvas} aria-hidden="true" data-theme={theme} />
      {!area && <div class="skeleton columns" aria-hidden="true" />}
      {area && props.children?.(area)}
    </div>
  )
}
