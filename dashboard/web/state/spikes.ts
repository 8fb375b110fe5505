/** The spikes of the range, where this service looks for them. */
import { useEffect, useMemo } from 'preact/hooks'
import type { Spike, Spikes } from '../../../schema/api/spikes.js'
import { useAnswer, type Problem } from './api.js'
import { slowTurn } from './clock.js'
import { spikesAbsent } from './features.js'
import { questionKey, spikesPath, type Asked } from './questions.js'
import { useStore } from './store.js'

export interface KnownSpikes {
  /** null: not known yet */
  list: Spike[] | null
  absent: boolean
  /** they could not be looked for just now */
  problem: Problem | null
  /** when they were looked for, epoch ms; 0: not yet */
  at: number
}

/** Asked at the slow turn: while data streams in, each answer costs the service a new look at everything. */
export function useSpikes(asked: Asked): KnownSpikes {
  const absent = useStore(spikesAbsent)
  const again = useStore(slowTurn)
  const { view, span } = asked
  // the extent of the data grows every second then: the span is that of the last slow turn
  const path = useMemo(
    () => spikesPath(asked),
    [again, view.range, view.filters, view.internal, span.moving, span.moving && span.to, asked.lang],
  )
  const answer = useAnswer<Spikes, Asked>(absent ? null : path, {
    turn: again,
    subject: `${questionKey(asked)} ${asked.lang}`,
    urgent: true,
    question: asked,
  })
  const { data, problem } = answer
  useEffect(() => {
    if (problem?.kind === 'absent') spikesAbsent.set(true)
  }, [problem])
  return { list: data?.spikes ?? null, absent: absent || problem?.kind === 'absent', problem, at: answer.at }
}
