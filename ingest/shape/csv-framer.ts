/**
 * CSV with a header (TSV, semicolons …) to one JSON object a line, in one go over the bytes. Quotes may hold delimiters, line
 * feeds and doubled quotes (RFC 4180), or quotes behind a backslash; a list may stand bare (`["block","log"]`). Databases
 * write TSV without quotes, with `\t` and `\n` for what would end a cell, and `\N` where there is no value.
 */
import { MAX_LINE_BYTES } from '../reader/reader.js'
import { cellCount, cellsOf, csvHeaderOf, LONGEST_HEADER, nameOfColumn, type CsvHeader } from './csv-header.js'
import { ESCAPED, escape, feedIn, hasFeed, isNull, isRule, listEnd, UNESCAPED } from './csv-text.js'
import { FramedLines } from './framed-lines.js'
import type { ReadingNotes } from './notes.js'
import { CHUNK_BYTES, MAY_PAUSE, PAUSE_BYTES, type Cutter, type Piece } from './piece.js'

const TAB = 9
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SPACE = 32
const QUOTE = 34
const OPEN_LIST = 91
const BACKSLASH = 92
const PIPE = 124
const CLOSE = 125
const ESCAPED_QUOTE = Buffer.from('\\"')

const encoded = (text: string) => new Uint8Array(Buffer.from(text))

export class CsvFramer implements Cutter {
  readonly handedOver = null
  private readonly out: FramedLines
  private readonly buffer: Buffer<ArrayBuffer>
  private readonly isEnd = new Uint8Array(256)
  private filled = 0
  private line = 0
  /** by column: what stands in the JSON before its value; null: nobody reads the column */
  private columns: (Uint8Array | null)[] | null = null
  private atStart = true
  /** a row that is too long: how it began */
  private long: { line: number; sample: Uint8Array } | null = null
  /** bytes looked at since there was a place for a pause */
  private work = 0
  /** bytes of the input, and of rows that were looked at in vain: their end was not there */
  private read = 0
  private inVain = 0
  /** did a line end since rows were looked at, and how many bytes there must be before they are looked at again */
  private hasFeed = false
  private lookAt = 0

  constructor(
    private readonly header: CsvHeader,
    notes: ReadingNotes,
    chunkBytes = CHUNK_BYTES,
    mostBytes = chunkBytes,
  ) {
    notes.through(header.delimiter === TAB ? 'TSV' : 'CSV')
    // every byte may become six, and every cell has a name before it
    this.out = new FramedLines(Math.max(chunkBytes, MAX_LINE_BYTES) + ROOM, mostBytes)
    this.buffer = Buffer.alloc(2 * MAX_LINE_BYTES)
    this.isEnd[header.delimiter] = this.isEnd[LINE_FEED] = 1
  }

  get hasWholeLine(): boolean {
    return !this.out.isEmpty
  }

  *add(bytes: Uint8Array): Generator<Piece | typeof MAY_PAUSE> {
    this.out.took(bytes.length)
    this.read += bytes.length
    for (let rest = bytes; rest.length > 0;) {
      const taken = rest.subarray(0, this.buffer.length - this.filled)
      this.buffer.set(taken, this.filled)
      this.filled += taken.length
      rest = rest.subarray(taken.length)
      // a row ends with its line: of one that is not all there nothing need be looked at
      this.hasFeed ||= hasFeed(this.buffer, this.filled - taken.length, this.filled)
      if ((this.hasFeed && this.filled >= this.lookAt) || this.filled >= MAX_LINE_BYTES) yield* this.rows(false)
    }
  }

  *flush(): Generator<Piece> {
    if (!this.out.isEmpty) yield* this.out.piece()
  }

  *end(): Generator<Piece | typeof MAY_PAUSE> {
    yield* this.rows(true)
    yield* this.out.piece()
  }

  *wholeOnly(): Generator<Piece> {
    yield* this.out.piece()
  }

