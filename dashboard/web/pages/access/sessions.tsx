/** Browsers that are signed in, ended one by one or all. */
import { useState } from 'preact/hooks'
import { visible } from '../../../../schema/words/visible.js'
import { PlainTable } from '../../parts/plain-table.js'
import { ProblemNote } from '../../parts/problem.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { useWords } from '../../parts/words.js'
import { endOtherSessions, endSession, useSessions } from '../../state/access.js'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { takingOfSessions } from '../../state/takings.js'

export function SessionsSection() {
  const { w, f } = useWords()
  const a = w.access
  const { data, problem } = useSessions()
  const [trouble, setTrouble] = useState<Problem | null>(null)
  const run = (work: Promise<unknown>): void => {
    work.then(
      () => setTrouble(null),
      (error: unknown) => setTrouble(problemOf(error)),
    )
  }
  const sessions = data?.sessions ?? []
  return (
    <section>
      <header class="section-head">
        <div>
          <h2>{a.sessions}</h2>
          <p class="faint">{a.sessionsLead}</p>
        </div>
        <span class="section-doors">
          {sessions.some(({ current }) => !current) && (
            <button type="button" class="control" onClick={() => run(endOtherSessions())}>
              {a.endAll}
            </button>
          )}
          {sessions.length > 0 && <TakeMenu take={() => takingOfSessions(a.sessions, sessions)} />}
        </span>
      </header>
      {(trouble ?? problem) && <ProblemNote problem={(trouble ?? problem) as Problem} />}
      {data && sessions.length === 0 && <p class="faint">{a.noSessions}</p>}
      {sessions.length > 0 && (
        <PlainTable titles={[a.who, a.role, a.from, a.since, a.lastSeen]}>
          {sessions.map((one) => (
            <tr key={one.id}>
              <th scope="row" class="name">
                {visible(one.name ?? '–')} {one.current && <span class="flag good">{a.thisOne}</span>}
              </th>
              <td data-label={a.role}>{a.roles[one.role].name}</td>
              <td data-label={a.from} title={visible(one.userAgent ?? '')}>
                {one.address ?? '–'}
              </td>
              <td data-label={a.since}>{f.full(Date.parse(one.createdAt))}</td>
              <td data-label={a.lastSeen}>{f.full(Date.parse(one.lastSeenAt))}</td>
              <td>
                {!one.current && (
                  <button type="button" class="control" onClick={() => run(endSession(one.id))}>
                    {a.end}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
    </section>
  )
}
