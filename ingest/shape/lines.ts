/**
 * A stream of bytes to pieces of whole lines, in flat memory. Plain NDJSON is only cut; from the first line on that is no
 * object by itself, values are made lines of (json-framer.ts).
 */
import { pauses as ownPauses } from '../../schema/runtime/pauses.js'
import { MAX_LINE_BYTES } from '../reader/reader.js'
import { CsvFramer } from './csv-framer.js'
import type { CsvHeader } from './csv-header.js'
import { JsonFramer } from './json-framer.js'
import type { ReadingNotes } from './notes.js'
import { CHUNK_BYTES, CHUNK_LINES, MAY_PAUSE, PAUSE_BYTES, PIECE_LINES, type Cutter, type Piece } from './piece.js'

/** A slow sender's lines are passed on after this long, ms. */
export const FLUSH_MS = 1_000

/** How an input is to be cut: as lines until one is none, as JSON in any arrangement, as CSV. */
export type Shape = { kind: 'lines' } | { kind: 'json' } | { kind: 'csv'; header: CsvHeader }

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const OPEN = 123
const CLOSE = 125

/** `mostBytes`: what chunks may grow to. */
export async function* wholeLines(
  source: AsyncIterable<Uint8Array>,
  shape: Shape,
  notes: ReadingNotes,
  chunkBytes = CHUNK_BYTES,
  flushMs = FLUSH_MS,
  pauses = ownPauses,
  mostBytes = chunkBytes,
): AsyncGenerator<Piece> {
  let cutter = cutterFor(shape, notes, chunkBytes, mostBytes)
  async function* pausing(cut: Iterable<Piece | typeof MAY_PAUSE>): AsyncGenerator<Piece> {
    for (const piece of cut) {
      if (piece !== MAY_PAUSE) yield piece
      if (pauses.isDue) await pauses.pause()
    }
  }
  function* handedOver(): Generator<Piece | typeof MAY_PAUSE> {
    if (cutter.handedOver === null) return
    const rest = cutter.handedOver
    cutter = new JsonFramer(notes, chunkBytes, mostBytes)
    yield* cutter.add(rest)
  }
  const bytes = source[Symbol.asyncIterator]()
  let next = bytes.next()
  let failure: { cause: unknown } | null = null
  try {
    for (;;) {
      let arrived: IteratorResult<Uint8Array> | null
      try {
        arrived = cutter.hasWholeLine ? await within(next, flushMs) : await next
      } catch (cause) {
        failure = { cause }
        break
      }
      if (arrived === null) {
        yield* cutter.flush()
        yield* pausing(handedOver())
        continue
      }
      if (arrived.done) break
      next = bytes.next()
      // a rejected look-ahead is met at the await above; until then it must not count as unhandled
      next.catch(() => {})
      for (let at = 0; at < arrived.value.length; at += PAUSE_BYTES) {
        if (pauses.isDue) await pauses.pause()
        yield* pausing(cutter.add(arrived.value.subarray(at, at + PAUSE_BYTES)))
        yield* pausing(handedOver())
      }
    }
    // after a failure the last line may be half a line: only what is whole counts
    const last = failure ? cutter.wholeOnly() : cutter.end()
    yield* pausing(last)
    if (cutter.handedOver !== null) {
      yield* pausing(handedOver())
      yield* pausing(failure ? cutter.wholeOnly() : cutter.end())
    }
  } finally {
    // not awaited: a source that waits for its sender would hold up whoever stops reading
    void bytes.return?.()?.catch(() => {})
  }
  if (failure) throw failure.cause
}

function cutterFor(shape: Shape, notes: ReadingNotes, chunkBytes: number, mostBytes: number): Cutter {
  if (shape.kind === 'csv') return new CsvFramer(shape.header, notes, chunkBytes, mostBytes)
  return shape.kind === 'json' ? new JsonFramer(notes, chunkBytes, mostBytes) : new LineCutter(chunkBytes, mostBytes)
}

