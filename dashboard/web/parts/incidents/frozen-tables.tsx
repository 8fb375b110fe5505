/** Who asked, and for what, as an incident froze it: one table for each dimension. */
import type { IncidentJson } from '../../../../schema/api/incidents.js'
import { visible } from '../../../../schema/words/visible.js'
import { WORDS } from '../../../../analyze/incidents/words.js'
import { isDimension } from '../spike-words.js'
import { TakeMenu } from '../take-menu.js'
import { Value } from '../value.js'
import { useWords } from '../words.js'

type Frozen = IncidentJson['frozen']['breakdowns'][number]

export function FrozenTables({ incident }: { incident: IncidentJson }) {
  const { f } = useWords()
  return (
    <section>
      <h2>{WORDS[f.lang as 'en'].who}</h2>
      <div class="frozen-tables">
        {incident.frozen.breakdowns.map((one) => (
          <FrozenTable key={one.dimension} frozen={one} />
        ))}
      </div>
    </section>
  )
}

function FrozenTable({ frozen: { dimension, rows, other } }: { frozen: Frozen }) {
  const { w, f } = useWords()
  const share = f.shares(rows.map((row) => row.share))
  const name = isDimension(dimension) ? w.dimensions[dimension].one : dimension
  return (
    <div class="taken">
      <header>
        <h3>{name}</h3>
        <TakeMenu
          take={() => ({
            title: name,
            head: [dimension, 'requests', 'share'],
            rows: rows.map((row) => [row.key, row.count, row.share]),
          })}
        />
      </header>
      <table class="plain">
        <caption class="unseen">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{w.table.value}</th>
            <th scope="col" class="number">
              {w.table.requests}
            </th>
            <th scope="col" class="number">
              {w.table.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td class="value">
                {isDimension(dimension) ? <Value dimension={dimension} value={row.key} /> : visible(row.key)}
              </td>
              <td class="number">{f.count(row.count)}</td>
              <td class="number faint">{share(row.share)}</td>
            </tr>
          ))}
          {other > 0 && (
            <tr>
              <td class="faint">{w.incidents.others}</td>
              <td class="number faint">{f.count(other)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}
