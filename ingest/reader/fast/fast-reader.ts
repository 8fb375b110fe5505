/**
 * The fast reader: a scanner in WebAssembly that takes ordinary lines apart, and the slow reader's own functions for
 * what tokens mean and for every line that is in any way odd. Both readers say the same; this one says it sooner.
 */
import { MAX_LINE_BYTES, type LineReader, type ReadChunk, type ReaderOptions } from '../reader.js'
import { createSlowReader, hashedBytes, isBlank, KNOWN_NAMES, noteNames, readLine, reject, trimmed } from '../slow-reader.js'
import { makeBlock, type OddRow } from './columns.js'
import * as L from './layout.js'
import { Meanings } from './meanings.js'
import { Scanner } from './scanner.js'

/** Bytes copied to the scanner at a time: what was just copied is still near when it is read. */
const SLAB_BYTES = 262_144

/** Says also how many lines it had to leave to the slow reader since it was made. */
export interface FastLineReader extends LineReader {
  readonly oddLines: number
}

export function createFastReader(options: ReaderOptions): FastLineReader {
  return new FastReader(options)
}

class FastReader implements FastLineReader {
  oddLines = 0
  private readonly options: ReaderOptions
  private readonly scanner: Scanner
  private meanings: Meanings
  private odd: OddRow[] = []
  private seen = new Set<string>()
  private drained = 0
  private out!: ReadChunk

  constructor(options: ReaderOptions) {
    this.options = options
    this.scanner = new Scanner(options)
    this.meanings = new Meanings(this.scanner, options.settings)
  }

  read(chunk: Uint8Array): ReadChunk {
    const { scanner } = this
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (scanner.begin()) this.meanings = new Meanings(scanner, this.options.settings)
    this.odd = []
    this.seen = new Set()
    this.drained = 0
    this.out = {
      block: undefined as unknown as ReadChunk['block'],
      newlines: 0, lines: 0, testLines: 0, rejections: [], rejectedByReason: {}, seen: [],
    }
    for (let from = 0; from < bytes.length;) {
      const to = slabEnd(bytes, from)
      const end = bytes[to - 1] === 10 ? to - 1 : to
      // several lines together are far shorter: this is one
      if (end - from > MAX_LINE_BYTES) this.longLine(bytes, from, end)
      else if (!this.slab(bytes, from, to)) return createSlowReader(this.options).read(chunk)
      from = to
    }
    this.meanings.learn()
    this.drainSeen()
    const { out } = this
    out.block = makeBlock(scanner, this.meanings, this.odd, this.options.settings.weight)
    out.newlines = scanner.lines
    out.lines += scanner.rows
    out.seen = [...this.seen]
    return out
  }

  /** Whole lines to the scanner, odd ones to the slow reader; false: more rows than a block may hold. */
  private slab(bytes: Buffer, from: number, to: number): boolean {
    const { scanner } = this
    const end = L.INPUT + to - from
    bytes.copy(scanner.bytes, L.INPUT, from, to)
    scanner.bytes[end] = 10
    for (let at = L.INPUT; at < end; at = scanner.lineEnd + 1) {
      const outcome = scanner.scan(at, end)
      if (outcome === L.DONE) return true
      if (outcome === L.FULL) return false
      this.oddLine(bytes, from + scanner.lineStart - L.INPUT, from + scanner.lineEnd - L.INPUT)
    }
    return true
  }

  private oddLine(bytes: Buffer, from: number, to: number): void {
    const { scanner, out } = this
    this.oddLines++
    const line = bytes.subarray(from, to)
    const outcome = readLine(line.toString('utf8'), this.options, to === bytes.length)
    if (outcome.kind === 'test') {
      out.testLines++
      return
    }
    if (outcome.kind === 'rejected') {
      out.lines++
      reject(out, scanner.lines - 1, outcome.reason, line)
      return
    }
    const identity = scanner.hash(hashedBytes(outcome.record.rayId, outcome.identity, trimmed(line)))
    this.odd.push({ row: scanner.skipRow(), record: outcome.record, identity })
    this.drainSeen()
    if (outcome.parsed) noteNames(outcome.parsed, this.seen)
  }

  /** A line that no reader looks into. */
  private longLine(bytes: Buffer, from: number, to: number): void {
    const number = this.scanner.lines++
    if (isBlank(bytes, from, to)) return
    this.out.lines++
    reject(this.out, number, 'too-long', bytes.subarray(from, to))
  }

  private drainSeen(): void {
    const names = this.scanner.seen(this.drained)
    for (const name of names) this.seen.add(KNOWN_NAMES[name])
    this.drained += names.length
  }
}

/** Where the next slab ends: behind the last line feed that fits, or behind the line if it is longer. */
function slabEnd(bytes: Buffer, from: number): number {
  const limit = from + SLAB_BYTES
  if (limit >= bytes.length) return bytes.length
  const last = bytes.lastIndexOf(10, limit - 1)
  if (last >= from) return last + 1
  const next = bytes.indexOf(10, limit)
  return next < 0 ? bytes.length : next + 1
}
