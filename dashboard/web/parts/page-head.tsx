import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { visible } from '../../../schema/words/visible.js'
import { pageTitle } from '../state/page-title.js'
import { goBack } from '../state/router.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

/** The head of a page that one came to from another: its name, and the way back. */
export function PageHead({
  title,
  sub,
  sign,
  children,
}: {
  title: string
  sub?: string
  sign?: ComponentChildren
  children?: ComponentChildren
}) {
  const { w } = useWords()
  useEffect(() => {
    pageTitle.set(title)
    return () => pageTitle.set(null)
  }, [title])
  return (
    <header class="page-head">
      <button type="button" class="control square" aria-label={w.tools.back} title={w.tools.back} onClick={goBack}>
        <Icon name="left" />
      </button>
      <h1>
        {sign}
        {visible(title)} {sub && <span class="sub">{visible(sub)}</span>}
      </h1>
      {children}
    </header>
  )
}
