/**
 * What is large and no plain lines (packed, a list, CSV) is made pieces of lines in a thread of its own: unpacking and framing keep
 * the thread that does them for seconds, and on the service's everybody would wait.
 */
import { availableParallelism } from 'node:os'
import { FEW_YOUNG, startThread, workerUrl, type SentError, type Thread } from '../../schema/runtime/threads.js'
import { IngestError, type IngestErrorCode } from '../errors.js'
import type { ByteReader } from './byte-reader.js'
import type { Piece, PieceOf } from './piece.js'
import type { Shaping } from './pieces.js'
import { INPUT_FAILED, type ShapeThread } from './shape-thread.js'

/** Bytes that are gathered while the thread has enough. */
const MOST_GATHERED = 1_048_576
/** Pieces that are asked for before they are wanted. */
const AHEAD = 2

const threads: Thread<ShapeThread>[] = []
let lastId = 0

/** One core is for whoever reads what comes out. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1))

/** The one with the fewest inputs; each works on any number of them, some of one after some of another. */
function leastBusy(): Thread<ShapeThread> {
  for (let at = threads.length - 1; at >= 0; at--) if (!threads[at].alive) threads.splice(at, 1)
  const best = threads.reduce<Thread<ShapeThread> | null>((a, b) => (a && a.pending <= b.pending ? a : b), null)
  if (best && (best.pending === 0 || threads.length >= MOST_THREADS)) return best
  const worker = workerUrl(import.meta.url, './shape-worker.js')
  const thread = startThread<ShapeThread>(worker, { resourceLimits: FEW_YOUNG })
  threads.push(thread)
  return thread
}

/** Ends the threads: what they have at hand may last longer than a service that stops would wait. */
export async function stopShaping(): Promise<void> {
  await Promise.all(threads.splice(0).map((thread) => thread.stop()))
}

/** Like `piecesOf`. */
export async function* piecesThere(input: ByteReader, { name, names, notes, onStart }: Shaping): AsyncGenerator<Piece> {
  const thread = leastBusy()
  const id = ++lastId
  const next = () => {
    const asked = thread.call('next', id)
    // met at the await below; until then a failure must not count as unhandled
    asked.catch(() => {})
    return asked
  }
  thread.call('open', id, name, names.mapping).catch(() => {})
  const feed = new Feed(thread, id, input)
  const asked = Array.from({ length: AHEAD }, next)
  let of: PieceOf | undefined
  let last = 0
  let left = 0
  try {
    for (;;) {
      const { piece, number, starts, reading, failure } = await (asked.shift() as ReturnType<typeof next>)
      for (const start of starts) onStart(Buffer.from(start.bytes), start.name)
      for (const what of reading.via) notes.through(what)
      for (const { name: file, why } of reading.leftOut.slice(left)) notes.leave(file, why)
      left = reading.leftOut.length
      notes.after = reading.after ?? notes.after
      if (failure) throw failure.code === INPUT_FAILED ? feed.failure : revived(failure)
      if (piece === null) return
      asked.push(next())
      // pieces of one text have one object that says so
      if (number !== last) of = piece.of
      last = number
      yield { ...piece, of }
    }
  } finally {
    feed.stop()
    thread.call('leave', id).catch(() => {})
    // not awaited: a sender that makes a pause would hold up the answer that its input is damaged
    void input.close().catch(() => {})
  }
}

/** Gives a thread the bytes of an input: what comes while it has enough is gathered. */
class Feed {
  failure: unknown = null
  private isStopped = false
  private gathered: Uint8Array<ArrayBuffer>[] = []
  private size = 0
  private sending: Promise<void> | null = null

  constructor(
    private readonly thread: Thread<ShapeThread>,
    private readonly id: number,
    input: ByteReader,
  ) {
    // a thread that ends tells whoever waits for a piece
    void this.run(input).catch(() => {})
  }

  stop(): void {
    this.isStopped = true
  }

  private async run(input: ByteReader): Promise<void> {
    try {
      for (let piece = await input.next(); piece !== null && !this.isStopped; piece = await input.next()) {
        // a copy: it may be a part of something that others read
        this.gathered.push(new Uint8Array(piece))
        this.size += piece.length
        this.sending ??= this.send()
        if (this.size >= MOST_GATHERED) await this.sending
      }
    } catch (error) {
      this.failure = error
    }
    await this.sending
    if (!this.isStopped) await this.thread.call('give', this.id, this.failure === null ? null : false)
  }

  private async send(): Promise<void> {
    while (this.gathered.length > 0 && !this.isStopped) {
      const bytes = this.gathered
      this.gathered = []
      this.size = 0
      const moving = bytes.map(({ buffer }) => buffer)
      await this.thread.callMoving(moving, 'give', this.id, bytes)
    }
    this.sending = null
  }
}

function revived({ name, message, code }: SentError): Error {
  return name === 'IngestError'
    ? new IngestError(code as IngestErrorCode, message)
    : Object.assign(new Error(message), { name, code })
}
