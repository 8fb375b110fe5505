/**
 * What threads serve, served by the thread that asks. A command that asks its questions and ends has nobody else to serve: threads
 * would cost it a heap, compiled code and caches each.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { Moved, type Name, type Served, type Thread } from './threads.js'

/** Calls wait for a turn each, so that a signal is heard between two of them. What moves between threads is given as it is. */
export function onThisThread<S extends Served>(functions: S): Pick<Thread<S>, 'call'> {
  return {
    async call<N extends Name<S>>(name: N, ...args: Parameters<S[N]>) {
      await turn()
      const value: unknown = await functions[name](...args)
      return (value instanceof Moved ? value.value : value) as never
    },
  }
}
