/** Gathers what the readers give into parts and has them committed, one under way while the next is gathered. */
import { iso, isoOrNull } from '../schema/words/iso.js'
import type { BatchReport, RejectedLine, RejectionReason } from '../schema/api/batches.js'
import { MOST_REJECTED_LINES } from '../schema/words/rejections.js'
import type { MovingBlock } from '../schema/store/moving-block.js'
import type { Batches, BatchOrigin, BatchProgress } from '../schema/store/batches.js'
import { IngestError } from './errors.js'
import { missingFields } from './missing-fields.js'
import type { ReadChunk } from './reader/reader.js'
import type { ReadingNotes } from './shape/notes.js'
import type { Numbering, Piece, PieceOf } from './shape/piece.js'
import { sampleOf } from './reader/slow-reader.js'

/** What the readers made of a piece of the input. */
export type PieceRead =
  | { kind: 'read'; of?: PieceOf; read: ReadChunk; bytes: number; numbering?: Numbering }
  | Extract<Piece, { kind: 'long' }>

/** A part ends at whichever comes first. */
export const PART_LINES = 50_000
/** The first part is small and each next one twice as large: the store begins early, and the first figures are there soon. */
const FIRST_PART_LINES = 6_000
export const PART_MS = 2_000

/** Rejections shown in the report itself; the store keeps more. */
const SHOWN_REJECTIONS = 100

export class PartWriter {
  /** bytes read, unpacked */
  bytes = 0
  testLines = 0
  readonly firstRejections: RejectedLine[] = []
  private readonly seen = new Set<string>()
  private readonly startedAt = Date.now()
  private readonly begunAt = performance.now()
  private readonly counts = { lines: 0, rejected: 0, rejectedByReason: {} as { [reason: string]: number } }
  private batch: string | null = null
  private partsGiven = 0
  /** commits what is there when the sender makes a pause */
  private timer: NodeJS.Timeout | null = null
  private blocks: MovingBlock[] = []
  private rejected: RejectedLine[] = []
  private kept = 0
  private rows = 0
  private partLines = 0
  private partLimit = FIRST_PART_LINES
  private of: PieceOf | undefined
  private lineNumber = 1
  private usable = 0
  private committing: Promise<void> = Promise.resolve()
  private stored = 0
  private duplicates = 0
  private times: { from: number; to: number } | null = null

  constructor(
    private readonly writer: Batches,
    private readonly origin: BatchOrigin,
    private readonly notes: ReadingNotes,
    private readonly onProgress?: (report: BatchReport) => void,
    private readonly waitsAs?: string,
  ) {}

  /** Was there anything that counts: a record, or Cloudflare's test line? */
  get hasUsable(): boolean {
    return this.usable > 0 || this.testLines > 0
  }

  get progress(): BatchProgress {
    return {
      lines: this.counts.lines,
      rejected: this.counts.rejected,
      rejectedByReason: { ...this.counts.rejectedByReason },
      missingFields: this.usable > 0 ? missingFields(this.seen) : [],
      ...this.notes.reading,
      bytes: this.bytes,
      seconds: (performance.now() - this.begunAt) / 1000,
    }
  }

  async add(piece: PieceRead): Promise<void> {
    if (piece.of !== this.of) {
      // another file of the archive
      this.of = piece.of
      this.lineNumber = 1
    }
    if (piece.kind === 'long') {
      this.bytes += piece.bytes
      this.lost('too-long', this.lineNumber++, piece.sample)
      return
    }
    const { read, numbering } = piece
    if (this.rows > 0 && this.partLines + read.newlines > this.partLimit) await this.commit()
    this.bytes += piece.bytes
    this.counts.lines += read.lines
    this.partLines += read.newlines
    this.testLines += read.testLines
    for (const name of read.seen) this.seen.add(name)
    for (const name of read.via) this.notes.through(name)
    if (read.weighted) this.notes.weighted = true
    for (const [reason, n] of Object.entries(read.rejectedByReason)) this.count(reason, n)
    for (const { line, ...why } of read.rejections)
      this.reject({ ...why, input: this.inputName, line: this.lineNumber + (numbering?.numbers[line] ?? line) })
    for (const { number, reason, sample } of numbering?.rejections ?? [])
      this.lost(reason, this.lineNumber + number, sample)
    this.lineNumber += numbering?.advance ?? read.newlines
    for (const block of [read.block, ...read.more]) {
      if (block.rows === 0) continue
      this.usable += block.rows
      this.rows += block.rows
      this.noteTimes(block)
      this.blocks.push(block)
    }
    if (read.rejectedByReason['stream-error']) {
      throw new IngestError(
        'STREAM_ERROR',
        'Cloudflare broke the stream off ("Error streaming data."). What came before is stored; fetch the window again, nothing is counted twice.',
      )
    }
    if (this.partLines >= this.partLimit) await this.commit()
    else if (this.usable > 0) this.timer ??= setTimeout(() => void this.commit(), PART_MS)
  }