/** The result, or null if it does not come in time. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

const FIRST_BYTES = 65_536
const GROWTH = 4

/** Cuts plain NDJSON, as long as it is that: each line an object by itself, as far as its ends tell. */
class LineCutter implements Cutter {
  handedOver: Uint8Array | null = null
  /** of Node's buffers alone `indexOf` is a search of the machine's */
  private buffer = Buffer.from(new ArrayBuffer(0))
  private filled = 0
  /** bytes that the next buffer begins with; it grows as bytes come, for a post of some lines needs no more */
  private size = FIRST_BYTES
  /** end of the last line that was looked at, and how many those are */
  private whole = 0
  private lines = 0
  /** where no line feed is before */
  private looked = 0

  /** bytes of whole lines that are a piece; the first are small: the store has something to do soon */
  private enough: number

  constructor(
    private readonly chunkBytes: number,
    private readonly mostBytes: number,
  ) {
    this.enough = chunkBytes
  }

  get hasWholeLine(): boolean {
    return this.whole > 0
  }

  *add(bytes: Uint8Array): Generator<Piece> {
    let rest = bytes
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.enough - this.filled)
      this.makeRoom(this.filled + taken.length)
      this.buffer.set(taken, this.filled)
      this.filled += taken.length
      rest = rest.subarray(taken.length)
      while (this.lookAtLines()) yield* this.flush()
      if (this.handedOver !== null) {
        this.handedOver = Buffer.concat([this.handedOver, rest])
        return
      }
      if (this.filled < this.enough) continue
      if (this.whole > 0) yield* this.flush()
      // a line longer than a chunk
      else return this.handOver(rest)
    }
  }

  *flush(): Generator<Piece> {
    if (this.whole === 0) return
    const carry = new Uint8Array(this.buffer.subarray(this.whole, this.filled))
    const bytes = this.buffer.subarray(0, this.whole)
    this.buffer = Buffer.from(carry.buffer)
    this.filled = carry.length
    this.whole = 0
    this.looked = 0
    this.lines = 0
    this.enough = Math.min(this.enough * 2, this.mostBytes)
    yield { kind: 'lines', bytes }
  }

  *end(): Generator<Piece> {
    yield* this.flush()
    if (this.filled === 0) return
    const bytes = this.buffer.subarray(0, this.filled)
    if (bytes[0] === OPEN && bytes.length <= MAX_LINE_BYTES) yield { kind: 'lines', bytes }
    else this.handedOver = bytes
    this.filled = 0
  }

  *wholeOnly(): Generator<Piece> {
    yield* this.flush()
    if (isJson(this.buffer.subarray(0, this.filled)))
      yield { kind: 'lines', bytes: this.buffer.subarray(0, this.filled) }
  }

  /** Looks at the ends of lines; true: there are enough for a piece. Hands over from the first on that is no object. */
  private lookAtLines(): boolean {
    const { buffer, filled } = this
    const bytes = buffer.subarray(0, filled)
    for (;;) {
      const from = this.whole
      const feed = bytes.indexOf(LINE_FEED, Math.max(from, this.looked))
      if (feed < 0) {
        this.looked = filled
        return false
      }
      const last = buffer[feed - 1] === CARRIAGE_RETURN ? feed - 2 : feed - 1
      const isBlank = last < from
      if (!isBlank && (buffer[from] !== OPEN || buffer[last] !== CLOSE || feed - from > MAX_LINE_BYTES)) {
        if (this.whole > 0) return true
        this.handOver(new Uint8Array())
        return false
      }
      this.whole = feed + 1
      this.lines++
      if (this.lines === CHUNK_LINES || (this.lines >= PIECE_LINES && this.whole >= this.chunkBytes)) return true
    }
  }

  private makeRoom(bytes: number): void {
    if (bytes <= this.buffer.length) return
    while (this.size < bytes) this.size *= GROWTH
    this.size = Math.min(this.size, this.enough)
    const buffer = Buffer.from(new ArrayBuffer(this.size))
    buffer.set(this.buffer.subarray(0, this.filled))
    this.buffer = buffer
  }

  private handOver(rest: Uint8Array): void {
    this.handedOver = Buffer.concat([this.buffer.subarray(0, this.filled), rest])
    this.filled = 0
  }
}

/** Is what a failing source left the whole of a value? */
export function isJson(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 && typeof JSON.parse(Buffer.from(bytes).toString('utf8')) === 'object'
  } catch {
    return false
  }
}
