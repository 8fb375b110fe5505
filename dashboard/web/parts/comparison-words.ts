/** What the other window is called: "Yesterday", "The week before", "20 Nov, 14:00–15:00". */
import { windowFrom } from '../state/comparison.js'
import type { Asked } from '../state/questions.js'
import type { Compare } from '../state/url.js'
import type { Speech } from './words.js'

export function compareName(compare: Compare, span: Asked['span'] | null, { w, f }: Speech): string {
  if (typeof compare === 'number') {
    const { from, to } = span ? windowFrom(compare, span) : { from: compare, to: compare }
    return span ? f.interval(from, to) : f.moment(compare)
  }
  if (compare === 'day') return span?.moving ? w.compare.yesterday : w.compare.day
  if (compare === 'week') return span?.moving ? w.compare.lastWeek : w.compare.week
  return compare === 'off' ? w.compare.off : compare === 'auto' ? w.compare.auto : w.compare.previous
}

export const comparisonName = ({ view, span }: Asked, speech: Speech): string => compareName(view.compare, span, speech)
