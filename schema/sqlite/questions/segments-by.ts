import type { SegmentInfo } from '../segments/catalog.js'

/** Segments by what `keyOf` says of each, in the order in which they come. */
export function segmentsBy<K>(
  segments: readonly SegmentInfo[],
  keyOf: (info: SegmentInfo) => K,
): Map<K, SegmentInfo[]> {
  const groups = new Map<K, SegmentInfo[]>()
  for (const info of segments) {
    const key = keyOf(info)
    const known = groups.get(key)
    if (known) known.push(info)
    else groups.set(key, [info])
  }
  return groups
}
