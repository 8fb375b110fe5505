/**
 * Codes of a column as they rest (codes.ts says what the bytes mean), searched and picked without being spread out: of most
 * segments a filter leaves few rows, and what is packed takes a fraction of the memory.
 */
import type { Codes } from '../../store/block.js'
import { indexAt, indexIn } from './ascending.js'
import { view32, type Bytes } from './bytes.js'
import { bodyOf, decodeCodes, exceptionsOf, HEAD, KIND } from './codes.js'

/** Rows from `from` up to but not at `to`. */
interface Rows {
  from: number
  to: number
}

/** Fewer rows than a part of the exceptions are looked up by halves. */
const FEW_ROWS = 16

const NO_CODES = new Uint8Array(0)

/** Rows that are being found: memory of its own for each column would be as much work as the search. */
let found = new Uint32Array(0)

/** The code that passes if it is the only one; −1. */
function onlyOne(pass: Uint8Array): number {
  const first = pass.indexOf(1)
  return pass.includes(1, first + 1) ? -1 : first
}

export class PackedCodes {
  private constructor(
    readonly rows: number,
    private readonly kind: number,
    /** packed or whole codes; of exceptions theirs */
    private readonly codes: Codes,
    /** bits of a packed code */
    private readonly bits: number,
    private readonly common: number,
    private readonly positions: Codes,
    private readonly bytes: Bytes | null,
  ) {}

  static from(bytes: Bytes): PackedCodes {
    const [kind, width] = bytes
    const [, rows, common] = view32(bytes, 0, 4)
    if (kind === KIND.constant) return PackedCodes.constant(rows, common)
    if (kind === KIND.exceptions) {
      const { positions, others } = exceptionsOf(bytes)
      return new PackedCodes(rows, kind, others, 0, common, positions, bytes)
    }
    const codes = kind === KIND.bits ? bytes.subarray(HEAD) : bodyOf(bytes, HEAD, rows, width)
    return new PackedCodes(rows, kind, codes, kind === KIND.bits ? width : 0, 0, NO_CODES, bytes)
  }

  static constant(rows: number, code: number): PackedCodes {
    return new PackedCodes(rows, KIND.constant, NO_CODES, 0, code, NO_CODES, null)
  }

  /** What is spread out already. */
  static of(codes: Codes): PackedCodes {
    return new PackedCodes(codes.length, KIND.whole, codes, 0, 0, NO_CODES, null)
  }

  /** The code that all rows have, where the column says so; −1. */
  get constant(): number {
    return this.kind === KIND.constant ? this.common : -1
  }

  /** The code of every row. */
  all(): Codes {
    if (this.kind === KIND.whole) return this.codes
    if (this.bytes !== null) return decodeCodes(this.bytes)
    return filled(this.common, this.rows)
  }

  at(row: number): number {
    switch (this.kind) {
      case KIND.whole:
        return this.codes[row]
      case KIND.bits:
        return bitsAt(this.codes, row, this.bits)
      case KIND.exceptions: {
        const at = indexIn(this.positions, row)
        return at < 0 ? this.common : this.codes[at]
      }
      default:
        return this.common
    }
  }

  /** The codes of these rows, which ascend. */
  pick(rows: Uint32Array): Codes {
    const out = this.kind === KIND.exceptions ? filled(this.common, rows.length, this.codes) : this.room(rows.length)
    if (this.kind === KIND.whole) pickWhole(this.codes, rows, out)
    else if (this.kind === KIND.bits) pickBits(this.codes, this.bits, rows, out)
    else if (this.kind === KIND.exceptions) pickExceptions(this.positions, this.codes, rows, out)
    return out
  }

  /** About how many rows pass, which is to say in which order filters are best asked. `share` of the codes do. */
  likely(pass: Uint8Array, share: number): number {
    if (this.kind === KIND.constant) return pass[this.common] * this.rows
    if (this.kind !== KIND.exceptions) return this.rows * share
    return pass[this.common] === 1 ? this.rows : this.codes.length * share
  }

