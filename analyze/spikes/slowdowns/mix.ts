/**
 * Other answers, or slower ones? A nightly job that asks for slow things makes a host slower on paper while nothing about it is: what
 * was asked for before, and whoever asked before, is served as fast as ever.
 */
import type { Filter, PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { HOUR } from '../../../schema/words/duration.js'
import type { TimeRange } from '../sample.js'
import { ANSWERED } from './cells.js'

/** The time compared with, and how many of the busiest paths are. */
const BEFORE_MS = 6 * HOUR
const MOST_PATHS = 30
/** A path with fewer answers on a side tells nothing; paths with fewer together leave it open. */
const LEAST_OF_PATH = 8
const LEAST_TOLD = 30
/** As fast as ever: below this, times its usual, plus ms. */
const AS_EVER = 1.5
const AS_EVER_MS = 20
/** More than this part of the answers on slower paths is a slowdown. */
const SLOW_PART = 0.2

/** Is what was asked for before as fast as ever? False too where nobody can tell, as with an id in every path. */
export async function isOnlyOtherPaths(
  store: ReadRecords,
  { from, to }: TimeRange,
  measure: PercentileMeasure,
  filters: readonly Filter[],
): Promise<boolean> {
  const own = [...filters, ...ANSWERED]
  const busiest = await store.counts({
    from: from - BEFORE_MS,
    to: from,
    filters: own,
    audience: 'visitors',
    bounds: null,
    by: ['path'],
    limit: MOST_PATHS,
  })
  const paths = busiest.groups.map(([path]) => path).filter((path) => path !== '')
  if (paths.length === 0) return false
  const { groups, group, bucket, values, records } = await store.percentiles({
    from: from - BEFORE_MS,
    to,
    filters: [...own, { dimension: 'path', values: paths }],
    audience: 'visitors',
    measure,
    percentiles: [0.5],
    bounds: Float64Array.of(from - BEFORE_MS, from, to),
    by: ['path'],
  })
  const sides = groups.map(() => [
    { n: 0, middle: 0 },
    { n: 0, middle: 0 },
  ])
  for (let i = 0; i < group.length; i++) sides[group[i]][bucket[i]] = { n: records[i], middle: values[i] }
  const told = sides.filter(([before, now]) => before.n >= LEAST_OF_PATH && now.n >= LEAST_OF_PATH)
  const slow = told.filter(([before, now]) => now.middle > AS_EVER * before.middle + AS_EVER_MS)
  const answers = (of: typeof told) => of.reduce((sum, [, now]) => sum + now.n, 0)
  return answers(told) >= LEAST_TOLD && answers(slow) <= SLOW_PART * answers(told)
}

/** Whoever has this part of the answers, and had next to none before, is another. */
const NEW_PART = 0.05
const TIMES_BEFORE = 5
const MOST_VALUES = 40
/** Fewer answers of the others show no slowdown. */
const LEAST_OF_OTHERS = 12

/** Is all that became slow for a user agent or a path that was hardly asked for before? `stretch`: what is usual, and of which percentile. */
export async function isOnlyOthers(
  store: ReadRecords,
  { from, to }: TimeRange,
  measure: PercentileMeasure,
  { usual, at }: { usual: number; at: number },
  filters: readonly Filter[],
): Promise<boolean> {
  const own = [...filters, ...ANSWERED]
  const partsIn = async (range: TimeRange, dimension: 'userAgent' | 'path') => {
    const { groups, group, requests, total } = await store.counts({
      ...range,
      filters: own,
      audience: 'visitors',
      bounds: null,
      by: [dimension],
      limit: MOST_VALUES,
    })
    return new Map([...group].map((g, i) => [groups[g][0], requests[i] / Math.max(1, total.requests)]))
  }
  for (const dimension of ['userAgent', 'path'] as const) {
    const now = await partsIn({ from, to }, dimension)
    const before = await partsIn({ from: from - BEFORE_MS, to: from }, dimension)
    const others = [...now]
      .filter(([value, part]) => value !== '' && part >= NEW_PART && part >= TIMES_BEFORE * (before.get(value) ?? 0))
      .map(([value]) => value)
    if (others.length === 0 || before.size === 0) continue
    const { values, records } = await store.percentiles({
      from,
      to,
      filters: [...own, { dimension, values: others, not: true }],
      audience: 'visitors',
      measure,
      percentiles: [at],
      bounds: null,
      by: [],
    })
    const left = records[0] ?? 0
    if (left < LEAST_OF_OTHERS || values[0] <= AS_EVER * usual + AS_EVER_MS) return true
  }
  return false
}
