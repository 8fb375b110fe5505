/** On the overview: where the picture has holes, and the way to what is to be done about it. */
import type { InputHealth, Inputs } from '../../../schema/api/inputs.js'
import { SPEECH } from '../../../schema/words/languages.js'
import { holesIn, inputName } from '../state/inputs.js'
import type { Asked } from '../state/questions.js'
import { linkTo } from '../state/router.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

export function Incomplete({ asked, inputs: data }: { asked: Asked; inputs: Inputs | null }) {
  const { w, f } = useWords()
  if (!data) return null
  const { silent, failing, gaps } = holesIn(data, asked.span)
  const told = (inputs: readonly InputHealth[], text: (names: string, time: string) => string) => {
    if (inputs.length === 0) return ''
    const since = Math.min(...inputs.map((input) => Date.parse(input.since ?? data.to)))
    return text(f.list(inputs.map((input) => inputName(input, f.lang))), f.near(since, Date.now()))
  }
  const texts = [
    silent.length + failing.length > 0 ? w.inputs.newest : '',
    told(silent, w.inputs.silent),
    told(failing, w.inputs.failing),
    gaps > 0 ? w.inputs.gapsHere(gaps, f.count(gaps)) : '',
  ].filter((text) => text !== '')
  return (
    <div role="status">
      {texts.length > 0 && (
        <p class="incomplete">
          <Icon name="clock" />
          <span>
            {texts.join(SPEECH[f.lang].gap)} <a href={linkTo({ name: 'inputs' })}>{w.inputs.show}</a>
          </span>
        </p>
      )}
    </div>
  )
}
