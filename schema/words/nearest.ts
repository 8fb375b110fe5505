/** A word that is not known, and the one that was meant. */
import { distance } from 'fastest-levenshtein'

/** The known word that a misspelt one was meant to be; null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = plain(word)
  let best: string | null = null
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const apart = slips(wanted, plain(candidate))
    if (apart < least) {
      best = candidate
      least = apart
    }
  }
  return best
}

/** The end of a message about a word that is not known: which one was meant, or which there are. */
export function didYouMean(word: unknown, known: readonly string[], thereAre: string): string {
  const near = typeof word === 'string' ? nearest(word, known) : null
  return near ? ` Did you mean "${near}"?` : ` ${thereAre} ${known.join(', ')}.`
}

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Letters put in, left out or mistaken; two that changed places are one slip of the hand. */
function slips(a: string, b: string): number {
  const apart = distance(a, b)
  return apart === 2 && isSwapped(a, b) ? 1 : apart
}

function isSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i])
  return a.length === b.length && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
}
