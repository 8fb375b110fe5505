/** One click for whoever has no time: frozen as it is, its link copied, its page opened. */
import { draftOf, freeze, freezing, linkCopied, type Freezing } from '../../state/incidents.js'
import { change, linkTo } from '../../state/router.js'
import { copyText } from '../copy.js'
import { Icon } from '../icon.js'
import { useWords } from '../words.js'
import { knownName } from '../alerts/who.js'

/** What cannot be frozen so opens the dialog, which says why. */
export async function freezeAndCopy(what: Freezing, lang: string): Promise<void> {
  try {
    const by = knownName().trim()
    const { id } = await freeze(draftOf(what, { lang, ...(by === '' ? {} : { by }) }))
    const page = { name: 'incident' as const, id }
    await copyText(new URL(linkTo(page), location.origin).href)
    linkCopied.set(id)
    change({ page })
  } catch {
    freezing.set(what)
  }
}

export function FreezeAndCopy({ what }: { what: Freezing }) {
  const { w, f } = useWords()
  return (
    <button
      type="button"
      class="control freeze-copy"
      data-needs="operate"
      onClick={() => void freezeAndCopy(what, f.lang)}
    >
      <Icon name="link" />
      {w.incidents.freeze.andCopy}
    </button>
  )
}
