/** What each upload, file or delivery brought. */
import { inputLabel } from '../../../schema/words/inputs.js'
import { useEffect, useState } from 'preact/hooks'
import type { BatchReport } from '../../../schema/api/batches.js'
import { visible } from '../../../schema/words/visible.js'
import { EmptyStore } from './empty.js'
import { Middle } from '../parts/middle.js'
import { ProblemNote } from '../parts/problem.js'
import { TakeMenu } from '../parts/take-menu.js'
import { useWords } from '../parts/words.js'
import type { BatchesAnswer } from '../state/answers.js'
import { ask, useAnswer } from '../state/api.js'
import { turn } from '../state/clock.js'
import type { Format } from '../state/format.js'
import { change, linkTo } from '../state/router.js'
import { batchProgress } from '../state/live.js'
import { useStore } from '../state/store.js'
import { takingOfBatches } from '../state/takings.js'

const pageSize = 50

export function BatchesPage() {
  const { w } = useWords()
  const again = useStore(turn)
  const progress = useStore(batchProgress)
  const { data, problem, loading } = useAnswer<BatchesAnswer>(`batches?limit=${pageSize}`, {
    turn: again,
    subject: 'batches',
  })
  const [older, setOlder] = useState<BatchReport[]>([])
  /** cursor behind the older ones; undefined: none were asked for yet */
  const [behind, setBehind] = useState<string | null>()
  useEffect(() => {
    setOlder([])
    setBehind(undefined)
  }, [])
  if (data?.batches.length === 0) return <EmptyStore />
  const newest =
    data?.batches.map((b) => (progress && progress.id === b.id && b.state === 'open' ? { ...b, ...progress } : b)) ?? []
  const all = [...newest, ...older.filter((o) => !newest.some((n) => n.id === o.id))]
  const next = behind === undefined ? (data?.next ?? null) : behind
  async function more(cursor: string): Promise<void> {
    const page = await ask<BatchesAnswer>(`batches?limit=${pageSize}&after=${encodeURIComponent(cursor)}`)
    setOlder([...older, ...page.batches])
    setBehind(page.next)
  }
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>{w.batches.title}</h1>
          <p>{w.batches.lead}</p>
        </div>
        {all.length > 0 && <TakeMenu take={() => takingOfBatches(w.batches.title, all)} />}
      </header>
      {problem && <ProblemNote problem={problem} />}
      <div class="scroll-x">
        <table class="batches" aria-busy={loading}>
          <caption class="unseen">{w.batches.title}</caption>
          <thead>
            <tr>
              <th scope="col">{w.batches.received}</th>
              <th scope="col">{w.batches.name}</th>
              <th scope="col">{w.batches.sender}</th>
              <th scope="col">{w.batches.state}</th>
              <th scope="col" class="number">
                {w.batches.lines}
              </th>
              <th scope="col" class="number">
                {w.batches.stored}
              </th>
              <th scope="col" class="number">
                {w.batches.duplicates}
              </th>
              <th scope="col" class="number">
                {w.batches.rejected}
              </th>
              <th scope="col">{w.batches.span}</th>
              <th scope="col" class="number">
                {w.batches.took}
              </th>
            </tr>
          </thead>
          <tbody>
            {!data &&
              !problem &&
              [0, 1, 2, 3, 4, 5].map((i) => (
                <tr key={i} class="waiting">
                  <td colSpan={10}>
                    <i class="skeleton" />
                  </td>
                </tr>
              ))}
            {all.map((b) => (
              <Row key={b.id} batch={b} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="more">
        {next !== null && (
          <button type="button" class="control" onClick={() => void more(next)}>
            {w.batches.more}
          </button>
        )}
      </div>
    </div>
  )
}

/** Who sent it, from where, as far as either is known: "ci · 192.0.2.7". */
export const senderText = ({ sender, senderAddress }: BatchReport): string =>
  [sender, senderAddress]
    .map((part) => visible(part ?? ''))
    .filter((part) => part !== '')
    .join(' · ') || '–'

/** Short times to the hundredth, long ones in minutes and seconds. */
export function took(seconds: number, f: Format): string {
  return seconds < 60 ? f.millis(seconds * 1000) : f.duration(seconds * 1000)
}

function Row({ batch }: { batch: BatchReport }) {
  const { w, f } = useWords()
  const page = { name: 'batch' as const, id: batch.id }
  const received = Date.parse(batch.receivedAt)
  return (
    <tr
      class="door"
      onClick={(e) => {
        if (!(e.target instanceof Element && e.target.closest('a'))) change({ page })
      }}
    >
      <td class="time" title={f.full(received)}>
        {f.moment(received)}
      </td>
      <td class="name">
        <a href={linkTo(page)}>
          <Middle text={batch.name ?? w.batches.batch(batch.id)} />
        </a>{' '}
        <span class="faint">{inputLabel(batch.input, f.lang)}</span>
      </td>
      <td class="sender" data-label={w.batches.sender}>
        {senderText(batch)}
      </td>
      <td class="batch-state">
        <span class={`state ${batch.state}`}>{w.batches.states[batch.state]}</span>
      </td>
      <td class="number" data-label={w.batches.lines}>
        {f.count(batch.lines)}
      </td>
      <td class="number" data-label={w.batches.stored}>
        {f.count(batch.stored)}
      </td>
      <td data-label={w.batches.duplicates} class={batch.duplicates > 0 ? 'number' : 'number faint'}>
        {f.count(batch.duplicates)}
      </td>
      <td data-label={w.batches.rejected} class={batch.rejected > 0 ? 'number warn' : 'number faint'}>
        {f.count(batch.rejected)}
      </td>
      <td class="span">{batch.from && batch.to ? f.interval(Date.parse(batch.from), Date.parse(batch.to)) : '–'}</td>
      <td class="number">{took(batch.seconds, f)}</td>
    </tr>
  )
}
