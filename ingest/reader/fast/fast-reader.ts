/**
 * The fast reader: a scanner in WebAssembly that takes ordinary lines apart, and the slow reader's own functions for
 * what tokens mean and for every line that is in any way odd. Both readers say the same; this one says it sooner.
 */
import type { FileStretch } from '../../shape/piece.js'
import { shareBlock } from '../../../schema/store/moving-block.js'
import { MAX_LINE_BYTES, type LineReader, type ReadChunk, type ReaderOptions } from '../reader.js'
import { KNOWN_NAMES } from '../names.js'
import { readLine, type Take } from '../records.js'
import { createSlowReader, hashedBytes, isBlank, Notes } from '../slow-reader.js'
import { reading, type LineSource } from '../source.js'
import { hasOwnWeight, makeBlock, type OddRow } from './columns.js'
import * as L from './layout.js'
import { Meanings } from './meanings.js'
import { Scanner } from './scanner.js'

/** Bytes brought to the scanner at a time: what was just brought is still near when it is read. */
const SLAB_BYTES = 262_144
const LINE_FEED = 10

/** Says also how many lines had something that it had to leave to the slow reader, since it was made. */
export interface FastLineReader extends LineReader {
  readonly oddLines: number
}

export function createFastReader(options: ReaderOptions): FastLineReader {
  return new FastReader(options)
}

interface ScannedChunk {
  notes: Notes
  lines: number
}

class FastReader implements FastLineReader {
  oddLines = 0
  private readonly options: ReaderOptions
  private readonly scanner: Scanner
  private meanings: Meanings
  private odd: OddRow[] = []
  private drained = 0
  private notes!: Notes
  private readonly take: Take = (json, isSubrequest) => this.scanner.take(json, isSubrequest)

  constructor(options: ReaderOptions) {
    this.options = options
    this.scanner = new Scanner(options)
    this.meanings = new Meanings(this.scanner, options.settings)
  }

  read(from: Uint8Array | FileStretch): ReadChunk {
    return reading(from, (source) => this.readLines(source) ?? createSlowReader(this.options).read(source.bytes()))
  }

  together(chunks: readonly Uint8Array[]): ReadChunk[] {
    return this.readTogether(chunks) ?? chunks.map((chunk) => this.read(chunk))
  }

  /** Null: more rows than a block may hold. */
  private readTogether(chunks: readonly Uint8Array[]): ReadChunk[] | null {
    const { scanner } = this
    this.begin()
    const read: (Pick<ScannedChunk, 'notes' | 'lines'> & { rows: number; plainRows: number })[] = []
    for (const chunk of chunks) {
      const [row, odd] = [scanner.rows, this.odd.length]
      scanner.beginChunk()
      const scanned = reading(chunk, (source) => this.scanLines(source))
      if (scanned === null) return null
      const rows = scanner.rows - row
      if (hasOwnWeight(scanner, row, scanner.rows)) scanned.notes.weighted = true
      read.push({ ...scanned, rows, plainRows: rows - (this.odd.length - odd) })
    }
    const { block, time } = this.finish()
    const shared = shareBlock(
      block,
      time,
      read.map(({ rows }) => rows),
    )
    return read.map(({ notes, lines, plainRows }, i) => notes.chunk(shared[i], lines, plainRows))
  }

  /** Null: more rows than a block may hold. */
  private readLines(source: LineSource): ReadChunk | null {
    const { scanner } = this
    this.begin()
    const scanned = this.scanLines(source)
    if (scanned === null) return null
    const { notes, lines } = scanned
    if (hasOwnWeight(scanner, 0, scanner.rows)) notes.weighted = true
    const { rows } = scanner
    return notes.chunk(this.finish().block, lines, rows - this.odd.length)
  }

  private begin(): void {
    if (this.scanner.begin()) this.meanings = new Meanings(this.scanner, this.options.settings)
    this.odd = []
  }

  private finish(): ReturnType<typeof makeBlock> {
    this.meanings.learn()
    return makeBlock(this.scanner, this.meanings, this.odd, this.options.settings)
  }

  /** The lines of a chunk to rows of the block at hand. Null: more rows than a block may hold. */
  private scanLines(source: LineSource): ScannedChunk | null {
    const { scanner } = this
    this.notes = new Notes()
    this.drained = 0
    for (let from = 0; from < source.length;) {
      const to = from + this.copySlab(source, from)
      if (to === from) from = this.longLine(source.bytes(), from)
      else if (!this.slab(to - from, to === source.length)) return null
      else from = to
    }
    this.drainSeen()
    return { notes: this.notes, lines: scanner.lines }
  }

  /** Whole lines to the scanner's memory: how many bytes, 0 where a single line is too long for it. */
  private copySlab(source: LineSource, from: number): number {
    const { bytes } = this.scanner
    const wholeLines = (filled: number) => Math.max(0, bytes.lastIndexOf(LINE_FEED, L.INPUT + filled - 1) + 1 - L.INPUT)
    let filled = source.copy(bytes, L.INPUT, from, SLAB_BYTES)
    if (from + filled === source.length) return filled
    const whole = wholeLines(filled)
    if (whole > 0) return whole
    filled += source.copy(bytes, L.INPUT + filled, from + filled, MAX_LINE_BYTES + 1 - filled)
    return wholeLines(filled) || (filled <= MAX_LINE_BYTES ? filled : 0)
  }

  /** The slab's lines to the scanner, odd ones to the slow reader; false: more rows than a block may hold. */
  private slab(length: number, isLast: boolean): boolean {
    const { scanner } = this
    const end = L.INPUT + length
    scanner.bytes[end] = LINE_FEED
    for (let at = L.INPUT; at < end;) {
      const outcome = scanner.scan(at, end)
      if (outcome === L.DONE) return true
      if (outcome === L.FULL) return false
      const { lineStart, lineEnd } = scanner
      // a copy: the scanner's memory may grow meanwhile
      const line = Buffer.from(scanner.bytes.subarray(lineStart, lineEnd))
      if (!this.oddLine(line, isLast && lineEnd === end)) return false
      at = lineEnd + 1
    }
    return true
  }

  /** `isLast`: nothing comes behind it, not even a line feed. False: more rows than a block may hold. */
  private oddLine(line: Buffer, isLast: boolean): boolean {
    const { scanner, notes } = this
    const number = scanner.lines - 1
    let isOdd = false
    for (const outcome of readLine(line.toString('utf8'), this.options, isLast, this.take)) {
      // names are noted in the order of the lines
      this.drainSeen()
      isOdd ||= outcome.kind !== 'taken'
      const row = notes.take(outcome, number, line)
      if (!row) continue
      if (scanner.rows >= L.MAX_ROWS) return false
      const identity = scanner.hash(hashedBytes(row.rayId, row.identity, row.bytes))
      this.odd.push({ row: scanner.skipRow(), record: row.record, identity })
    }
    if (isOdd) this.oddLines++
    return true
  }

  /** A line that no reader looks into; gives where it ends. */
  private longLine(bytes: Buffer, from: number): number {
    const feed = bytes.indexOf(LINE_FEED, from)
    const to = feed < 0 ? bytes.length : feed
    const number = this.scanner.lines++
    if (!isBlank(bytes, from, to)) this.notes.reject(number, 'too-long', bytes.subarray(from, to))
    return feed < 0 ? to : to + 1
  }

  private drainSeen(): void {
    const names = this.scanner.seen(this.drained)
    for (const name of names) this.notes.seen.add(KNOWN_NAMES[name])
    this.drained += names.length
  }
}
