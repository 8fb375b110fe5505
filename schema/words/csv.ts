/**
 * Cells of CSV (RFC 4180) that no spreadsheet takes for a formula: a visitor chooses paths and user agents, and
 * `=HYPERLINK(…)` in one would run where somebody opens the file (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const QUOTED = /[",\n\r]/

/** A text as a cell. One that would begin a formula gets an apostrophe in front, as a spreadsheet writes text itself. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A value of ours or of a log as a cell; absent ones are empty, numbers stay numbers. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? csvText(value) : String(value)
}

export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`
