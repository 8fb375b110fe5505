import type { RejectionReason } from '../../schema/api/batches.js'

/** Size of a chunk; also the most that is ever held of one line. Above MAX_LINE_BYTES, so that a reader sees each line it may accept. */
export const CHUNK_BYTES = 2 * 1_048_576
/** What a chunk may grow to where lines are long. What a block begins anew costs less where it has PIECE_LINES lines or more. */
export const MOST_CHUNK_BYTES = 4 * CHUNK_BYTES
export const PIECE_LINES = 4_096
/** Lines of a chunk: as many as a block has room for. */
export const CHUNK_LINES = 60_000

/** Bytes `from` up to but not at `to` of a file: whole lines (the last may lack its line feed). */
export interface FileStretch {
  path: string
  from: number
  to: number
}

/** One of the texts of an input, for the numbers of lines and the names of rejected ones. */
export interface PieceOf {
  /** as the archive has it; null for the input itself */
  name: string | null
}

export type Piece = { of?: PieceOf } & (
  | LinesPiece
  /** whole lines that a reader fetches itself */
  | { kind: 'stretch'; stretch: FileStretch }
  /** a line longer than a chunk: its beginning, and how long it was */
  | { kind: 'long'; sample: Uint8Array; bytes: number }
)

export interface LinesPiece {
  kind: 'lines'
  bytes: Uint8Array<ArrayBuffer>
  /** where lines were made of something else: what number each has there, from that of the first line of this piece on */
  numbering?: Numbering
}

export interface Numbering {
  /** by line of the piece */
  numbers: Uint32Array
  /** how far the numbers go on with the next piece */
  advance: number
  rejections: readonly { number: number; reason: RejectionReason; sample: Uint8Array }[]
  /** bytes of the input that the piece was made of */
  bytes: number
}

/** Between two pieces of work of a cutter: here whoever reads may make a pause. */
export const MAY_PAUSE = null

/** Work between two such places, bytes looked at; some milliseconds at most, whatever the bytes are. */
export const PAUSE_BYTES = 65_536

/** Cuts bytes into pieces of whole lines. */
export interface Cutter {
  /** is there something to pass on? */
  readonly hasWholeLine: boolean
  add(bytes: Uint8Array): Generator<Piece | typeof MAY_PAUSE>
  /** The whole lines so far. */
  flush(): Generator<Piece>
  /** Everything, a last line without its line feed included. */
  end(): Generator<Piece | typeof MAY_PAUSE>
  /** The end of a source that failed: what is not whole is left. */
  wholeOnly(): Generator<Piece>
  /** What must be read in another way from here on; null: nothing. */
  readonly handedOver: Uint8Array | null
}
