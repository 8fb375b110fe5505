/**
 * Short bursts that a series is used to, whenever they come: crawlers at 404s, scanners at 403s. One or two big ones
 * prove nothing (they may be the trouble that is looked for); what came three times in a week is a habit. And a series
 * that was watched for days without one is not given to them.
 */
export interface Bursts {
  /** Finished bursts of the last week. */
  list: { slot: number; size: number }[]
  /** The one under way: clear five-minute slots in a row, and requests above the baseline. */
  slots: number
  size: number
  /** What the bursts so far allow: a burst of up to this many requests is nothing new. */
  usual: number
}

const DAY_SLOTS = 288
const WEEK_SLOTS = 7 * DAY_SLOTS
/** What goes on for longer is no burst. */
const SLOTS_AT_MOST = 2
const LEAST = 8
/** A new burst may be this much bigger than the third biggest. */
const MARGIN = 1.5

export function newBursts(): Bursts {
  return { list: [], slots: 0, size: 0, usual: 0 }
}

export function copyBursts(b: Bursts): Bursts {
  const copy = newBursts()
  copy.list = b.list.map(({ slot, size }) => ({ slot, size }))
  copy.slots = b.slots
  copy.size = b.size
  copy.usual = b.usual
  return copy
}

/**
 * Requests that may come in one burst without being news: `most` on a series that is new, `least` on one that was
 * calm for two days, more where bursts are a habit.
 */
export function allowance(b: Bursts, minute: number, least: number, most: number): number {
  const unknown = most - (most - least) * Math.min(1, minute / (2 * 1440))
  return Math.max(unknown, b.list.length < 3 ? Math.min(most, b.usual) : b.usual)
}

/** To be called at the end of each five-minute slot. */
export function noteSlot(b: Bursts, slot: number, clear: boolean, excess: number): void {
  if (clear) {
    b.slots++
    b.size += excess
    return
  }
  const ended = b.slots > 0 && b.slots <= SLOTS_AT_MOST && b.size >= LEAST
  if (ended) b.list.push({ slot, size: b.size })
  b.slots = b.size = 0
  if (ended || (b.list.length > 0 && b.list[0].slot < slot - WEEK_SLOTS)) {
    b.list = b.list.filter((burst) => burst.slot >= slot - WEEK_SLOTS)
    const sizes = b.list.map((burst) => burst.size).sort((x, y) => y - x)
    b.usual = MARGIN * (sizes[Math.min(2, sizes.length - 1)] ?? 0)
  }
}
