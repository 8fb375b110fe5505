/** A Parquet file as lines of JSON: its table of contents, then row group after row group, all columns in step. */
import { fstatSync } from 'node:fs'
import { parquetMetadata, parquetSchema, type FileMetaData, type RowGroup, type SchemaTree } from 'hyparquet'
import { assembleNested } from 'hyparquet/src/assemble.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import type { RejectionReason } from '../../../schema/api/batches.js'
import { IngestError } from '../../errors.js'
import { MAX_LINE_BYTES } from '../../reader/reader.js'
import { CHUNK_BYTES, CHUNK_LINES } from '../piece.js'
import { bytesAt } from './bytes.js'
import { Budget, LeafColumn } from './leaf.js'
import { jsonOf, PARSERS } from './values.js'

/** Bytes of a table of contents: some hundred for each column of each row group. */
const MOST_CONTENTS = 64 * 1_048_576
/** Rows that are taken out of all columns at once. */
const ROWS = 1_024
/** A piece ends when it has so many characters. */
const PIECE_CHARACTERS = 512 * 1_024
/** As for other packings: what is above the floor and this many times the file is no log. */
const BOMB_FLOOR = 256 * 1_048_576
const BOMB_RATIO = 400
const TRAILER = 8

export interface TablePiece {
  bytes: Uint8Array<ArrayBuffer>
  rows: number
  /** the row of each line, from the first of the piece on */
  numbers: Uint32Array
  rejections: { number: number; reason: RejectionReason; sample: Uint8Array }[]
  /** bytes of the file that it stands for, and that are through with it */
  read: number
  total: number
}

export interface Table {
  /** names of the columns, nested ones by their outermost name */
  columns: string[]
  choose(columns: readonly string[]): void
  /** Null at the end. */
  next(): TablePiece | null
}

/** Throws an IngestError where it is cut off or no Parquet that is read here; any error where it is damaged. */
export function openTable(fd: number): Table {
  const { size } = fstatSync(fd)
  const contents = contentsOf(fd, size)
  const tree = parquetSchema(contents)
  const columns = tree.children.map((child) => child.element.name)
  let chosen = new Set<string>(columns)
  let pieces: Generator<TablePiece> | null = null
  return {
    columns,
    choose(wanted) {
      chosen = new Set(wanted)
    },
    next() {
      pieces ??= piecesOf(lines(fd, contents, tree, chosen), Number(contents.num_rows), size)
      const { value, done } = pieces.next()
      return done ? null : value
    },
  }
}

function contentsOf(fd: number, size: number): FileMetaData {
  if (size < TRAILER + 4) throw cutOff()
  const trailer = Buffer.from(bytesAt(fd, size - TRAILER, TRAILER).buffer)
  const magic = trailer.toString('latin1', 4)
  if (magic === 'PARE')
    throw new IngestError(
      'CORRUPT',
      'The Parquet input is encrypted, and nobody gave a key. Write it without encryption and send it again.',
    )
  if (magic !== 'PAR1') throw cutOff()
  const length = trailer.readUInt32LE(0)
  if (length > size - TRAILER - 4) throw new Error(`its table of contents says that it has ${length} bytes of ${size}`)
  if (length > MOST_CONTENTS)
    throw new Error(`its table of contents has ${length} bytes, ${MOST_CONTENTS} at most are read`)
  return parquetMetadata(bytesAt(fd, size - TRAILER - length, length + TRAILER), {
    parsers: PARSERS,
    geoparquet: false,
  })
}

const cutOff = () =>
  new IngestError(
    'TRUNCATED',
    'The Parquet input is cut off: its end, where it says what is in it, is missing. Nothing of it can be read, and nothing is stored. Wait until it is written as a whole, or fetch it again, and send it once more.',
  )

interface RowLine {
  text: string
}

