/** A day of simulated logs up to now, for a first look: three incidents, some noise, nothing from outside. */
import { demoOptions, simulate } from './simulate/index.js'

export async function* demoLogs(now: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of simulate(demoOptions(now)).chunks()) {
    yield chunk
    // making lines is work for this thread: let the requests that wait have it in between
    await new Promise((resolve) => setImmediate(resolve))
  }
}
