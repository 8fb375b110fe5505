/** An input to pieces of lines: where it is done, here, by the readers, or in a thread of its own. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { ByteReader } from './byte-reader.js'
import { piecesThere } from './large.js'
import { wholeLines } from './lines.js'
import type { ReadingNotes } from './notes.js'
import { isParquet, parquetFile } from './parquet/index.js'
import type { Piece } from './piece.js'
import { piecesOf, type Shaping } from './pieces.js'
import { shapeOf, START_BYTES } from './shape.js'
import { stretchesOf } from './stretches.js'

const READ_BYTES = 1_048_576
/** A first piece of so many bytes is the beginning of something large; what is smaller costs less where it is. */
const LARGE_PIECE = 32_768

/** Of bytes as they come. Plain lines are only cut, and Parquet has threads of its own. */
export async function* piecesOfStream(source: AsyncIterable<Uint8Array>, shaping: Shaping): AsyncGenerator<Piece> {
  const input = new ByteReader(source)
  const first = await input.next()
  if (first !== null) input.unread(first)
  const start = Buffer.from(first ?? [])
  const isLarge = start.length >= LARGE_PIECE && !isParquet(start) && shapeOf(start, shaping.names).kind !== 'lines'
  yield* isLarge ? piecesThere(input, shaping) : piecesOf(input, shaping)
}

/** Of a file that holds plain NDJSON, which the readers fetch themselves; of any other as of its bytes. */
export async function* piecesOfFile(
  path: string,
  source: AsyncIterable<Uint8Array>,
  shaping: Shaping,
): AsyncGenerator<Piece> {
  const start = await startOfFile(path)
  if (isParquet(start)) {
    const { names, notes, onStart, onRead } = shaping
    yield* parquetFile(path, { names, notes, onStart: (line) => onStart(line, null), onRead })
    return
  }
  if (shapeOf(start, shaping.names).kind !== 'lines') {
    yield* piecesOfStream(source, shaping)
    return
  }
  shaping.onStart(start, null)
  const stretches = stretchesOf(path)
  for (;;) {
    const { value, done } = await stretches.next()
    if (done) {
      if (value !== null) yield* piecesFrom(path, value, shaping.notes)
      return
    }
    yield value
  }
}

/** Of a file from a position on, where its lines are no longer one object each. */
export function piecesFrom(path: string, from: number, notes: ReadingNotes): AsyncGenerator<Piece> {
  return wholeLines(createReadStream(path, { start: from, highWaterMark: READ_BYTES }), { kind: 'json' }, notes)
}

async function startOfFile(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