function* lines(fd: number, contents: FileMetaData, tree: SchemaTree, chosen: ReadonlySet<string>): Generator<RowLine> {
  const budget = new Budget()
  for (const group of contents.row_groups) {
    const rows = Number(group.num_rows)
    if (!Number.isSafeInteger(rows) || rows < 0) throw new Error(`a row group says that it has ${group.num_rows} rows`)
    const columns = tree.children
      .filter((child) => chosen.has(child.element.name))
      .map((child) => new Column(fd, group, tree, child, rows, budget))
    for (let row = 0; row < rows; row += ROWS) {
      const count = Math.min(ROWS, rows - row)
      const cells = columns.map((column) => column.take(count))
      for (let i = 0; i < count; i++) {
        let text = '{'
        for (let c = 0; c < cells.length; c++) {
          text += `${c === 0 ? '' : ','}${columns[c].key}${jsonOf(cells[c][i])}`
        }
        yield { text: `${text}}` }
      }
    }
  }
}

/** A column of the table: one of the file, or several of which a nested value is put together. */
class Column {
  readonly key: string
  private readonly leaves: readonly { path: string; column: LeafColumn }[]

  constructor(
    fd: number,
    group: RowGroup,
    tree: SchemaTree,
    private readonly child: SchemaTree,
    rows: number,
    budget: Budget,
  ) {
    this.key = `${JSON.stringify(child.element.name)}:`
    this.leaves = group.columns.flatMap(({ meta_data: chunk, file_path: elsewhere }) => {
      if (chunk?.path_in_schema[0] !== child.element.name) return []
      if (elsewhere) throw new Error('its columns are in other files')
      const path = getTreePath(tree, chunk.path_in_schema)
      return [{ path: chunk.path_in_schema.join('.'), column: new LeafColumn(fd, chunk, path, rows, budget) }]
    })
    if (this.leaves.length === 0) throw new Error(`column ${this.key} is missing in a row group`)
  }

  take(count: number): unknown[] {
    if (this.child.children.length === 0) return this.leaves[0].column.take(count)
    const parts = new Map(this.leaves.map(({ path, column }) => [path, column.take(count)]))
    assembleNested(parts, this.child, PARSERS)
    return parts.get(this.child.element.name) ?? []
  }
}

/** Lines in pieces, with the rows that they are. */
function* piecesOf(rows: Iterable<RowLine>, all: number, size: number): Generator<TablePiece> {
  let done = 0
  let unpacked = 0
  let told = 0
  const gathered = new Gathered()
  const piece = (): TablePiece => {
    const made = gathered.piece()
    done += made.rows
    unpacked += made.bytes.length
    if (unpacked > BOMB_FLOOR && unpacked > BOMB_RATIO * size)
      throw new IngestError(
        'DECOMPRESSION_BOMB',
        `The Parquet input comes to more than ${BOMB_RATIO} times its size as lines (${Math.round(unpacked / 1_048_576)} MiB so far); logs come to 10 to 50 times. Reading stopped. If it really is a log, write it as NDJSON and send that.`,
      )
    const total = all > 0 ? Math.min(size, Math.round((done / all) * size)) : size
    const read = total - told
    told = total
    return { ...made, read, total }
  }
  for (const { text } of rows) {
    if (gathered.isFull(text)) yield piece()
    gathered.add(text)
  }
  if (!gathered.isEmpty) yield piece()
}

class Gathered {
  private texts: string[] = []
  private characters = 0
  private numbers: number[] = []
  private rejections: TablePiece['rejections'] = []
  private rows = 0

  get isEmpty(): boolean {
    return this.rows === 0
  }

  isFull(text: string): boolean {
    return this.rows === CHUNK_LINES - 1 || (this.rows > 0 && this.characters + text.length > PIECE_CHARACTERS)
  }

  add(text: string): void {
    const row = this.rows++
    // a character is three bytes at most
    if (
      text.length > MAX_LINE_BYTES ||
      (text.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(text) > MAX_LINE_BYTES)
    ) {
      this.rejections.push({ number: row, reason: 'too-long', sample: Buffer.from(text.slice(0, 1_024)) })
      return
    }
    this.texts.push(text)
    this.numbers.push(row)
    this.characters += text.length + 1
  }

  piece(): Omit<TablePiece, 'read' | 'total'> {
    const text = this.texts.length === 0 ? '' : `${this.texts.join('\n')}\n`
    const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
    if (bytes.length > CHUNK_BYTES) throw new Error('a piece of lines is larger than a chunk')
    const made = { bytes, rows: this.rows, numbers: Uint32Array.from(this.numbers), rejections: this.rejections }
    this.texts = []
    this.numbers = []
    this.rejections = []
    this.rows = this.characters = 0
    return made
  }
}
