/** What an answer tells of the time that the store holds. Pure. */
import type { Extent } from './range.js'
import type { SummaryAnswer } from './summary.js'

/** Null: nothing is stored, or nothing is known. Of the last day only the answer to that very question tells whether it is quiet. */
export function extentOf({ data, question }: Pick<SummaryAnswer, 'data' | 'question'>): Extent | null {
  const { from, to } = data?.extent ?? { from: null, to: null }
  if (!data || from === null || to === null) return null
  const view = question?.view
  const ofLastDay = view?.range.kind === 'auto' && question?.span.moving && view.filters.length === 0
  return {
    from: Date.parse(from),
    to: Date.parse(to),
    ...(ofLastDay ? { quiet: data.requests === 0 && data.excluded === 0 } : {}),
  }
}
