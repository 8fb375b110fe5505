/** Recurring times at which nobody is told. */
import { useState } from 'preact/hooks'
import type { MaintenanceDraft } from '../../../../schema/api/alerts.js'
import { WEEKDAYS } from '../../state/alerts-lists.js'
import { written } from '../../state/alerts-matchers.js'
import { parseDuration } from '../../../../schema/words/duration.js'
import { act, problemOf, useMaintenance, type Maintenance } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { Dialog } from '../dialog.js'
import { Icon } from '../icon.js'
import { ProblemNote } from '../problem.js'
import { useWords, type Speech } from '../words.js'
import { Confirm } from './confirm.js'
import { FormFoot, TextField } from './fields.js'
import { MatcherEditor, MatcherList } from './matcher-editor.js'
import { durationText } from './rule-words.js'

function whenText(m: Maintenance, speech: Speech): string {
  const { w, f } = speech
  const t = w.alerts.maintenance
  const days =
    !m.weekdays || m.weekdays.length === 0 || m.weekdays.length === 7
      ? t.everyDay
      : f.list(WEEKDAYS.filter((d) => m.weekdays?.includes(d)).map((d) => t.weekdays[d]))
  return t.when(days, m.start, durationText(m.duration, speech), m.timeZone ?? 'UTC')
}

export function MaintenanceSection() {
  const speech = useWords()
  const { w, f } = speech
  const t = w.alerts.maintenance
  const { data, problem } = useMaintenance()
  const [open, setOpen] = useState<Maintenance | 'new' | null>(null)
  const [going, setGoing] = useState<Maintenance | null>(null)
  return (
    <section>
      <header class="section-head">
        <h2>
          {t.title} <small>{t.lead}</small>
        </h2>
        <button type="button" class="control" data-needs="operate" onClick={() => setOpen('new')}>
          <Icon name="plus" />
          {t.create}
        </button>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data?.maintenance.length === 0 && <p class="faint">{t.none}</p>}
      {data && data.maintenance.length > 0 && (
        <ul class="cards">
          {data.maintenance.map((m) => (
            <li key={m.id} class="silence-row">
              <div>
                <strong>{m.name}</strong> {m.active && <span class="flag good">{t.active}</span>}
                <p>{whenText(m, speech)}</p>
              </div>
              <div>
                {m.matchers && m.matchers.length > 0 ? (
                  <MatcherList matchers={m.matchers} />
                ) : (
                  <span class="faint">{t.every}</span>
                )}
                {m.reason && <p class="faint">{m.reason}</p>}
              </div>
              <div class="faint">{m.next ? `${t.next}: ${f.moment(Date.parse(m.next))}` : t.over}</div>
              <div class="row-actions">
                <button type="button" class="control" data-needs="operate" onClick={() => setOpen(m)}>
                  {w.alerts.common.edit}
                </button>
                <button
                  type="button"
                  data-needs="operate"
                  class="quiet square"
                  aria-label={`${w.alerts.common.delete}: ${m.name}`}
                  title={w.alerts.common.delete}
                  onClick={() => setGoing(m)}
                >
                  <Icon name="trash" />
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {open && <MaintenanceDialog before={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      {going && (
        <Confirm
          title={t.deleteTitle}
          text={t.deleteText(going.name)}
          submit={w.alerts.common.delete}
          run={() => act('DELETE', `maintenance/${going.id}`)}
          onClose={() => setGoing(null)}
        />
      )}
    </section>
  )
}

const NEW: MaintenanceDraft = { name: '', start: '02:00', duration: '1h', weekdays: [...WEEKDAYS] }

function MaintenanceDialog({ before, onClose }: { before: Maintenance | null; onClose: () => void }) {
  const { w, f } = useWords()
  const t = w.alerts.maintenance
  const missing = w.alerts.editor.problems.missing
  const [draft, setDraft] = useState<MaintenanceDraft>(() => {
    if (!before) return { ...NEW, timeZone: f.zone }
    const { id: _id, active: _active, next: _next, ...rest } = before
    return { ...rest, weekdays: rest.weekdays && rest.weekdays.length > 0 ? rest.weekdays : [...WEEKDAYS] }
  })
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const set = (part: Partial<MaintenanceDraft>): void => setDraft({ ...draft, ...part })
  const days = draft.weekdays ?? []
  const badDuration = parseDuration(draft.duration) === null
  async function send(): Promise<void> {
    setTried(true)
    if (draft.name.trim() === '' || badDuration || days.length === 0) return
    setBusy(true)
    const { weekdays: _days, matchers, from, until, reason, ...rest } = draft
    const asked = written(matchers ?? [])
    const body: MaintenanceDraft = {
      ...rest,
      ...(days.length < 7 ? { weekdays: days } : {}),
      ...(asked.length > 0 ? { matchers: asked } : {}),
      ...(from ? { from } : {}),
      ...(until ? { until } : {}),
      ...(reason ? { reason } : {}),
    }
    try {
      await (before ? act('PUT', `maintenance/${before.id}`, body) : act('POST', 'maintenance', body))
      onClose()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={before ? t.editTitle : t.formTitle} class="wide" onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          void send()
        }}
      >
        <TextField
          label={t.name}
          value={draft.name}
          onInput={(name) => set({ name })}
          required
          first
          problem={tried && draft.name.trim() === '' ? missing : null}
        />
        <fieldset class="field days">
          <legend class="field-label">{t.days}</legend>
          {WEEKDAYS.map((d) => (
            <label key={d}>
              <input
                type="checkbox"
                checked={days.includes(d)}
                onChange={(e) =>
                  set({ weekdays: e.currentTarget.checked ? [...days, d] : days.filter((x) => x !== d) })
                }
              />
              <span>{t.weekdays[d]}</span>
            </label>
          ))}
          {days.length === 0 && <p class="field-problem">{t.noDay}</p>}
        </fieldset>
        <div class="field-pair">
          <TextField label={t.start} type="time" value={draft.start} onInput={(start) => set({ start })} required />
          <TextField
            label={t.duration}
            value={draft.duration}
            onInput={(duration) => set({ duration })}
            list={['15m', '30m', '1h', '2h', '4h']}
            required
            problem={badDuration ? w.alerts.editor.problems.duration : null}
          />
          <TextField
            label={t.zone}
            value={draft.timeZone ?? 'UTC'}
            onInput={(timeZone) => set({ timeZone })}
            list={Intl.supportedValuesOf('timeZone')}
          />
        </div>
        <MatcherEditor
          label={t.which}
          hint={draft.matchers && draft.matchers.length > 0 ? w.alerts.silences.whichHint : t.every}
          value={draft.matchers ?? []}
          onChange={(matchers) => set({ matchers })}
        />
        <details class="more-fields">
          <summary>{w.alerts.common.more}</summary>
          <div class="field-pair">
            <TextField label={t.firstDay} type="date" value={draft.from ?? ''} onInput={(from) => set({ from })} />
            <TextField label={t.lastDay} type="date" value={draft.until ?? ''} onInput={(until) => set({ until })} />
          </div>
          <TextField label={w.alerts.common.reason} value={draft.reason ?? ''} onInput={(reason) => set({ reason })} />
        </details>
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={before ? w.alerts.common.save : t.create} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
