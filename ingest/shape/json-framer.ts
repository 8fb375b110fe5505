/**
 * JSON in any arrangement to one value a line: lists, on one line or one value a line or with commas between, values one
 * behind the other without line feeds, values over several lines, lists inside an answer (`{"result":[…]}`), byte order marks
 * where files were joined. Looks at strings and brackets only, in one go and in flat memory; whether it is JSON, the readers
 * say.
 *
 * What is broken must not take what follows with it: where a line ends inside a string, or a line begins as no JSON that
 * goes on could, the value ends with its first line, and reading goes on behind that.
 */
import { MAX_LINE_BYTES } from '../reader/reader.js'
import { FramedLines } from './framed-lines.js'
import {
  BACKSLASH,
  CLOSE,
  CLOSE_LIST,
  COLON,
  COMMA,
  isMark,
  isSpace,
  LINE_FEED,
  MATTERS,
  mayGoOn,
  OPEN,
  OPEN_LIST,
  QUOTE,
  SEMICOLON,
  SPACE,
} from './json-bytes.js'
import { isUndecided, listBeginning, TELLING_BYTES } from './lists.js'
import type { ReadingNotes } from './notes.js'
import { CHUNK_BYTES, MAY_PAUSE, PAUSE_BYTES, type Cutter, type Piece } from './piece.js'
import { namesRecord, recordsIn, type Reading } from './record-lists.js'

/** What comes behind a bracket that opens an object. */
const OBJECT_BEGINS = [QUOTE, CLOSE]

const enum In {
  /** between values: of a list, or of the input */
  Between,
  Value,
  ValueString,
  /** a line that is no JSON */
  Raw,
  /** in an object around a list of records, before or behind that */
  Around,
  AroundString,
}

/** Objects in objects around a list of records. */
const MAX_LIST_DEPTH = 6
/** Bytes before a list of records, in the object that it is in. */
const MAX_BEFORE_LIST = 4_096
/** Bytes that are kept to look back for a key. */
const KEPT_BYTES = 64
/** Brackets in brackets, beyond which it is no log. What goes on over lines is read anew from each line that it may have broken at. */
const MAX_DEPTH = 64
/** What may be looked at twice: some of every input, and so many times its bytes. Beyond, a list is told by its key alone. */
const LOOKED_FREE = 4 * 1_048_576
const LOOKED_PER_BYTE = 4
/** A step from value to value costs as much as so many bytes. */
const STEP_BYTES = 32

type Framed = Generator<Piece | typeof MAY_PAUSE>

export class JsonFramer implements Cutter, Reading {
  readonly handedOver = null
  private readonly out: FramedLines
  /** what is looked at, of which so many bytes were filled */
  readonly buffer: Buffer<ArrayBuffer>
  filled = 0
  /** what is looked at next */
  private at = 0
  private state = In.Between
  /** the value or raw line at hand: where it begins, on which line, and where its first line ends (-1: it has one) */
  private start = 0
  private startLine = 0
  private firstFeed = -1
  /** a line feed was met in the value at hand: what comes next decides whether it goes on */
  private checkNext = false
  depth = 0
  private readonly open = new Uint8Array(MAX_DEPTH + 1)
  /** lists and objects around the values, outermost first */
  private readonly around: number[] = []
  /** depth inside of what is passed over in an object around */
  private passed = 0
  /** the last byte there that is no white space */
  private lastAround = COLON
  /** where the value at hand can not go on; -1: it can */
  private brokenAt = -1
  /** is everything there? */
  isLast = false
  /** line feeds so far */
  private line = 0
  /** of a value that is too long: how many bytes of it were let go */
  private dropped = 0
  private sample: Uint8Array | null = null
  /** bytes looked at since there was a place for a pause */
  private work = 0
  private mayLookAt = LOOKED_FREE

  constructor(
    private readonly notes: ReadingNotes,
    chunkBytes = CHUNK_BYTES,
    mostBytes = chunkBytes,
    private readonly longest = MAX_LINE_BYTES,
  ) {
    this.out = new FramedLines(Math.max(chunkBytes, longest + 1), mostBytes)
    this.buffer = Buffer.alloc(2 * (longest + 1))
  }

  get hasWholeLine(): boolean {
    return !this.out.isEmpty
  }

