/**
 * What people type to find values: text that is in it, or with `*` for any run of characters the whole of it. The case of
 * A–Z is ignored, as in every filter. No value at all is found by nothing.
 */

/** `*` stands for something: the text is no plain value. */
export const isPattern = (text: string): boolean => text.includes('*')

/** A–Z as a–z, nothing else: what a filter takes for equal. */
export function folded(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}

/** A search in two steps, for stores that hold their texts in one piece: first the rarest part, then the whole of what has it. */
export interface Finder {
  /** folded; every value that is found has it in it */
  needle: string
  /** null: to have it in it is enough */
  matches: ((value: string) => boolean) | null
}

/** The values in which a text is found; with `*` those that it means. */
export function finderOf(text: string): Finder {
  if (!isPattern(text)) return { needle: folded(text), matches: null }
  const needle = folded(text)
    .split('*')
    .reduce((longest, part) => (part.length > longest.length ? part : longest))
  return { needle, matches: matcherOf(text) }
}

/** The values that a pattern with `*` means, from their first to their last character. */
function matcherOf(pattern: string): (value: string) => boolean {
  const [first, ...rest] = folded(pattern).split('*')
  const last = rest.pop() ?? ''
  const middle = rest.filter((part) => part !== '')
  return (value) => {
    const text = folded(value)
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    // each part as early as it can be: if the pattern fits at all, it fits so
    let at = first.length
    for (const part of middle) {
      at = text.indexOf(part, at)
      if (at < 0) return false
      at += part.length
    }
    return at <= end
  }
}
