/** Bytes that come in pieces, asked for as they are needed; what was taken too much of is given back. */
export class ByteReader implements AsyncIterable<Uint8Array> {
  /** bytes given out and not given back */
  taken = 0
  private readonly source: AsyncIterator<Uint8Array>
  private readonly back: Uint8Array[] = []
  private done = false

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]()
  }

  /** The next piece, never empty; null at the end. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const piece = this.back.pop() ?? (await this.pull())
      if (piece === null) return null
      if (piece.length === 0) continue
      this.taken += piece.length
      return piece
    }
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.taken -= bytes.length
    this.back.push(bytes)
  }

  /** The next `length` bytes, fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = []
    let missing = length
    while (missing > 0) {
      const piece = await this.next()
      if (piece === null) break
      pieces.push(piece.subarray(0, missing))
      if (piece.length > missing) this.unread(piece.subarray(missing))
      missing -= Math.min(missing, piece.length)
    }
    return Buffer.concat(pieces)
  }

  /** What take would give, left where it is; pieces stay as long as they came. */
  async peek(length: number): Promise<Buffer> {
    return this.peekUntil((bytes) => bytes.length >= length, length)
  }

  /** The beginning, left where it is, until `enough` is content with it; `most` bytes at most. */
  async peekUntil(enough: (bytes: Buffer) => boolean, most: number): Promise<Buffer> {
    let bytes: Buffer = Buffer.alloc(0)
    for (;;) {
      const piece = bytes.length < most && !enough(bytes) ? await this.next() : null
      if (piece === null) break
      // mostly it comes in one piece, and is looked at several times
      bytes = bytes.length === 0 ? asBuffer(piece) : Buffer.concat([bytes, piece])
    }
    this.unread(bytes)
    return bytes.subarray(0, most)
  }

  /** The next `length` bytes as they come. Tells by `taken` how many there were. */
  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let missing = length; missing > 0;) {
      const piece = await this.next()
      if (piece === null) return
      if (piece.length > missing) this.unread(piece.subarray(missing))
      yield piece.subarray(0, missing)
      missing -= piece.length
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await this.next(); piece !== null; piece = await this.next()) yield piece
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    if (!this.done) await this.source.return?.()
    this.done = true
  }

  private async pull(): Promise<Uint8Array | null> {
    if (this.done) return null
    const { value, done } = await this.source.next()
    if (done) this.done = true
    return done ? null : value
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
