/** What the first line of a file says of a CSV: is it a header of ours, and what stands between its cells? */
import type { Names } from '../reader/names.js'
import { WRAPPERS } from '../reader/unwrap/wrappers.js'

export interface CsvHeader {
  delimiter: number
  names: Names
}

const TAB = 9
const COMMA = 44
const SEMICOLON = 59
const PIPE = 124
const CARET = 94
const TILDE = 126
export const DELIMITERS = [COMMA, TAB, SEMICOLON, PIPE, CARET, TILDE]

/** Names of fields that a first line must have to be a header. */
const NAMES_OF_HEADER = 2

/** Characters that a header and the row behind it are looked for in. */
export const LONGEST_HEADER = 32_768
/** Columns among which the names of a header are looked for. */
export const COLUMNS_OF_HEADER = 1_024

/** Columns that hold a whole record as JSON, in the exports of CloudWatch, Datadog, Grafana, Splunk and others. */
const WHOLE = new Set(WRAPPERS.map(({ key }) => key.toLowerCase()))
/** `_source.message` and `event.original` too. */
const holdsWhole = (cell: string) => WHOLE.has(cell.slice(cell.lastIndexOf('.') + 1).toLowerCase())
const ROW_WITH_RECORD = /\{\s*""?\w*edge|\{\s*""?\w+""?\s*:/i

/** What the first line of a text says, if it is the header of a CSV of ours. */
export function csvHeaderOf(text: string, names: Names): CsvHeader | null {
  const [line, second = ''] = text.slice(0, LONGEST_HEADER).split(/\r\n|\n|\r/, 2)
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line, delimiter, COLUMNS_OF_HEADER)
    const known = cells.filter((cell) => nameOfColumn(cell, names) !== null)
    if (known.length >= NAMES_OF_HEADER) return { delimiter, names }
  }
  if (!/^[\w@."' ,;|\t-]+$/.test(line) || !ROW_WITH_RECORD.test(second)) return null
  const delimiter = DELIMITERS.find((one) => cellsOf(line, one, COLUMNS_OF_HEADER).some(holdsWhole))
  return delimiter === undefined ? null : { delimiter, names }
}

/** Cloudflare's name for a column, also behind the name of a table or of what the record was in (`_source.RayID`). */
export function nameOfColumn(cell: string, names: Names): string | null {
  return (
    names.nameOf(cell) ?? (/^[\w@.]+\.\w+$/.test(cell) ? names.nameOf(cell.slice(cell.lastIndexOf('.') + 1)) : null)
  )
}

/** Is it a row of an export without header: cells, among them a time and a status? */
export function isCsvRow(line: string): boolean {
  return DELIMITERS.some((delimiter) => {
    const cells = cellsOf(line, delimiter, COLUMNS_OF_HEADER)
    const isTime = (cell: string) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(cell) || /^1\d{9}(\d{3}){0,3}$/.test(cell)
    return cells.length >= 3 && cells.some(isTime) && cells.some((cell) => /^[1-5]\d\d$/.test(cell))
  })
}

/** The first of them, `most` at most. */
export function cellsOf(line: string, delimiter: number, most: number): string[] {
  return line
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(String.fromCharCode(delimiter), most)
    .map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
}

/** Of a line without white space at its end. */
export function cellCount(line: string, delimiter: number): number {
  const mark = String.fromCharCode(delimiter)
  let count = 1
  for (let at = line.indexOf(mark); at >= 0; at = line.indexOf(mark, at + 1)) count++
  return count
}
