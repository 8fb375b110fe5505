/** Silences and maintenance windows: who is not told, until when and why. */
import { useState } from 'preact/hooks'
import { Confirm } from '../../parts/alerts/confirm.js'
import { MaintenanceSection } from '../../parts/alerts/maintenance.js'
import { MatcherList } from '../../parts/alerts/matcher-editor.js'
import { SilenceDialog } from '../../parts/alerts/silence-dialog.js'
import { Icon } from '../../parts/icon.js'
import { ProblemNote } from '../../parts/problem.js'
import { MINUTE } from '../../../../schema/words/duration.js'
import { useWords } from '../../parts/words.js'
import { act, useSilences, type Silence } from '../../state/alerts.js'

const ORDER: { [S in Silence['state']]: number } = { active: 0, coming: 1, over: 2 }

export function SilencesPage() {
  const { w, f } = useWords()
  const s = w.alerts.silences
  const { data, problem } = useSilences()
  const [open, setOpen] = useState<Silence | 'new' | null>(null)
  const [ending, setEnding] = useState<Silence | null>(null)
  const [showOver, setShowOver] = useState(false)
  const list = [...(data?.silences ?? [])].sort(
    (a, b) => ORDER[a.state] - ORDER[b.state] || Date.parse(a.endsAt) - Date.parse(b.endsAt),
  )
  const over = list.filter((x) => x.state === 'over')
  const shown = list.filter((x) => x.state !== 'over' || showOver)
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{s.title}</h1>
          <p>{s.lead}</p>
        </div>
        <button type="button" class="primary" data-needs="operate" onClick={() => setOpen('new')}>
          <Icon name="plus" />
          {s.create}
        </button>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <i class="skeleton tall" />}
      {data && shown.length === 0 && (
        <div class="nothing-yet">
          <strong>{s.none}</strong>
          <p>{s.noneHint}</p>
        </div>
      )}
      <ul class="cards">
        {shown.map((x) => (
          <Row key={x.id} silence={x} onEdit={() => setOpen(x)} onEnd={() => setEnding(x)} />
        ))}
      </ul>
      {over.length > 0 && !showOver && (
        <p>
          <button type="button" class="link" onClick={() => setShowOver(true)}>
            {s.showOver(over.length, f.count(over.length))}
          </button>
        </p>
      )}
      <MaintenanceSection />
      {open && <SilenceDialog silence={open === 'new' ? undefined : open} onClose={() => setOpen(null)} />}
      {ending && (
        <Confirm
          title={s.endTitle}
          text={s.endText}
          submit={s.end}
          run={() => act('DELETE', `silences/${ending.id}`)}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}

function Row({ silence, onEdit, onEnd }: { silence: Silence; onEdit: () => void; onEnd: () => void }) {
  const { w, f } = useWords()
  const s = w.alerts.silences
  const ends = Date.parse(silence.endsAt)
  const left = ends - Date.now()
  return (
    <li class={`silence-row ${silence.state}`}>
      <div>
        <MatcherList matchers={silence.matchers} />
      </div>
      <div>
        <p>{silence.reason}</p>
        {silence.by && <p class="faint">{silence.by}</p>}
      </div>
      <div>
        <span class={`flag ${silence.state === 'active' ? 'good' : ''}`}>{s.states[silence.state]}</span>
        <p title={f.full(ends)}>
          {silence.state === 'coming' ? f.interval(Date.parse(silence.startsAt), ends) : s.endsWhen(f.moment(ends))}
          {silence.state === 'active' && f.aside(f.duration(Math.max(MINUTE, Math.round(left / MINUTE) * MINUTE)))}
        </p>
        {silence.state === 'active' && (
          <p class="faint">{silence.alerts > 0 ? s.mutes(silence.alerts, f.count(silence.alerts)) : s.mutesNone}</p>
        )}
      </div>
      <div class="row-actions" data-needs="operate">
        {silence.state !== 'over' && (
          <>
            <button type="button" class="control" onClick={onEdit}>
              {silence.state === 'active' ? s.extend : w.alerts.common.edit}
            </button>
            <button type="button" class="control" onClick={onEnd}>
              {s.end}
            </button>
          </>
        )}
      </div>
    </li>
  )
}
