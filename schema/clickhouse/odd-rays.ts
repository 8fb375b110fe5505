/** RayIDs that are no 16 hex digits (test data, other tools) have a number too, by which they are found. */
import { createHash } from 'node:crypto'

/** Never 0 0, which is "no RayID". The text itself rests beside it: two texts may share a number. */
export function oddRayWords(rayId: string): [high: number, low: number] {
  const digest = createHash('sha256').update(rayId).digest()
  return [digest.readUInt32LE(0), (digest.readUInt32LE(4) | 1) >>> 0]
}
