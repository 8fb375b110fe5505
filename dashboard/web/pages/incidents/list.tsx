/** Incidents frozen for good, the latest first. */
import { useState } from 'preact/hooks'
import { visible } from '../../../../schema/words/visible.js'
import { ProblemNote } from '../../parts/problem.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { useWords } from '../../parts/words.js'
import { refresh } from '../../state/clock.js'
import { useIncidents } from '../../state/incidents.js'
import { linkTo } from '../../state/router.js'
import { takingOfIncidents } from '../../state/takings.js'

const pageSize = 50
const most = 200

export function IncidentsPage() {
  const { w, f } = useWords()
  const i = w.incidents
  const [limit, setLimit] = useState(pageSize)
  const { data, problem } = useIncidents(limit, f.lang)
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{i.title}</h1>
          <p>{i.lead}</p>
        </div>
        {data && data.incidents.length > 0 && <TakeMenu take={() => takingOfIncidents(i.title, data.incidents)} />}
      </header>
      {problem && <ProblemNote problem={problem} onRetry={() => refresh()} />}
      {!data && !problem && <i class="skeleton tall" />}
      {data?.incidents.length === 0 && <p class="none">{i.none}</p>}
      {data && data.incidents.length > 0 && (
        <div class="scroll-x">
          <table class="plain stacking incident-list">
            <caption class="unseen">{i.title}</caption>
            <thead>
              <tr>
                <th scope="col">{i.one}</th>
                <th scope="col">{w.chart.time}</th>
                <th scope="col">{i.frozenAt}</th>
                <th scope="col">{i.annotations.author}</th>
              </tr>
            </thead>
            <tbody>
              {data.incidents.map((one) => (
                <tr key={one.id}>
                  <td class="name">
                    <a href={linkTo({ name: 'incident', id: one.id })}>{visible(one.title)}</a>
                  </td>
                  <td class="nowrap" data-label={w.chart.time}>
                    {f.interval(Date.parse(one.from), Date.parse(one.to))}
                  </td>
                  <td class="nowrap" data-label={i.frozenAt}>
                    {f.moment(Date.parse(one.createdAt))}
                  </td>
                  <td class="faint" data-label={i.annotations.author}>
                    {one.author === null ? '–' : visible(one.author)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data?.next && limit < most && (
        <button type="button" class="control more" onClick={() => setLimit(most)}>
          {w.alerts.common.older}
        </button>
      )}
    </>
  )
}
