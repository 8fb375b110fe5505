/** What a batch lost: lines, and fields. */
import type { BatchReport, RejectionReason } from '../../../schema/api/batches.js'
import { LOGPUSH_FIELDS } from '../../../schema/words/fields.js'
import { visible } from '../../../schema/words/visible.js'
import { takingOf } from '../state/take.js'
import { CopyButton } from './copy.js'
import { Icon } from './icon.js'
import { TakeMenu } from './take-menu.js'
import { useWords } from './words.js'

/** The lines that were not taken, by their reasons, and the first of them. */
export function Rejected({ report }: { report: BatchReport }) {
  const { w, f } = useWords()
  const words = (reason: string): { reason: string; advice: string } =>
    w.rejections[reason as RejectionReason] ?? { reason, advice: '' }
  return (
    <section>
      <header class="section-head">
        <h2>{w.batches.rejectedTitle}</h2>
        <span class="section-doors">
          <a
            class="control"
            href={`/api/v1/batches/${report.id}/rejected`}
            download={`rejected-lines-${report.id}.ndjson`}
          >
            <Icon name="download" />
            {w.batches.download}
          </a>
          <TakeMenu
            take={() => ({
              title: w.batches.rejectedTitle,
              head: ['reason', 'lines'],
              rows: Object.entries(report.rejectedByReason),
            })}
          />
        </span>
      </header>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{w.batches.reason}</th>
            <th scope="col" class="number">
              {w.batches.count}
            </th>
            <th scope="col">{w.batches.whatToDo}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(report.rejectedByReason)
            .sort((a, b) => b[1] - a[1])
            .map(([reason, n]) => (
              <tr key={reason}>
                <th scope="row">{words(reason).reason}</th>
                <td class="number">{f.count(n)}</td>
                <td class="wrap">{words(reason).advice}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {report.rejections.length < report.rejected && (
        <p class="faint small">
          {w.batches.rejectedShown(f.count(report.rejections.length), f.count(report.rejected))}
        </p>
      )}
      <div class="scroll-x">
        <table class="plain lines">
          <thead>
            <tr>
              <th scope="col" class="number">
                {w.batches.line}
              </th>
              <th scope="col">{w.batches.reason}</th>
              <th scope="col">{w.batches.sample}</th>
            </tr>
          </thead>
          <tbody>
            {report.rejections.map((r, i) => (
              <tr key={i}>
                <td class="number">{f.count(r.line)}</td>
                <td>{words(r.reason).reason}</td>
                <td>
                  <code>{visible(r.sample)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** The fields that its export lacks, and what cannot be told without them. */
export function Missing({ report }: { report: BatchReport }) {
  const { w } = useWords()
  return (
    <section>
      <header class="section-head">
        <h2>{w.batches.missingTitle}</h2>
        <span class="section-doors">
          <CopyButton text={LOGPUSH_FIELDS.join(',')} label={w.batches.copyFields} />
          <TakeMenu take={() => takingOf(w.batches.missingTitle, report.missingFields, 'field', 'spoils')} />
        </span>
      </header>
      <p>{w.batches.missingLead}</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{w.batches.field}</th>
            <th scope="col">{w.batches.spoils}</th>
          </tr>
        </thead>
        <tbody>
          {report.missingFields.map((m) => (
            <tr key={m.field}>
              <th scope="row">
                <code>{m.field}</code>
              </th>
              <td class="wrap">{w.missing[m.field as keyof typeof w.missing] ?? m.spoils}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
