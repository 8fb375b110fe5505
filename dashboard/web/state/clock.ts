/** The minute that relative ranges count from, and the turns of the questions: both move when there is something new. */
import { createStore } from './store.js'

const minute = (): number => Math.ceil(Date.now() / 60_000) * 60_000

export const now = createStore(minute())
/** counts up when everything on screen is to be asked again */
export const turn = createStore(0)
/** the same for what costs the service much (spikes): at most so often while data streams in */
export const slowTurn = createStore(0)

/** the time by which one tells whether figures are still new: moves every few seconds, asks nothing */
export const wallClock = createStore(Date.now())
setInterval(() => wallClock.set(Date.now()), 5_000)

const slowEveryMs = 10_000
let slowAt = -Infinity
let slowTimer: ReturnType<typeof setTimeout> | undefined

/** When what waits for its slower turn was last asked for, by `performance.now`. */
export const slowlyAskedAt = (): number => slowAt

/** Asks now for what waits for its slower turn. */
export function moveSlowly(): void {
  clearTimeout(slowTimer)
  slowTimer = undefined
  slowAt = performance.now()
  slowTurn.set(slowTurn.get() + 1)
}

/** Asks everything on screen again, with the clock of now. `all`: also what else waits for its slower turn. */
export function refresh(all = true): void {
  now.set(minute())
  turn.set(turn.get() + 1)
  const wait = slowAt + slowEveryMs - performance.now()
  if (all || wait <= 0) moveSlowly()
  else slowTimer ??= setTimeout(moveSlowly, wait)
}
