/**
 * A plain file to stretches of whole lines, which the readers fetch from the disk themselves: what passes through here are
 * positions, not bytes, and a large file is copied once less on each of its two ways between threads.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { CHUNK_BYTES, MOST_CHUNK_BYTES, PIECE_LINES, type Piece } from './piece.js'

/** What is looked at to find the end of a line, and to see how long lines are. */
const WINDOW_BYTES = 32_768
const LINE_FEED = 10

/**
 * Of what the file holds when it is opened. A line longer than `longest` is no line of NDJSON: it ends there, and the
 * position is returned; null: all was given.
 */
export async function* stretchesOf(
  path: string,
  longest = CHUNK_BYTES,
  lines = PIECE_LINES,
): AsyncGenerator<Piece & { kind: 'stretch' }, number | null> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const window = Buffer.alloc(Math.max(WINDOW_BYTES, longest))
    let lineBytes = lengthOfLines(await fill(file, window, 0, WINDOW_BYTES))
    let from = 0
    // the first are short: the store has something to do soon
    for (let most = longest; from < size; most = Math.min(MOST_CHUNK_BYTES, most * 2)) {
      const wanted = Math.min(size, from + Math.min(most, Math.max(longest, lineBytes * lines)))
      const { end, bytes } =
        wanted === size ? { end: size, bytes: null } : await lastLineEnd(file, window, from, wanted)
      if (bytes) lineBytes = lengthOfLines(bytes)
      if (end === from) return from
      yield { kind: 'stretch', stretch: { path, from, to: end } }
      from = end
    }
    return null
  } finally {
    await file.close()
  }
}

/** Where the last line that ends before `to` ends, and the bytes in which it was found; `from` where none does. */
async function lastLineEnd(file: FileHandle, window: Buffer, from: number, to: number) {
  for (let width = WINDOW_BYTES; to > from; width = window.length) {
    const at = Math.max(from, to - width)
    const bytes = await fill(file, window, at, to - at)
    const feed = bytes.lastIndexOf(LINE_FEED)
    if (feed >= 0) return { end: at + feed + 1, bytes }
    to = at
  }
  return { end: from, bytes: null }
}

async function fill(file: FileHandle, into: Buffer, position: number, length: number): Promise<Buffer> {
  const { bytesRead } = await file.read(into, 0, Math.min(length, into.length), position)
  return into.subarray(0, bytesRead)
}

/** Bytes a line, on average, rounded up. */
function lengthOfLines(bytes: Uint8Array): number {
  let feeds = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) feeds++
  return Math.ceil(bytes.length / Math.max(1, feeds))
}
