/** What a chart shows, apart from its axes. */
import type { Token } from './palette.js'
import type { Columns } from './series.js'

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

export interface Drawing {
  kind: 'bars' | 'lines'
  columns: Columns
  from: number
  to: number
  series: readonly ChartSeries[]
  /** lines above the columns; what comes first is on top */
  over?: readonly ChartSeries[]
  shades?: readonly Shade[]
  line?: number
  strong?: boolean
}
