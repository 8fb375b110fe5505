/** Records of a selection as the bytes of one Parquet file, written by a thread of its own: packing takes long enough to be in others' way. */
import { startThread, workerUrl } from '../../schema/runtime/threads.js'
import type { ScanPage } from '../../schema/store/scan.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Language } from '../../schema/words/languages.js'
import type { ParquetWriterThread } from './parquet-worker.js'

/** Nothing is held but a row group; whoever stops taking stops the thread. */
export async function* parquetOf(
  pages: AsyncIterable<ScanPage>,
  fields: readonly FieldName[],
  lang: Language,
): AsyncGenerator<Uint8Array> {
  const thread = startThread<ParquetWriterThread>(workerUrl(import.meta.url, './parquet-worker.js'))
  try {
    await thread.call('begin', fields, lang)
    for await (const page of pages) {
      const bytes = await thread.call('add', page)
      if (bytes.length > 0) yield bytes
    }
    yield await thread.call('end')
  } finally {
    await thread.stop()
  }
}