  /** Rows of the ranges whose code passes, ascending. */
  select(ranges: readonly Rows[], pass: Uint8Array): Uint32Array {
    const most = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
    if (this.kind === KIND.constant) {
      return pass[this.common] === 1 ? listRows(ranges, new Uint32Array(most)) : new Uint32Array(0)
    }
    const sparse = this.kind === KIND.exceptions && pass[this.common] === 0
    const only = this.codes instanceof Uint8Array ? onlyOne(pass) : -1
    if (found.length <= most) found = new Uint32Array(most * 2)
    const out = found
    let n = 0
    for (const { from, to } of ranges) {
      if (this.kind === KIND.whole && only >= 0) n = selectByte(this.codes as Uint8Array, only, from, to, out, n)
      else if (this.kind === KIND.whole) n = selectWhole(this.codes, pass, from, to, out, n)
      else if (this.kind === KIND.bits) n = selectBits(this.codes, this.bits, pass, from, to, out, n)
      else if (sparse) n = selectExceptions(this.positions, this.codes, pass, from, to, out, n)
      else n = selectOthers(this.positions, this.codes, pass, from, to, out, n)
    }
    return out.slice(0, n)
  }

  /** Those of the rows, which ascend, whose code passes. They are moved together where they are. */
  keep(rows: Uint32Array, pass: Uint8Array): Uint32Array {
    if (this.kind === KIND.constant) return pass[this.common] === 1 ? rows : rows.subarray(0, 0)
    if (this.kind === KIND.whole) return rows.subarray(0, keepWhole(this.codes, rows, pass))
    return rows.subarray(0, keepPicked(this.pick(rows), rows, pass))
  }

  private room(length: number): Codes {
    if (this.kind === KIND.constant) return filled(this.common, length)
    return sized(this.codes.BYTES_PER_ELEMENT, length)
  }
}

/** All of one code, in an array that has room for it and for what `others` holds. */
function filled(code: number, length: number, others: Codes = NO_CODES): Codes {
  const out = sized(Math.max(others.BYTES_PER_ELEMENT, code < 256 ? 1 : code < 65536 ? 2 : 4), length)
  return code === 0 ? out : out.fill(code)
}

/** By bytes: what SQLite gave is a Buffer, and another of its kind is no plain array. */
function sized(bytes: number, length: number): Codes {
  return bytes === 1 ? new Uint8Array(length) : bytes === 2 ? new Uint16Array(length) : new Uint32Array(length)
}

export function listRows(ranges: readonly Rows[], rows: Uint32Array): Uint32Array {
  let n = 0
  for (const { from, to } of ranges) for (let row = from; row < to; row++) rows[n++] = row
  return rows
}

// Loops of their own, see integers.ts. Rows are written before it is known whether they pass: which do is anybody's guess, and
// a branch would be guessed wrong.

const bitsAt = (packed: Codes, row: number, bits: number) =>
  (packed[(row * bits) >>> 3] >>> ((row * bits) & 7)) & ((1 << bits) - 1)

function selectWhole(codes: Codes, pass: Uint8Array, from: number, to: number, out: Uint32Array, n: number): number {
  for (let row = from; row < to; row++) {
    out[n] = row
    n += pass[codes[row]]
  }
  return n
}

/** Rows looked at before it is seen how many of them have the code. */
const STRETCH = 1_024
/** Where more of a stretch than this part have it, looking at four codes at once gains nothing. */
const RARE_PART = 24

