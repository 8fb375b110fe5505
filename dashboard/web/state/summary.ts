/** The head figures: asked once for the whole page. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Summary } from '../../../schema/api/reports.js'
import { noAnswer, useAnswer, type Answer } from './api.js'
import { turn } from './clock.js'
import { questionKey, summaryPath, type Asked } from './questions.js'
import { useStore } from './store.js'

export type SummaryAnswer = Answer<Summary, Asked>

export const SummaryContext = createContext<SummaryAnswer>(noAnswer)

/** Where the range itself waits for the extent (`all`), this is the summary of the last day: its extent is all that counts. */
export const useTheSummary = (): SummaryAnswer => useContext(SummaryContext)

export function useSummary(asked: Asked | null): SummaryAnswer {
  const again = useStore(turn)
  return useAnswer<Summary, Asked>(asked ? summaryPath(asked) : 'summary', {
    turn: again,
    subject: asked ? questionKey(asked) : 'extent',
    urgent: true,
    question: asked ?? undefined,
  })
}