  *add(bytes: Uint8Array): Framed {
    this.out.took(bytes.length)
    this.mayLookAt += bytes.length * LOOKED_PER_BYTE
    for (let rest = bytes; rest.length > 0;) {
      const taken = rest.subarray(0, this.buffer.length - this.filled)
      this.buffer.set(taken, this.filled)
      this.filled += taken.length
      rest = rest.subarray(taken.length)
      yield* this.frame(false)
      this.makeRoom()
    }
  }

  *flush(): Generator<Piece> {
    if (!this.out.isEmpty) yield* this.out.piece()
  }

  get mayLook(): boolean {
    return this.mayLookAt > 0
  }

  looked(bytes: number): void {
    this.mayLookAt -= bytes
    this.work += bytes
  }

  *end(): Framed {
    yield* this.frame(true)
    while (this.isOpen && this.nextLineIsValue()) {
      yield* this.breakOff()
      yield* this.frame(true)
    }
    if (this.isOpen || this.state === In.Raw) yield* this.emit(this.filled, false)
    yield* this.out.piece()
  }

  private get isOpen(): boolean {
    return this.state === In.Value || this.state === In.ValueString
  }

  /** Does the second line of a value that never ended look like one by itself? Inside of a value it would be indented. */
  private nextLineIsValue(): boolean {
    const at = this.firstFeed + 1
    return at > 0 && at < this.filled && this.buffer[at] === OPEN
  }

  /** Moves what is needed of the buffer to its beginning; lets go of a value that is too long. */
  private makeRoom(): void {
    const holds = this.isOpen || this.state === In.Raw
    if (holds && this.at - this.start > this.longest) {
      this.sample ??= Uint8Array.from(this.buffer.subarray(this.start, this.start + 1_024))
      this.dropped += this.at - this.start
      this.start = this.at
      this.firstFeed = -1
    }
    // an object around a list is looked back into for the key of the list
    const keep = holds ? this.start : Math.max(0, Math.min(this.at, this.filled) - KEPT_BYTES)
    if (keep === 0) return
    this.buffer.copyWithin(0, keep, this.filled)
    this.filled -= keep
    this.at -= keep
    this.start = Math.max(0, this.start - keep)
    if (this.firstFeed >= 0) this.firstFeed -= keep
  }

  *wholeOnly(): Generator<Piece> {
    yield* this.out.piece()
  }

  private *frame(isLast: boolean): Framed {
    this.isLast = isLast
    while (this.at < this.filled) {
      this.work += STEP_BYTES
      if (this.work >= PAUSE_BYTES) {
        this.work = 0
        yield MAY_PAUSE
      }
      const before = this.at
      const state = this.state
      switch (state) {
        case In.Between:
          this.between()
          break
        case In.Value:
        case In.ValueString:
          if (this.inValue(before)) yield* this.emit(this.at, true)
          else if (this.brokenAt >= 0) yield* this.breakOff()
          break
        case In.Raw:
          if (this.inRaw()) yield* this.emit(this.at, true)
          break
        case In.Around:
        case In.AroundString:
          this.inAround()
          break
      }
      // waits for a byte that is not there yet
      if (this.at === before && this.state === state) return
    }
  }

