/**
 * The map of taking in: bytes → lines → records → batches.
 *
 *   input.bytes ─ decompressed ─ wholeLines ─ readers (threads) ─ in order ─ parts ─ store
 *   input.file, if plain ────── stretchesOf ─╯ who fetch the bytes themselves
 *
 * Nothing waits for the whole input: a part of at most 50,000 lines or 2 s is committed while the next is read,
 * and a slow store slows the sender down instead of filling memory.
 */
import type { BatchReport } from '../schema/api/batches.js'
import type { BatchOrigin } from '../schema/store/batches.js'
import type { Store } from '../schema/store/store.js'
import { compressionOfFile, decompressed } from './decompress.js'
import { IngestError } from './errors.js'
import { wholeLines, type Piece } from './lines.js'
import { PartWriter, type PieceRead } from './parts.js'
import type { ReadSettings } from './reader/normalise.js'
import type { ReaderPool } from './reader/pool.js'
import type { ReaderOptions } from './reader/reader.js'
import { refusalOf, UNUSABLE_BYTES, UNUSABLE_LINES } from './refusal.js'
import { stretchesOf } from './stretches.js'

export interface Input {
  origin: BatchOrigin
  bytes: AsyncIterable<Uint8Array>
  /** where the same bytes rest, if they are those of a file; `onRead` is told how many of them were read */
  file?: { path: string; onRead?: (bytes: number) => void }
  settings: ReadSettings
}

export interface IngestTo {
  store: Store
  readers: ReaderPool
  /** told after each committed part, and at the end */
  onProgress?: (report: BatchReport) => void
}

/**
 * Takes one input in and resolves with its report when all is durable. Rejects with an IngestError (its
 * `report` says what was stored before) or with the store's error.
 */
export async function ingest(input: Input, to: IngestTo): Promise<BatchReport> {
  const options: ReaderOptions = { identityKey: await to.store.ledger.identityKey(), settings: input.settings }
  const parts = new PartWriter(to.store.batches, input.origin, to.onProgress)
  const start = new StartOfInput()
  try {
    const pieces = start.noted(await piecesOf(input))
    for await (const piece of inOrder(pieces, (p) => readPiece(p, input, to.readers, options), to.readers.width + 1)) {
      await parts.add(piece)
      if (!parts.hasUsable && (parts.bytes > UNUSABLE_BYTES || parts.progress.lines > UNUSABLE_LINES)) break
    }
    if (!parts.hasUsable) throw refusalOf(start.bytes, parts.firstRejections, input.origin.name)
    return await parts.complete()
  } catch (error) {
    if (!parts.hasUsable) throw error instanceof IngestError ? error : interrupted(error)
    throw await parts.abort(error instanceof IngestError ? error : interrupted(error))
  }
}

async function piecesOf({ bytes, file }: Input): Promise<AsyncIterable<Piece>> {
  return file && (await compressionOfFile(file.path)) === 'none'
    ? stretchesOf(file.path)
    : wholeLines(decompressed(bytes))
}

/** Errors of the store keep their own code; a sender that went away is an interrupted input. */
function interrupted(error: unknown): Error {
  const { code, name, message } = error as NodeJS.ErrnoException
  if (name === 'StoreError') return error as Error
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR' || name === 'AbortError') {
    return new IngestError(
      'INTERRUPTED',
      'The sender stopped before the end. What was whole is stored; send it again, nothing is counted twice.',
      { cause: error },
    )
  }
  if (code === 'BODY_TOO_SLOW') {
    return new IngestError('TOO_SLOW', `${message} What was whole is stored; nothing is counted twice.`, {
      cause: error,
    })
  }
  return code?.startsWith('E')
    ? new IngestError('UNREADABLE', `Reading the input failed: ${message}`, { cause: error })
    : (error as Error)
}

async function readPiece(
  piece: Piece,
  { file }: Input,
  readers: ReaderPool,
  options: ReaderOptions,
): Promise<PieceRead> {
  if (piece.kind === 'long') return piece
  if (piece.kind === 'lines') {
    const bytes = piece.bytes.length
    return { kind: 'read', bytes, read: await readers.read(piece.bytes, options) }
  }
  const { from, to } = piece.stretch
  const read = await readers.read(piece.stretch, options)
  file?.onRead?.(to)
  return { kind: 'read', bytes: to - from, read }
}

/**
 * Works on up to `width` pieces at once and gives the results in the order of the pieces, each as soon as it is
 * there: a source that makes a pause holds nothing back. A failing source fails after what it gave before.
 */
export async function* inOrder<T, R>(
  pieces: AsyncIterable<T>,
  work: (piece: T) => Promise<R>,
  width: number,
): AsyncGenerator<R> {
  const source = pieces[Symbol.asyncIterator]()
  const pull = () =>
    source.next().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
  const underWay: Promise<R>[] = []
  let next: ReturnType<typeof pull> | null = pull()
  let failure: { error: unknown } | null = null
  try {
    while (next !== null || underWay.length > 0) {
      const first = underWay[0]
      const room = next !== null && underWay.length < width
      const arrived = room
        ? await Promise.race(
            first
              ? [
                  next,
                  first.then(
                    () => null,
                    () => null,
                  ),
                ]
              : [next],
          )
        : null
      if (arrived === null) {
        underWay.shift()
        yield await first
      } else if ('error' in arrived || arrived.result.done) {
        if ('error' in arrived) failure = arrived
        next = null
      } else {
        const result = work(arrived.result.value)
        // met at the await above; until then a failure must not count as unhandled
        result.catch(() => {})
        underWay.push(result)
        next = pull()
      }
    }
  } finally {
    // not awaited: a source that waits for its sender would hold up the answer that it has been refused
    void source.return?.(undefined)?.catch(() => {})
  }
  if (failure) throw failure.error
}

/** Keeps the first bytes of an input, to say what it is if it is no log. */
class StartOfInput {
  bytes: Uint8Array = new Uint8Array()

  async *noted(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    for await (const piece of pieces) {
      if (this.bytes.length === 0) this.bytes = startOf(piece).slice(0, 512)
      yield piece
    }
  }
}

function startOf(piece: Piece): Uint8Array {
  if (piece.kind === 'lines') return piece.bytes
  return piece.kind === 'long' ? piece.sample : (piece.start ?? new Uint8Array())
}
