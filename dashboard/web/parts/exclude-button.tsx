import { Icon } from './icon.js'
import { useWords } from './words.js'

/** At the side of a row: everything but what it is about. */
export function ExcludeButton({
  name,
  class: kind = '',
  onClick,
}: {
  name: string
  class?: string
  onClick: () => void
}) {
  const { w } = useWords()
  return (
    <button
      type="button"
      class={`quiet square ${kind}`.trimEnd()}
      data-side
      tabIndex={-1}
      aria-label={w.filter.exclude(name)}
      title={w.filter.exclude(name)}
      onClick={onClick}
    >
      <Icon name="ban" />
    </button>
  )
}
