/** Ticks on whole hours and days of the reader's zone, whatever daylight saving does. Pure. */
import { DAY, HOUR, MINUTE } from '../../../schema/words/duration.js'
import type { Format } from '../state/format.js'

const STEPS = [1, 2, 5, 10, 15, 30]
  .map((m) => m * MINUTE)
  .concat(
    [1, 2, 3, 6, 12].map((h) => h * HOUR),
    [1, 2, 7, 14, 30, 90, 180, 365, 730, 1825, 3650, 18_250].map((d) => d * DAY),
  )

/** How far the zone's clock is ahead of UTC at `t`, ms. */
export function zoneOffset(t: number, zone: string): number {
  if (zone === 'UTC') return 0
  const parts = offsetFormat(zone).formatToParts(t)
  const get = (type: string): number => Number(parts.find((p) => p.type === type)?.value)
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  return wall - Math.floor(t / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()
function offsetFormat(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone)
  if (!made) {
    made = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, made)
  }
  return made
}

/** At most `most` ticks in [from, to], each on a round time of the zone. */
export function timeTicks(from: number, to: number, most: number, zone: string): number[] {
  const step = STEPS.find((s) => (to - from) / s <= Math.max(1, most)) ?? STEPS[STEPS.length - 1]
  const ticks: number[] = []
  let wall = Math.ceil((from + zoneOffset(from, zone)) / step) * step
  for (let guard = 0; guard < 200; guard++, wall += step) {
    const guess = wall - zoneOffset(wall - zoneOffset(from, zone), zone)
    const t = wall - zoneOffset(guess, zone)
    if (t > to) break
    if (t >= from && t !== ticks.at(-1)) ticks.push(t)
  }
  return ticks
}

/**
 * The hour, with its day below at the first tick and wherever the day changes; the day where ticks are days apart; the
 * month where they are months apart. Wherever one looks, one can tell which day it is.
 */
export function tickLabel(t: number, i: number, ticks: readonly number[], format: Format): string | string[] {
  const apart = ticks.length > 1 ? ticks[1] - ticks[0] : HOUR
  if (apart >= 700 * DAY) return format.year(t)
  if (apart >= 28 * DAY) return format.month(t)
  if (apart >= DAY - HOUR) return format.day(t)
  const day = format.day(t)
  return i === 0 || format.day(ticks[i - 1]) !== day ? [format.clock(t), day] : format.clock(t)
}
