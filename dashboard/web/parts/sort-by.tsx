import type { ComponentChildren } from 'preact'
import { change } from '../state/router.js'
import type { Sort } from '../state/url.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

/** The head of a column that the table can be ranked by. */
export function SortBy(props: { by: Sort; on: boolean; can: boolean; children: ComponentChildren }) {
  const { w } = useWords()
  if (!props.can) return <>{props.children}</>
  return (
    <button
      type="button"
      class="sort"
      aria-pressed={props.on}
      title={w.table.sortBy[props.by]}
      onClick={() => change({ sort: props.by }, 'replace')}
    >
      {props.children}
      {props.on && <Icon name="down" />}
    </button>
  )
}
