/** Asks before something goes. */
import { useState } from 'preact/hooks'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { Dialog } from '../dialog.js'
import { ProblemNote } from '../problem.js'
import { FormFoot } from './fields.js'

export function Confirm(props: {
  title: string
  text: string
  submit: string
  run: () => Promise<unknown>
  onClose: () => void
  onDone?: () => void
}) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function run(): Promise<void> {
    setBusy(true)
    try {
      await props.run()
      props.onClose()
      props.onDone?.()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          void run()
        }}
      >
        <p>{props.text}</p>
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={props.submit} onCancel={props.onClose} danger />
      </form>
    </Dialog>
  )
}
