/** What one touches on a chart whose columns say what each of its series has there, in the tooltip and aloud. */
import { useWords } from '../parts/words.js'
import { Overlay, type OverlayProps } from './overlay.js'
import { SeriesFacts } from './series-facts.js'
import { columnEnd } from './series.js'
import type { ChartSeries } from './time-chart.js'

export interface SeriesOverlayProps extends Omit<OverlayProps, 'to' | 'describe' | 'speak'> {
  /** in the order in which they are said */
  series: readonly ChartSeries[]
  /** the same from top to bottom, as the tooltip lists them */
  listed: readonly ChartSeries[]
  text: (value: ChartSeries['values'][number] | undefined) => string
}

export function SeriesOverlay({ series, listed, text, ...overlay }: SeriesOverlayProps) {
  const { f } = useWords()
  const { columns } = overlay
  const name = (i: number): string => f.interval(columns.starts[i], columnEnd(columns, i))
  return (
    <Overlay
      {...overlay}
      to={columns.end}
      speak={(i) => `${name(i)}: ${series.map((s) => `${s.name} ${text(s.values[i])}`).join(', ')}`}
      describe={(i) => <SeriesFacts title={name(i)} series={listed} at={i} text={text} />}
    />
  )
}
