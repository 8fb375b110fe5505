/** The head figures: asked once for the whole page. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Summary } from '../../../schema/api/reports.js'
import { useAnswer, type Answer } from './api.js'
import { turn } from './clock.js'
import { summaryPath, type Asked } from './questions.js'
import { useStore } from './store.js'

export const SummaryContext = createContext<Answer<Summary>>({ data: null, problem: null, loading: true, path: null })

export const useTheSummary = (): Answer<Summary> => useContext(SummaryContext)

/** Where the range itself waits for the extent (`all`), the summary of nothing but the last day brings it. */
export function useSummary(asked: Asked | null): Answer<Summary> {
  const again = useStore(turn)
  return useAnswer<Summary>(asked ? summaryPath(asked) : 'summary', again, 'summary', true)
}
