/** One batch: its report in words, the lines it lost and why, what its export lacks, and the way to take it out. */
import { inputLabel } from '../../../schema/words/inputs.js'
import { useState } from 'preact/hooks'
import type { BatchReport, DeletionReport } from '../../../schema/api/batches.js'
import { WouldHaveFiredSection } from '../parts/alerts/would-have-fired.js'
import { Dialog } from '../parts/dialog.js'
import { Icon } from '../parts/icon.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { Missing, Rejected } from '../parts/batch-tables.js'
import { abortedText } from '../parts/said.js'
import { useWords } from '../parts/words.js'
import { ask, ProblemError, useAnswer, type Problem } from '../state/api.js'
import { refresh, turn } from '../state/clock.js'
import { batchProgress } from '../state/live.js'
import { linkTo } from '../state/router.js'
import { useStore } from '../state/store.js'
import { senderText, took } from './batches.js'

export function BatchPage({ id }: { id: string }) {
  const { w, f } = useWords()
  const again = useStore(turn)
  const progress = useStore(batchProgress)
  const [deletion, setDeletion] = useState<DeletionReport | null>(null)
  const { data, problem } = useAnswer<BatchReport>(deletion ? null : `batches/${encodeURIComponent(id)}`, {
    turn: again,
    subject: id,
  })
  if (deletion) {
    return (
      <div class="page">
        <PageHead title={w.batches.batch(id)} />
        <div class="empty-range" role="status">
          <h1>{w.batches.removed(deletion.removed, f.count(deletion.removed))}</h1>
          {deletion.broughtAgain > 0 && (
            <p>{w.batches.broughtAgain(deletion.broughtAgain, f.count(deletion.broughtAgain))}</p>
          )}
          <a class="primary" href={linkTo({ name: 'batches' })}>
            {w.batches.title}
          </a>
        </div>
      </div>
    )
  }
  if (problem && (!data || problem.status === 404))
    return (
      <div class="page">
        <PageHead title={w.batches.batch(id)} />
        {problem.status === 404 || problem.status === 400 ? (
          <div class="empty-range">
            <h1>{w.batches.notFound}</h1>
          </div>
        ) : (
          <ProblemNote problem={problem} />
        )}
      </div>
    )
  const report = data && progress && progress.id === data.id && data.state === 'open' ? { ...data, ...progress } : data
  return (
    <div class="page batch-page">
      <PageHead title={report?.name ?? w.batches.batch(id)} sub={report?.name ? w.batches.batch(id) : undefined}>
        {report && report.state !== 'open' && <Undo report={report} onDone={setDeletion} />}
      </PageHead>
      {!report && <i class="skeleton tall" />}
      {report && <Report report={report} />}
    </div>
  )
}

/** What came later was not delivered late, it is history; seconds. */
const mostLagS = 86_400

function Report({ report }: { report: BatchReport }) {
  const speech = useWords()
  const { w, f } = speech
  const from = report.from && Date.parse(report.from)
  const to = report.to && Date.parse(report.to)
  const facts: [string, string][] = [
    [w.batches.input, inputLabel(report.input, f.lang)],
    ...(report.sender || report.senderAddress ? [[w.batches.sender, senderText(report)] as [string, string]] : []),
    [w.batches.state, w.batches.states[report.state]],
    [w.batches.received, f.full(Date.parse(report.receivedAt))],
    [w.batches.span, from && to ? f.interval(from, to) : '–'],
    ...(report.lagSeconds !== null && report.lagSeconds < mostLagS
      ? [[w.batches.lag, f.duration(Math.max(0, report.lagSeconds) * 1000)] as [string, string]]
      : []),
    [w.batches.bytes, f.bytes(report.bytes)],
    [w.batches.took, took(report.seconds, f)],
    ...(report.via.length > 0 ? [[w.batches.via, report.via.join(', ')] as [string, string]] : []),
  ]
  return (
    <>
      <p class="lead">
        {w.batches.summary(
          report.lines,
          f.count(report.lines),
          f.count(report.stored),
          f.count(report.duplicates),
          f.count(report.rejected),
        )}
      </p>
      {report.message && (
        <p class="problem" role="alert">
          {abortedText(report.message, speech)}
        </p>
      )}
      <svg class="ledger" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class="stored" width={share(report.stored, report)} height="1" />
        <rect class="known" x={share(report.stored, report)} width={share(report.duplicates, report)} height="1" />
        <rect
          class="lost"
          x={share(report.stored + report.duplicates, report)}
          width={share(report.rejected, report)}
          height="1"
        />
      </svg>
      <dl class="facts-row">
        {facts.map(([k, v]) => (
          <div key={k}>
            <dt>{k}</dt>
            <dd>{v}</dd>
          </div>
        ))}
      </dl>
      {from !== null && to !== null && from !== '' && to !== '' && (
        <p>
          <a
            class="control"
            href={linkTo(
              { name: 'overview' },
              {
                filters: [],
                range: {
                  kind: 'span',
                  from: Math.floor(from / 60_000) * 60_000,
                  to: Math.floor(to / 60_000) * 60_000 + 60_000,
                },
              },
            )}
          >
            {w.batches.show}
          </a>
        </p>
      )}
      <Noticed report={report} />
      {report.state !== 'open' && report.stored > 0 && <WouldHaveFiredSection batch={report.id} />}
      {report.rejected > 0 && <Rejected report={report} />}
      {report.missingFields.length > 0 && <Missing report={report} />}
    </>
  )
}

/** What was unusual about the input, and did no harm. */
function Noticed({ report: { weighted, after, leftOut } }: { report: BatchReport }) {
  const { w, f } = useWords()
  return (
    <>
      {weighted && <p>{w.batches.weighted}</p>}
      {after && (
        <p>
          {w.batches.after[after.what](f.bytes(after.bytes))}{' '}
          {after.what === 'text' && <code>{after.sample.trim()}</code>}
        </p>
      )}
      {leftOut.length > 0 && (
        <p>
          {w.batches.leftOut} {leftOut.map(({ name }) => name).join(', ')}
        </p>
      )}
    </>
  )
}

const share = (n: number, report: BatchReport): number => (report.lines === 0 ? 0 : (n / report.lines) * 100)

/** Says what will go before it goes. */
function Undo({ report, onDone }: { report: BatchReport; onDone: (deletion: DeletionReport) => void }) {
  const { w, f } = useWords()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function remove(): Promise<void> {
    setBusy(true)
    try {
      onDone(await ask<DeletionReport>(`batches/${report.id}`, { method: 'DELETE' }))
      refresh()
    } catch (error) {
      setProblem(error instanceof ProblemError ? error.problem : null)
      setBusy(false)
    }
  }
  const text = w.upload.requests(report.stored, f.count(report.stored))
  return (
    <>
      <button type="button" class="control danger" data-needs="operate" onClick={() => setOpen(true)}>
        <Icon name="trash" />
        {w.batches.undo}
      </button>
      {open && (
        <Dialog title={w.batches.undoTitle} onClose={() => setOpen(false)}>
          <p>{w.batches.undoText(report.stored, f.count(report.stored))}</p>
          <p class="faint">{w.batches.undoDuplicates}</p>
          {problem && <ProblemNote problem={problem} />}
          <footer>
            <button type="button" class="control" onClick={() => setOpen(false)}>
              {w.batches.cancel}
            </button>
            <button type="button" class="primary danger" disabled={busy} onClick={() => void remove()}>
              {busy ? w.batches.removing : w.batches.undoConfirm(text)}
            </button>
          </footer>
        </Dialog>
      )}
    </>
  )
}
