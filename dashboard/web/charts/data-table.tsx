/** The figures of a chart as a table: for those who cannot see the chart and for those who want the numbers. */
import { useWords } from '../parts/words.js'
import { columnEnd, type Columns } from './series.js'

export function DataTable(props: {
  caption: string
  columns: Columns
  series: readonly { key: string; name: string; values: readonly (number | null)[] }[]
  text: (value: number) => string
  total?: readonly number[]
}) {
  const { w, f } = useWords()
  const { columns } = props
  // times alone are enough only where all of them are of today
  const today = f.date(Date.now())
  const many = f.date(columns.starts[0] ?? 0) !== today || f.date(columns.end - 1) !== today
  return (
    <table class="data-table">
      <caption class="unseen">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{w.chart.time}</th>
          {props.series.map((s) => (
            <th key={s.key} scope="col">
              {s.name}
            </th>
          ))}
          {props.total && <th scope="col">{w.chart.total}</th>}
        </tr>
      </thead>
      <tbody>
        {columns.starts.map((t, i) => (
          <tr key={t}>
            <th scope="row">{columnEnd(columns, i) - t >= 86_000_000 ? f.date(t) : many ? f.moment(t) : f.clock(t)}</th>
            {props.series.map((s) => {
              const v = s.values[i]
              return <td key={s.key}>{v === null || v === undefined ? '–' : props.text(v)}</td>
            })}
            {props.total && <td>{props.text(props.total[i])}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
