/** A day of simulated logs up to now, for a first look: three incidents, some noise, nothing from outside. */
import { simulate } from './simulate/index.js'

export async function* demoLogs(now: number): AsyncGenerator<Uint8Array> {
  const to = Math.floor(now / 60_000) * 60_000
  const simulation = simulate({ seed: 4711, from: to - 24 * 3_600_000, to, preset: 'demo' } as never)
  yield* simulation.chunks()
}