  /** A line that no reader saw. */
  private lost(reason: RejectionReason, line: number, sample: Uint8Array): void {
    this.counts.lines++
    this.count(reason, 1)
    this.reject({ input: this.inputName, line, reason, sample: sampleOf(sample), at: null, found: null })
  }

  /** `nothing`: why there is nothing to store, if there is nothing. */
  async complete(nothing: string | null = null): Promise<BatchReport> {
    if (this.usable === 0 && this.counts.rejected === 0) return this.nothingReport(nothing)
    if (this.partsGiven === 0) return this.takeWhole(nothing)
    await this.commit()
    await this.committing
    return this.close('complete', nothing)
  }

  /** All of it fits into one part: the store may put it into one commit with others. */
  private async takeWhole(message: string | null): Promise<BatchReport> {
    if (this.timer) clearTimeout(this.timer)
    this.partsGiven++
    const { origin, waitsAs, blocks, rejected, progress } = this
    const report = await this.writer.take({ origin, waitsAs, blocks, rejected, progress, message })
    this.onProgress?.(report)
    return report
  }

  /** Commits what is whole and closes the batch as aborted; gives the error back with the report. */
  async abort(error: Error): Promise<Error> {
    if (error instanceof IngestError && this.usable > 0) {
      await this.commit()
      await this.committing
      error.report = await this.close('aborted', error.message)
    } else if (this.batch !== null) {
      // the store itself failed: try to leave a closed batch behind, but say what happened first
      await this.close('aborted', error.message).catch(() => {})
    }
    return error
  }

  private get inputName(): string {
    const input = this.origin.name ?? this.origin.input
    return this.of?.name ? `${input}: ${this.of.name}` : input
  }

  private count(reason: string, n: number): void {
    this.counts.rejected += n
    this.counts.rejectedByReason[reason] = (this.counts.rejectedByReason[reason] ?? 0) + n
  }

  private reject(line: RejectedLine): void {
    if (this.firstRejections.length < SHOWN_REJECTIONS) this.firstRejections.push(line)
    // beyond, a flood of bad lines is counted only
    if (this.kept++ < MOST_REJECTED_LINES) this.rejected.push(line)
  }

  private noteTimes({ from, to }: MovingBlock): void {
    this.times = { from: Math.min(this.times?.from ?? from, from), to: Math.max(this.times?.to ?? to, to) }
  }

  /** Hands the part over; waits only for the part before it. */
  private commit(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    const { waitsAs, blocks, rejected, progress } = this
    const part = { number: ++this.partsGiven, blocks, rejected, progress, waitsAs }
    this.blocks = []
    this.rejected = []
    this.rows = 0
    this.partLines = 0
    this.partLimit = Math.min(PART_LINES, this.partLimit * 2)
    const before = this.committing
    this.committing = before.then(async () => {
      this.batch ??= await this.writer.open(this.origin)
      const outcome = await this.writer.write(this.batch, part)
      this.stored += outcome.stored
      this.duplicates += outcome.duplicates
      this.onProgress?.(this.reportSoFar(this.batch, part.progress))
    })
    // met by whoever waits for the next part or the end; until then it must not count as unhandled
    this.committing.catch(() => {})
    return before
  }

  private async close(state: 'complete' | 'aborted', message: string | null): Promise<BatchReport> {
    const report = await this.writer.close(this.batch as string, state, this.progress, message)
    this.onProgress?.(report)
    return report
  }

  private reportSoFar(id: string, progress: BatchProgress): BatchReport {
    return {
      id,
      ...progress,
      input: this.origin.input,
      name: this.origin.name,
      job: this.origin.job ?? null,
      sender: this.origin.sender?.name ?? null,
      senderAddress: this.origin.sender?.address ?? null,
      state: 'open',
      message: null,
      stored: this.stored,
      duplicates: this.duplicates,
      rejections: this.firstRejections,
      from: isoOrNull(this.times?.from),
      to: isoOrNull(this.times?.to),
      receivedAt: iso(this.startedAt),
      lagSeconds: null,
    }
  }

  /** Logpush's test upload, a minute without requests: answered like a batch, stored nowhere. */
  private nothingReport(why: string | null): BatchReport {
    return {
      ...this.reportSoFar('0', this.progress),
      state: 'complete',
      message: why ?? 'A test upload of Logpush: nothing to store',
    }
  }
}
