/** The values of one dimension: bars behind them, counts, shares, how they moved. Each row is a filter. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Dimension } from '../../../schema/words/dimensions.js'
import type { Breakdown } from '../../../schema/api/reports.js'
import { useAnswer } from '../state/api.js'
import { changeOf, changeText } from '../state/change.js'
import { turn } from '../state/clock.js'
import { useStatusTitles } from '../state/catalogue.js'
import { useRuleNames } from '../state/rule-names.js'
import { comparedOf } from '../state/comparison.js'
import { isOn, only, toggleAll } from '../state/filters.js'
import { breakdownPath, questionKey, type Asked } from '../state/questions.js'
import { change, linkTo } from '../state/router.js'
import { useStore } from '../state/store.js'
import { dimensionOfTab, labelOfTab, valuesOfRow, type Tab, type TabGroup } from '../state/tabs.js'
import { useTheSummary } from '../state/summary.js'
import { statusesAbsent } from '../state/features.js'
import type { Sort, UrlFilter } from '../state/url.js'
import { takenBreakdown } from './breakdown-take.js'
import { Icon } from './icon.js'
import { MoreTabs } from './more-tabs.js'
import { onArrows } from './popover.js'
import { ProblemNote } from './problem.js'
import { Segmented } from './segmented.js'
import { SortBy } from './sort-by.js'
import { SpeedCells, SpeedHeads } from './speed-cells.js'
import { Value, valueText } from './value.js'
import { Bell } from './alerts/bell.js'
import { TakeMenu } from './take-menu.js'
import { useWords } from './words.js'

const few = 10
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
        <Rows
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

interface RowsProps {
  data: Breakdown | null
  loading: boolean
  /** nothing comes: the problem stands above */
  refused: boolean
  tab: Tab
  asked: Asked
  errors: boolean
  sort: Sort
}

