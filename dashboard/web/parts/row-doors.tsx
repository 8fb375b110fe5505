/** Doors at the end of a row: what its status means, why it is there, an alert on it, everything but it. */
import type { Dimension } from '../../../schema/words/dimensions.js'
import { statusesAbsent } from '../state/features.js'
import { linkTo } from '../state/router.js'
import { useStore } from '../state/store.js'
import type { UrlFilter } from '../state/url.js'
import { Bell } from './alerts/bell.js'
import { ExcludeButton } from './exclude-button.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

export function RowDoors({
  dimension,
  value,
  name,
  filters,
  onExclude,
}: {
  /** of the row alone */
  filters: readonly UrlFilter[]
  dimension: Dimension
  value: string
  name: string
  onExclude: () => void
}) {
  const { w } = useWords()
  const absent = useStore(statusesAbsent)
  const isStatus = dimension === 'status' || (dimension === 'originStatus' && value !== '0')
  return (
    <span class="row-doors">
      {isStatus && !absent && value !== '' && (
        <a
          class="quiet square"
          data-side
          tabIndex={-1}
          href={linkTo({ name: 'status', id: value })}
          aria-label={w.table.openStatus(value)}
          title={w.table.openStatus(value)}
        >
          <Icon name="book" />
        </a>
      )}
      <a
        class="quiet square"
        data-side
        tabIndex={-1}
        href={linkTo({ name: 'explain' }, { filters: [...filters] })}
        aria-label={w.incidents.explain.why(name)}
        title={w.incidents.explain.why(name)}
      >
        <Icon name="question" />
      </a>
      <Bell inRow filters={filters} of={name} />
      <ExcludeButton name={name} onClick={onExclude} />
    </span>
  )
}
