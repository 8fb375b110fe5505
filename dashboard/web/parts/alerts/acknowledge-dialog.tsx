import { useState } from 'preact/hooks'
import type { EpisodeJson } from '../../../../schema/api/alerts.js'
import { act, problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { Dialog } from '../dialog.js'
import { ProblemNote } from '../problem.js'
import { useWords } from '../words.js'
import { FormFoot, TextField } from './fields.js'
import { labelsText } from './rule-words.js'
import { knownName, rememberName } from './who.js'

/** Somebody is on it. */
export function AcknowledgeDialog({ alert, onClose }: { alert: EpisodeJson; onClose: () => void }) {
  const speech = useWords()
  const { w, f } = speech
  const [by, setBy] = useState(knownName())
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function send(): Promise<void> {
    setBusy(true)
    rememberName(by)
    try {
      await act('POST', `alerts/${encodeURIComponent(alert.id)}/acknowledge`, { by, note })
      onClose()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={w.alerts.now.acknowledgeTitle} onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault()
          void send()
        }}
      >
        <p>
          <strong>{alert.name}</strong> <span class="faint">{labelsText(alert.labels, speech)}</span>
        </p>
        <p class="faint">{w.alerts.now.acknowledgeText}</p>
        <TextField label={w.alerts.common.by} value={by} onInput={setBy} first={by === ''} />
        <TextField
          label={`${w.alerts.common.note}${f.aside(w.alerts.common.optional)}`}
          value={note}
          onInput={setNote}
          first={by !== ''}
        />
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={w.alerts.now.acknowledge} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
