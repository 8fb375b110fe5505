/** Conditions on the labels of alerts. Pure. */
import type { Matcher } from '../../../schema/api/alerts.js'

/** Those that say something. */
export const written = (matchers: readonly Matcher[]): Matcher[] =>
  matchers.filter((m) => m.label.trim() !== '').map((m) => ({ ...m, label: m.label.trim() }))

/** As the service matches them: a label that is not there is the empty text; in patterns * stands for anything and | for or. */
export function matchesAll(matchers: readonly Matcher[], labels: { [name: string]: string }): boolean {
  return matchers.every(({ label, op = '=', value }) => {
    const actual = labels[label] ?? ''
    const fits =
      op === '=' || op === '!='
        ? actual === value
        : value.split('|').some((pattern) => fitsPattern(pattern.split('*'), actual))
    return op.startsWith('!') ? !fits : fits
  })
}

function fitsPattern([first, ...rest]: string[], text: string): boolean {
  const last = rest.pop()
  if (last === undefined) return first === text
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  return rest.every((piece) => {
    const found = text.indexOf(piece, at)
    at = found + piece.length
    return found >= 0 && at <= text.length - last.length
  })
}
