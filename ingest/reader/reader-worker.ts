/** A thread that reads chunks: bytes come in, blocks go out, both moved instead of copied. */
import { parentPort } from 'node:worker_threads'
import { transferables } from '../../schema/block.js'
import { createReader } from './index.js'
import type { LineReader, ReaderOptions } from './reader.js'
import type { ReadRequest, ReadResponse } from './pool.js'

const port = parentPort
if (!port) throw new Error('reader-worker runs in a worker thread only')

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

port.on('message', ({ id, bytes, options }: ReadRequest) => {
  try {
    const read = readerFor(options).read(bytes)
    const response: ReadResponse = { id, read }
    port.postMessage(response, transferables(read.block))
  } catch (error) {
    const response: ReadResponse = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    port.postMessage(response)
  }
})
