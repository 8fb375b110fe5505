/** Freezes a spike or a window for good: asks for a title and who does it, then goes to its page. */
import { useState } from 'preact/hooks'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { draftOf, freeze, freezing, type Freezing } from '../../state/incidents.js'
import { change } from '../../state/router.js'
import { useStore } from '../../state/store.js'
import { FormFoot, TextField } from '../alerts/fields.js'
import { knownName, rememberName } from '../alerts/who.js'
import { Dialog } from '../dialog.js'
import { ProblemNote } from '../problem.js'
import { useWords } from '../words.js'

export function FreezeDialogs() {
  const what = useStore(freezing)
  return what && <FreezeDialog what={what} />
}

const close = (): void => freezing.set(null)

function FreezeDialog({ what }: { what: Freezing }) {
  const { w, f } = useWords()
  const t = w.incidents.freeze
  const [title, setTitle] = useState('')
  const [by, setBy] = useState(knownName())
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function run(): Promise<void> {
    setBusy(true)
    rememberName(by)
    try {
      const made = await freeze(
        draftOf(what, {
          lang: f.lang,
          ...(title.trim() === '' ? {} : { title: title.trim() }),
          ...(by.trim() === '' ? {} : { by: by.trim() }),
        }),
      )
      close()
      change({ page: { name: 'incident', id: made.id } })
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  const optional = (label: string): string => `${label}${f.aside(w.alerts.common.optional)}`
  return (
    <Dialog title={w.incidents.brush.freeze} onClose={close}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault()
          void run()
        }}
      >
        <p class="faint">{t.lead}</p>
        {'from' in what && <p>{f.interval(what.from, what.to)}</p>}
        <TextField label={optional(t.title)} hint={t.titleHint} value={title} onInput={setTitle} first />
        <TextField label={optional(w.alerts.common.by)} value={by} onInput={setBy} />
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={t.submit} onCancel={close} />
      </form>
    </Dialog>
  )
}
