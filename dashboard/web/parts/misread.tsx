/** Tells what of the address was not understood. It goes with the next change, which writes the address anew. */
import { isLang } from '../../languages/index.js'
import { useView } from '../state/router.js'
import { misreadOf } from '../state/url.js'
import { visible } from '../../../schema/words/visible.js'
import { useWords } from './words.js'

export function Misread() {
  const { w, f } = useWords()
  useView()
  const parts = misreadOf(location.pathname + location.search, isLang)
  if (parts.length === 0) return null
  return (
    <p class="problem misread" role="status">
      {w.problem.misread(f.list(parts.map((part) => visible(part))))}
    </p>
  )
}
