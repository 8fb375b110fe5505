import { Readable } from 'node:stream'
import { ByteReader } from './byte-reader.js'
import { damaged, truncated, whatComesAfter } from './gzip.js'
import type { ReadingNotes } from './notes.js'
import type { Entry } from './zip.js'

const BLOCK = 512

/** Is this the first block of a tar? Its check sum says so, also of those from before 1988, which have no mark. */
export function isTar(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i]
  const told = Buffer.from(block.subarray(148, 156)).toString('latin1').replaceAll('\0', ' ').trim()
  return /^[0-7]+$/.test(told) && Number.parseInt(told, 8) === sum
}

export async function* untarred(input: ByteReader, notes: ReadingNotes): AsyncGenerator<Entry> {
  // without a mark it is of the seventh edition of Unix, as `tar --format=v7` still writes
  const { extract } = await import('tar-stream')
  const entries = extract({ allowUnknownFormat: true } as Parameters<typeof extract>[0])
  const watch = new EndWatch()
  // told at the end: an error of the stream would take what is not read yet with it
  let lost: { cause: unknown } | null = null
  async function* untilLost(): AsyncGenerator<Uint8Array> {
    try {
      yield* watch.passedOn(input)
    } catch (cause) {
      lost = { cause }
    }
  }
  const failed = () => lost as { cause: unknown } | null
  const source = Readable.from(untilLost(), { objectMode: false })
  let failure: Error | null = null
  entries.on('error', (error) => {
    failure = error
  })
  // an entry that is read only later knows no more than that it was destroyed
  async function* bytesOf(entry: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* entry
    } catch (error) {
      throw failed()?.cause ?? failure ?? error
    }
  }
  source.pipe(entries)
  try {
    for await (const entry of entries) {
      const { type, name } = entry.header
      const pax = (entry.header.pax ?? {}) as { [key: string]: string | undefined }
      // with holes where zeros were: only a map of them says which byte is where
      const isSparse = (type as string | null) === null || Object.keys(pax).some((key) => key.startsWith('GNU.sparse'))
      if (isSparse) notes.leave(pax['GNU.sparse.name'] ?? name, 'packed')
      if (!isSparse && (type === 'file' || type === 'contiguous-file'))
        yield { name, bytes: bytesOf(entry as AsyncIterable<Uint8Array>) }
      // folders and links are passed over, and counted: a million of them pack into some kilobytes
      else yield { name: '', bytes: bytesOf(entry as AsyncIterable<Uint8Array>) }
    }
  } catch (error) {
    const inner = failed()
    if (inner) throw inner.cause
    const rest = watch.behindEnd
    if (rest === null) throw explained(error as Error)
    notes.after = await whatComesAfter(new ByteReader(bothOf(rest, input)))
  } finally {
    source.destroy()
    entries.destroy()
  }
  const inner = failed()
  if (inner) throw inner.cause
}

async function* bothOf(first: Uint8Array, rest: ByteReader): AsyncGenerator<Uint8Array> {
  yield first
  for (let piece = await rest.next(); piece !== null; piece = await rest.next()) yield piece
}

/**
 * Finds the two blocks of zeros that end a tar. What comes behind them may be another tar (`cat a.tar b.tar`), which is read
 * on; if it is none, it is no part of the archive and no damage.
 */
class EndWatch {
  private held = Buffer.alloc(0)
  private zeros = 0
  private behind: Uint8Array[] | null = null

  async *passedOn(input: ByteReader): AsyncGenerator<Uint8Array> {
    for (let piece = await input.next(); piece !== null; piece = await input.next()) {
      this.look(piece)
      yield piece
    }
  }

  /** What was read behind the end; null: the end was not met. */
  get behindEnd(): Uint8Array | null {
    return this.behind && Buffer.concat([...this.behind, this.held])
  }

  private look(piece: Uint8Array): void {
    const bytes =
      this.held.length > 0
        ? Buffer.concat([this.held, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    let at = 0
    for (; at + BLOCK <= bytes.length; at += BLOCK) {
      // nearly all blocks are text of a file, and nothing more is asked of them
      if (bytes[at] !== 0 && this.behind === null) {
        this.zeros = 0
        continue
      }
      const block = bytes.subarray(at, at + BLOCK)
      if (block.every((byte) => byte === 0)) {
        this.zeros++
        if (this.zeros >= 2) this.behind = []
        continue
      }
      // another tar has its header here
      if (isTar(block)) this.behind = null
      this.zeros = 0
      this.behind?.push(Buffer.from(block))
      // it was no end: a file in the archive has zeros in it
      if (this.behind && this.behind.length > MOST_BEHIND) this.behind = null
    }
    this.held = Buffer.from(bytes.subarray(at))
  }
}

/** Blocks; what is no header is noticed long before. */
const MOST_BEHIND = 2_048

function explained(error: Error): Error {
  if (/Unexpected end of data/i.test(error.message)) return truncated('tar')
  return /Invalid tar header|checksum/i.test(error.message) ? damaged(error.message, 'tar', error) : error
}
