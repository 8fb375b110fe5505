/** Lines that are made, not cut: gathered into pieces with the numbers that they have in the input. */
import type { RejectionReason } from '../../schema/api/batches.js'
import { CHUNK_LINES, PIECE_LINES, type LinesPiece } from './piece.js'

const LINE_FEED = 10

/** Lines of a piece that are none: of an input that is all such lines, no more than these are held. */
export const PIECE_REJECTIONS = 4_096

export class FramedLines {
  /** bytes of the piece at hand, and how many of them are filled */
  bytes: Uint8Array<ArrayBuffer>
  filled = 0
  private readonly numbers = new Uint32Array(CHUNK_LINES)
  private count = 0
  private rejections: { number: number; reason: RejectionReason; sample: Uint8Array }[] = []
  /** number of the first line of the piece at hand, and of the next line */
  private base = 0
  private next = 0
  private read = 0

  /** what the piece at hand has room for; the first are small: the store has something to do soon */
  private size: number

  constructor(
    private readonly first: number,
    private readonly most: number,
  ) {
    this.size = first
    this.bytes = new Uint8Array(first)
  }

  get isEmpty(): boolean {
    return this.count === 0 && this.rejections.length === 0
  }

  /** Is there no room for a line of so many bytes, or one that is none? */
  isFull(length: number): boolean {
    const { count, filled } = this
    return (
      count === CHUNK_LINES ||
      this.rejections.length >= PIECE_REJECTIONS ||
      filled + length + 1 > this.size ||
      (count >= PIECE_LINES && filled + length >= this.first)
    )
  }

  /** Ends the line whose bytes were filled in. `physical`: the line of the input on which it began, from 0. */
  endLine(physical: number, feed = true): void {
    if (feed) this.bytes[this.filled++] = LINE_FEED
    this.numbers[this.count++] = this.number(physical) - this.base
  }

  /** A line that is none, and why. */
  reject(physical: number, reason: RejectionReason, sample: Uint8Array): void {
    this.rejections.push({ number: this.number(physical) - this.base, reason, sample })
  }

  /** Counts bytes of the input. */
  took(bytes: number): void {
    this.read += bytes
  }

  *piece(): Generator<LinesPiece> {
    if (this.isEmpty && this.read === 0) return
    const bytes = this.bytes.subarray(0, this.filled)
    yield {
      kind: 'lines',
      bytes,
      numbering: {
        numbers: this.numbers.slice(0, this.count),
        advance: this.next - this.base,
        rejections: this.rejections,
        bytes: this.read,
      },
    }
    this.size = Math.max(this.size, Math.min(this.size * 2, this.most))
    this.bytes = new Uint8Array(this.size)
    this.filled = 0
    this.count = 0
    this.rejections = []
    this.base = this.next
    this.read = 0
  }

  /** Where several share a line, each counts as a line of its own. */
  private number(physical: number): number {
    const number = Math.max(this.next, physical)
    this.next = number + 1
    return number
  }
}
