/** What the first line of a file says of a CSV: is it a header of ours, and what stands between its cells? */
import type { Names } from '../reader/names.js'

export interface CsvHeader {
  delimiter: number
  names: Names
}

const TAB = 9
const COMMA = 44
const SEMICOLON = 59
const PIPE = 124
const DELIMITERS = [COMMA, TAB, SEMICOLON, PIPE]

/** Names of fields that a first line must have to be a header. */
const NAMES_OF_HEADER = 2

/** What the first line says, if it is the header of a CSV of ours. */
export function csvHeaderOf(line: string, names: Names): CsvHeader | null {
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line, delimiter)
    const known = cells.filter((cell) => names.nameOf(cell) !== null)
    if (known.length >= NAMES_OF_HEADER) return { delimiter, names }
  }
  return null
}

/** Is it a row of an export without header: cells, among them a time and a status? */
export function isCsvRow(line: string): boolean {
  return DELIMITERS.some((delimiter) => {
    const cells = cellsOf(line, delimiter)
    const isTime = (cell: string) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(cell) || /^1\d{9}(\d{3}){0,3}$/.test(cell)
    return cells.length >= 3 && cells.some(isTime) && cells.some((cell) => /^[1-5]\d\d$/.test(cell))
  })
}

export function cellsOf(line: string, delimiter: number): string[] {
  return line
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(String.fromCharCode(delimiter))
    .map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
}
