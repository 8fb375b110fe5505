import { freezing, type Freezing } from '../../state/incidents.js'
import { FreezeAndCopy } from './freeze-and-copy.js'
import { Icon } from '../icon.js'
import { useWords } from '../words.js'

/** Keeps what is known of a trouble now, whatever becomes of the logs. */
export function FreezeButton({ what }: { what: Freezing }) {
  const { w } = useWords()
  return (
    <>
      <button type="button" class="control freeze" data-needs="operate" onClick={() => freezing.set(what)}>
        <Icon name="snow" />
        {w.incidents.brush.freeze}
      </button>
      <FreezeAndCopy what={what} />
    </>
  )
}
