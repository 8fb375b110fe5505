/** How the inputs are: asked by their page, and by the overview, which says where its picture has holes. */
import type { InputHealth, Inputs } from '../../../schema/api/inputs.js'
import { inputLabel } from '../../../schema/words/inputs.js'
import { visible } from '../../../schema/words/visible.js'
import type { Lang } from '../../languages/index.js'
import { useAnswer, type Answer } from './api.js'
import { slowTurn } from './clock.js'
import { useStore } from './store.js'

export const useInputs = (lang: Lang): Answer<Inputs> =>
  useAnswer<Inputs>(`inputs?lang=${lang}`, { turn: useStore(slowTurn), subject: `inputs ${lang}` })

/** "Logpush · www": what people call the input, and its job where that tells more. */
export function inputName({ name, job }: Pick<InputHealth, 'name' | 'job'>, lang: Lang): string {
  const label = inputLabel(name, lang)
  return job === null ? label : `${label} · ${visible(job)}`
}

/** What of the inputs leaves holes in what one looks at. Times are epoch ms. */
export interface Holes {
  silent: InputHealth[]
  failing: InputHealth[]
  /** ended ones */
  gaps: number
}

/** `moving`: the range ends now. */
export function holesIn({ inputs }: Inputs, span: { from: number; to: number; moving: boolean }): Holes {
  const stateOf = (state: InputHealth['state']) =>
    span.moving ? inputs.filter((input) => input.live && input.state === state) : []
  const lasting = (input: InputHealth, from: string) => input.state === 'silent' && input.since === from
  const gaps = inputs.flatMap((input) =>
    input.gaps.filter(
      ({ from, to }) =>
        Date.parse(to) > span.from && Date.parse(from) < span.to && !(span.moving && lasting(input, from)),
    ),
  )
  return { silent: stateOf('silent'), failing: stateOf('failing'), gaps: gaps.length }
}
