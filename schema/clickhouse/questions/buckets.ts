/** Buckets of time in SQL: a number for each bound's place, found by halving. */

export interface Buckets {
  /** the bucket as the engine says it */
  sql: string
  /** that, as a number from 0 */
  indexOf: (said: number) => number
}

export function bucketsOf(bounds: Float64Array): Buckets {
  const first = bounds[0]
  const width = bounds[1] - first
  if (bounds.length === 2) return { sql: '0', indexOf: () => 0 }
  if (Number.isInteger(first) && Number.isInteger(width) && bounds.every((bound, i) => bound === first + i * width))
    return { sql: `intDiv(time - ${first}, ${width})`, indexOf: (said) => said }
  // a time belongs to the last bound that is not after it
  const starts = [...bounds.subarray(0, -1)].map(Math.ceil)
  const places = new Map(starts.map((start, i) => [start, i]))
  return {
    sql: `roundDown(time, [${starts.map((start) => `toInt64(${start})`).join(', ')}])`,
    indexOf: (said) => places.get(said) as number,
  }
}
