/** Columns of a table that tell how long the answers of each row took: first byte at the edge, and of that at the origin. */
import type { Breakdown } from '../../../schema/api/reports.js'
import { changeOf, changeText } from '../state/change.js'
import { SortBy } from './sort-by.js'
import { useWords } from './words.js'

/** Answers that take longer than this are marked, ms: people notice a second, and leave after some. */
const slowMs = 1_000
/** Percentiles are measured in steps, and those of some dozens of requests move by chance. */
const sameSpeedWithin = 0.1
const fewestTimes = 20

type Row = Breakdown['rows'][number]

export function SpeedHeads({ ranked, compare }: { ranked: boolean; compare: boolean }) {
  const { w } = useWords()
  return (
    <>
      {[w.table.edge, w.table.origin].flatMap((who, of) => [
        ...[w.chart.p50, w.chart.p95].map((which, i) => (
          <th
            key={`${who} ${which}`}
            scope="col"
            class={`number speed ${i === 0 ? 'median' : ''}`}
            title={w.table.speedHint}
            aria-sort={ranked && of === 0 && i === 1 ? 'descending' : undefined}
          >
            <SortBy by="p95" on={ranked} can={of === 0 && i === 1}>
              {who} <span class="which">{which}</span>
            </SortBy>
          </th>
        )),
        ...(compare && of === 0
          ? [
              <th key="change" scope="col" class="number speed change" title={w.table.speedChange}>
                {w.table.change}
              </th>,
            ]
          : []),
      ])}
    </>
  )
}

/** `before`: the same value in the other window; `compare`: whether there is one. */
export function SpeedCells({ row, compare, before }: { row: Row; compare: boolean; before: Row | undefined }) {
  const { f } = useWords()
  const { speed } = row
  return (
    <>
      {[speed?.timeToFirstByteMs, speed?.originDurationMs].flatMap((measured, who) => [
        ...(['p50', 'p95'] as const).map((which) => {
          const ms = measured?.[which] ?? null
          return (
            <td
              key={`${who} ${which}`}
              class={`number speed ${which === 'p50' ? 'median' : ''} ${ms !== null && ms >= slowMs ? 'bad' : ''}`}
            >
              {ms === null ? '–' : f.millis(ms)}
            </td>
          )
        }),
        ...(compare && who === 0
          ? [
              <td key="change" class="number speed change">
                <SpeedChange row={row} before={before} />
              </td>,
            ]
          : []),
      ])}
    </>
  )
}

/** How the first byte's tail moved; nothing where one of the two has too few requests to tell. */
function SpeedChange({ row, before }: { row: Row; before: Row | undefined }) {
  const { w, f } = useWords()
  const [now, then] = [row, before].map((one) =>
    one && one.count >= fewestTimes ? (one.speed?.timeToFirstByteMs.p95 ?? null) : null,
  )
  if (now === null || then === null) return null
  const moved = changeOf(now, then)
  const title = w.tiles.before(f.millis(then))
  if (moved.kind === 'none' || moved.kind === 'new') return null
  if (moved.kind === 'same' || Math.abs(moved.ratio - 1) < sameSpeedWithin) return <span title={title}>=</span>
  return (
    <span class={moved.kind === 'down' ? 'good' : now >= slowMs ? 'bad' : ''} title={title}>
      <span aria-hidden="true">{moved.kind === 'up' ? '▲' : '▼'}</span>{' '}
      <span class="unseen">{moved.kind === 'up' ? w.tiles.up('') : w.tiles.down('')}</span>
      {changeText(moved, f)}
    </span>
  )
}
