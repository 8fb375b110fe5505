/**
 * Which window comes next. Logpull's windows go by the time at which Cloudflare received a record: those that touch never
 * overlap and never miss, and what a finished one holds does not change
 * (https://developers.cloudflare.com/logs/logpull/understanding-the-basics/).
 */
import type { Doing } from '../../../schema/words/doing.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../../schema/words/duration.js'
import { iso } from '../../../schema/words/iso.js'

/** A request may ask for no more (docs: one hour), and need not ask for less (docs: down to 15 seconds). */
export const LONGEST_WINDOW = HOUR
export const SHORTEST_WINDOW = 15 * SECOND
/** Docs: a window ends at least one minute before now; the rest is for clocks and the way. */
export const NEWEST = MINUTE + 30 * SECOND
/** Docs: it begins at most seven days before now; the rest is for what passes until the question is there. */
const OLDEST = 7 * DAY - 10 * MINUTE

/** Stretches that could not be had any more, remembered of each job. */
const MOST_LOST = 10

/** Where a job stands; rests as its checkpoint. Times are epoch ms, whole seconds. */
export interface Progress {
  /** all that Cloudflare received before this is stored */
  received: number
  /** how much to ask for at once, ms: grows while that is quick, shrinks where an answer broke off */
  span: number
  /** what was older than Logpull keeps when it was its turn, `[from, to]` */
  lost: [number, number][]
}

export interface Span {
  from: number
  to: number
}

export interface Limits {
  /** of Cloudflare's clock */
  now: number
  /** usual length of a window, ms; windows end at its multiples */
  step: number
  /** where the job ends; null: never */
  end: number | null
}

/** Goes past what is no longer to be had. */
export function withinReach(progress: Progress, oldest: number): Progress {
  if (progress.received >= oldest) return progress
  const lost: [number, number] = [progress.received, oldest]
  return { ...progress, received: oldest, lost: [...progress.lost, lost].slice(-MOST_LOST) }
}

/** The first moment that can still be asked for. */
export const oldestAt = (now: number) => Math.ceil((now - OLDEST) / MINUTE) * MINUTE

/** The next window, or how long until there is one, ms. */
export function nextWindow({ received, span }: Progress, { now, step, end }: Limits): Span | { wait: number } {
  const newest = now - NEWEST
  const edge = Math.floor(newest / step) * step
  const last = end === null ? edge : end <= newest ? end : Math.min(end, edge)
  if (received < last) return { from: received, to: Math.min(last, received + span) }
  if (end !== null && received >= end) return { wait: DAY }
  const next = Math.min(end ?? Infinity, (Math.floor(received / step) + 1) * step)
  return { wait: Math.max(SECOND, next - newest) }
}

/** How an answer went. */
export interface Answered {
  lines: number
  /** ms */
  took: number
}

/** Docs: an answer has room for 10 GiB or about 15 million records and for 10 minutes; this is far below. */
const MANY_LINES = 3_000_000
const QUICK = 30 * SECOND
const SLOW = 5 * MINUTE

export function afterWindow(progress: Progress, { to }: Span, { lines, took }: Answered, step: number): Progress {
  const grown = lines < MANY_LINES && took < QUICK ? progress.span * 2 : progress.span
  const span = took > SLOW ? progress.span / 2 : grown
  return { ...progress, received: to, span: spanWithin(span, step) }
}

/** Less is asked for after an answer that broke off. */
export const afterBreak = (progress: Progress): Progress => ({ ...progress, span: spanWithin(progress.span / 2, 0) })

const spanWithin = (span: number, least: number) =>
  Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, least, Math.floor(span / SECOND) * SECOND))

/** What is to do yet, and what could not be done. */
export function doingOf(progress: Progress, { now, end }: Limits): Doing {
  const left = Math.min(end ?? Infinity, now - NEWEST) - progress.received
  const lost = progress.lost.at(-1)
  return {
    code: 'pulled',
    receivedTo: iso(progress.received),
    behindMs: left > 2 * MINUTE ? Math.floor(left / MINUTE) * MINUTE : 0,
    lost: lost === undefined ? null : { from: iso(lost[0]), to: iso(lost[1]) },
  }
}

/** Logpull takes whole seconds. */
export const shortIso = (ms: number) => iso(ms).replace('.000Z', 'Z')
