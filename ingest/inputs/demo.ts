/** A day of simulated logs up to now, for a first look: three incidents, some noise, nothing from outside. */
import type { OpenedInput } from './input.js'
import { demoOptions, simulate as begin } from './simulate/index.js'

export const simulate: OpenedInput = {
  kind: 'opened',
  open: async () => ({ name: 'demo', size: null, bytes: demoLogs(Date.now()), regular: false }),
}

async function* demoLogs(now: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of begin(demoOptions(now)).chunks()) {
    yield chunk
    // making lines is work for this thread: let the requests that wait have it in between
    await new Promise((resolve) => setImmediate(resolve))
  }
}
