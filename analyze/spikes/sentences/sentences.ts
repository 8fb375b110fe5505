/** What can be said of a spike; one file per language says it. Figures come formatted by Intl. */
import type { Language } from '../../../schema/languages.js'
import type { Source } from '../../../schema/record.js'
import { en } from './en.js'
import { fr } from './fr.js'
import { zh } from './zh.js'

/** A spike in the pieces a sentence is made of. Times are epoch ms, UTC. */
export interface SpikeFigures {
  start: number
  end: number
  ongoing: boolean
  status: number | null
  statusClass: string
  source: Source | null
  observed: number
  expected: number
  score: number
  /** host and path in one, or null */
  place: string | null
  cause: { title: string; confidence: number } | null
}

export interface SpikeSentences {
  summary(figures: SpikeFigures): string
  /** "96 % carry SecuritySources = firewallManaged (before: 41 %)" */
  carries(share: number, field: string, value: string, before: number): string
  /** records that match all conditions of a cause that names no single value */
  fits(share: number, before: number): string
  /** the trend of the other answers, with the figures that decided */
  slower(measure: string, now: number, before: number, ratio: number): string
  notSlower(measure: string, now: number, before: number): string
  trendUnknown(): string
  /** no record speaks for any cause */
  noEvidence(): string
  /** the export lacks fields that would tell */
  missing(fields: string[]): string
  /** a Worker's sub-requests */
  subRequests(share: number, status: string, before: number): string
}

export const SENTENCES: { [lang in Language]: SpikeSentences } = { en, fr, zh }
