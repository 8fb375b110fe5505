/** A thread that makes pieces of lines of what is packed, a list or CSV: bytes come in, pieces go out, both moved instead of copied. */
import { Moved, sentError, serve, type SentError } from '../../schema/runtime/threads.js'
import { namesOf, type FieldMapping } from '../reader/names.js'
import { ReadingNotes } from './notes.js'
import type { Piece } from './piece.js'
import { piecesOf } from './pieces.js'
import { INPUT_FAILED, type Shaped, type ShapeThread } from './shape-thread.js'

/** Bytes of an input that wait here, beside the piece at hand. */
const MOST_WAITING = 262_144

/** The bytes of an input, as they are sent. */
class Given implements AsyncIterable<Uint8Array> {
  private readonly pieces: Uint8Array[] = []
  private waiting = 0
  private end: 'not yet' | 'reached' | 'failed' = 'not yet'
  private wake = () => {}
  private goOn = () => {}

  give(pieces: readonly Uint8Array[] | null | false): Promise<void> {
    if (pieces) for (const piece of pieces) this.add(piece)
    else this.end = pieces === null ? 'reached' : 'failed'
    this.wake()
    // whoever gave something before and is left without a reader is answered too: a call that waits for ever keeps the process
    this.goOn()
    return new Promise((resolve) => {
      this.goOn = resolve
      this.askForMore()
    })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.pieces.shift()
      if (piece) {
        this.waiting -= piece.length
        this.askForMore()
        yield piece
      } else if (this.end === 'reached') return
      else if (this.end === 'failed') throw Object.assign(new Error('The input failed'), { code: INPUT_FAILED })
      else await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  private add(piece: Uint8Array): void {
    this.pieces.push(piece)
    this.waiting += piece.length
  }

  private askForMore(): void {
    if (this.waiting < MOST_WAITING || this.end !== 'not yet') this.goOn()
  }
}

class Shaping {
  readonly given = new Given()
  private readonly notes = new ReadingNotes()
  private starts: Shaped['starts'] = []
  private readonly pieces: AsyncGenerator<Piece>
  private of: unknown
  private number = 0

  constructor(name: string | null, fields: FieldMapping) {
    // copies: what is a part of something larger would be sent with all of it
    const onStart = (start: Uint8Array, of: string | null) =>
      this.starts.push({ bytes: new Uint8Array(start), name: of })
    this.pieces = piecesOf(this.given, { name, names: namesOf(fields), notes: this.notes, onStart })
  }

  async next(): Promise<Shaped> {
    let piece: Piece | null = null
    let failure: SentError | null = null
    try {
      piece = ((await this.pieces.next()) as IteratorYieldResult<Piece | undefined>).value ?? null
    } catch (error) {
      failure = sentError(error)
    }
    if (piece !== null && piece.of !== this.of) this.number++
    this.of = piece?.of
    if (piece?.kind === 'long') piece.sample = new Uint8Array(piece.sample)
    if (piece?.kind === 'lines')
      for (const rejection of piece.numbering?.rejections ?? []) rejection.sample = new Uint8Array(rejection.sample)
    const { number, starts, notes } = this
    this.starts = []
    return { piece, number, starts, reading: notes.reading, failure }
  }

  leave(): void {
    void this.pieces.return(undefined).catch(() => {})
    void this.given.give(null)
  }
}

const underWay = new Map<number, Shaping>()
const of = (id: number) => underWay.get(id) as Shaping

serve<ShapeThread>(
  {
    open: (id, name, fields) => void underWay.set(id, new Shaping(name, fields)),
    give: (id, bytes) => of(id).given.give(bytes),
    async next(id) {
      const shaped = await of(id).next()
      const { piece } = shaped
      return new Moved(shaped, piece?.kind === 'lines' ? [piece.bytes.buffer] : [])
    },
    leave(id) {
      of(id).leave()
      underWay.delete(id)
    },
  },
  // one input may have to wait for its sender, and others not for it
  { atOnce: true },
)
