/** A thread that reads chunks: bytes come in, blocks go out, both moved instead of copied. */
import { getPriority, setPriority } from 'node:os'
import { Moved, serve } from '../../schema/runtime/threads.js'
import type { FileStretch } from '../shape/piece.js'
import { createReader } from './index.js'
import type { LineReader, ReadChunk, ReaderOptions } from './reader.js'

export type ReaderThread = {
  read: (from: Uint8Array | FileStretch, options: ReaderOptions) => Moved<ReadChunk>
  together: (chunks: readonly Uint8Array[], options: ReaderOptions) => Moved<ReadChunk[]>
}

/** One reader per set of options: a reader learns the shape of its lines and its values. */
const readers = new Map<string, LineReader>()
const MAX_READERS = 8

function readerFor(options: ReaderOptions): LineReader {
  const key = JSON.stringify(options)
  let reader = readers.get(key)
  if (!reader) {
    if (readers.size >= MAX_READERS) readers.clear()
    reader = createReader(options)
    readers.set(key, reader)
  }
  return reader
}

/**
 * Readers give way to the store's writer, whom they would otherwise keep from a core, and to whoever answers questions
 * meanwhile. On Linux a priority is a thread's; elsewhere it would be the whole process's.
 */
const NICENESS = 5
// who was started with less (nice, a unit of systemd) may not take more
if (process.platform === 'linux' && getPriority() < NICENESS) setPriority(NICENESS)

serve<ReaderThread>({
  read(from, options) {
    const read = readerFor(options).read(from)
    return new Moved(read, [read.block.buffer, ...read.more.map((block) => block.buffer)])
  },
  together(chunks, options) {
    const read = readerFor(options).together(chunks)
    const blocks = read.flatMap(({ block, more }) => [block, ...more])
    return new Moved(read, [...new Set(blocks.map(({ buffer }) => buffer))])
  },
})
