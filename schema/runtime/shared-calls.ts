/**
 * Calls to threads that only answer. They wait here, not there, and whoever asks what somebody waits to have answered gets the
 * same answer: fifty open pages cost as much as one, and no more can wait than there are different questions. No answer is older
 * than its question, since only such are shared that nobody has begun with.
 */
import { serialize } from 'node:v8'
import type { Name, Result, Served, Thread } from './threads.js'

/** What a thread is at, and what it goes on with. */
const PER_THREAD = 2

interface Waiting<S extends Served> {
  start(thread: Thread<S>): Promise<void>
  reject(error: unknown): void
  answer: Promise<unknown>
}

/** `leastBusy` gives the thread that has least to do; where it throws, everybody who waits is told so. */
export function sharedCalls<S extends Served>(leastBusy: () => Thread<S>): Thread<S>['call'] {
  const waiting = new Map<string, Waiting<S>>()

  function goOn(): void {
    try {
      for (const [key, one] of waiting) {
        const thread = leastBusy()
        if (thread.pending >= PER_THREAD) return
        waiting.delete(key)
        void one.start(thread).finally(goOn)
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
  }

  return <N extends Name<S>>(name: N, ...args: Parameters<S[N]>): Promise<Result<S, N>> => {
    const key = `${name} ${serialize(args).toString('latin1')}`
    const same = waiting.get(key)
    // each its own: whoever gets an answer may change it
    if (same) return (same.answer as Promise<Result<S, N>>).then((shared) => structuredClone(shared))
    const { promise: answer, resolve, reject } = withResolvers<Result<S, N>>()
    waiting.set(key, { start: (thread) => thread.call(name, ...args).then(resolve, reject), reject, answer })
    goOn()
    return answer
  }
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
