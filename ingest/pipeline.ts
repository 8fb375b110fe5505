/**
 * The map of taking in: bytes → lines → records → batches.
 *
 *   input.bytes ─ members ─ shape ─ whole lines ─ readers (threads) ─ in order ─ parts ─ store
 *   input.file, if plain NDJSON ──── stretches ─╯ who fetch the bytes themselves
 *
 * Nothing waits for the whole input: a part of at most 50,000 lines or 2 s is committed while the next is read,
 * and a slow store slows the sender down instead of filling memory.
 */
import type { BatchReport } from '../schema/api/batches.js'
import type { BatchOrigin } from '../schema/store/batches.js'
import type { Store } from '../schema/store/store.js'
import { IngestError } from './errors.js'
import { PartWriter, type PieceRead } from './parts.js'
import { namesOf } from './reader/names.js'
import type { ReadSettings } from './reader/normalise.js'
import type { ReaderPool, Sender } from './reader/pool.js'
import { withoutAddresses } from './reader/client-address.js'
import type { ReadChunk, ReaderOptions } from './reader/reader.js'
import { refusalOf, UNUSABLE_BYTES, UNUSABLE_LINES } from './refusal.js'
import { piecesFrom, piecesOfFile, piecesOfStream } from './shape/input-pieces.js'
import { ReadingNotes } from './shape/notes.js'
import type { Piece } from './shape/piece.js'
import type { Shaping } from './shape/pieces.js'

export interface Input {
  origin: BatchOrigin
  bytes: AsyncIterable<Uint8Array>
  /** where the same bytes rest, if they are those of a file; `onRead` is told how many of them were read */
  file?: { path: string; onRead?: (bytes: number) => void }
  settings: ReadSettings
  /** whose it is, so that senders are served in turn; by default each input is its own */
  sender?: Sender
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
  const notes = new ReadingNotes()
  const parts = new PartWriter(to.store.batches, input.origin, notes, to.onProgress, input.sender?.name)
  const start = new StartOfInput()
  const shaping: Shaping = {
    name: input.origin.name,
    names: namesOf(input.settings.fields),
    notes,
    onStart: (bytes, name) => start.note(bytes, name),
    onRead: input.file?.onRead,
  }
  try {
    let pieces: AsyncIterable<Piece> | null = input.file
      ? piecesOfFile(input.file.path, input.bytes, shaping)
      : piecesOfStream(input.bytes, shaping)
    while (pieces !== null) pieces = await takeAll(pieces, input, parts, notes, to.readers, options)
    if (parts.hasUsable) return await parts.complete()
    const refusal = refusalOf({
      start: start.bytes,
      rejections: parts.firstRejections,
      lines: parts.progress.lines,
      name: start.name ?? input.origin.name,
      leftOut: notes.reading.leftOut,
    })
    if (refusal instanceof IngestError) {
      // trying again, which Logpush does for a day before it gives the job up, would bring the same
      if (refusal.seen === 'other-dataset' && input.origin.input === 'logpush')
        return await parts.complete(
          `${refusal.message} Nothing of it is stored. It is answered as taken, so that Logpush does not stop the job: send this job elsewhere.`,
        )
      throw refusal
    }
    return await parts.complete(refusal)
  } catch (error) {
    if (!parts.hasUsable) throw error instanceof IngestError ? error : interrupted(error)
    throw await parts.abort(error instanceof IngestError ? error : interrupted(error))
  }
}

/** Reads until the end, or until it is in vain. Where a file's lines are no longer one object each: the rest of it, to be read otherwise. */
async function takeAll(
  pieces: AsyncIterable<Piece>,
  input: Input,
  parts: PartWriter,
  notes: ReadingNotes,
  readers: ReaderPool,
  options: ReaderOptions,
): Promise<AsyncIterable<Piece> | null> {
  for await (const piece of inOrder(pieces, (p) => readPiece(p, input, readers, options), readers.width + 1)) {
    if (piece.kind === 'unframed') return piecesFrom((input.file as { path: string }).path, piece.from, notes)
    await parts.add(piece)
    if (!parts.hasUsable && (parts.bytes > UNUSABLE_BYTES || parts.progress.lines > UNUSABLE_LINES)) return null
  }
  return null
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

/** What was read, without addresses in what is shown of rejected lines. */
function discreet(read: ReadChunk, { settings: { keepClientIp, addresses } }: ReaderOptions): ReadChunk {
  return { ...read, rejections: withoutAddresses(read.rejections, keepClientIp ? addresses : 'none') }
}

/** A stretch of a file whose lines are not one object each. */
type Unframed = { kind: 'unframed'; from: number }

async function readPiece(
  piece: Piece,
  { file, origin, sender = { name: JSON.stringify(origin), isLarge: true } }: Input,
  readers: ReaderPool,
  options: ReaderOptions,
): Promise<PieceRead | Unframed> {
  if (piece.kind === 'long') return piece
  const { of } = piece
  const reading = (from: Parameters<ReaderPool['read']>[0]) => readers.read(from, options, sender)
  if (piece.kind === 'lines') {
    const { numbering, bytes } = piece
    const length = numbering?.bytes ?? bytes.length
    return { kind: 'read', of, bytes: length, read: discreet(await reading(bytes), options), numbering }
  }
  const { from, to } = piece.stretch
  const read = discreet(await reading(piece.stretch), options)
  if (read.unframed) return { kind: 'unframed', from }
  file?.onRead?.(to)
  return { kind: 'read', of, bytes: to - from, read }
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

/** The first bytes of an input that has any, to say what it is if it is no log. */
export class StartOfInput {
  bytes: Buffer = Buffer.alloc(0)
  /** of the file in an archive */
  name: string | null = null

  note(bytes: Buffer, name: string | null): void {
    if (this.bytes.length > 0) return
    this.bytes = bytes
    this.name = name
  }
}
