/** A thread that writes records as Parquet: pages of the store come in, the bytes of row groups go out. */
import { Moved, serve } from '../../schema/runtime/threads.js'
import type { ScanPage } from '../../schema/store/scan.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Language } from '../../schema/words/languages.js'
import { createParquetTable, type ParquetTable } from './parquet-table.js'

export type ParquetWriterThread = {
  begin(fields: readonly FieldName[], lang: Language): void
  /** What is written by now; often nothing. */
  add(page: ScanPage): Moved<Uint8Array<ArrayBuffer>>
  end(): Moved<Uint8Array<ArrayBuffer>>
}

let table: ParquetTable
const moved = (bytes: Uint8Array<ArrayBuffer>) => new Moved(bytes, [bytes.buffer])

serve<ParquetWriterThread>({
  begin: (fields, lang) => {
    table = createParquetTable(fields, lang)
  },
  add: (page) => moved(table.add(page)),
  end: () => moved(table.end()),
})
