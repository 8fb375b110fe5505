/** Does an alert's label fit? Used by silences, maintenance windows and notifiers, and by the page before it has asked. */
import type { Matcher } from '../../../schema/api/alerts.js'
import type { Labels } from '../../../schema/store/alert-log.js'
import { own } from '../../../schema/words/own.js'

/** All must hold. A label that is not there is the empty text, as in Prometheus. */
export function matches(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ label, op = '=', value }) => {
    const actual = own(labels, label) ?? ''
    switch (op) {
      case '=':
        return actual === value
      case '!=':
        return actual !== value
      case '=~':
        return fits(value, actual)
      case '!~':
        return !fits(value, actual)
    }
  })
}

/**
 * `*` stands for any text, `|` for or: `www*|api.example.com`. No regular expressions: whoever may write a silence
 * must not be able to keep the service busy for minutes with one.
 */
function fits(pattern: string, text: string): boolean {
  return pattern.split('|').some((alternative) => fitsOne(alternative.split('*'), text))
}

function fitsOne(pieces: readonly string[], text: string): boolean {
  if (pieces.length === 1) return pieces[0] === text
  const [first, ...rest] = pieces
  const last = rest.pop() as string
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}
