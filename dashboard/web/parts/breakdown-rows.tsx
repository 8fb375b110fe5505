/** A table of values: bars behind them, counts, shares, how they moved. Each row is a filter. */
import type { Breakdown } from '../../../schema/api/reports.js'
import { useStatusTitles } from '../state/catalogue.js'
import { comparedOf } from '../state/comparison.js'
import { isOn, only, toggleAll } from '../state/filters.js'
import type { Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { useRuleNames } from '../state/rule-names.js'
import { useTheSummary } from '../state/summary.js'
import { dimensionOfTab, labelOfTab, valuesOfRow, type Tab } from '../state/tabs.js'
import type { Sort } from '../state/url.js'
import { ChangeCell } from './change-cell.js'
import { onArrows } from './popover.js'
import { RowDoors } from './row-doors.js'
import { SortBy } from './sort-by.js'
import { SpeedCells, SpeedHeads } from './speed-cells.js'
import { Value, valueText } from './value.js'
import { useWords } from './words.js'

/** Rows shown at first. */
export const few = 10

export interface RowsProps {
  data: Breakdown | null
  loading: boolean
  /** nothing comes: the problem stands above */
  refused: boolean
  tab: Tab
  asked: Asked
  errors: boolean
  sort: Sort
}

export function BreakdownRows(props: RowsProps) {
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
