/** A time as an operator writes it: a moment, a day, or how far back. */
import { parseDuration, SECOND } from '../../schema/words/duration.js'
import { parseTimestamp } from '../reader/timestamp.js'
import { FetchError } from './input.js'

/** Whole seconds, epoch ms. Throws a FetchError that says what would be right. */
export function momentOf(text: string, name: string, now: number): number {
  const back = parseDuration(text)
  const at = back === null ? (parseTimestamp(text) ?? dayOf(text)) : now - back
  if (at === null || Number.isNaN(at))
    throw new FetchError(
      'BAD_TIME',
      `"${name}" must be a time like 2026-05-20T14:00:00Z or a duration before now like 6h, not "${text}".`,
      { lasting: true },
    )
  return Math.floor(at / SECOND) * SECOND
}

/** `2026-05-20`, `2026-05-20T14:00Z` */
function dayOf(text: string): number | null {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?Z?$/.test(text)
    ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, 16) || '00:00'}:00Z`)
    : null
}

/** What is wrong with such settings. */
export function wrongMoments(settings: object, names: readonly string[]): { at: string; reason: string }[] {
  return names.flatMap((name) => {
    const text = (settings as { readonly [name: string]: unknown })[name]
    try {
      if (typeof text === 'string') momentOf(text, name, Date.now())
      return []
    } catch (error) {
      return [{ at: name, reason: (error as Error).message }]
    }
  })
}