  private *rows(isLast: boolean): Generator<Piece | typeof MAY_PAUSE> {
    let at = 0
    if (this.atStart && (this.filled >= 3 || isLast)) {
      this.atStart = false
      if (this.buffer[0] === 0xef && this.buffer[1] === 0xbb && this.buffer[2] === 0xbf) at = 3
    }
    while (at < this.filled) {
      if (this.long) {
        const feed = this.buffer.subarray(0, this.filled).indexOf(LINE_FEED, at)
        if (feed < 0) {
          at = this.filled
          break
        }
        this.out.reject(this.long.line, 'too-long', this.long.sample)
        this.long = null
        at = feed + 1
        continue
      }
      if (this.work >= PAUSE_BYTES) {
        this.work = 0
        yield MAY_PAUSE
      }
      const end = this.row(at, isLast)
      this.work += ROW_BYTES + (end < 0 ? this.filled : end) - at
      if (end === NOT_ALL_THERE) {
        this.inVain += this.filled - at
        if (this.filled - at < MAX_LINE_BYTES) break
        const escaped = this.row(at, isLast, true)
        if (escaped >= 0) {
          at = escaped
          continue
        }
        this.long = { line: this.line, sample: Uint8Array.from(this.buffer.subarray(at, at + 1_024)) }
        continue
      }
      if (end === NO_ROOM) {
        yield* this.out.piece()
        continue
      }
      at = end
    }
    if (isLast && this.long) this.out.reject(this.long.line, 'too-long', this.long.sample)
    this.buffer.copyWithin(0, at, this.filled)
    this.filled -= at
    this.hasFeed = false
    // a long row of many lines is not looked at anew with each of them
    this.lookAt = this.filled < LONG_ROW_BYTES ? 0 : this.filled * 1.5
  }

