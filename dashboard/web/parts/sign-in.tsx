/** Asks for the token where the session ended, above the page as it is: nothing half done is lost. */
import { useState } from 'preact/hooks'
import { askingToken, signedOut, signIn } from '../state/api.js'
import { refresh } from '../state/clock.js'
import { useStore } from '../state/store.js'
import { Dialog } from './dialog.js'
import { useWords } from './words.js'

export function SignIn() {
  const { w } = useWords()
  const asking = useStore(askingToken)
  const [token, setToken] = useState('')
  const [trouble, setTrouble] = useState<'wrong' | 'offline' | null>(null)
  const [busy, setBusy] = useState(false)
  if (!asking) return null
  async function send(): Promise<void> {
    setBusy(true)
    try {
      const ok = await signIn(token)
      setTrouble(ok ? null : 'wrong')
      if (ok) {
        setToken('')
        refresh()
      }
    } catch {
      setTrouble('offline')
    }
    setBusy(false)
  }
  return (
    <Dialog title={w.problem.signedOut} onClose={() => askingToken.set(false)}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault()
          void send()
        }}
      >
        <p>{w.problem.signInHint}</p>
        <label>
          {w.problem.token}
          <input
            type="password"
            autocomplete="current-password"
            required
            autofocus
            value={token}
            onInput={(e) => setToken(e.currentTarget.value)}
          />
        </label>
        {trouble && (
          <p class="field-problem" role="alert">
            {trouble === 'wrong' ? w.problem.wrongToken : w.problem.offline}
          </p>
        )}
        <footer>
          <button type="submit" class="primary" disabled={busy}>
            {w.problem.signIn}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

/** That the session ended, and the way back in. */
export function SignInAgain() {
  const { w } = useWords()
  return (
    <>
      <p>
        <strong>{w.problem.signedOut}</strong> {w.problem.signInHint}
      </p>
      <button type="button" class="control" onClick={() => askingToken.set(true)}>
        {w.problem.signIn}
      </button>
    </>
  )
}

/** What stands above the page of whoever did not want to sign in just then: its figures are of before. */
export function SignedOutNote() {
  const out = useStore(signedOut)
  const asking = useStore(askingToken)
  if (!out || asking) return null
  return (
    <div class="signed-out" role="status">
      <SignInAgain />
    </div>
  )
}
