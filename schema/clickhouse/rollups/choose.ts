/** Which time of a question sums answer, and which the records. */
import type { Summed } from '../../store/beside.js'
import { HOUR, MINUTE } from '../../words/duration.js'

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

/** The same of the minutes of hours that are summed up: whole minutes, also of an hour that lies in the range in part. */
export function minutesOf(from: number, to: number, all: readonly Summed[]): Plan {
  const [first, end] = [Math.ceil(from / MINUTE) * MINUTE, Math.floor(to / MINUTE) * MINUTE]
  // a range inside of one minute: the next minute begins after its end
  if (end <= first) return { summed: [], rest: [{ from, to }] }
  const summed = all.filter(({ at }) => (at + 1) * HOUR > first && at * HOUR < end)
  const rest: Plan['rest'] = []
  let done = from
  for (const { at } of summed) {
    const begins = Math.max(first, at * HOUR)
    if (begins > done) rest.push({ from: done, to: begins })
    done = Math.min(end, (at + 1) * HOUR)
  }
  if (done < to) rest.push({ from: done, to })
  return { summed, rest }
}

/** Hours on end are one range, of times in ms. */
export function rangesOf(hours: readonly number[]): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = []
  for (const hour of hours) {
    const before = out[out.length - 1]
    if (before?.to === hour * HOUR) before.to += HOUR
    else out.push({ from: hour * HOUR, to: (hour + 1) * HOUR })
  }
  return out
}

/** So many ranges are compared one by one; beyond, the generation of each hour is looked up in a list. */
const FEW_RANGES = 3
/** A longer list would make a long statement (two years of hours). */
const MOST_LISTED = 20_000

/** The generations that hold, as SQL: those on end that were summed up together are one range. */
export function generationsOf(summed: readonly Summed[], column: 'hour' | 'day'): string {
  const ranges: { first: number; last: number; generation: number }[] = []
  for (const { at, generation } of summed) {
    const before = ranges[ranges.length - 1]
    if (before?.generation === generation && before.last === at - 1) before.last = at
    else ranges.push({ first: at, last: at, generation })
  }
  const [first, last] = [summed[0]?.at ?? 0, summed[summed.length - 1]?.at ?? 0]
  if (ranges.length > FEW_RANGES && last - first < MOST_LISTED) {
    // 0 is no generation
    const all = Array.from({ length: last - first + 1 }, () => 0)
    for (const { at, generation } of summed) all[at - first] = generation
    return `${column} BETWEEN ${first} AND ${last} AND generation = [${all.join(', ')}][${column} - ${first} + 1]`
  }
  return ranges
    .map((range) => `(${column} BETWEEN ${range.first} AND ${range.last} AND generation = ${range.generation})`)
    .join(' OR ')
}
