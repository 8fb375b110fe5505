import type { Problem } from '../state/api.js'
import { saidText } from './said.js'
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
