/** An input taken in as the pipeline does it, refusal and all, with a list in memory for a store. */
import { ingest } from '../../../ingest/pipeline.js'
import { IngestError } from '../../../ingest/errors.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../../../ingest/reader/normalise.js'
import { createFastReader } from '../../../ingest/reader/fast/fast-reader.js'
import type { BatchReport } from '../../../schema/api/batches.js'
import type { Batches, Part, WholeBatch } from '../../../schema/store/batches.js'
import { recordReader } from '../../../schema/store/block.js'
import { openBlock } from '../../../schema/store/moving-block.js'
import type { Store } from '../../../schema/store/store.js'
import type { Record } from '../../../schema/words/record.js'
import { inBites } from './read.js'

export interface Taken {
  records: Record[]
  rejected: number
  via: readonly string[]
  report: BatchReport | null
  /** why it was refused, or broken off */
  error: IngestError | null
}

export async function taken(bytes: Uint8Array, name = 'file', fields: ReadSettings['fields'] = {}): Promise<Taken> {
  const records: Record[] = []
  const keep = (blocks: Part['blocks']) => {
    const before = records.length
    for (const block of blocks.map(openBlock)) {
      const read = recordReader(block)
      for (let row = 0; row < block.rows; row++) records.push(read(row))
    }
    return { stored: records.length - before, duplicates: 0 }
  }
  const batches = {
    open: async () => '1',
    write: async (_batch: string, { blocks }: Part) => keep(blocks),
    take: async ({ blocks, progress, message }: WholeBatch) => ({
      id: '1',
      state: 'complete',
      message,
      ...progress,
      ...keep(blocks),
    }),
    close: async (id: string, state: string, progress: object, message: string | null) => ({
      id,
      state,
      message,
      ...progress,
    }),
  } as unknown as Batches
  const ledger = { identityKey: async () => [1, 2, 3, 4] }
  const readers = {
    width: 1,
    read: async (...[from, options]: Parameters<import('../../../ingest/reader/pool.js').ReaderPool['read']>) =>
      createFastReader(options).read(from),
    start() {},
    close: async () => {},
  }
  const settings = { ...DEFAULT_READ_SETTINGS, fields }
  const done = (report: BatchReport | null, error: IngestError | null) => ({
    records: records.sort((a, b) => (a.rayId ?? '').localeCompare(b.rayId ?? '')),
    rejected: report?.rejected ?? 0,
    via: report?.via ?? [],
    report,
    error,
  })
  try {
    const store = { batches, ledger } as unknown as Store
    return done(
      await ingest({ origin: { input: 'upload', name }, settings, bytes: inBites(bytes) }, { store, readers }),
      null,
    )
  } catch (error) {
    if (!(error instanceof IngestError)) throw error
    return done(error.report, error)
  }
}
