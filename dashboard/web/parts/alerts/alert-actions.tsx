/** What one can do about an alert that fires. */
import { useState } from 'preact/hooks'
import type { EpisodeJson } from '../../../../schema/api/alerts.js'
import { act, problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { Icon } from '../icon.js'
import { ProblemNote } from '../problem.js'
import { useWords } from '../words.js'
import { AcknowledgeDialog } from './acknowledge-dialog.js'
import { SilenceDialog } from './silence-dialog.js'

export function AlertActions({ alert }: { alert: EpisodeJson }) {
  const { w } = useWords()
  const n = w.alerts.now
  const [open, setOpen] = useState<'acknowledge' | 'silence' | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const takeBack = (): void => {
    act('DELETE', `alerts/${encodeURIComponent(alert.id)}/acknowledge`).then(
      () => setProblem(null),
      (error: unknown) => setProblem(problemOf(error)),
    )
  }
  if (alert.state !== 'firing') return null
  return (
    <div class="row-actions" data-needs="operate">
      {alert.acknowledged ? (
        <button type="button" class="control" onClick={takeBack}>
          {n.unacknowledge}
        </button>
      ) : (
        <button type="button" class="control" onClick={() => setOpen('acknowledge')}>
          <Icon name="check" />
          {n.acknowledge}
        </button>
      )}
      <button type="button" class="control" onClick={() => setOpen('silence')}>
        <Icon name="ban" />
        {n.silence}
      </button>
      {problem && <ProblemNote problem={problem} />}
      {open === 'acknowledge' && <AcknowledgeDialog alert={alert} onClose={() => setOpen(null)} />}
      {open === 'silence' && <SilenceDialog alert={alert} onClose={() => setOpen(null)} />}
    </div>
  )
}
