/** Lines that are each another request: a page of the simulator's export, in which only the RayIDs change. */
import { readFileSync } from 'node:fs'
import type { Export } from '../exports.js'

/** What the flood is made of: two thousand lines with all fields of a job. */
export const PAGE: Export = {
  name: 'flood-page',
  lines: 2_000,
  shape: 'all',
  from: '2026-05-20T12:00:00Z',
  to: '2026-05-20T14:00:00Z',
  seed: 5,
}

export interface Lines {
  /** The lines numbered `first` to `first + count - 1` of the world: line n is the same one whenever it is asked for. */
  take(first: number, count: number): Buffer
}

export function linesOf(path: string): Lines {
  const page = readFileSync(path)
  const text = page.toString('latin1')
  const starts: number[] = []
  const rays: number[] = []
  for (let at = 0; at < text.length; at = text.indexOf('\n', at) + 1) {
    const ray = /"RayID":"[0-9a-f]{16}"/g
    ray.lastIndex = at
    const found = ray.exec(text)
    if (found === null) throw new Error(`${path} has a line without a RayID of 16 digits`)
    starts.push(at)
    rays.push(found.index + '"RayID":"'.length)
  }
  const ends = [...starts.slice(1), page.length]
  return {
    take(first, count) {
      // whole stretches of the page, in which only the ids are written: who sends shares the cores with whom it measures
      let length = 0
      for (let n = first; n < first + count; n++) length += ends[n % starts.length] - starts[n % starts.length]
      const out = Buffer.allocUnsafe(length)
      let filled = 0
      for (let n = first; n < first + count;) {
        const i = n % starts.length
        const last = Math.min(i + first + count - n, starts.length)
        page.copy(out, filled, starts[i], ends[last - 1])
        for (let k = i; k < last; k++, n++) out.write(rayId(n), filled + rays[k] - starts[i], 'latin1')
        filled += ends[last - 1] - starts[i]
      }
      return out
    },
  }
}

export const rayId = (n: number): string => n.toString(16).padStart(16, '0')