  /** Writes the row that begins at `from` as an object. Behind its line feed, or why that can not be. */
  private row(from: number, isLast: boolean, escapes = false): number {
    const { buffer, filled, out, isEnd } = this
    const { delimiter } = this.header
    const { columns } = this
    if (columns === null) return this.readHeader(from, isLast)
    const first = buffer[from]
    if (first === LINE_FEED || (first === CARRIAGE_RETURN && buffer[from + 1] === LINE_FEED)) {
      this.line++
      return from + (first === LINE_FEED ? 1 : 2)
    }
    if (out.isFull(0) || out.bytes.length - out.filled < ROOM) return NO_ROOM
    const limit = out.bytes.length - 256
    const { bytes } = out
    let o = out.filled
    let i = from
    let feeds = 0
    let column = 0
    let cells = 0
    let listBytes = LIST_BYTES
    const spans = this.inVain <= IN_VAIN_BYTES + IN_VAIN_TIMES * this.read
    for (; ; column++) {
      const prefix = column < columns.length ? columns[column] : null
      if (i >= filled && !isLast) return NOT_ALL_THERE
      if (prefix !== null) {
        if (o + prefix.length > limit) return this.tooWide(from, isLast)
        for (let k = 0; k < prefix.length; k++) bytes[o++] = prefix[k]
        if (cells === 0) bytes[out.filled] = 123
        cells++
      }
      let c = buffer[i]
      // `"a", "b"`
      if (c === SPACE) {
        let at = i
        while (at < filled && buffer[at] === SPACE) at++
        if (at >= filled && !isLast) return NOT_ALL_THERE
        if (buffer[at] === QUOTE || delimiter === PIPE) {
          i = at
          c = buffer[i]
        }
      }
      if (c === OPEN_LIST && i < filled && listBytes > 0) {
        const lookedTo = Math.min(filled, i + listBytes)
        const end = listEnd(buffer, i, lookedTo)
        if (end > 0 && (end >= filled ? isLast : isEnd[buffer[end]] === 1 || buffer[end] === CARRIAGE_RETURN)) {
          if (prefix !== null) {
            if (o + (end - i) > limit) return this.tooWide(from, isLast)
            bytes.set(buffer.subarray(i, end), o)
            o += end - i
          }
          i = end
          c = i < filled ? buffer[i] : LINE_FEED
          if (c === CARRIAGE_RETURN) c = buffer[++i]
          if (c === delimiter) {
            i++
            continue
          }
          break
        }
        if (end < 0 && !isLast && this.filled - from < MAX_LINE_BYTES && !hasFeed(buffer, i, filled))
          return NOT_ALL_THERE
        listBytes -= (feedIn(buffer, i, lookedTo) ?? lookedTo) - i
      }
      if (prefix !== null) bytes[o++] = QUOTE
      if (c === BACKSLASH) {
        if (i + 2 >= filled && !isLast) return NOT_ALL_THERE
        if (isNull(buffer, i, filled, isEnd)) {
          i += 2
          c = buffer[i]
        }
      }
      if (c === QUOTE && i < filled) {
        i++
        for (;;) {
          if (i >= filled) {
            if (!isLast) return NOT_ALL_THERE
            break
          }
          c = buffer[i]
          if (c === QUOTE) {
            if (i + 1 >= filled) {
              if (!isLast) return NOT_ALL_THERE
              i++
              break
            }
            const behind = buffer[i + 1]
            if (behind === QUOTE) i++
            else if (isEnd[behind] === 1 || behind === CARRIAGE_RETURN) {
              i++
              break
            }
            // else a quote that nobody doubled
          } else if (escapes && c === BACKSLASH) {
            if (i + 1 >= filled && !isLast) return NOT_ALL_THERE
            c = buffer[++i]
          } else if (c === BACKSLASH && buffer[i + 1] === QUOTE) {
            if (i + 2 >= filled && !isLast) return NOT_ALL_THERE
            const behind = i + 2 >= filled ? LINE_FEED : buffer[i + 2]
            // JSON in a cell: its backslash, and the quote doubled
            if (isEnd[behind] === 0 && behind !== CARRIAGE_RETURN && behind !== QUOTE) {
              i++
              c = QUOTE
            }
          } else if (c === LINE_FEED) {
            if (!spans) break
            feeds++
          }
          if (prefix !== null) {
            if (o > limit) return this.tooWide(from, isLast)
            if (ESCAPED[c] === 0) bytes[o++] = c
            else o = escape(bytes, o, c)
          }
          i++
        }
        // a carriage return, or what nobody can read, up to the end of the cell
        while (i < filled && isEnd[buffer[i]] === 0) i++
      } else if (prefix === null) {
        while (i < filled && isEnd[buffer[i]] === 0) i++
      } else {
        while (i < filled) {
          c = buffer[i]
          if (isEnd[c] === 1) break
          if (o > limit) return this.tooWide(from, isLast)
          if (c === BACKSLASH && delimiter === TAB) {
            if (i + 1 >= filled && !isLast) return NOT_ALL_THERE
            const meant = i + 1 < filled ? UNESCAPED[buffer[i + 1]] : 0
            if (meant !== 0) {
              if (ESCAPED[meant] === 0) bytes[o++] = meant
              else o = escape(bytes, o, meant)
              i += 2
              continue
            }
          }
          if (ESCAPED[c] === 0) bytes[o++] = c
          else if (c !== CARRIAGE_RETURN || (i + 1 < filled && buffer[i + 1] !== LINE_FEED)) o = escape(bytes, o, c)
          i++
        }
        // tables that people look at have their columns aligned
        if (delimiter === PIPE) while (bytes[o - 1] === SPACE) o--
      }
      if (prefix !== null) bytes[o++] = QUOTE
      if (i >= filled) {
        if (!isLast) return NOT_ALL_THERE
        break
      }
      if (buffer[i] === LINE_FEED) break
      i++
    }
    const found = column + 1
    const behind = Math.min(i + 1, filled + (isLast ? 1 : 0))
    // a delimiter at the end of the row makes an empty cell more
    const isWhole = found === columns.length || (found === columns.length + 1 && buffer[i - 1] === delimiter)
    if (!isWhole) {
      if (this.isHeader(from, i)) this.columns = null
      else {
        // some escape quotes with a backslash and nothing else, which only the number of columns tells
        if (!escapes && this.hasEscape(from, i)) {
          const end = this.row(from, isLast, true)
          if (end !== NOT_WHOLE) return end
        }
        if (escapes) return NOT_WHOLE
        if (delimiter === PIPE && isRule(buffer, from, i)) {
          this.line++
          return Math.min(behind, filled)
        }
        out.reject(this.line, 'bad-columns', Uint8Array.from(buffer.subarray(from, Math.min(i, from + 1_024))))
        this.line += feeds + 1
        return Math.min(behind, filled)
      }
      return from
    }
    if (this.isHeader(from, i)) {
      this.columns = null
      return from
    }
    if (delimiter === PIPE && isRule(buffer, from, i)) {
      this.line++
      return Math.min(behind, filled)
    }
    bytes[o++] = CLOSE
    if (cells === 0) {
      bytes[out.filled] = 123
      bytes[out.filled + 1] = CLOSE
      o = out.filled + 2
    }
    out.filled = o
    out.endLine(this.line)
    this.line += feeds + 1
    return Math.min(behind, filled)
  }