/** As `selectWhole`, of one code. Where it is rare four codes are looked at at once. */
function selectByte(codes: Uint8Array, code: number, from: number, to: number, out: Uint32Array, n: number): number {
  if (to - from <= STRETCH) return selectOne(codes, code, from, to, out, n)
  let row = from + ((4 - ((codes.byteOffset + from) & 3)) & 3)
  n = selectOne(codes, code, from, row, out, n)
  const words = new Int32Array(codes.buffer, codes.byteOffset + row, (to - row) >> 2)
  const start = row
  let isRare = true
  for (; to - row >= STRETCH; row += STRETCH) {
    const before = n
    const word = (row - start) >> 2
    n = isRare ? selectRare(words, codes, code, word, row, out, n) : selectOne(codes, code, row, row + STRETCH, out, n)
    isRare = (n - before) * RARE_PART < STRETCH
  }
  return selectOne(codes, code, row, to, out, n)
}

function selectOne(codes: Uint8Array, code: number, from: number, to: number, out: Uint32Array, n: number): number {
  for (let row = from; row < to; row++) {
    out[n] = row
    n += codes[row] === code ? 1 : 0
  }
  return n
}

/** A stretch; `word` is where it begins among the words of four codes. */
function selectRare(
  words: Int32Array,
  codes: Uint8Array,
  code: number,
  word: number,
  row: number,
  out: Uint32Array,
  n: number,
): number {
  const four = Math.imul(code, 0x0101_0101)
  for (const end = row + STRETCH; row < end; row += 4) {
    // a byte of the difference is zero where the code stands; borrows may seem to find more, never fewer
    const difference = words[word++] ^ four
    if (((difference - 0x0101_0101) & ~difference & 0x8080_8080) === 0) continue
    for (let i = row; i < row + 4; i++) {
      out[n] = i
      n += codes[i] === code ? 1 : 0
    }
  }
  return n
}

function selectBits(
  packed: Codes,
  bits: number,
  pass: Uint8Array,
  from: number,
  to: number,
  out: Uint32Array,
  n: number,
): number {
  for (let row = from; row < to; row++) {
    out[n] = row
    n += pass[bitsAt(packed, row, bits)]
  }
  return n
}

/** Where the common code does not pass. `out` has room for one more. */
function selectExceptions(
  positions: Codes,
  others: Codes,
  pass: Uint8Array,
  from: number,
  to: number,
  out: Uint32Array,
  n: number,
): number {
  for (let e = indexAt(positions, from); e < positions.length && positions[e] < to; e++) {
    out[n] = positions[e]
    n += pass[others[e]]
  }
  return n
}

/** Where the common code passes. */
function selectOthers(
  positions: Codes,
  others: Codes,
  pass: Uint8Array,
  from: number,
  to: number,
  out: Uint32Array,
  n: number,
): number {
  let row = from
  for (let e = indexAt(positions, from); e < positions.length && positions[e] < to; e++) {
    if (pass[others[e]] === 1) continue
    while (row < positions[e]) out[n++] = row++
    row++
  }
  while (row < to) out[n++] = row++
  return n
}

function pickWhole(codes: Codes, rows: Uint32Array, out: Codes): void {
  for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]]
}

function pickBits(packed: Codes, bits: number, rows: Uint32Array, out: Codes): void {
  for (let i = 0; i < rows.length; i++) out[i] = bitsAt(packed, rows[i], bits)
}

/** Into `out`, where the common code stands. */
function pickExceptions(positions: Codes, others: Codes, rows: Uint32Array, out: Codes): void {
  if (rows.length * FEW_ROWS < positions.length) {
    for (let i = 0; i < rows.length; i++) {
      const at = indexIn(positions, rows[i])
      if (at >= 0) out[i] = others[at]
    }
    return
  }
  let e = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    while (e < positions.length && positions[e] < row) e++
    if (e < positions.length && positions[e] === row) out[i] = others[e]
  }
}

function keepWhole(codes: Codes, rows: Uint32Array, pass: Uint8Array): number {
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    rows[n] = row
    n += pass[codes[row]]
  }
  return n
}

function keepPicked(codes: Codes, rows: Uint32Array, pass: Uint8Array): number {
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    rows[n] = rows[i]
    n += pass[codes[i]]
  }
  return n
}
