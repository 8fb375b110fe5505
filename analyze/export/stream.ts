/** Any number of records as a stream of text: one page of the store in memory, the next when the one before was taken. */
import { setImmediate } from 'node:timers/promises'
import type { Selection } from '../../schema/store/query.js'
import type { Scannable } from '../../schema/store/scan.js'
import { scanPages } from '../../schema/store/scan-pages.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Language } from '../../schema/words/languages.js'
import { ALL_FIELD_NAMES, LINE_FORMATS, linesOf } from './lines.js'

export const EXPORT_FORMATS = Object.keys(LINE_FORMATS) as (keyof typeof LINE_FORMATS)[]
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const MEDIA_TYPES: { readonly [format in ExportFormat]: string } = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
}

export interface ExportQuestion {
  selection: Selection
  format: ExportFormat
  /** null: all */
  fields: readonly FieldName[] | null
  lang: Language
}

/** Records of a page: small enough that a reader who leaves early cost little. */
const PAGE = 10_000

/** The records of a selection, oldest first. Whoever stops taking stops the reading. */
export async function* exported(
  records: Scannable,
  { selection, format, fields, lang }: ExportQuestion,
): AsyncGenerator<string> {
  const written = fields ?? ALL_FIELD_NAMES
  const lines = LINE_FORMATS[format]
  const head = lines.head(written)
  if (head !== '') yield head
  for await (const page of scanPages(records, { ...selection, limit: PAGE, ...(fields === null ? {} : { fields }) })) {
    for (const text of linesOf(page, written, lines, lang)) {
      yield text
      // others' questions come between
      await setImmediate()
    }
  }
}
