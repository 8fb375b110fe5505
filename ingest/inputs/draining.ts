/** A fetching input for the command line: all that there is now, and no longer. */
import type { InputName } from '../../schema/words/inputs.js'
import { FetchError, type FetchingInput } from './input.js'
import { Job, retryAfter, type JobHouse } from './job.js'

export interface DrainHouse extends JobHouse {
  /** trouble that may pass, and how long is waited, ms */
  onTrouble?(error: FetchError, ms: number): void
}

/** Failures in a row that are borne; then whoever called is told. */
const MOST_FAILURES = 8

/**
 * Resolves when nothing more is to be had now. Rejects where trouble lasts; what was taken is remembered, and a second call
 * goes on from there. `once`: the job is no series, so that its end is forgotten and it can be done again.
 */
export async function drain(
  name: InputName,
  input: FetchingInput,
  settings: unknown,
  house: DrainHouse,
  once: boolean,
): Promise<void> {
  const { signal } = new AbortController()
  const job = new Job(name, input, settings, house, signal)
  let failures = 0
  for (;;) {
    try {
      const { ms, doing } = await job.round()
      failures = 0
      house.onProgress?.(doing)
      if (ms > 0) break
    } catch (error) {
      if (!(error instanceof FetchError) || error.lasting || ++failures >= MOST_FAILURES) throw error
      const ms = retryAfter(error, failures, house.random)
      house.onTrouble?.(error, ms)
      await house.clock.wait(ms, signal)
    }
  }
  if (once) await job.forget()
}
