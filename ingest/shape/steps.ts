/**
 * A stream of zlib, worked by whoever asks in place of zlib's threads: a step is 32 kB, and a turn of those threads for each,
 * with its wait, takes several times as long as the unpacking.
 */

/**
 * What is unpacked at a time. If the data is damaged, zlib gives nothing of the step that it was at; gzip writes as much at
 * a time, so that never less is read than `gzip -dc` gives.
 */
export const STEP_BYTES = 32_768
/** Of zlib and of zstd, whose other numbers mean other things. All there is comes out with it. */
const NO_FLUSH = 0
/** Pieces begin small, since most of what is posted is, and grow. */
const GROWTH = 4
const MOST_BYTES = 1_048_576

/**
 * Node's handle. It is documented no more than `writeSync` is, which is what `zlib.inflateSync` calls; several packages
 * rest on it (pngjs, minizlib). Where it is gone, `Steps.of` says so.
 */
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    from: number,
    length: number,
    out: Uint8Array,
    at: number,
    room: number,
  ): void
  onerror: (message: string, errno: number, code: string) => void
}

interface Worked {
  _handle?: Partial<Handle> | null
  /** after a step: room left in `out`, bytes left in `input` */
  _writeState?: Uint32Array
}

export class Steps {
  private size = STEP_BYTES
  private made = 0
  private failure: Error | null = null
  /** nothing came into it: good for the next time */
  private spare: Buffer | null = null

  private constructor(
    private readonly handle: Handle,
    private readonly state: Uint32Array,
  ) {
    // by itself it would destroy the stream, which tells of it a turn later
    handle.onerror = (message, errno, code) => {
      this.failure = Object.assign(new Error(message), { errno, code })
    }
  }

  /** Null: this Node is another inside, and the stream is to be used as one. Whoever made it destroys it. */
  static of(stream: object): Steps | null {
    const { _handle: handle, _writeState: state } = stream as Worked
    if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array)) return null
    return new Steps(handle as Handle, state)
  }

  /** The next piece begins anew, as the stream does. */
  reset(): void {
    this.size = STEP_BYTES
    this.made = 0
  }

  /**
   * What is in a piece. Returns how many bytes of it were not taken: more than none if the data ended before them. Where it is
   * damaged, what was unpacked before is given, then it throws.
   */
  *unpack(piece: Uint8Array): Generator<Uint8Array, number> {
    for (let left = piece.length; ;) {
      const out = this.spare?.length === this.size ? this.spare : Buffer.allocUnsafeSlow(this.size)
      let filled = 0
      let isFull = true
      // where steps end does not depend on where pieces do
      for (let room = this.room; isFull && filled + room <= out.length; room = this.room) {
        this.handle.writeSync(NO_FLUSH, piece, piece.length - left, left, out, filled, room)
        if (this.failure !== null) break
        const [free, rest] = this.state
        left = rest
        filled += room - free
        this.made += room - free
        isFull = free === 0
      }
      this.spare = filled === 0 ? out : null
      if (filled > 0) yield out.subarray(0, filled)
      if (this.failure !== null) throw this.failure
      if (!isFull) return left
      this.size = Math.min(this.size * GROWTH, MOST_BYTES)
    }
  }

  private get room(): number {
    return STEP_BYTES - (this.made % STEP_BYTES)
  }
}
