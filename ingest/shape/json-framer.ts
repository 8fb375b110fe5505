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
import { valueEnd } from '../reader/unwrap/json-text.js'
import { WRAPPERS } from '../reader/unwrap/wrappers.js'
import { FramedLines } from './framed-lines.js'
import { isUndecided, listBeginning, TELLING_BYTES } from './lists.js'
import type { ReadingNotes } from './notes.js'
import { CHUNK_BYTES, type Cutter, type Piece } from './piece.js'

const LINE_FEED = 10
const SPACE = 32
const QUOTE = 34
const COMMA = 44
const COLON = 58
const SEMICOLON = 59
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN = 123
const CLOSE = 125

/** Outside of strings only these matter. */
const MATTERS = new Uint8Array(256)
for (const c of [LINE_FEED, QUOTE, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE]) MATTERS[c] = 1

/** What comes behind a bracket that opens an object. */
const OBJECT_BEGINS = [QUOTE, CLOSE]

const isSpace = (c: number) => c === SPACE || c === LINE_FEED || c === 13 || c === 9

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

/** Lists under these keys are lists of records, or of what wraps them. */
const LISTS = new Map(WRAPPERS.map(({ key, name }) => [key.toLowerCase(), name]))
const LONGEST_LIST_KEY = 40
/** Bytes that are kept to look back for a key. */
const KEPT_BYTES = 64
/** Under any other key a list is one of records if its first value, as far as it is looked at, has such a name in it. */
const MAX_FIRST_VALUE = 16_384
const RECORD_NAME = /edge[_ -]?(?:response[_ -]?status|(?:start|end)[_ -]?timestamp)/i
/** Keys and typed values of OpenTelemetry are one object, not a list of them. */
const KEY_AND_VALUE = /^\{\s*"(?:key|Key)"\s*:/
/** Objects in objects around a list of records. */
const MAX_LIST_DEPTH = 6
/** Bytes before a list of records, in the object that it is in. */
const MAX_BEFORE_LIST = 4_096
/** Brackets in brackets, beyond which it is no log. */
const MAX_DEPTH = 512

/** A byte order mark, or the ends of lines and paragraphs that are characters of their own. */
const isMark = (a: number, b: number, c: number) =>
  a === 0xef ? b === 0xbb && c === 0xbf : b === 0x80 && (c === 0xa8 || c === 0xa9)

export class JsonFramer implements Cutter {
  readonly handedOver = null
  private readonly out: FramedLines
  private buffer: Buffer<ArrayBuffer>
  private filled = 0
  /** what is looked at next */
  private at = 0
  private state = In.Between
  /** the value or raw line at hand: where it begins, on which line, and where its first line ends (-1: it has one) */
  private start = 0
  private startLine = 0
  private firstFeed = -1
  /** a line feed was met in the value at hand: what comes next decides whether it goes on */
  private checkNext = false
  private depth = 0
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
  private isLast = false
  /** line feeds so far */
  private line = 0
  /** of a value that is too long: how many bytes of it were let go */
  private dropped = 0
  private sample: Uint8Array | null = null

  constructor(
    private readonly notes: ReadingNotes,
    chunkBytes = CHUNK_BYTES,
    private readonly longest = MAX_LINE_BYTES,
  ) {
    this.out = new FramedLines(Math.max(chunkBytes, longest + 1))
    this.buffer = Buffer.alloc(2 * (longest + 1))
  }

  get hasWholeLine(): boolean {
    return !this.out.isEmpty
  }

  *add(bytes: Uint8Array): Generator<Piece> {
    this.out.took(bytes.length)
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

  *end(): Generator<Piece> {
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

  private *frame(isLast: boolean): Generator<Piece> {
    this.isLast = isLast
    while (this.at < this.filled) {
      const before = this.at
      const state = this.state
      switch (state) {
        case In.Between:
          this.between()
          break
        case In.Value:
        case In.ValueString:
          if (this.inValue()) yield* this.emit(this.at, true)
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
    for (; i < filled; i++) {
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
        return this.begin(In.ValueString, i)
      } else if (c === OPEN_LIST) {
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

  /** True: the value ends before `at`. Sets `brokenAt` where it can not go on. */
  private inValue(): boolean {
    const { buffer, filled } = this
    let i = this.at
    let inString = this.state === In.ValueString
    this.brokenAt = -1
    scan: while (i < filled) {
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
        this.at = i
        this.state = In.Value
        return true
      }
      let c = buffer[i]
      if (this.checkNext && c !== LINE_FEED) {
        if (isSpace(c)) {
          i++
          continue
        }
        if (!this.mayGoOn(c, i)) {
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
          const inside = this.insideOfList(i)
          if (inside === 'wait') break
          if (inside !== null && this.mayHoldRecords(i)) {
            this.enterList(i, inside)
            return false
          }
        }
        if (this.depth === MAX_DEPTH) {
          if (this.firstFeed < 0) {
            this.state = In.Raw
            this.at = i
            return false
          }
          this.brokenAt = i
          break
        }
        this.open[++this.depth] = c
      } else {
        if (--this.depth === 0) {
          this.at = i + 1
          this.state = In.Value
          return true
        }
      }
      i++
    }
    this.at = i
    this.state = inString ? In.ValueString : In.Value
    return false
  }

  /** May JSON that had a line feed go on with this? Only what a broken line and the next one look like is told apart. */
  private mayGoOn(c: number, at: number): boolean {
    const before = this.significantBefore(at)
    if (c === CLOSE || c === CLOSE_LIST) return true
    if (c === COMMA || c === COLON)
      return before !== COMMA && before !== COLON && before !== OPEN && before !== OPEN_LIST
    const inList = this.open[this.depth] === OPEN_LIST
    if (c === OPEN || c === OPEN_LIST) return before === COLON || (inList && (before === COMMA || before === OPEN_LIST))
    return before === COLON || before === COMMA || before === OPEN || before === OPEN_LIST
  }

  private significantBefore(at: number): number {
    for (let i = at - 1; i >= this.start; i--) {
      const c = this.buffer[i]
      if (!isSpace(c)) return c
    }
    // of a value that is too long the beginning was let go
    return COMMA
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
    while (i < filled) {
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
        const inside = c === OPEN_LIST && this.passed === 0 ? this.insideOfList(i) : null
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
    return !RECORD_NAME.test(this.buffer.toString('latin1', this.start, at))
  }

  /** As what a list of records is known, by its key or by its first value; null: it is none. */
  private insideOfList(at: number): { name: string } | 'wait' | null {
    const { buffer, filled } = this
    let from = at + 1
    while (from < filled && isSpace(buffer[from])) from++
    const first = buffer[from]
    // most lists hold words or nothing, and their keys need not become texts
    const isText = first === QUOTE && from + 1 < filled && ![OPEN, OPEN_LIST, BACKSLASH].includes(buffer[from + 1])
    if (isText || (from < filled && MATTERS[first] === 0)) return null
    const key = this.keyBefore(at)
    if (key === null || key.toLowerCase() === 'subrequests') return null
    const known = LISTS.get(key.toLowerCase())
    if (known !== undefined && first === CLOSE_LIST && this.depth <= 1) return { name: known }
    const mayGoOn = !this.isLast && filled - at < MAX_FIRST_VALUE
    if (from >= filled) return mayGoOn ? 'wait' : null
    if (first !== OPEN && first !== OPEN_LIST && first !== QUOTE) return null
    const text = buffer.toString('latin1', from, Math.min(filled, from + MAX_FIRST_VALUE))
    const beginning = listBeginning(`[${text.slice(0, TELLING_BYTES)}`)
    if (text.length < TELLING_BYTES && mayGoOn) return 'wait'
    if (beginning !== 'list' || KEY_AND_VALUE.test(text)) return null
    if (known !== undefined) return { name: known }
    const end = valueEnd(text, 0)
    if (end < 0 && mayGoOn) return 'wait'
    return RECORD_NAME.test(end < 0 ? text : text.slice(0, end)) ? { name: key } : null
  }

  /** The key of the value that begins at `at`. */
  private keyBefore(at: number): string | null {
    const { buffer } = this
    let end = at - 1
    while (end > 0 && isSpace(buffer[end])) end--
    if (buffer[end] !== COLON) return null
    for (end--; end > 0 && isSpace(buffer[end]);) end--
    if (buffer[end] !== QUOTE) return null
    let from = end - 1
    // longer keys need not become a text
    while (from > 0 && end - from <= LONGEST_LIST_KEY && buffer[from] !== QUOTE) from--
    return buffer[from] === QUOTE ? buffer.toString('latin1', from + 1, end) : null
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
