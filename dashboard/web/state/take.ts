/** Figures of the page as files: every figure whole, whatever the page shortens. Pure but for the last function. */
import { csvLine } from '../../../schema/words/csv.js'

/** What is no single value (labels, reasons) stays one in JSON, and is JSON in a cell of CSV. */
export type Cell = string | number | boolean | null | object

/** A table to take along: a chart's points, a breakdown's rows. */
export interface Taking {
  /** becomes the file's name */
  title: string
  head: readonly string[]
  rows: readonly (readonly Cell[])[]
}

/** Spreadsheets take a file for UTF-8 only with this mark at its beginning. */
const MARK = '\ufeff'

export const csvOf = ({ head, rows }: Taking): string =>
  MARK + [head, ...rows.map((row) => row.map(plain))].map(csvLine).join('')

const plain = (cell: Cell): string | number | boolean | null =>
  typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell

/** Rows of an answer with these of their fields, under the names and with the values that the API has. */
export function takingOf<T extends object>(
  title: string,
  rows: readonly T[],
  ...names: readonly (keyof T & string)[]
): Taking {
  return { title, head: names, rows: rows.map((row) => names.map((name) => (row[name] ?? null) as Cell)) }
}

/** A list of objects by the names of the columns. */
export function jsonOf({ head, rows }: Taking): string {
  return `${JSON.stringify(
    rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? null]))),
    null,
    2,
  )}\n`
}

/** `Errors by status class` → `faultline-errors-by-status-class.csv`; letters of any script stay. */
export function fileName(title: string, ending: string): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  return `faultline-${plain}.${ending}`
}

/** Gives the reader a file. */
export function giveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // the browser has begun to read it by then
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
