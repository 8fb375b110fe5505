/** The line of another time on a chart of stacked columns. */
import type { Timeseries } from '../../../schema/api/reports.js'
import { comparisonName } from '../parts/comparison-words.js'
import { valueText } from '../parts/value.js'
import type { Speech } from '../parts/words.js'
import { ERROR_CLASSES } from '../state/dimensions.js'
import type { Asked } from '../state/questions.js'
import type { ChartView } from '../state/url.js'
import type { ChartSeries } from './drawing.js'
import { ghostOf, type Columns } from './series.js'

interface Charted {
  asked: Asked
  answer: Timeseries | null
  view: ChartView
  by: 'class' | 'source'
  ghostKeys?: readonly string[]
}

/** What is at the top of a stack of shares, and was. */
const FAILED: { readonly [B in Charted['by']]: readonly string[] } = {
  class: [...ERROR_CLASSES, 'other'],
  source: ['edge', 'client', 'origin-failure'],
}

export interface Ghost {
  /** as it is drawn */
  line: ChartSeries
  /** requests counted then */
  counts: number[]
  /** what a table tells of it: counts, or shares */
  values: (number | null)[]
  /** the same of one column in words */
  text: (column: number) => string
}

/** Null: nothing is compared. Shares always reach the top: of them it is where failures began, and tells how many they were. */
export function ghostIn(
  { asked, answer, view, by, ghostKeys }: Charted,
  columns: Columns,
  speech: Speech,
): Ghost | null {
  const { w, f } = speech
  const counts = ghostOf(columns, answer, view === 'errors' ? ghostKeys : undefined)
  if (counts === null) return null
  const name = comparisonName(asked, speech)
  const line = { key: 'ghost', token: 'ghost', ghost: true }
  if (view !== 'share')
    return { line: { ...line, name, values: counts }, counts, values: counts, text: (i) => f.count(counts[i]) }
  const failed = ghostOf(columns, answer, FAILED[by]) ?? []
  const shares = counts.map((n, i) => (n > 0 ? failed[i] / n : null))
  const what = by === 'class' ? w.tiles.errors : f.list(FAILED.source.map((key) => valueText('source', key, speech)))
  return {
    line: { ...line, name: `${name}${f.aside(what)}`, values: shares.map((one) => (one === null ? null : 1 - one)) },
    counts,
    values: shares,
    text: (i) => (shares[i] === null ? '–' : f.share(shares[i])),
  }
}
