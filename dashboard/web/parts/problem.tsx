import { MINUTE } from '../../../schema/words/duration.js'
import { useMemo } from 'preact/hooks'
import { signIns, type Problem } from '../state/api.js'
import { wallClock } from '../state/clock.js'
import { change } from '../state/router.js'
import { useStore } from '../state/store.js'
import { useTheSummary } from '../state/summary.js'
import { goneBeforeOf, saidText } from './said.js'
import { SignInAgain } from './sign-in.js'
import { useWords } from './words.js'

/** What went wrong, in the reader's words and the service's, and what to do. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const speech = useWords()
  const { w } = speech
  const todo =
    problem.kind === 'offline'
      ? w.problem.offlineDo
      : problem.kind === 'silent'
        ? w.problem.silentDo
        : problem.kind === 'failed' && problem.message === ''
          ? w.problem.failedDo
          : ''
  if (problem.status === 401) return <SignedOut problem={problem} />
  const gone = goneBeforeOf(problem)
  if (gone !== null) return <Gone before={gone} />
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{w.problem[problem.kind]}</strong> {saidText(problem, speech) || todo}
      </p>
      {onRetry && (
        <button type="button" class="control" onClick={onRetry}>
          {w.tools.retry}
        </button>
      )}
    </div>
  )
}

/** Until somebody signs in again, and no longer. */
function SignedOut({ problem }: { problem: Problem }) {
  const times = useStore(signIns)
  const then = useMemo(() => times, [problem])
  if (times > then) return null
  return (
    <div class="problem" role="alert">
      <SignInAgain />
    </div>
  )
}

/** What went by age is no trouble: it is said, with the way to what is there. */
function Gone({ before }: { before: number }) {
  const { w, f } = useWords()
  const now = useStore(wallClock)
  const { data } = useTheSummary()
  return (
    <div class="gone" role="status">
      <p>{w.notes.goneBefore(f.date(before))}</p>
      {(data?.extent.records ?? 0) > 0 && before < now && (
        <button
          type="button"
          class="link"
          onClick={() => change({ range: { kind: 'span', from: before, to: Math.ceil(now / MINUTE) * MINUTE } })}
        >
          {w.notes.sinceThen(f.date(before))}
        </button>
      )}
    </div>
  )
}
