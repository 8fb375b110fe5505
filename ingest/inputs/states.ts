/** What every input does at the moment: those that wait for others, and each job of those that fetch by themselves. */
import type { InputState } from '../../schema/api/inputs.js'
import { iso } from '../../schema/words/iso.js'
import { INPUTS as WORDS, isLiveInput } from '../../schema/words/inputs.js'
import type { KeptJobs } from './keeping.js'
import { INPUTS } from './index.js'
import type { Input } from './input.js'

export interface InputStates {
  /** those that fetch; put here by whoever starts them */
  kept: Pick<KeptJobs, 'followers' | 'problem' | 'look'>
  list(): InputState[]
}

export function createInputStates(): InputStates {
  return {
    kept: { followers: [], problem: null, look: async () => {} },
    list() {
      return [...READY, ...this.kept.followers.map(stateOf)]
    },
  }
}

const NOTHING = { since: null, until: null, doing: null, code: null, problem: null }

/** Those that wait for others to bring something. */
const READY: readonly InputState[] = WORDS.flatMap(({ name, live }) => {
  const { kind } = INPUTS[name] as Input
  return kind === 'fetching' ? [] : [{ name, kind, live, job: null, state: 'ready' as const, ...NOTHING }]
})

function stateOf({ input, job, state }: KeptJobs['followers'][number]): InputState {
  return {
    name: input,
    kind: 'fetching',
    live: isLiveInput(input),
    job,
    ...NOTHING,
    ...state,
    since: 'since' in state ? iso(state.since) : null,
    until: 'until' in state ? iso(state.until) : null,
  }
}