  private between(): void {
    const { buffer, filled, isLast } = this
    let i = this.at
    for (; i < filled && this.work < PAUSE_BYTES; i++) {
      const c = buffer[i]
      if (c === LINE_FEED) this.line++
      // control characters too: ends of records, of pages and of files
      else if (c <= SPACE || c === COMMA || c === SEMICOLON) continue
      else if ((c === 0xef || c === 0xe2) && (i + 2 < filled || !isLast)) {
        if (i + 2 >= filled) break
        if (!isMark(c, buffer[i + 1], buffer[i + 2])) return this.begin(In.Raw, i)
        i += 2
      } else if (c === OPEN) {
        this.open[1] = OPEN
        this.depth = 1
        return this.begin(this.isNext(i, OBJECT_BEGINS) ? In.Value : In.Raw, i)
      } else if (c === QUOTE) {
        if (i + 3 >= filled && !isLast) break
        // a record in a cell of a CSV: its quotes are doubled
        const isCell = buffer[i + 1] === OPEN && buffer[i + 2] === QUOTE && buffer[i + 3] === QUOTE
        return this.begin(isCell ? In.Raw : In.ValueString, i)
      } else if (c === OPEN_LIST) {
        if (this.around.length >= MAX_DEPTH) return this.begin(In.Raw, i)
        this.work += TELLING_BYTES
        const text = buffer.toString('latin1', i, Math.min(filled, i + TELLING_BYTES))
        if (!isLast && isUndecided(text)) break
        const beginning = listBeginning(text)
        if (beginning === 'no-list') return this.begin(In.Raw, i)
        if (beginning === 'tuple') {
          this.open[1] = OPEN_LIST
          this.depth = 1
          return this.begin(In.Value, i)
        }
        this.around.push(OPEN_LIST)
        this.notes.through('JSON array')
      } else if (c === CLOSE_LIST && this.around.length > 0) {
        this.around.pop()
        if (this.around[this.around.length - 1] === OPEN) {
          this.passed = 0
          this.state = In.Around
          this.at = i + 1
          return
        }
      } else return this.begin(In.Raw, i)
    }
    this.at = i
  }

  private begin(state: In, at: number): void {
    this.state = state
    this.start = at
    this.startLine = this.line
    this.firstFeed = -1
    this.checkNext = false
    this.at = state === In.Raw ? at : at + 1
  }

  /** Does the bracket open a list or an object, or a line like `[INFO] …` or `{job="cloudflare"} …`? */
  private isNext(at: number, begins: readonly number[]): boolean {
    for (let i = at + 1; i < this.filled; i++) {
      const c = this.buffer[i]
      if (!isSpace(c)) return begins.includes(c)
    }
    // what comes is not there yet; nearly always it is JSON
    return true
  }

  /** True: the value that goes on at `from` ends before `at`. Sets `brokenAt` where it can not go on. */
  private inValue(from: number): boolean {
    const { buffer, filled } = this
    let i = from
    let inString = this.state === In.ValueString
    this.brokenAt = -1
    scan: while (i < filled && this.work + i - from < PAUSE_BYTES) {
      if (inString) {
        while (i < filled) {
          const c = buffer[i]
          if (c === QUOTE) {
            i++
            inString = false
            break
          }
          if (c === BACKSLASH) {
            if (i + 1 >= filled) break scan
            if (buffer[i + 1] !== LINE_FEED) i++
          } else if (c === LINE_FEED) {
            if (this.firstFeed < 0) this.firstFeed = i
            this.brokenAt = i
            break scan
          }
          i++
        }
        if (inString) break
        if (this.depth > 0) continue
        // a string by itself
        this.goneTo(i, from)
        this.state = In.Value
        return true
      }
      let c = buffer[i]
      if (this.checkNext && c !== LINE_FEED) {
        if (isSpace(c)) {
          i++
          continue
        }
        if (!mayGoOn(buffer, this.start, i, this.open[this.depth] === OPEN_LIST)) {
          this.brokenAt = i
          break
        }
        this.checkNext = false
      }
      while (MATTERS[c] === 0 && ++i < filled) c = buffer[i]
      if (i >= filled) break
      if (c === LINE_FEED) {
        if (this.firstFeed < 0) this.firstFeed = i
        this.line++
        this.checkNext = true
        i++
        continue
      }
      if (c === QUOTE) inString = true
      else if (c === OPEN || c === OPEN_LIST) {
        if (c === OPEN_LIST && this.depth <= MAX_LIST_DEPTH) {
          const inside = recordsIn(this, i)
          if (inside === 'wait') break
          if (inside !== null && this.mayHoldRecords(i)) {
            this.enterList(i, inside)
            return false
          }
        }
        if (this.depth === MAX_DEPTH) {
          if (this.firstFeed < 0) {
            this.state = In.Raw
            this.goneTo(i, from)
            return false
          }
          this.brokenAt = i
          break
        }
        this.open[++this.depth] = c
      } else {
        if (--this.depth === 0) {
          this.goneTo(i + 1, from)
          this.state = In.Value
          return true
        }
      }
      i++
    }
    this.goneTo(i, from)
    this.state = inString ? In.ValueString : In.Value
    return false
  }

  private goneTo(at: number, from: number): void {
    this.work += at - from
    this.at = at
  }

