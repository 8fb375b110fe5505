/** "Send a test": what came of it, in words. */
import { useState } from 'preact/hooks'
import { act, pathOfNotifier, problemOf, type TestOutcome } from '../../state/alerts.js'
import { saidText } from '../said.js'
import { attemptText } from './attempt-text.js'
import { useWords } from '../words.js'

export function SendTest({ id, name, primary = false }: { id: string; name: string; primary?: boolean }) {
  const speech = useWords()
  const { w } = speech
  const n = w.alerts.notifiers
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<TestOutcome | null>(null)
  async function send(): Promise<void> {
    setBusy(true)
    setOutcome(null)
    try {
      setOutcome(await act<TestOutcome>('POST', `${pathOfNotifier(id)}/test`))
    } catch (error) {
      setOutcome({ id: '', ok: false, status: null, error: saidText(problemOf(error), speech) || w.problem.failed })
    }
    setBusy(false)
  }
  return (
    <div class="send-test">
      <button
        type="button"
        data-needs="operate"
        class={primary ? 'primary' : 'control'}
        disabled={busy}
        aria-label={`${n.test}: ${name}`}
        onClick={() => void send()}
      >
        {busy ? n.testing : outcome ? n.testAgain : n.test}
      </button>
      <p role="status" class={outcome ? (outcome.ok ? 'test-outcome good' : 'test-outcome bad') : 'unseen'}>
        {outcome &&
          (outcome.ok
            ? [
                n.testOk(name, outcome.status === null ? '' : String(outcome.status)),
                attemptText(outcome.error ?? '', speech),
              ].join(' ')
            : n.testFailed(name, attemptText(outcome.error ?? '', speech)))}
      </p>
    </div>
  )
}
