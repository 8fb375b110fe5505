/**
 * A stream of bytes to chunks of whole lines, in flat memory: a chunk is about 2 MiB, a line that is longer
 * than a chunk is skipped to its end and reported.
 */
import { IngestError } from './errors.js'
import type { FileStretch } from './stretches.js'

/** Size of a chunk; also the most that is ever held of one line. Above MAX_LINE_BYTES, so that a reader sees each line it may accept. */
export const CHUNK_BYTES = 2 * 1_048_576
/** A slow sender's lines are passed on after this long, ms. */
export const FLUSH_MS = 1_000

export type Piece =
  | { kind: 'lines'; bytes: Uint8Array<ArrayBuffer> }
  /** whole lines that a reader fetches itself; `start`: the first bytes of the file, with its first stretch */
  | { kind: 'stretch'; stretch: FileStretch; start: Uint8Array | null }
  /** a line longer than a chunk: its beginning, and how long it was */
  | { kind: 'long'; sample: Uint8Array; bytes: number }

const NEWLINE = 10

export async function* wholeLines(
  source: AsyncIterable<Uint8Array>,
  chunkBytes = CHUNK_BYTES,
  flushMs = FLUSH_MS,
): AsyncGenerator<Piece> {
  const cutter = new LineCutter(chunkBytes)
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
        continue
      }
      if (arrived.done) break
      next = bytes.next()
      // a rejected look-ahead is met at the await above; until then it must not count as unhandled
      next.catch(() => {})
      yield* cutter.add(arrived.value)
    }
    // After a failure the last line may be half a line: only what is whole counts.
    yield* failure ? cutter.flush() : cutter.end()
  } finally {
    // not awaited: a source that waits for its sender would hold up whoever stops reading
    void bytes.return?.()?.catch(() => {})
  }
  if (failure) throw failure.cause
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

class LineCutter {
  private buffer: Uint8Array<ArrayBuffer>
  private filled = 0
  /** end of the last whole line in the buffer */
  private whole = 0
  private atStart = true
  private long: { sample: Uint8Array; bytes: number } | null = null

  constructor(private readonly chunkBytes: number) {
    this.buffer = new Uint8Array(chunkBytes)
  }

  get hasWholeLine(): boolean {
    return this.whole > 0
  }

  *add(bytes: Uint8Array): Generator<Piece> {
    let rest = bytes
    while (rest.length > 0) {
      if (this.long) {
        const at = rest.indexOf(NEWLINE)
        this.long.bytes += at < 0 ? rest.length : at
        if (at < 0) return
        yield { kind: 'long', ...this.long }
        this.long = null
        rest = rest.subarray(at + 1)
        continue
      }
      const taken = rest.subarray(0, this.chunkBytes - this.filled)
      this.buffer.set(taken, this.filled)
      const newline = taken.lastIndexOf(NEWLINE)
      if (newline >= 0) this.whole = this.filled + newline + 1
      this.filled += taken.length
      rest = rest.subarray(taken.length)
      if (this.atStart && this.filled >= 3) this.lookAtStart()
      if (this.filled === this.chunkBytes) yield* this.cut()
    }
  }

  /** The whole lines so far. */
  *flush(): Generator<Piece> {
    if (this.atStart) this.lookAtStart()
    if (this.whole === 0) return
    const carry = this.buffer.slice(this.whole, this.filled)
    const bytes = this.buffer.subarray(0, this.whole)
    this.buffer = new Uint8Array(this.chunkBytes)
    this.buffer.set(carry)
    this.filled = carry.length
    this.whole = 0
    yield { kind: 'lines', bytes }
  }

  /** Everything, a last line without its line feed included. */
  *end(): Generator<Piece> {
    if (this.long) {
      yield { kind: 'long', ...this.long }
      return
    }
    if (this.atStart) this.lookAtStart()
    if (this.filled > 0) yield { kind: 'lines', bytes: this.buffer.subarray(0, this.filled) }
    this.filled = 0
    this.whole = 0
  }

  private *cut(): Generator<Piece> {
    if (this.whole > 0) yield* this.flush()
    else {
      this.long = { sample: this.buffer.slice(0, 1024), bytes: this.filled }
      this.filled = 0
    }
  }

  private lookAtStart(): void {
    this.atStart = false
    const mark = checkedMark(this.buffer.subarray(0, this.filled))
    if (mark === 0) return
    this.buffer.copyWithin(0, mark, this.filled)
    this.filled -= mark
    this.whole = Math.max(0, this.whole - mark)
  }
}

/** Length of the UTF-8 byte order mark at the start of an input, 0 without one. Refuses UTF-16, which no line could survive. */
export function checkedMark(start: Uint8Array): number {
  const [a, b, c] = start
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new IngestError(
      'WRONG_ENCODING',
      'The input is UTF-16, log exports are UTF-8. Convert it first: iconv -f UTF-16 -t UTF-8 FILE',
    )
  }
  if ((a === 0x7b && b === 0) || (a === 0 && b === 0x7b)) {
    const encoding = a === 0 ? 'UTF-16BE' : 'UTF-16LE'
    throw new IngestError(
      'WRONG_ENCODING',
      `The input is ${encoding} without a byte order mark, log exports are UTF-8. Convert it first: iconv -f ${encoding} -t UTF-8 FILE`,
    )
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
}
