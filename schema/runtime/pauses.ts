/**
 * Pauses in long work on the thread that answers everybody: what one sender's bytes take must not keep all others waiting. Whoever
 * works in pieces asks between two of them whether this turn of the event loop has lasted long enough, and goes on in a later one.
 */

/** Work of one turn, ms: then whoever waits for an answer has his turn. */
const MOST_MS = 8

export interface Pauses {
  /** Has this turn lasted long enough? To be asked before the work as well: so it is known when it began. */
  readonly isDue: boolean
  /** Resolves in a later turn. Those who wait go on one a turn, in the order in which they came. */
  pause(): Promise<void>
}

export function createPauses(
  now: () => number = () => performance.now(),
  nextTurn: (go: () => void) => void = setImmediate,
  mostMs = MOST_MS,
): Pauses {
  const waiting: (() => void)[] = []
  /** when the work of this turn began; null: nobody has worked in it */
  let begun: number | null = null

  function begin(): number {
    nextTurn(() => {
      begun = null
      const next = waiting.shift()
      if (next === undefined) return
      begun = begin()
      next()
    })
    return now()
  }

  return {
    get isDue() {
      begun ??= begin()
      return now() - begun >= mostMs
    },
    pause: () =>
      new Promise((resolve) => {
        begun ??= begin()
        waiting.push(resolve)
      }),
  }
}

/** Of this thread. */
export const pauses = createPauses()
