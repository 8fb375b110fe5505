/** What is kept of visitors, how long, who looked at it, and the way to erase it. */
import { useState } from 'preact/hooks'
import { visible } from '../../../../schema/words/visible.js'
import { Dialog } from '../../parts/dialog.js'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { erase, usePrivacy } from '../../state/access.js'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { RetentionSection } from './retention.js'

export function PrivacySection() {
  const { w, f } = useWords()
  const p = w.access.privacy
  const { data, problem } = usePrivacy()
  const [open, setOpen] = useState(false)
  const days = (n: number): string => p.days(n, f.count(n))
  return (
    <section>
      <header class="section-head">
        <h2>{p.title}</h2>
        {data?.erasable && (
          <button type="button" class="control danger" data-needs="admin" onClick={() => setOpen(true)}>
            {p.erase}
          </button>
        )}
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data && (
        <>
          <dl class="facts-row">
            {[
              [p.addresses, p.forms[data.clientAddresses]],
              [p.queries, data.queryStrings ? p.stored : p.notStored],
              [p.records, f.count(data.records)],
              [p.keptFor, data.retentionDays === null ? p.forever : days(data.retentionDays)],
              [p.audit, days(data.auditDays)],
            ].map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <RetentionSection />
          <h3>{p.seenBy}</h3>
          {data.seenBy.length === 0 && <p class="faint">{p.nobody}</p>}
          <ul class="plain-list">
            {data.seenBy.map((one) => (
              <li key={`${one.name} ${one.action}`}>
                {visible(one.name ?? p.somebody)} · <code>{one.action}</code> ·{' '}
                {w.access.times(one.times, f.count(one.times))} · {f.full(Date.parse(one.lastAt))}
              </li>
            ))}
          </ul>
        </>
      )}
      {open && <Erase onClose={() => setOpen(false)} />}
    </section>
  )
}

function Erase({ onClose }: { onClose: () => void }) {
  const { w, f } = useWords()
  const p = w.access.privacy
  const [form, setForm] = useState({ host: '', clientIp: '', from: '', to: '' })
  const [removed, setRemoved] = useState<number | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  async function run(): Promise<void> {
    const time = (text: string): string | undefined => (text === '' ? undefined : String(Date.parse(text)))
    setBusy(true)
    try {
      const { host, clientIp, from, to } = form
      const erased = await erase({
        host: host.trim() || undefined,
        clientIp: clientIp.trim() || undefined,
        from: time(from),
        to: time(to),
      })
      setRemoved(erased.removed)
      setProblem(null)
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }
  const set = (more: Partial<typeof form>): void => setForm((old) => ({ ...old, ...more }))
  return (
    <Dialog title={p.eraseTitle} onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault()
          void run()
        }}
      >
        <p>{p.eraseText}</p>
        <label>
          {p.host}
          <input value={form.host} onInput={(e) => set({ host: e.currentTarget.value })} />
        </label>
        <label>
          {p.client}
          <input value={form.clientIp} onInput={(e) => set({ clientIp: e.currentTarget.value })} />
        </label>
        <label>
          {p.fromTime}
          <input type="datetime-local" value={form.from} onInput={(e) => set({ from: e.currentTarget.value })} />
        </label>
        <label>
          {p.toTime}
          <input type="datetime-local" value={form.to} onInput={(e) => set({ to: e.currentTarget.value })} />
        </label>
        {problem && <ProblemNote problem={problem} />}
        {removed !== null && <p role="status">{p.erased(removed, f.count(removed))}</p>}
        <footer>
          <button type="submit" class="primary danger" disabled={busy}>
            {p.erase}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
