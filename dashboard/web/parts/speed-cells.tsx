/** Columns of a table that tell how long the answers of each row took: first byte at the edge, and of that at the origin. */
import type { Breakdown } from '../../../schema/api/reports.js'
import { SortBy } from './sort-by.js'
import { useWords } from './words.js'

/** Answers that take longer than this are marked, ms: people notice a second, and leave after some. */
const slowMs = 1_000

export function SpeedHeads({ ranked }: { ranked: boolean }) {
  const { w } = useWords()
  return (
    <>
      {[w.table.edge, w.table.origin].flatMap((who, of) =>
        [w.chart.p50, w.chart.p95].map((which, i) => (
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
      )}
    </>
  )
}

export function SpeedCells({ speed }: { speed: Breakdown['rows'][number]['speed'] }) {
  const { f } = useWords()
  return (
    <>
      {[speed?.timeToFirstByteMs, speed?.originDurationMs].flatMap((measured, who) =>
        (['p50', 'p95'] as const).map((which) => {
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
      )}
    </>
  )
}
