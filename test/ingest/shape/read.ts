/** From bytes to records as the pipeline does it, without threads and store. */
import { recordReader } from '../../../schema/store/block.js'
import { openBlock } from '../../../schema/store/moving-block.js'
import type { Record } from '../../../schema/words/record.js'
import { createFastReader } from '../../../ingest/reader/fast/fast-reader.js'
import { namesOf } from '../../../ingest/reader/names.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../../../ingest/reader/normalise.js'
import type { LineReader, ReaderOptions } from '../../../ingest/reader/reader.js'
import { createSlowReader } from '../../../ingest/reader/slow-reader.js'
import { ReadingNotes } from '../../../ingest/shape/notes.js'
import { piecesOf } from '../../../ingest/shape/pieces.js'

export interface Read {
  records: (Record & { identity: number[] })[]
  rejected: { line: number; reason: string; of: string | null }[]
  notes: ReadingNotes
}

const optionsOf = (settings: Partial<ReadSettings>): ReaderOptions => ({
  identityKey: [1, 2, 3, 4],
  settings: { ...DEFAULT_READ_SETTINGS, ...settings },
})

export const readers = {
  slow: (settings: Partial<ReadSettings> = {}) => createSlowReader(optionsOf(settings)),
  fast: (settings: Partial<ReadSettings> = {}) => createFastReader(optionsOf(settings)),
}

export async function* inBites(bytes: Uint8Array, sizes: readonly number[] = [65_536]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length])
    yield bytes.subarray(at, at + size)
    at += size
  }
}

export async function readAll(
  source: AsyncIterable<Uint8Array>,
  reader: LineReader,
  fields: ReadSettings['fields'] = {},
  pieces = piecesOf,
): Promise<Read> {
  const notes = new ReadingNotes()
  const out: Read = { records: [], rejected: [], notes }
  let of: unknown
  let line = 1
  for await (const piece of pieces(source, { name: null, names: namesOf(fields), notes, onStart: () => {} })) {
    if (piece.of !== of) line = 1
    of = piece.of
    if (piece.kind !== 'lines') throw new Error(`a ${piece.kind} piece of a stream`)
    const { numbering } = piece
    const { block, more, rejections, newlines, via } = reader.read(piece.bytes)
    for (const name of via) notes.through(name)
    for (const r of rejections)
      out.rejected.push({
        line: line + (numbering?.numbers[r.line] ?? r.line),
        reason: r.reason,
        of: piece.of?.name ?? null,
      })
    for (const r of numbering?.rejections ?? [])
      out.rejected.push({ line: line + r.number, reason: r.reason, of: piece.of?.name ?? null })
    line += numbering?.advance ?? newlines
    for (const one of [block, ...more].map(openBlock)) {
      const read = recordReader(one)
      for (let row = 0; row < one.rows; row++)
        out.records.push({ ...read(row), identity: [...one.identity.subarray(row * 2, row * 2 + 2)] })
    }
  }
  return out
}
