/** Bytes to pieces of lines: out of what they are packed in, by the shape that the texts in them have. */
import type { Names } from '../reader/names.js'
import { ByteReader } from './byte-reader.js'
import { FLUSH_MS, wholeLines } from './lines.js'
import { membersOf } from './members.js'
import type { ReadingNotes } from './notes.js'
import { isParquet, parquetStream } from './parquet/index.js'
import { CHUNK_BYTES, type Piece } from './piece.js'
import { beginsWithObject, isUnreadable, noLog, shapeOf, START_BYTES } from './shape.js'
import { asUtf8 } from './text.js'

/** With names of one's own lines may be so short that a whole chunk of them is too many for a block. */
const CHUNK_BYTES_OF_SHORT_NAMES = 1_048_576
/** Texts that are read at once with larger chunks, twice as large: more brought nothing but memory, and with many of them it would be all there is. */
const FEW = 4
let underWay = 0
const OPEN = 123
const OPEN_LIST = 91

export interface Shaping {
  /** of the input, as the sender gave it */
  name: string | null
  names: Names
  notes: ReadingNotes
  /** told the beginning of the first text, to say what it is if it is no log */
  onStart: (start: Buffer, name: string | null) => void
  /** told how much of a file was read, where it is not read by its bytes */
  onRead?: (bytes: number) => void
}

/** Of any bytes. */
export async function* piecesOf(
  source: AsyncIterable<Uint8Array>,
  { name, names, notes, onStart }: Shaping,
): AsyncGenerator<Piece> {
  for await (const member of membersOf(source, notes)) {
    if (isParquet(await member.bytes.peek(4))) {
      const of = { name: member.name }
      const rows = parquetStream(member.bytes, { names, notes, onStart: (start) => onStart(start, member.name) })
      for await (const piece of rows) yield { ...piece, of }
      continue
    }
    const bytes = await asUtf8(member.bytes, notes)
    const start = await startOf(bytes)
    onStart(start, member.name)
    if (start.length === 0) continue
    const called = member.name ?? name
    // of nearly all posts that is all there is to ask, and it is asked once
    const plain = beginsWithObject(start)
    const why = noLog(start, called, names, plain)
    // what is no text has no lines: it is refused, not read
    if (member.name === null && !plain && isUnreadable(start)) return
    // what is no log by itself is refused in words that say what it looks like
    if (why === 'ownership-challenge' || (why !== null && member.name !== null)) {
      notes.leave(called ?? 'the input', why)
      continue
    }
    const of = { name: member.name }
    const shape = shapeOf(start, names, plain)
    const text = shape.kind === 'csv' && endsLinesByReturns(start) ? new ByteReader(withLineFeeds(bytes)) : bytes
    const chunk = names.hasMapping ? CHUNK_BYTES_OF_SHORT_NAMES : CHUNK_BYTES
    const most = names.hasMapping || underWay >= FEW ? chunk : 2 * chunk
    underWay++
    try {
      for await (const piece of wholeLines(text, shape, notes, chunk, FLUSH_MS, undefined, most)) yield { ...piece, of }
    } finally {
      underWay--
    }
  }
}

/** The beginning of a text, with its first line if that is not too long; with some more where that is but a bracket or no JSON. */
function startOf(bytes: ByteReader): Promise<Buffer> {
  return bytes.peekUntil((start) => {
    const first = firstOfLine(start)
    const feed = start.indexOf(10, first)
    const isJson = start[first] === OPEN || start[first] === OPEN_LIST
    return (isJson && feed - first > SHORT_LINE) || (feed >= 0 && start.length >= SOME_BYTES)
  }, START_BYTES)
}

/** Of a first line that says nothing of what follows, and what is looked at then. */
const SHORT_LINE = 8
const SOME_BYTES = 4_096

/** Lines end in carriage returns alone where Excel wrote a "CSV (Macintosh)". */
const endsLinesByReturns = (start: Buffer) => start.includes(13) && !start.includes(10)

async function* withLineFeeds(bytes: ByteReader): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    const out = Uint8Array.from(piece)
    for (let at = out.indexOf(13); at >= 0; at = out.indexOf(13, at + 1)) out[at] = 10
    yield out
  }
}

/** Line feeds before the first line say nothing. */
function firstOfLine(start: Buffer): number {
  let at = 0
  while (at < start.length && (start[at] <= 32 || start[at] >= 0xbb)) at++
  return at
}
