/** The spikes of the range, where this service looks for them. */
import { useEffect } from 'preact/hooks'
import type { Spike, Spikes } from '../../../schema/api/spikes.js'
import { useAnswer, type Problem } from './api.js'
import { turn } from './clock.js'
import { spikesAbsent } from './features.js'
import { noticed } from './live.js'
import { spikesPath, type Asked } from './questions.js'
import { useStore } from './store.js'

export interface KnownSpikes {
  /** null: not known yet */
  list: Spike[] | null
  absent: boolean
  /** they could not be looked for just now */
  problem: Problem | null
}

export function useSpikes(asked: Asked): KnownSpikes {
  const absent = useStore(spikesAbsent)
  const again = useStore(turn) + useStore(noticed)
  const { data, problem } = useAnswer<Spikes>(absent ? null : spikesPath(asked), again, 'spikes', true)
  useEffect(() => {
    if (problem?.kind === 'absent') spikesAbsent.set(true)
  }, [problem])
  return { list: data?.spikes ?? null, absent: absent || problem?.kind === 'absent', problem }
}