function Rows(props: RowsProps) {
  const { w, f } = useWords()
  const { data, tab, errors, asked } = props
  const dimension = dimensionOfTab(tab)
  const ranked = props.sort === 'change'
  const counts = !ranked && !(tab !== 'network' && props.sort === 'p95')
  const summary = useTheSummary()
  const speed = asked.view.columns === 'speed' && tab !== 'network'
  const canCompare = comparedOf(summary.data, asked.view) !== null
  const compare = canCompare && !speed
  const most = Math.max(1, ...(data?.rows.map((r) => r.count) ?? []))
  const keys = data?.rows.map((r) => r.key) ?? []
  const titleOf = useStatusTitles(f.lang, dimension === 'status' || dimension === 'originStatus' ? keys : [])
  const ruleOf = useRuleNames(asked, dimension === 'securityRuleId' ? keys : [])
  const share = f.shares(data?.rows.map((r) => r.share) ?? [])
  const errorShare = f.shares(data?.rows.map(errorShareOf) ?? [])
  const showErrors = !speed && !errors && dimension !== 'status' && dimension !== 'class'
  const width = (speed ? 6 : 3) + Number(showErrors) + Number(canCompare)
  const before = new Map(speed ? data?.compared?.rows.map((row) => [row.key, row]) : [])
  return (
    <table class={`rows ${dimension} ${speed ? 'speeds' : ''}`} aria-busy={props.loading} onKeyDown={onArrows}>
      <caption class="unseen">{labelOfTab(tab, w).many}</caption>
      <thead>
        <tr>
          <th scope="col">{labelOfTab(tab, w).one}</th>
          <th scope="col" class="number" aria-sort={(canCompare || speed) && counts ? 'descending' : undefined}>
            <SortBy by="count" on={counts} can={canCompare || speed}>
              {errors ? w.table.errors : w.table.requests}
            </SortBy>
          </th>
          {speed && <SpeedHeads ranked={props.sort === 'p95'} compare={canCompare} />}
          {!speed && (
            <th scope="col" class="number share">
              {w.table.share}
            </th>
          )}
          {showErrors && (
            <th scope="col" class="number">
              {w.table.errorShare}
            </th>
          )}
          {compare && (
            <th scope="col" class="number change" aria-sort={ranked ? 'descending' : undefined}>
              <SortBy by="change" on={ranked} can>
                {ranked ? w.table.rise : w.table.change}
              </SortBy>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {data === null &&
          !props.refused &&
          Array.from({ length: few }, (_, i) => (
            <tr key={i} class="waiting">
              <td colSpan={width}>
                <i class="skeleton" />
              </td>
            </tr>
          ))}
        {data?.rows.length === 0 && (
          <tr class="none">
            <td colSpan={width}>{errors ? w.chart.noErrors : w.table.empty}</td>
          </tr>
        )}
        {data?.rows.map((row) => (
          <tr key={row.key} class={isRowOn(props, row.key) ? 'on' : ''}>
            <ValueCell
              {...props}
              row={row}
              most={most}
              note={dimension === 'status' || dimension === 'originStatus' ? titleOf(row.key) : ruleOf(row.key)}
            />
            <td class="number">{f.count(row.count)}</td>
            {speed && <SpeedCells row={row} compare={canCompare} before={before.get(row.key)} />}
            {!speed && <td class="number share">{share(row.share)}</td>}
            {showErrors && (
              <td class={`number ${errorShareOf(row) >= 0.05 ? 'bad' : ''}`}>{errorShare(errorShareOf(row))}</td>
            )}
            {compare && (
              <td class="number change">
                <ChangeCell
                  ranked={ranked}
                  now={row.count}
                  before={row.previous}
                  isError={errors || Number(row.key) >= 400 || /^(4xx|499|5xx)$/.test(row.key)}
                />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const errorShareOf = ({ errors, count }: Breakdown['rows'][number]): number => (count === 0 ? 0 : errors / count)

const isRowOn = ({ tab, asked }: RowsProps, key: string): boolean =>
  valuesOfRow(tab, key).every((value) => isOn(asked.view.filters, dimensionOfTab(tab), value))

/** What the row is about: a filter, and doors to more about it. */
function ValueCell(props: RowsProps & { row: Breakdown['rows'][number]; most: number; note: string | undefined }) {
  const speech = useWords()
  const { w } = speech
  const { row, most, tab, asked, errors } = props
  const dimension = dimensionOfTab(tab)
  const { filters } = asked.view
  const values = valuesOfRow(tab, row.key)
  const name = valueText(dimension, row.key, speech)
  const apply = (not: boolean): void => change({ filters: toggleAll(filters, dimension, values, not) })
  const bad = errors ? row.count : row.errors
  return (
    <td class="value">
      <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class="all" width={(row.count / most) * 100} height="1" />
        {dimension === 'status' || dimension === 'class' || errors ? null : (
          <rect class="bad" width={(bad / most) * 100} height="1" />
        )}
      </svg>
      <button
        type="button"
        data-item
        class="row-pick"
        aria-pressed={isRowOn(props, row.key)}
        title={`${w.filter.only(name)}. ${w.filter.excludeHint}.`}
        onClick={(e) => apply(e.altKey)}
      >
        <Value dimension={dimension} value={row.key} note={props.note} />
      </button>
      <RowDoors
        dimension={dimension}
        value={row.key}
        name={name}
        filters={only(filters, dimension, ...values)}
        onExclude={() => apply(true)}
      />
    </td>
  )
}

function RowDoors({
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
      <button
        type="button"
        class="quiet square"
        data-side
        tabIndex={-1}
        aria-label={w.filter.exclude(name)}
        title={w.filter.exclude(name)}
        onClick={onExclude}
      >
        <Icon name="ban" />
      </button>
    </span>
  )
}

/** More errors are bad news, more requests are only news. */
function ChangeCell({
  now,
  before,
  isError,
  ranked,
}: {
  now: number
  before: number | undefined
  isError: boolean
  /** by how much, not how many times: what the table is ranked by */
  ranked: boolean
}) {
  const { w, f } = useWords()
  const moved = changeOf(now, before)
  if (moved.kind === 'none') return null
  const tone = !isError || moved.kind === 'same' ? '' : moved.kind === 'down' ? 'good' : 'bad'
  const title = w.tiles.before(f.count(before ?? 0))
  if (ranked)
    return (
      <span class={tone} title={title}>
        {f.signed(now - (before ?? 0))}
      </span>
    )
  if (moved.kind === 'same') return <span title={title}>=</span>
  if (moved.kind === 'new')
    return (
      <span class={tone} title={title}>
        {w.table.fresh}
      </span>
    )
  return (
    <span class={tone} title={title}>
      <span aria-hidden="true">{moved.kind === 'up' ? '▲' : '▼'}</span>{' '}
      <span class="unseen">{moved.kind === 'up' ? w.tiles.up('') : w.tiles.down('')}</span>
      {changeText(moved, f)}
    </span>
  )
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
