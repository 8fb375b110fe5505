/** Which of some threads takes which call: those of people never wait behind a long one of the background. */
import type { Lane } from './shared-calls.js'
import type { Served, Thread } from './threads.js'

/** What a thread is at, and what it goes on with. */
const PER_THREAD = 2
/** While people ask, the first thread is kept for them; when nobody has for so long, the background has all threads. */
const KEPT_FREE_MS = 1_000

/**
 * Prompt calls take the first idle thread, or stand next on the first one, which is theirs. Patient calls take the others, one each;
 * the first one as well while nobody asks anything.
 */
export function lanes<S extends Served>(
  threads: () => readonly Thread<S>[],
  now: () => number = () => performance.now(),
): (lane: Lane) => Thread<S> | null {
  let lastPrompt = -Infinity
  return (lane) => {
    const [first, ...others] = threads()
    if (lane === 'prompt') {
      lastPrompt = now()
      return [first, ...others].find(({ pending }) => pending === 0) ?? (first.pending < PER_THREAD ? first : null)
    }
    const nobodyAsks = now() - lastPrompt > KEPT_FREE_MS
    return [...others, ...(nobodyAsks ? [first] : [])].find(({ pending }) => pending === 0) ?? null
  }
}
