/**
 * Up to which event time are logs complete? Wall time less the delay with which an input delivers, learned from what
 * arrived. Only inputs that deliver what happens now count: history that somebody uploads is no news.
 */
import type { BatchReport } from '../../../schema/api/batches.js'
import type { Page } from '../../../schema/store/paging.js'
import type { Reports } from '../../../schema/store/ledger/reports.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../../schema/words/duration.js'
import { isLiveInput } from '../../../schema/words/inputs.js'
import { floorMinute } from '../signals/minutes.js'

export interface DelaySettings {
  /** ms; null: learned */
  fixedMs: number | null
  /** bounds of what is learned, and what holds until enough is known */
  leastMs: number
  mostMs: number
  initialMs: number
}

/** Logpush takes under a minute plus processing, 1 to 5 minutes end to end (fact sheet, section 3). */
export const DEFAULT_DELAY: DelaySettings = {
  fixedMs: null,
  leastMs: 30 * SECOND,
  mostMs: 30 * MINUTE,
  initialMs: 5 * MINUTE,
}

/** Uploads count as live if their last event is this fresh when they arrive … */
const FRESH_MS = 15 * MINUTE
/** … and they hold no more than this: a day's file that ends now is still history. */
const SHORT_MS = 2 * HOUR
/** An input that has been silent for longer delivers no more. */
const FORGET_MS = 7 * DAY
/** Arrivals that are remembered per input; with fewer than FEWEST nothing is learned. */
const MOST = 60
const FEWEST = 5
/** A straggler now and then is late data, not the pace. */
const QUANTILE = 0.9
const SAFETY = 1.25

export interface InputArrivals {
  /** ages of the oldest event of each batch when it came, ms */
  ages: number[]
  /** latest event time, and wall time of the last arrival */
  frontier: number
  lastAt: number
}

/** What is remembered of arrivals, between evaluations and over restarts. */
export interface Arrivals {
  /** the newest batches that were looked at, a page of them */
  seen: { id: string; receivedAt: number }[]
  /** batches that were still open then: they are looked at again */
  open: string[]
  inputs: { [input: string]: InputArrivals }
}

export const NO_ARRIVALS: Arrivals = { seen: [], open: [], inputs: {} }

/** As they were kept; what an older Faultline kept knew batches by number, and is learned again. */
export function keptArrivals(text: string | undefined): Arrivals {
  const kept = text === undefined ? NO_ARRIVALS : (JSON.parse(text) as Arrivals)
  return Array.isArray(kept.seen) ? kept : NO_ARRIVALS
}

/** Does the batch bring what happens now? */
export function isLive(batch: Pick<BatchReport, 'input' | 'state' | 'from' | 'to' | 'receivedAt'>): boolean {
  if (batch.from === null || batch.to === null) return false
  if (isLiveInput(batch.input)) return true
  const [from, to, at] = [batch.from, batch.to, batch.receivedAt].map((text) => Date.parse(text))
  // a log that is followed: its batch stays open, and brings what happened since it was opened
  if (batch.state === 'open' && to >= at) return true
  return at - to <= FRESH_MS && to - from <= SHORT_MS
}

const PAGE = 50
const MOST_PAGES = 10

/** Reads the batches that came since, and those that were open. */
export async function readArrivals(reports: Reports, known: Arrivals, now: number): Promise<Arrivals> {
  const seen = new Set(known.seen.map(({ id }) => id))
  // where all that were seen have been deleted only the time is left to tell
  const oldest = known.seen.length < PAGE ? -Infinity : Math.min(...known.seen.map(({ receivedAt }) => receivedAt))
  const fresh: BatchReport[] = []
  for (let after: string | null = null, pages = 0; pages < MOST_PAGES; pages++) {
    const { items, next }: Page<BatchReport> = await reports.page({ limit: PAGE, after })
    const unseen = items.filter((batch) => !seen.has(batch.id) && Date.parse(batch.receivedAt) >= oldest)
    fresh.push(...unseen)
    if (next === null || unseen.length < items.length) break
    after = next
  }
  const open = await Promise.all(known.open.map((id) => reports.get(id)))
  return countArrivals([...open.filter((batch) => batch !== null), ...fresh.reverse()], known, now)
}

