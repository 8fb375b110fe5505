/** Server-sent events: new data moves the figures, at most once a second; an upload's progress goes to its row. */
import type { BatchReport } from '../../../schema/api/batches.js'
import { isAsking, reachable } from './api.js'
import { moveSlowly, refresh, slowlyAskedAt } from './clock.js'
import { createStore } from './store.js'

/** `off`: the reader stopped it. `absent`: this service has no stream. */
export type LiveState = 'off' | 'connecting' | 'on' | 'lost' | 'absent'

export const live = createStore<LiveState>('connecting')
export const batchProgress = createStore<(Partial<BatchReport> & { id: string }) | null>(null)
/** counts up with every change of alerts */
export const noticed = createStore(0)

const everyMs = 1000
/** how soon to look again whether the answers of before have come */
const busyMs = 200
let source: EventSource | null = null
let pending: ReturnType<typeof setTimeout> | undefined
let last = 0
/** when data was last told of, by `performance.now` */
let dataAt = -Infinity
/** the batch whose end was heard of here, and until when the service's word of it is no news, by `performance.now` */
let heard: { batch: string; until: number } | null = null

function soon(): void {
  if (pending !== undefined || document.hidden) {
    missed = document.hidden
    return
  }
  pending = setTimeout(askAgain, Math.max(0, last + everyMs - Date.now()))
}

/** until when an upload of this page is expected to end, by `performance.now`: what it brought is asked for then */
let endsBy = -Infinity
const endsWithinMs = 3_000

/** All bytes of an upload have left: what the stream tells meanwhile waits a little, or it would be asked for twice. */
export function endsSoon(): void {
  endsBy = performance.now() + endsWithinMs
}

/** So long after an answer the service's word of the same may be on its way, ms. */
const wordMs = 2_000

/** Asks everything again at once: an upload of this page has ended, its batch is `batch`. What the stream says of it is not asked for twice. */
export function arrived(batch: string | null): void {
  heard = batch === null ? null : { batch, until: performance.now() + wordMs }
  askEverything()
}

function askEverything(): void {
  endsBy = -Infinity
  clearTimeout(pending)
  pending = undefined
  last = Date.now()
  refresh()
}

function askAgain(): void {
  if (isAsking() || performance.now() < endsBy) {
    pending = setTimeout(askAgain, busyMs)
    return
  }
  pending = undefined
  last = Date.now()
  refresh(false)
}

let missed = false
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && missed) soon()
})

function parse(event: MessageEvent<string>): unknown {
  try {
    return JSON.parse(event.data)
  } catch {
    return null
  }
}

function open(): void {
  live.set('connecting')
  let everOpen = false
  source = new EventSource('/api/v1/stream')
  source.onopen = () => {
    // what was said meanwhile was said to nobody
    const wasLost = live.get() === 'lost'
    everOpen = true
    live.set('on')
    if (wasLost) {
      askEverything()
      noticed.set(noticed.get() + 1)
    }
  }
  source.onerror = () => {
    const refused = source?.readyState === EventSource.CLOSED
    live.set(refused && !everOpen ? 'absent' : 'lost')
    // the browser tries again by itself only while the connection is not refused
    if (refused && everOpen) setTimeout(() => source !== null && open(), 3000)
  }
  source.addEventListener('data', (event) => {
    const told = parse(event) as { batch?: string | null } | null
    const at = performance.now()
    if (heard !== null && told?.batch === heard.batch && at < heard.until) return
    dataAt = at
    soon()
  })
  source.addEventListener('batch', (event) => {
    const report = parse(event)
    if (typeof report === 'object' && report !== null && 'id' in report) batchProgress.set(report as BatchReport)
  })
  // an answer that was asked for after the last data tells already what this is about
  source.addEventListener('spikes', () => dataAt >= slowlyAskedAt() && moveSlowly())
  source.addEventListener('alerts', () => noticed.set(noticed.get() + 1))
}

/** Without an answer everything is asked again after a while, the stream too. */
reachable.watch((ok) => {
  if (!ok) setTimeout(() => refresh(), 5000)
})

/** Relative ranges move on even when no data comes. */
setInterval(() => {
  if (live.get() === 'on' && !document.hidden) soon()
}, 60_000)

export function setLive(on: boolean): void {
  if (on === (source !== null)) {
    // a page that was opened with it switched off never tried
    if (!on) live.set('off')
    return
  }
  source?.close()
  source = null
  if (on) open()
  else live.set('off')
}
