/** RayIDs that are no 16 hex digits (test data, other tools) have a number too, by which they are found. */
import { hashesOf } from '../store/values.js'

/** Never 0 0, which is "no RayID". The text itself rests beside it: two texts may share a number. */
export function oddRayWords(rayId: string): [high: number, low: number] {
  const { folded, exact } = hashesOf(rayId)
  return [folded, (exact | 1) >>> 0]
}