/** `batches`: oldest first. One that is still open moves the frontier, and is learned from when it is complete. */
export function countArrivals(batches: readonly BatchReport[], known: Arrivals, now: number): Arrivals {
  const inputs: Arrivals['inputs'] = Object.fromEntries(
    Object.entries(known.inputs)
      .filter(([, input]) => now - input.lastAt < FORGET_MS)
      .map(([name, input]) => [name, { ...input, ages: [...input.ages] }]),
  )
  const open: string[] = []
  for (const batch of batches) {
    if (batch.state === 'open') open.push(batch.id)
    if (!isLive(batch)) continue
    const receivedAt = Date.parse(batch.receivedAt)
    const to = Date.parse(batch.to as string)
    const input = (inputs[batch.input] ??= { ages: [], frontier: 0, lastAt: receivedAt })
    // an event from the future is a wrong clock, not news of tomorrow
    input.frontier = Math.max(input.frontier, Math.min(to, Math.max(receivedAt, now)))
    input.lastAt = Math.max(input.lastAt, receivedAt, batch.state === 'open' ? Math.min(to, now) : 0)
    if (batch.state === 'open') continue
    input.ages = [...input.ages, Math.max(0, receivedAt - Date.parse(batch.from as string))].slice(-MOST)
  }
  return { seen: newestOf(batches, known.seen), open, inputs }
}

function newestOf(batches: readonly BatchReport[], seen: Arrivals['seen']): Arrivals['seen'] {
  const all = new Map(seen.map(({ id, receivedAt }) => [id, receivedAt]))
  for (const { id, receivedAt } of batches) all.set(id, Date.parse(receivedAt))
  return [...all]
    .map(([id, receivedAt]) => ({ id, receivedAt }))
    .sort((a, b) => b.receivedAt - a.receivedAt)
    .slice(0, PAGE)
}

export interface Delay {
  input: string
  ms: number
  learned: boolean
  lastAt: number
}

export function delaysOf(arrivals: Arrivals, settings: DelaySettings): Delay[] {
  return Object.entries(arrivals.inputs).map(([input, { ages, lastAt }]) => {
    if (settings.fixedMs !== null) return { input, ms: settings.fixedMs, learned: false, lastAt }
    if (ages.length < FEWEST) return { input, ms: settings.initialMs, learned: false, lastAt }
    const sorted = [...ages].sort((a, b) => a - b)
    const usual = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * QUANTILE))]
    return { input, ms: Math.min(settings.mostMs, Math.max(settings.leastMs, usual * SAFETY)), learned: true, lastAt }
  })
}

/**
 * Streams are waited for, and what people upload beside them is not: its hour-old events would hold up the alerts of
 * everything else. Nor is a stream that fell silent while another goes on.
 */
function waitedFor(delays: readonly Delay[], now: number): readonly Delay[] {
  const streams = delays.filter(({ input }) => isLiveInput(input))
  const inputs = streams.length > 0 ? streams : delays
  const lively = inputs.filter(({ lastAt }) => now - lastAt < HOUR)
  return lively.length > 0 ? lively : inputs
}

export interface Watermark {
  /** event time, whole minutes; null: no live logs, nothing to evaluate */
  at: number | null
  /** latest event time of live logs; what comes after it may still come */
  frontier: number | null
}

/** Never behind `previous`: what was evaluated as complete stays so, and a clock that is set back changes nothing. */
export function watermarkOf(
  arrivals: Arrivals,
  now: number,
  settings: DelaySettings,
  previous: number | null,
): Watermark {
  const inputs = Object.values(arrivals.inputs)
  if (inputs.length === 0) return { at: null, frontier: null }
  const slowest = Math.max(...waitedFor(delaysOf(arrivals, settings), now).map((delay) => delay.ms))
  return {
    at: Math.max(floorMinute(now - slowest), previous ?? 0),
    frontier: Math.max(...inputs.map((input) => input.frontier)),
  }
}
