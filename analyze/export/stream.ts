/** Any number of records as a stream: one page of the store in memory, the next when the one before was taken. */
import { setImmediate } from 'node:timers/promises'
import type { Selection } from '../../schema/store/query.js'
import type { Scannable } from '../../schema/store/scan.js'
import { scanPages } from '../../schema/store/scan-pages.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Language } from '../../schema/words/languages.js'
import { ALL_FIELD_NAMES, LINE_FORMATS, linesOf } from './lines.js'
import { parquetOf } from './parquet.js'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const MEDIA_TYPES: { readonly [format in ExportFormat]: string } = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
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
): AsyncGenerator<string | Uint8Array> {
  const written = fields ?? ALL_FIELD_NAMES
  const pages = scanPages(records, { ...selection, limit: PAGE, ...(fields === null ? {} : { fields }) })
  if (format === 'parquet') {
    yield* parquetOf(pages, written, lang)
    return
  }
  const lines = LINE_FORMATS[format]
  const head = lines.head(written)
  if (head !== '') yield head
  for await (const page of pages) {
    for (const text of linesOf(page, written, lines, lang)) {
      yield text
      // others' questions come between
      await setImmediate()
    }
  }
}
