/** Times as a field of type datetime-local has them. Pure. */
import { zoneOffset } from '../charts/time-axis.js'

/** `2026-11-20T14:05` in the zone. */
export function toWall(t: number, zone: string): string {
  return new Date(t + zoneOffset(t, zone)).toISOString().slice(0, 16)
}

export function fromWall(text: string, zone: string): number {
  const wall = Date.parse(`${text}Z`)
  return wall - zoneOffset(wall - zoneOffset(wall, zone), zone)
}
