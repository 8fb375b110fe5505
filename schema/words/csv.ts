/**
 * Cells of CSV (RFC 4180) that no spreadsheet takes for a formula: a visitor chooses paths and user agents, and
 * `=HYPERLINK(…)` in one would run where somebody opens the file (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
/**
 * The same behind what may separate cells elsewhere: a spreadsheet of a country that writes 1,5 splits at semicolons whatever the file
 * says, and a text in the middle of a cell begins one there.
 */
const AFTER_SEPARATOR = /([;\t\r\n|]["\s]*)(?=[=+\-@＝＋－＠])/g
const QUOTED = /[",\n\r]/

/** A text as a cell. What would begin a formula gets an apostrophe in front, as a spreadsheet writes text itself. */
export function csvText(text: string): string {
  const inner = text.replace(AFTER_SEPARATOR, "$1'")
  const safe = FORMULA.test(inner) ? `'${inner}` : inner
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A value of ours or of a log as a cell; absent ones are empty, numbers stay numbers. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? csvText(value) : String(value)
}

export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`
