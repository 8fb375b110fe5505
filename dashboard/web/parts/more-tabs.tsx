/** Further tabs of a table: those that the export has anything for, asked when somebody wants to know. */
import { useAnswer } from '../state/api.js'
import { carriedPath, type Asked } from '../state/questions.js'
import { dimensionOfTab, labelOfTab, type Tab } from '../state/tabs.js'
import { Icon } from './icon.js'
import { onArrows, Popover } from './popover.js'
import { ProblemNote } from './problem.js'
import { useWords } from './words.js'

interface MoreTabsProps {
  asked: Asked
  tabs: readonly Tab[]
  tab: Tab
  /** of the table */
  title: string
  onTab: (tab: Tab) => void
}

export function MoreTabs(props: MoreTabsProps) {
  const { w } = useWords()
  return (
    <Popover
      class="more-tabs"
      align="right"
      label={`${w.nav.more}: ${props.title}`}
      title={w.table.moreHint}
      button={
        <>
          {w.nav.more} <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <Choices
          {...props}
          onTab={(tab) => {
            close()
            props.onTab(tab)
          }}
        />
      )}
    </Popover>
  )
}

function Choices({ asked, tabs, tab, onTab }: MoreTabsProps) {
  const { w } = useWords()
  const { data, problem } = useAnswer<{ dimensions: string[] }>(carriedPath(asked, tabs))
  const there = tabs.filter((one) => data?.dimensions.includes(dimensionOfTab(one)))
  const absent = data ? tabs.filter((one) => !there.includes(one)) : []
  return (
    <div class="menu-list" onKeyDown={onArrows} aria-busy={!data && !problem}>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <i class="skeleton" />}
      {there.map((one) => (
        <button
          key={one}
          type="button"
          data-item
          class="menu-item"
          aria-current={one === tab}
          onClick={() => onTab(one)}
        >
          {labelOfTab(one, w).many}
        </button>
      ))}
      {absent.length > 0 && (
        <p class="faint small absent">
          {w.table.notExported} {absent.map((one) => labelOfTab(one, w).many).join(', ')}
        </p>
      )}
    </div>
  )
}
