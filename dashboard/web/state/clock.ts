/** The minute that relative ranges count from, and the turn of the questions: both move when there is something new. */
import { createStore } from './store.js'

const minute = (): number => Math.ceil(Date.now() / 60_000) * 60_000

export const now = createStore(minute())
export const turn = createStore(0)

/** Asks everything on screen again, with the clock of now. */
export function refresh(): void {
  now.set(minute())
  turn.set(turn.get() + 1)
}
