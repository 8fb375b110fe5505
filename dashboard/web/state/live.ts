/** Server-sent events: new data moves the figures, at most once a second; an upload's progress goes to its row. */
import type { BatchReport } from '../../../schema/api/batches.js'
import { isAsking, reachable } from './api.js'
import { refresh } from './clock.js'
import { createStore } from './store.js'

/** `off`: the reader stopped it. `absent`: this service has no stream. */
export type LiveState = 'off' | 'connecting' | 'on' | 'lost' | 'absent'

export const live = createStore<LiveState>('connecting')
export const batchProgress = createStore<(Partial<BatchReport> & { id: string }) | null>(null)
/** counts up with every change of spikes or alerts */
export const noticed = createStore(0)

const everyMs = 1000
/** how soon to look again whether the answers of before have come */
const busyMs = 200
let source: EventSource | null = null
let pending: ReturnType<typeof setTimeout> | undefined
let last = 0

function soon(): void {
  if (pending !== undefined || document.hidden) {
    missed = document.hidden
    return
  }
  pending = setTimeout(askAgain, Math.max(0, last + everyMs - Date.now()))
}

function askAgain(): void {
  if (isAsking()) {
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
    if (live.get() === 'lost') {
      soon()
      noticed.set(noticed.get() + 1)
    }
    everOpen = true
    live.set('on')
  }
  source.onerror = () => {
    const refused = source?.readyState === EventSource.CLOSED
    live.set(refused && !everOpen ? 'absent' : 'lost')
    // the browser tries again by itself only while the connection is not refused
    if (refused && everOpen) setTimeout(() => source !== null && open(), 3000)
  }
  source.addEventListener('data', soon)
  source.addEventListener('batch', (event) => {
    const report = parse(event)
    if (typeof report === 'object' && report !== null && 'id' in report) batchProgress.set(report as BatchReport)
  })
  for (const name of ['spikes', 'alerts']) source.addEventListener(name, () => noticed.set(noticed.get() + 1))
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
