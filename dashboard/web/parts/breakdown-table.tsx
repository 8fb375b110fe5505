/** The values of one dimension, of which one chooses which: its tabs, its table, what is not shown of it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Breakdown } from '../../../schema/api/reports.js'
import { useAnswer } from '../state/api.js'
import { turn } from '../state/clock.js'
import { breakdownPath, questionKey, type Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { useStore } from '../state/store.js'
import { labelOfTab, type Tab, type TabGroup } from '../state/tabs.js'
import type { Sort } from '../state/url.js'
import { BreakdownRows, few } from './breakdown-rows.js'
import { takenBreakdown } from './breakdown-take.js'
import { MoreTabs } from './more-tabs.js'
import { ProblemNote } from './problem.js'
import { Segmented } from './segmented.js'
import { TakeMenu } from './take-menu.js'
import { useWords } from './words.js'

const many = 100

export interface BreakdownGroupProps {
  asked: Asked
  title: string
  tabs: TabGroup
  tab: Tab
  onTab: (tab: Tab) => void
  /** rank by errors and count nothing else; null: not known yet */
  errors: boolean | null
  sort: Sort
}

export function BreakdownGroup(props: BreakdownGroupProps) {
  const { w } = useWords()
  const [rows, setRows] = useState(few)
  const again = useStore(turn)
  const { columns } = props.asked.view
  // beside speeds there is no column that would tell by how much a row rose
  const sort = columns === 'speed' && props.tab !== 'network' && props.sort === 'change' ? 'count' : props.sort
  const { data, problem, loading } = useAnswer<Breakdown>(
    props.errors === null ? null : breakdownPath(props.asked, props.tab, rows, props.errors, sort),
    {
      turn: again,
      subject: `${questionKey(props.asked)} ${props.tab} ${String(props.errors)} ${sort} ${columns}`,
    },
  )
  const pick = (tab: Tab): void => {
    setRows(few)
    props.onTab(tab)
  }
  // what was chosen under "More" stands among the others while it is open
  const strip = useRef<HTMLDivElement>(null)
  const { shown, more } = props.tabs
  const moved = useRef(false)
  useEffect(() => {
    // the first one is in sight when the page is new: to measure it would have all of the page laid out at once
    if (!moved.current && props.tab === shown[0]) return
    moved.current = true
    const open = strip.current?.querySelector<HTMLElement>('[aria-selected="true"]')
    if (strip.current && open) showWithin(strip.current, open)
  }, [props.tab])
  const tabs = shown.includes(props.tab) ? shown : [...shown, props.tab]
  return (
    <section class="breakdown" aria-label={props.title}>
      <div class="tab-row">
        <div
          ref={strip}
          class="tabs"
          role="tablist"
          aria-label={props.title}
          onKeyDown={(e) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
            if (step === undefined) return
            const next = tabs[(tabs.indexOf(props.tab) + step + tabs.length) % tabs.length]
            pick(next)
            e.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
            e.preventDefault()
          }}
        >
          {tabs.map((tab) => (
            <button
              key={tab}
              type="button"
              role="tab"
              data-tab={tab}
              aria-selected={tab === props.tab}
              tabIndex={tab === props.tab ? 0 : -1}
              onClick={() => pick(tab)}
            >
              {labelOfTab(tab, w).many}
            </button>
          ))}
        </div>
        <MoreTabs asked={props.asked} tabs={more} tab={props.tab} title={props.title} onTab={pick} />
        {data && (
          <TakeMenu
            take={() =>
              takenBreakdown(data, {
                title: `${props.title} ${labelOfTab(props.tab, w).many}`,
                value: props.tab,
                errors: props.errors === true,
                speed: columns === 'speed',
              })
            }
          />
        )}
      </div>
      {problem && <ProblemNote problem={problem} />}
      <div class="rows-room">
        <BreakdownRows
          data={data}
          loading={loading}
          refused={problem !== null}
          tab={props.tab}
          asked={props.asked}
          errors={props.errors === true}
          sort={sort}
        />
      </div>
      <div class="rest">
        <Rest data={data} rows={rows} onRows={setRows} networks={props.tab === 'network'} />
        <Segmented
          label={w.table.columns}
          value={columns}
          class="columns"
          onChange={(next) => change({ columns: next }, 'replace')}
          choices={[
            { value: 'counts', text: w.table.counts },
            { value: 'speed', text: w.table.speed, title: w.table.speedHint },
          ]}
        />
      </div>
    </section>
  )
}

/** Moves the strip as far as it takes, and nothing else of the page. */
function showWithin(strip: HTMLElement, tab: HTMLElement): void {
  const [room, own] = [strip.getBoundingClientRect(), tab.getBoundingClientRect()]
  if (own.left < room.left) strip.scrollLeft -= room.left - own.left
  else if (own.right > room.right) strip.scrollLeft += own.right - room.right
}

function Rest(props: { data: Breakdown | null; rows: number; onRows: (rows: number) => void; networks: boolean }) {
  const { data, rows, onRows } = props
  const { w, f } = useWords()
  const hidden = data ? data.values - data.rows.length : 0
  return (
    <>
      <span>
        {data &&
          hidden > 0 &&
          w.table[!data.more ? 'rest' : props.networks ? 'restOfBusiest' : 'restAtLeast'](
            hidden,
            f.count(hidden),
            f.count(data.other),
          )}
      </span>
      {data && hidden > 0 && rows < many && (
        <button type="button" class="link" onClick={() => onRows(many)}>
          {w.table.showMore}
        </button>
      )}
      {rows > few && (
        <button type="button" class="link" onClick={() => onRows(few)}>
          {w.table.showFewer}
        </button>
      )}
    </>
  )
}
