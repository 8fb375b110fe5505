/** One column of a chart of lines in words: its time, and what each series has there. */
import { Swatch } from '../parts/tags.js'
import type { ChartSeries } from './time-chart.js'

export interface SeriesFactsProps {
  title: string
  series: readonly ChartSeries[]
  at: number
  text: (value: ChartSeries['values'][number]) => string
}

export function SeriesFacts({ title, series, at, text }: SeriesFactsProps) {
  return (
    <>
      <h3>{title}</h3>
      <table>
        <tbody>
          {series.map((s) => (
            <tr key={s.key}>
              <th scope="row">
                <Swatch token={s.token} />
                {s.name}
              </th>
              <td>{text(s.values[at])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