  /** The value at hand ends with its first line, and what follows is looked at anew. */
  private *breakOff(): Generator<Piece> {
    const feed = this.firstFeed
    if (feed < 0) {
      // a value that is too long, whose first line was let go: it ends here
      yield* this.emit(this.brokenAt, true)
      return
    }
    this.line = this.startLine
    this.at = feed
    yield* this.emit(feed, true)
  }

  private inRaw(): boolean {
    const feed = this.buffer.subarray(0, this.filled).indexOf(LINE_FEED, this.at)
    this.at = feed < 0 ? this.filled : feed
    return feed >= 0
  }

  /** Passes over what stands around a list of records. */
  private inAround(): void {
    const { buffer, filled } = this
    let i = this.at
    while (i < filled && this.work < PAUSE_BYTES) {
      const c = buffer[i]
      if (this.state === In.AroundString) {
        if (c === BACKSLASH) {
          if (i + 1 >= filled) break
          i++
        } else if (c === QUOTE) this.state = In.Around
        else if (c === LINE_FEED) {
          this.line++
          this.state = In.Around
        }
      } else if (c === LINE_FEED) {
        this.line++
        this.checkNext = true
      } else if (c === QUOTE) this.state = In.AroundString
      else if (c === OPEN || c === OPEN_LIST) {
        // the object was cut off, another begins
        if (this.checkNext && c === OPEN && !/[:,[{]/.test(String.fromCharCode(this.lastAround))) {
          this.around.length = 0
          this.state = In.Between
          break
        }
        const inside = c === OPEN_LIST && this.passed === 0 ? recordsIn(this, i) : null
        if (inside === 'wait') break
        if (inside !== null) {
          this.around.push(OPEN_LIST)
          this.state = In.Between
          i++
          break
        }
        this.passed++
      } else if (c === CLOSE || c === CLOSE_LIST) {
        if (this.passed > 0) this.passed--
        else if (this.leaveObject()) {
          i++
          break
        }
      }
      if (!isSpace(c)) {
        this.lastAround = c
        this.checkNext = false
      }
      i++
    }
    this.at = i
  }

  /** True: it was the last that is passed over. */
  private leaveObject(): boolean {
    this.around.pop()
    if (this.around[this.around.length - 1] === OPEN) return false
    this.state = In.Between
    return true
  }

  /** May the list that begins here be one of records, not a part of a record? */
  private mayHoldRecords(at: number): boolean {
    if (at - this.start > MAX_BEFORE_LIST || this.dropped > 0 || this.depth === 0) return false
    for (let depth = 1; depth <= this.depth; depth++) if (this.open[depth] === OPEN_LIST) return false
    this.looked(at - this.start)
    return !namesRecord(this.buffer.toString('latin1', this.start, at))
  }

  private enterList(at: number, { name }: { name: string }): void {
    this.notes.through(name)
    for (let depth = 1; depth <= this.depth; depth++) this.around.push(OPEN)
    this.around.push(OPEN_LIST)
    this.depth = 0
    this.state = In.Between
    this.at = at + 1
  }

  /** The value from `start` to `to` as a line. */
  private *emit(to: number, feed: boolean): Generator<Piece> {
    const { start, startLine, buffer } = this
    this.state = In.Between
    this.depth = 0
    const length = to - start
    if (this.dropped > 0 || length > this.longest) {
      const sample = this.sample ?? Uint8Array.from(buffer.subarray(start, start + 1_024))
      this.out.reject(startLine, 'too-long', sample)
      this.dropped = 0
      this.sample = null
      return
    }
    if (length <= 0) return
    if (this.out.isFull(length)) yield* this.out.piece()
    this.work += length
    const { out } = this
    out.bytes.set(buffer.subarray(start, to), out.filled)
    // a line feed between values is white space like any other
    if (this.firstFeed >= 0 && this.firstFeed < to)
      for (let i = out.filled; i < out.filled + length; i++) if (out.bytes[i] === LINE_FEED) out.bytes[i] = SPACE
    out.filled += length
    if (this.firstFeed >= 0 && this.firstFeed < to && buffer[start] === OPEN)
      this.notes.through('JSON over several lines')
    out.endLine(startLine, feed)
  }
}
