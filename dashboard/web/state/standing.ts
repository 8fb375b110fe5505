/**
 * What may be said of a range besides its figures. "Nothing unusual" is a claim: it needs an answer that is new, whole,
 * about exactly this question, with a past long enough to know what is usual, and figures that nobody would call bad. Pure.
 */
import { DAY } from '../../../schema/words/duration.js'
import type { Summary } from '../../../schema/api/reports.js'
import { isOutcome } from '../../../schema/words/dimensions.js'
import { redness } from './levels.js'
import type { Asked } from './questions.js'
import type { Span } from './range.js'
import type { KnownSpikes } from './spikes.js'

/** Why nothing is claimed, the first that holds. `calm`: nothing stands against it. */
export type Standing =
  'calm' | 'old' | 'looking' | 'unknown' | 'gone' | 'filtered' | 'few' | 'short' | 'partial' | 'red'

/** With fewer requests than this nobody can call errors unusual, or usual. */
const fewest = 200
/** What is usual shows after the round of a day, ms. */
const shortest = DAY
/** So much of the range must hold data, at its end and in whole: a delivery that stopped hours ago is no quiet. */
const lateMs = 30 * 60_000
/** An answer older than this is one of before, ms: a page that follows live data asks at least every minute. */
const freshMs = 150_000

export interface Told {
  asked: Asked
  summary: Summary
  /** when it came */
  at: number
  spikes: KnownSpikes
  /** the last try to ask again failed, or nobody asks */
  stuck: boolean
  now: number
}

/** Is it known whether there are spikes, or that nobody can tell? */
export const areKnown = ({ list, absent, problem }: KnownSpikes): boolean => list !== null || absent || problem !== null

/** The figures are not of now: what they tell must be told with the time they are from. */
export function isOld({ asked, at, stuck, now }: Pick<Told, 'asked' | 'at' | 'stuck' | 'now'>): boolean {
  return now - at > freshMs || (stuck && asked.span.moving) || (stuck && now - at > freshMs)
}

/** Less than the round of a day lies before the end of the range: what is usual is not known yet. */
export function hasShortPast(summary: Summary, span: Span, now = Date.now()): boolean {
  const from = summary.extent.from === null ? Infinity : Date.parse(summary.extent.from)
  return Math.min(span.to, now) - from < shortest
}

export function standingOf(told: Told): Standing {
  const { asked, summary, spikes, now } = told
  if (isOld(told)) return 'old'
  if (!areKnown(spikes)) return 'looking'
  if (summary.goneBefore !== undefined) return 'gone'
  if (spikes.list === null || spikes.problem !== null || spikes.absent) return 'unknown'
  if (asked.view.filters.length > 0) return 'filtered'
  if (summary.requests < fewest) return 'few'
  const from = summary.extent.from === null ? Infinity : Date.parse(summary.extent.from)
  const to = summary.extent.to === null ? -Infinity : Date.parse(summary.extent.to)
  const end = Math.min(asked.span.to, now)
  if (hasShortPast(summary, asked.span, now)) return 'short'
  if (to < end - Math.max(lateMs, asked.span.stepMs) || from > asked.span.from + Math.max(lateMs, asked.span.stepMs))
    return 'partial'
  if (redness(summary) !== 'calm') return 'red'
  return 'calm'
}

/** `chosen`: by what became of requests; all were looked at */
export type Doubt = 'old' | 'filtered' | 'chosen' | 'gone' | 'few' | 'short'

/** What stands against calling nothing unusual where no spike was found, as far as the figures tell; null: nothing does. */
export function doubtOf(summary: Summary, { span, view }: Asked, now = Date.now()): Doubt | null {
  if (summary.goneBefore !== undefined) return 'gone'
  if (view.filters.length > 0) return view.filters.every((f) => isOutcome(f.dimension)) ? 'chosen' : 'filtered'
  if (summary.requests < fewest) return 'few'
  return hasShortPast(summary, span, now) ? 'short' : null
}
