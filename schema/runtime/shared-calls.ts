/**
 * Calls to threads that only answer. They wait here, not there, and whoever asks what somebody waits to have answered gets the
 * same answer: fifty open pages cost as much as one, and no more can wait than there are different questions. No answer is older
 * than its question, since only such are shared that nobody has begun with.
 */
import { serialize } from 'node:v8'
import type { Name, Result, Served, Thread } from './threads.js'

interface Waiting<S extends Served> {
  lane: Lane
  start(thread: Thread<S>): Promise<void>
  reject(error: unknown): void
  answer: Promise<unknown>
}

/** `prompt`: somebody looks at a page. `patient`: what is found in the background; it never stands before the others. */
export type Lane = 'prompt' | 'patient'

export type SharedCalls<S extends Served> = { [lane in Lane]: Thread<S>['call'] }

/** `freeFor` gives a thread that can take a call of the lane now, or null; where it throws, everybody who waits is told so. */
export function sharedCalls<S extends Served>(freeFor: (lane: Lane) => Thread<S> | null): SharedCalls<S> {
  const waiting = new Map<string, Waiting<S>>()

  function goOn(): void {
    const full = new Set<Lane>()
    try {
      for (const [key, one] of waiting) {
        if (full.has(one.lane)) continue
        const thread = freeFor(one.lane)
        if (thread === null) {
          full.add(one.lane)
          continue
        }
        waiting.delete(key)
        void one.start(thread).finally(goOn)
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
  }

  const asking =
    (lane: Lane): Thread<S>['call'] =>
    <N extends Name<S>>(name: N, ...args: Parameters<S[N]>): Promise<Result<S, N>> => {
      const key = `${lane} ${name} ${serialize(args).toString('latin1')}`
      const same = waiting.get(key)
      // each its own: whoever gets an answer may change it
      if (same) return (same.answer as Promise<Result<S, N>>).then((shared) => structuredClone(shared))
      const { promise: answer, resolve, reject } = withResolvers<Result<S, N>>()
      waiting.set(key, { lane, start: (thread) => thread.call(name, ...args).then(resolve, reject), reject, answer })
      goOn()
      return answer
    }
  return { prompt: asking('prompt'), patient: asking('patient') }
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}
