/** The uploads of this page, at the lower right, whatever page is shown. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { BatchReport } from '../../../schema/api/batches.js'
import { useAsked } from '../state/asked.js'
import { batchProgress } from '../state/live.js'
import { change, linkTo, useView } from '../state/router.js'
import { useStore } from '../state/store.js'
import { cancel, clearFinished, isActive, retry, uploads, type Upload } from '../state/uploads.js'
import { spoken } from './announcer.js'
import { Icon } from './icon.js'
import { Middle } from './middle.js'
import { saidText } from './said.js'
import { useWords, type Speech } from './words.js'

/** What became of a file, in one line: "1,234 requests stored · 12 lines rejected". */
export function outcome(report: BatchReport, { w, f }: Speech): string {
  const parts = [w.upload.stored(report.stored, f.count(report.stored))]
  if (report.duplicates > 0) parts.push(w.upload.duplicates(report.duplicates, f.count(report.duplicates)))
  if (report.rejected > 0) parts.push(w.upload.rejected(report.rejected, f.count(report.rejected)))
  if (report.missingFields.length > 0)
    parts.push(w.upload.missing(report.missingFields.length, f.count(report.missingFields.length)))
  return parts.join(' · ')
}

function Progress({ upload }: { upload: Upload }) {
  const { w, f } = useWords()
  const progress = useStore(batchProgress)
  const mine = upload.kind === 'demo' ? progress?.input === 'simulate' : progress?.name === upload.name
  const stored = mine && progress?.state === 'open' ? (progress.stored ?? 0) : 0
  const share = upload.size === 0 ? 1 : upload.sent / upload.size
  const facts = [w.upload.progress(f.bytes(upload.sent), f.bytes(upload.size))]
  if (upload.leftMs !== null && upload.state === 'sending')
    facts.push(w.upload.speed(f.bytes(upload.speed)), w.upload.left(f.duration(upload.leftMs)))
  return (
    <>
      {upload.kind === 'demo' ? (
        <progress aria-label={upload.name} />
      ) : (
        <progress max={1} value={upload.state === 'waiting' ? 0 : share} aria-label={upload.name} />
      )}
      <p class="upload-facts">
        {upload.state === 'waiting'
          ? w.upload.waiting
          : upload.kind === 'demo'
            ? w.empty.simulatingNow
            : upload.state === 'finishing'
              ? w.upload.finishing
              : facts.join(' · ')}
        {stored > 0 && <span> · {w.upload.stored(stored, f.count(stored))}</span>}
      </p>
    </>
  )
}

function Done({ report }: { report: BatchReport }) {
  const speech = useWords()
  const { w } = speech
  const span = useAsked()?.span
  const from = report.from === null ? null : Date.parse(report.from)
  const to = report.to === null ? null : Date.parse(report.to)
  const outside = span && from !== null && to !== null && (to < span.from || from >= span.to)
  return (
    <>
      <p class="upload-facts">{outcome(report, speech)}</p>
      <p class="upload-links">
        <a href={linkTo({ name: 'batch', id: report.id })}>{w.upload.report}</a>
        {outside && (
          <button
            type="button"
            class="link"
            onClick={() =>
              change({
                page: { name: 'overview' },
                range: {
                  kind: 'span',
                  from: Math.floor(from / 60_000) * 60_000,
                  to: Math.floor(to / 60_000) * 60_000 + 60_000,
                },
              })
            }
          >
            {w.upload.showSpan}
          </button>
        )}
      </p>
    </>
  )
}

function Row({ upload }: { upload: Upload }) {
  const speech = useWords()
  const { w } = speech
  const problem = upload.problem
  return (
    <li class={`upload ${upload.state}`}>
      <div class="upload-name">
        <Icon name={upload.state === 'done' ? 'check' : upload.state === 'failed' ? 'ban' : 'upload'} />
        <Middle text={upload.name} />
        {isActive(upload) && (
          <button
            type="button"
            class="quiet square"
            aria-label={w.upload.cancel(upload.name)}
            title={w.upload.cancel(upload.name)}
            onClick={() => cancel(upload.key)}
          >
            <Icon name="close" />
          </button>
        )}
        {upload.kind === 'file' && (upload.state === 'failed' || upload.state === 'cancelled') && (
          <button
            type="button"
            class="quiet square"
            aria-label={w.upload.retry(upload.name)}
            title={w.upload.retry(upload.name)}
            onClick={() => retry(upload.key)}
          >
            <Icon name="retry" />
          </button>
        )}
      </div>
      {isActive(upload) && <Progress upload={upload} />}
      {upload.report && <Done report={upload.report} />}
      {upload.state === 'cancelled' && <p class="upload-facts">{w.upload.cancelled}</p>}
      {upload.state === 'failed' && (
        <p class="upload-problem" role="alert">
          <strong>{w.upload.failed}</strong>{' '}
          {(problem && saidText(problem, speech)) || (problem?.kind === 'offline' ? w.upload.lost : w.problem.failedDo)}
        </p>
      )}
    </li>
  )
}

export function UploadDock() {
  const speech = useWords()
  const { w, f } = speech
  const list = useStore(uploads)
  const [open, setOpen] = useState(true)
  const said = useRef(new Set<number>())
  useEffect(() => {
    for (const u of list) {
      if (!u.report || said.current.has(u.key)) continue
      said.current.add(u.key)
      spoken.set(w.upload.announceDone(u.name, outcome(u.report, speech)))
    }
  }, [list])
  // what went well is told where it was asked for; on the next page it would cover what one came for
  const { page } = useView()
  useEffect(() => {
    if (uploads.get().every(({ state }) => state === 'done')) clearFinished()
  }, [page.name])
  if (list.length === 0) return null
  const active = list.filter(isActive).length
  return (
    <section class="dock" aria-label={w.upload.title}>
      <header>
        <h2>{active > 0 ? w.upload.active(active, f.count(active)) : w.upload.finished}</h2>
        {active < list.length && (
          <button type="button" class="quiet" onClick={clearFinished}>
            {w.upload.clear}
          </button>
        )}
        <button
          type="button"
          class="quiet square"
          aria-expanded={open}
          aria-label={open ? w.upload.hide : w.upload.show}
          onClick={() => setOpen(!open)}
        >
          <Icon name="down" class={open ? '' : 'flip'} />
        </button>
      </header>
      {open && (
        <ul>
          {list.map((u) => (
            <Row key={u.key} upload={u} />
          ))}
        </ul>
      )}
    </section>
  )
}
