/**
 * Filters that say what became of requests (status, class, who answered, what the cache, a rule or a Worker did) choose among
 * the spikes, not what is looked at: among 499s alone everything is a 499, and nothing is left that it could be a part of.
 */
import { isOutcome } from '../../schema/words/dimensions.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'

/** Part of a spike's requests that make it one of theirs: from there on a code of several has its causes listed too. */
const LEAST_PART = 0.1

/** `places`: whose requests, for what, where; `outcomes`: what became of them. */
export function parted(filters: readonly Filter[]): { places: Filter[]; outcomes: Filter[] } {
  return {
    places: filters.filter(({ dimension }) => !isOutcome(dimension)),
    outcomes: filters.filter(({ dimension }) => isOutcome(dimension)),
  }
}

/** Did a part worth a word of these requests end as the filters say? */
export async function endedSo(
  records: ReadRecords,
  selection: Selection,
  outcomes: readonly Filter[],
): Promise<boolean> {
  const open: Filter[] = []
  for (const filter of outcomes) {
    const value = onlyValue(selection, filter.dimension)
    if (value === null) open.push(filter)
    else if (filter.values.some((one) => one.toLowerCase() === value) === (filter.not === true)) return false
  }
  if (open.length === 0) return true
  const count = async (more: Filter[]) =>
    (await records.counts({ ...selection, filters: [...selection.filters, ...more], bounds: null, by: [] })).total
      .requests
  const [all, such] = await Promise.all([count([]), count(open)])
  return such > 0 && such >= LEAST_PART * all
}

/** The one status, class or source that all of them have; null: not known without a look. These three have no patterns. */
function onlyValue({ filters }: Selection, dimension: Dimension): string | null {
  const only = (name: Dimension) =>
    filters.find((one) => one.dimension === name && !one.not && one.values.length === 1)?.values[0] ?? null
  if (dimension === 'status' || dimension === 'source') return only(dimension)
  if (dimension !== 'class') return null
  const status = only('status')
  return status === null ? only('class') : statusClassOf(Number(status))
}

/** Those of a list that ended so, in its order. Each has its requests, and those of other codes that it tells of. */
export async function thoseEndedSo<Spike extends { selection: Selection; alsoOf?: readonly Selection[] }>(
  records: ReadRecords,
  spikes: readonly Spike[],
  outcomes: readonly Filter[],
): Promise<Spike[]> {
  const kept = await Promise.all(
    spikes.map(async ({ selection, alsoOf = [] }) => {
      for (const one of [selection, ...alsoOf]) if (await endedSo(records, one, outcomes)) return true
      return false
    }),
  )
  return spikes.filter((_, i) => kept[i])
}
