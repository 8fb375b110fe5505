/** Names of time zones as people write them: a calendar keeps something of every spelling that it meets, for good. */
import { LRUCache } from 'lru-cache'

/** The longest of all has 32 characters. */
const LONGEST = 64
/** Spellings that are remembered: every question names a zone, and to ask takes longer than many an answer. */
const spellings = new LRUCache<string, string>({ max: 1_000 })

/** The one name under which the calendar is asked, whatever the case of the letters; null: there is no such zone. */
export function timeZoneOf(text: string): string | null {
  const known = spellings.get(text)
  if (known !== undefined) return known
  if (text === '' || text.length > LONGEST) return null
  try {
    const name = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    spellings.set(text, name)
    return name
  } catch {
    return null
  }
}
