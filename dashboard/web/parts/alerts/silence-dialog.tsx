/** A silence: which alerts, how long and why. */
import { useState } from 'preact/hooks'
import type { EpisodeJson, Matcher } from '../../../../schema/api/alerts.js'
import { matches } from '../../../../analyze/alerts/notices/matchers.js'
import { written } from '../../state/alerts-matchers.js'
import { act, firing, problemOf, type Silence } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { useStore } from '../../state/store.js'
import { parseDuration } from '../../state/url.js'
import { Dialog } from '../dialog.js'
import { ProblemNote } from '../problem.js'
import { fromWall, toWall } from '../../state/wall.js'
import { Segmented } from '../segmented.js'
import { useWords } from '../words.js'
import { AreaField, FormFoot, TextField } from './fields.js'
import { MatcherEditor } from './matcher-editor.js'
import { knownName, rememberName } from './who.js'

const LENGTHS = ['30m', '1h', '2h', '4h', '24h', '7d'] as const
type Choice = (typeof LENGTHS)[number] | 'custom'

export interface SilenceDialogProps {
  /** what is silenced to begin with */
  alert?: EpisodeJson
  /** one that is changed */
  silence?: Silence
  onClose: () => void
}

const labelsOf = (alert: EpisodeJson): Matcher[] =>
  Object.entries(alert.labels)
    .filter(([name]) => name !== 'severity')
    .map(([label, value]) => ({ label, op: '=' as const, value }))

export function SilenceDialog({ alert, silence, onClose }: SilenceDialogProps) {
  const { w, f } = useWords()
  const s = w.alerts.silences
  const [matchers, setMatchers] = useState<Matcher[]>(
    () => silence?.matchers ?? (alert ? labelsOf(alert) : [{ label: 'alertname', op: '=', value: '' }]),
  )
  const [length, setLength] = useState<Choice>(silence ? 'custom' : '2h')
  const [starts, setStarts] = useState(
    silence && silence.state === 'coming' ? toWall(Date.parse(silence.startsAt), f.zone) : '',
  )
  const [ends, setEnds] = useState(() =>
    toWall(silence ? Math.max(Date.parse(silence.endsAt), Date.now()) : Date.now() + 7_200_000, f.zone),
  )
  const [reason, setReason] = useState(silence?.reason ?? '')
  const [by, setBy] = useState(silence?.by || knownName())
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const asked = written(matchers)
  const muted = (useStore(firing) ?? []).filter((a) => asked.length > 0 && matches(asked, a.labels)).length
  const startsAt = starts === '' ? null : fromWall(starts, f.zone)
  const endsAt = length === 'custom' ? fromWall(ends, f.zone) : (startsAt ?? Date.now()) + (parseDuration(length) ?? 0)
  const past = !(endsAt > Math.max(Date.now(), startsAt ?? 0))
  async function send(): Promise<void> {
    setTried(true)
    if (past || reason.trim() === '' || asked.length === 0) return
    setBusy(true)
    rememberName(by)
    const draft = {
      matchers: asked,
      endsAt: new Date(endsAt).toISOString(),
      reason,
      by,
      ...(startsAt === null ? {} : { startsAt: new Date(startsAt).toISOString() }),
    }
    try {
      await (silence ? act('PUT', `silences/${silence.id}`, draft) : act('POST', 'silences', draft))
      onClose()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={silence ? s.editTitle : s.formTitle} class="wide" onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          void send()
        }}
      >
        <MatcherEditor label={s.which} hint={s.whichHint} value={matchers} onChange={setMatchers} least={1} />
        <p class="would-mute" role="status">
          {muted > 0 ? s.would(muted, f.count(muted)) : s.wouldNone}
        </p>
        <div class="field">
          <span class="field-label">{s.lasts}</span>
          <Segmented<Choice>
            label={s.lasts}
            value={length}
            onChange={setLength}
            choices={[
              ...LENGTHS.map((value) => ({ value, text: f.duration(parseDuration(value) ?? 0) })),
              { value: 'custom', text: s.until },
            ]}
          />
        </div>
        <div class="field-pair">
          <TextField
            label={`${s.starts}${f.aside(w.alerts.common.optional)}`}
            hint={f.zoneName(Date.now())}
            type="datetime-local"
            value={starts}
            onInput={setStarts}
          />
          {length === 'custom' && (
            <TextField
              label={s.ends}
              type="datetime-local"
              value={ends}
              onInput={setEnds}
              required
              problem={past ? s.past : null}
            />
          )}
        </div>
        <AreaField
          label={s.reason}
          hint={s.reasonHint}
          rows={2}
          value={reason}
          onInput={setReason}
          required
          problem={tried && reason.trim() === '' ? w.alerts.editor.problems.missing : null}
        />
        <TextField label={w.alerts.common.by} value={by} onInput={setBy} />
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={silence ? w.alerts.common.save : s.submit} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
