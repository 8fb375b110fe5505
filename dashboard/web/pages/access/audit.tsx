/** The audit log, the latest first; whole as a file. */
import { useState } from 'preact/hooks'
import type { AuditEntryJson } from '../../../../schema/api/access.js'
import { visible } from '../../../../schema/words/visible.js'
import { Icon } from '../../parts/icon.js'
import { ProblemNote } from '../../parts/problem.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { useWords } from '../../parts/words.js'
import { useAudit } from '../../state/access.js'
import { takingOfAudit } from '../../state/takings.js'

/** Entries shown at first, and at most: the rest is in the file. */
const [FEW, MOST] = [30, 500]

export function AuditSection() {
  const { w, f } = useWords()
  const a = w.access
  const [limit, setLimit] = useState(FEW)
  const { data, problem } = useAudit(limit)
  const timesOf = ({ detail }: AuditEntryJson): number => Number((detail as { times?: number } | null)?.times ?? 1)
  return (
    <section>
      <header class="section-head">
        <div>
          <h2>{a.audit}</h2>
          <p class="faint">{a.auditLead}</p>
        </div>
        <span class="section-doors">
          {(['csv', 'ndjson'] as const).map((format) => (
            <a
              key={format}
              class="control"
              href={`/api/v1/audit?format=${format}`}
              download={`faultline-audit.${format}`}
            >
              <Icon name="download" />
              {format.toUpperCase()}
            </a>
          ))}
          {data && data.entries.length > 0 && <TakeMenu take={() => takingOfAudit(a.audit, data.entries)} />}
        </span>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data?.entries.length === 0 && <p class="faint">{a.noAudit}</p>}
      {data && data.entries.length > 0 && (
        <div class="scroll-x">
          <table class="plain stacking audit">
            <thead>
              <tr>
                {[a.when, a.who, a.from, a.action, a.target, a.outcome].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.entries.map((one) => (
                <tr key={one.id}>
                  <td>{f.full(Date.parse(one.time))}</td>
                  <th scope="row">{visible(one.actor ?? '–')}</th>
                  <td>{one.address ?? '–'}</td>
                  <td class="what">
                    <code>{visible(one.action)}</code>
                    {timesOf(one) > 1 && <span class="faint"> {a.times(timesOf(one), f.count(timesOf(one)))}</span>}
                  </td>
                  <td class="wrap">{visible(one.target ?? '')}</td>
                  <td class="outcome">
                    <span class={`flag ${one.outcome === 'done' ? '' : 'bad'}`}>{a.outcomes[one.outcome]}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data?.next && limit < MOST && (
        <p>
          <button type="button" class="control" onClick={() => setLimit(MOST)}>
            {a.more}
          </button>
        </p>
      )}
    </section>
  )
}
