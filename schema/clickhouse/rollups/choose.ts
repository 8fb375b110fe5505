/** Which time of a question sums answer, and which the records. */
import type { Summed } from '../../store/beside.js'

export interface Plan {
  summed: Summed[]
  /** what is left for the records, in order */
  rest: { from: number; to: number }[]
}

/** Do buckets begin where sums do? The ends aside, where records can be asked. */
export function fits(bounds: Float64Array, width: number): boolean {
  return bounds.subarray(1, -1).every((bound) => bound % width === 0)
}

/** `all`: hours or days (`width`, ms) in ascending order. Those that lie in the range as a whole are taken. */
export function planOf(from: number, to: number, all: readonly Summed[], width: number): Plan {
  const summed = all.filter(({ at }) => at * width >= from && (at + 1) * width <= to)
  const rest: Plan['rest'] = []
  let done = from
  for (const { at } of summed) {
    if (at * width > done) rest.push({ from: done, to: at * width })
    done = (at + 1) * width
  }
  if (done < to) rest.push({ from: done, to })
  return { summed, rest }
}

/** The generations that hold, as SQL: those on end that were summed up together are one range. */
export function generationsOf(summed: readonly Summed[], column: 'hour' | 'day'): string {
  const ranges: { first: number; last: number; generation: number }[] = []
  for (const { at, generation } of summed) {
    const before = ranges[ranges.length - 1]
    if (before?.generation === generation && before.last === at - 1) before.last = at
    else ranges.push({ first: at, last: at, generation })
  }
  return ranges
    .map(({ first, last, generation }) => `(${column} BETWEEN ${first} AND ${last} AND generation = ${generation})`)
    .join(' OR ')
}
