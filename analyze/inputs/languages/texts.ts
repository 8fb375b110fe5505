/** The shape of a language's advice. */
import type { AdviceId } from '../../../schema/api/inputs.js'
import type { RejectionReason } from '../../../schema/words/rejections.js'

/** So many names stand in a symptom; all of them are listed below it. */
export const FEW = 4

/** What the texts are made of. Times are epoch ms. */
export interface AdviceFacts {
  sender: 'logpush' | 'folder' | 'other'
  since: number
  until: number | null
  /** as the input says it */
  problem: string
  silentSince: number
  everyMs: number | null
  gaps: readonly { from: number; to: number }[]
  lagP95: number
  aheadMs: number
  batches: number
  retries: number
  duplicates: number
  duplicateShare: number
  rejected: number
  rejectedShare: number
  /** the most frequent reasons first */
  reasons: readonly RejectionReason[]
  interrupted: number
  fields: readonly string[]
}

export interface AdviceText {
  symptom: string
  cause: string
  todo: string
}

export type AdviceTexts = { readonly [A in AdviceId]: (facts: AdviceFacts) => AdviceText }
