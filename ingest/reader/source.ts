/** Where a reader's lines come from: a chunk in memory, or a stretch of a file on the disk. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { FileStretch } from '../shape/piece.js'

export interface LineSource {
  readonly length: number
  /** Copies up to `length` bytes from `from` on; gives how many. */
  copy(to: Buffer, at: number, from: number, length: number): number
  /** Everything. */
  bytes(): Buffer
  close(): void
}

/** Opens the source for as long as `work` takes. Throws if the file can't be opened. */
export function reading<T>(from: Uint8Array | FileStretch, work: (source: LineSource) => T): T {
  const source = sourceOf(from)
  try {
    return work(source)
  } finally {
    source.close()
  }
}

function sourceOf(from: Uint8Array | FileStretch): LineSource {
  return 'path' in from
    ? new StretchSource(from)
    : new ChunkSource(Buffer.from(from.buffer, from.byteOffset, from.byteLength))
}

class ChunkSource implements LineSource {
  constructor(private readonly chunk: Buffer) {}

  get length(): number {
    return this.chunk.length
  }

  copy(to: Buffer, at: number, from: number, length: number): number {
    return this.chunk.copy(to, at, from, from + length)
  }

  bytes(): Buffer {
    return this.chunk
  }

  close(): void {}
}

class StretchSource implements LineSource {
  readonly length: number
  private readonly file: number

  constructor(private readonly stretch: FileStretch) {
    this.length = stretch.to - stretch.from
    this.file = openSync(stretch.path, 'r')
  }

  /** Throws if the file became shorter since it was cut into stretches. */
  copy(to: Buffer, at: number, from: number, length: number): number {
    const wanted = Math.min(length, this.length - from)
    let got = 0
    while (got < wanted) {
      const read = readSync(this.file, to, at + got, wanted - got, this.stretch.from + from + got)
      if (read === 0) {
        const message = `${this.stretch.path} became shorter while it was read. Take it in again when nobody writes to it any more.`
        throw Object.assign(new Error(message), { code: 'ESHORTER' })
      }
      got += read
    }
    return got
  }

  bytes(): Buffer {
    const all = Buffer.allocUnsafe(this.length)
    this.copy(all, 0, 0, this.length)
    return all
  }

  close(): void {
    closeSync(this.file)
  }
}
