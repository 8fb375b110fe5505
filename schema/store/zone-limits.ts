/** How long single zones are kept, as people write it: `example.com=30`, `example.com=30/400`, `-=7` for what has no zone. */
import type { Ages } from './kept.js'

const FORM = /^(.+?)=(\d+)(?:\/(\d+))?$/
export const NO_ZONE = '-'

/** By name in lower case, '' is what has no zone; a sentence on what is wrong. */
export function zoneLimitsOf(texts: readonly string[]): ReadonlyMap<string, Ages> | string {
  const zones = new Map<string, Ages>()
  for (const text of texts) {
    const [, given = '', days = '', counts = '0'] = FORM.exec(text.trim()) ?? []
    if (Number(days) < 1)
      return `"${text}" is not understood: write ZONE=DAYS or ZONE=DAYS/COUNTS_DAYS, like example.com=30/400; - is what has no zone.`
    const zone = given.trim() === NO_ZONE ? '' : given.trim().toLowerCase()
    if (zones.has(zone)) return `"${given.trim()}" is given twice.`
    zones.set(zone, { days: Number(days), countsDays: Number(counts) || null })
  }
  return zones
}