  private hasEscape(from: number, to: number): boolean {
    return this.buffer.subarray(from, to).includes(ESCAPED_QUOTE)
  }

  /** A row whose JSON has no room: in the next piece, unless there it has none either. */
  private tooWide(from: number, isLast: boolean): number {
    if (!this.out.isEmpty) return NO_ROOM
    this.inVain += this.filled - from
    this.long = { line: this.line, sample: Uint8Array.from(this.buffer.subarray(from, from + 1_024)) }
    return isLast ? this.filled : from
  }

  private readHeader(from: number, isLast: boolean): number {
    const feed = this.buffer.subarray(0, this.filled).indexOf(LINE_FEED, from)
    if (feed < 0 && !isLast) return NOT_ALL_THERE
    const end = feed < 0 ? this.filled : feed
    const { names, delimiter } = this.header
    const text = this.buffer.toString('utf8', from, end).trimEnd()
    const cells = cellsOf(text, delimiter, MOST_COLUMNS)
    // without an id the whole row tells a record from another
    const all = names.hasPaths || !cells.some((cell) => nameOfColumn(cell, names) === 'RayID')
    const columns = cells.map((cell) =>
      all || nameOfColumn(cell, names) !== null
        ? encoded(`,${JSON.stringify(nameOfColumn(cell, names) ?? cell)}:`)
        : null,
    )
    const others = cellCount(text, delimiter) - cells.length
    this.columns = others === 0 ? columns : [...columns, ...Array.from({ length: others }, () => null)]
    this.line++
    return Math.min(end + 1, this.filled)
  }

  /** Where files were joined, a header stands amid the rows. */
  private isHeader(from: number, to: number): boolean {
    let end = this.buffer[from] === 0xef ? from + 3 : from
    // tables that are drawn begin each row with what stands between its cells
    if (this.header.delimiter === PIPE) while (this.buffer[end] === PIPE || this.buffer[end] === SPACE) end++
    if (this.buffer[end] === QUOTE) end++
    const first = end
    // most rows begin with a digit, or an id that has one
    while (end < to && isLetter(this.buffer[end])) end++
    if (end === first || end - first > LONGEST_FIRST || /\d/.test(String.fromCharCode(this.buffer[end]))) return false
    if (nameOfColumn(this.buffer.toString('latin1', first, end), this.header.names) === null) return false
    const text = this.buffer.toString('utf8', from, Math.min(to, from + LONGEST_HEADER))
    return csvHeaderOf(text, this.header.names) !== null
  }
}

/** Letters of a name that may stand first in a header. */
const LONGEST_FIRST = 64

const isLetter = (c: number) => ((c | 32) - 97 < 26 && (c | 32) >= 97) || c === 95

/** Columns that are read; an export of Cloudflare's has two hundred at most. Those behind are passed over. */
const MOST_COLUMNS = 4_096
/** Bytes of a row that are looked into for lists that end nowhere; beyond, brackets are texts like any other. */
const LIST_BYTES = 262_144
/**
 * Bytes that may be looked at in vain: so many, and so many times what was read. A file in which a quote opens on each line and none
 * closes would be looked through anew from each of them, a megabyte far. From then on a cell ends with its line, whatever is quoted.
 */
const IN_VAIN_BYTES = 16 * 1_048_576
const IN_VAIN_TIMES = 4
/** A row of so many bytes that is not all there is looked at again when it has grown by half. */
const LONG_ROW_BYTES = 4_096
/** A row costs as much as so many bytes, whatever is in it. */
const ROW_BYTES = 64
/** Bytes of a piece that are kept free, enough for the usual row. */
const ROOM = 65_536
const NOT_ALL_THERE = -1
const NO_ROOM = -2
const NOT_WHOLE = -3
