/** How fast something goes and how long it still takes, told so that it does not jump about. Pure. */

/** Half of what is told comes from the last so many ms. */
const halfLifeMs = 8_000
/** Before this nobody knows, ms. */
const leastMs = 4_000

export interface Pace {
  at: number
  done: number
  since: number
  /** a second; 0: not known yet */
  speed: number
}

export const startPace = (at: number): Pace => ({ at, done: 0, since: at, speed: 0 })

/** What came since counts the more the longer it took; what a buffer swallowed at once is soon outweighed. */
export function paced(before: Pace, at: number, done: number): Pace {
  const ms = at - before.at
  if (ms <= 0) return before
  const now = ((done - before.done) / ms) * 1000
  // until a half-life has passed it is the mean since the beginning: no first guess to live down
  const weight = Math.max(1 - 0.5 ** (ms / halfLifeMs), ms / (at - before.since))
  return { ...before, at, done, speed: before.speed + (now - before.speed) * weight }
}

/** The ms that are left, in steps that a reader can follow: seconds below a minute, then five, then half minutes. Null: not known yet. */
export function leftMs({ at, since, speed }: Pace, rest: number): number | null {
  if (speed <= 0 || at - since < leastMs) return null
  const seconds = rest / speed
  const step = seconds < 60 ? 1 : seconds < 600 ? 5 : 30
  return Math.max(step, Math.ceil(seconds / step) * step) * 1000
}
