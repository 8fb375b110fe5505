/** Which values a question tells apart, where a flood of them would make more cells than anybody can read. */
import type { DimensionField } from '../../words/fields.js'
import type { Bounded } from '../../store/buckets.js'
import { fieldOfDimension, type Counts, type CountQuery, type Selection } from '../../store/query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { SegmentSource } from '../segments/segment.js'
import { Chosen } from './chosen.js'
import { candidates, heaviest, merged, totalOf } from './heaviest.js'
import type { KeptMerges } from './kept-merges.js'

/** Fewer values are told apart as fast as they are chosen. */
const FEW_VALUES = 20_000

/**
 * Which values of the question's dimensions are told apart, where they are so many that not all can be: those with the most
 * requests. `total`: of all of them; null where all are. `whole`: the same where only another dimension than the first was cut; how
 * many values it speaks of is not that of the first. Up to `few` values the limit is left to the caller.
 */
export function chooseValues(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<Pick<CountQuery, 'by' | 'limit' | 'withErrors' | 'withBytes'> & Selection>,
  merges: KeptMerges,
  few = FEW_VALUES,
): { chosen: Chosen[]; total: Counts['total'] | null; whole: Counts['total'] | null } {
  const chosen: Chosen[] = []
  let total: Counts['total'] | null = null
  let whole: Counts['total'] | null = null
  query.by.forEach((dimension, place) => {
    if (dimension === 'class') return
    const limit = Math.min(merges.named, (place === 0 ? query.limit : undefined) ?? merges.named)
    const field = fieldOfDimension(dimension)
    if (mostValues(source, segments, field) <= Math.max(limit, Math.min(few, merges.named))) return
    const { bounds } = query
    const one: Bounded<CountQuery> = {
      ...query,
      by: [dimension],
      bounds: Float64Array.of(bounds[0], bounds[bounds.length - 1]),
      apart: undefined,
    }
    const { values } = merged(source, segments, one, merges)
    const all = values.finish(limit, { candidates, withBytes: query.withBytes })
    const sums = totalOf(all, query)
    if (place === 0) total = sums
    if (all.named.values <= limit && all.rest.records === 0) return
    whole = sums
    const kept = heaviest(source, segments, one, all, limit).entries
    const pick = (hashes: Uint32Array) => Uint32Array.from(kept, (entry) => hashes[entry])
    chosen.push(new Chosen(field, pick(all.folded), pick(all.exact)))
  })
  return { chosen, total, whole }
}

/** At most so many different values are there. */
function mostValues(source: SegmentSource, segments: readonly SegmentInfo[], field: DimensionField): number {
  return segments.reduce((sum, info) => sum + source.open(info).dictionary(field).size, 0)
}
