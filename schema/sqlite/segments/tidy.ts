/**
 * A column as a segment keeps it: some rows in a given order, only the values they have, in the order of their
 * hashes.
 */
import type { Codes } from '../../store/block.js'
import type { HashedValues } from '../columns/text-hash.js'
import type { RowOrder } from './order.js'
import { radixOrder } from './radix.js'
import { codesFor, gather, sameText, type Column } from './values.js'

/** `counts[code]`: rows with the code. */
export interface TidyColumn extends Column {
  counts: Uint32Array
}

/** `pieces`: the column's rows, one piece after the other, each with its own numbers for values. */
export function tidyColumn(pieces: readonly Column[], order: RowOrder): TidyColumn {
  const n = order.rows.length
  const source = new Pieces(pieces)
  const occurs = source.countValues(order)
  const { values, places } = inOrderOfHashes(source, occurs)
  const counts = new Uint32Array(values.size)
  addAtPlaces(occurs, places, counts)
  const codes = codesFor(values.size, n)
  const everywhere = counts.indexOf(n)
  if (everywhere < 0) source.translate(order, places, codes)
  else if (everywhere > 0) codes.fill(everywhere)
  return { codes, values, counts }
}

/** Pieces of a column with one numbering of all their values: those of the first piece, then those of the second … */
class Pieces {
  /** the number of each piece's value 0 */
  readonly firsts: Uint32Array
  /** how many numbers there are */
  readonly size: number
  readonly rows: number
  /** the number of each row's value: made only for rows in another order */
  private numbers: Codes | undefined

  constructor(readonly pieces: readonly Column[]) {
    this.firsts = new Uint32Array(pieces.length + 1)
    pieces.forEach(({ values }, p) => {
      this.firsts[p + 1] = this.firsts[p] + values.size
    })
    this.size = this.firsts[pieces.length]
    this.rows = pieces.reduce((sum, { codes }) => sum + codes.length, 0)
  }

  /** How many of the rows have each value. */
  countValues({ rows, straight }: RowOrder): Uint32Array {
    const counts = new Uint32Array(this.size)
    if (!straight && rows.length < this.rows) countOrdered(this.allNumbers(), rows, counts)
    else {
      this.eachRun(straight ? rows[0] : 0, rows.length, (piece, from, to) => {
        const { codes, values } = this.pieces[piece]
        if (values.size === 1) counts[this.firsts[piece]] += to - from
        else countRun(codes, from, to, this.firsts[piece], counts)
      })
    }
    return counts
  }

  /** Into `out`: for each row, where `places` puts its value. */
  translate(order: RowOrder, places: Uint32Array, out: Codes): void {
    if (order.straight) {
      this.eachRun(order.rows[0], order.rows.length, (piece, from, to, at) => {
        const { codes, values } = this.pieces[piece]
        if (values.size > 1) translateRun(codes, from, to, places.subarray(this.firsts[piece]), out, at)
      })
    } else {
      translateOrdered(this.allNumbers(), order.rows, places, out)
    }
  }

  /** The rows from `first` on, piece by piece; `at`: how many came before. */
  private eachRun(
    first: number,
    rows: number,
    run: (piece: number, from: number, to: number, at: number) => void,
  ): void {
    const last = first + rows
    let start = 0
    this.pieces.forEach(({ codes }, piece) => {
      const from = Math.max(first, start)
      const to = Math.min(last, start + codes.length)
      if (from < to) run(piece, from - start, to - start, from - first)
      start += codes.length
    })
  }

  private allNumbers(): Codes {
    if (this.numbers) return this.numbers
    if (this.pieces.length === 1) return (this.numbers = this.pieces[0].codes)
    const numbers = codesFor(this.size, this.rows)
    let at = 0
    this.pieces.forEach(({ codes }, p) => {
      shiftInto(codes, this.firsts[p], numbers, at)
      at += codes.length
    })
    return (this.numbers = numbers)
  }
}

// Each loop over rows or values is a function of its own: the engine compiles a loop while it runs, and compiles all of the
// function for it.

function addAtPlaces(numbers: Uint32Array, places: Uint32Array, sums: Uint32Array): void {
  for (let i = 0; i < numbers.length; i++) sums[places[i]] += numbers[i]
}

function countRun(codes: Codes, from: number, to: number, first: number, counts: Uint32Array): void {
  for (let row = from; row < to; row++) counts[first + codes[row]]++
}

function countOrdered(numbers: Codes, rows: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) counts[numbers[rows[i]]]++
}

function translateRun(codes: Codes, from: number, to: number, places: Uint32Array, out: Codes, at: number): void {
  for (let row = from; row < to; row++) out[at++] = places[codes[row]]
}

function translateOrdered(numbers: Codes, rows: Uint32Array, places: Uint32Array, out: Codes): void {
  for (let i = 0; i < rows.length; i++) out[i] = places[numbers[rows[i]]]
}

function shiftInto(codes: Codes, by: number, out: Codes, at: number): void {
  for (let row = 0; row < codes.length; row++) out[at + row] = codes[row] + by
}

/** Values of pieces: which value of which piece, and its hashes. */
interface Found {
  piece: Uint32Array
  value: Uint32Array
  folded: Uint32Array
  exact: Uint32Array
  /** different texts have the same two hashes */
  mistakable: boolean
}

/**
 * The values that occur, ascending by hash, each once; "absent" (and an empty text, which is the same) first.
 * `places`: by number, which of them.
 */
function inOrderOfHashes(
  { pieces, firsts, size }: Pieces,
  occurs: Uint32Array,
): { values: HashedValues; places: Uint32Array } {
  const found: Found = {
    piece: new Uint32Array(size),
    value: new Uint32Array(size),
    folded: new Uint32Array(size),
    exact: new Uint32Array(size),
    mistakable: false,
  }
  let n = 0
  for (let p = 0; p < pieces.length; p++) n = findUsed(pieces[p].values, p, occurs, firsts[p], found, n)
  const sorted = radixOrder(found.folded.subarray(0, n), 0xffff_ffff)
  orderEqual(sorted, found, pieces)
  const places = new Uint32Array(size)
  const piece = new Uint32Array(n + 1)
  const value = new Uint32Array(n + 1)
  const last = placeEach(sorted, found, pieces, firsts, places, piece, value)
  return {
    values: gather(
      pieces.map(({ values }) => values),
      piece.subarray(0, last + 1),
      value.subarray(0, last + 1),
    ),
    places,
  }
}

/** Adds the values of a piece that occur; gives how many there are now. */
function findUsed(
  { size, folded, exact }: HashedValues,
  piece: number,
  occurs: Uint32Array,
  first: number,
  found: Found,
  n: number,
): number {
  for (let v = 1; v < size; v++) {
    if (occurs[first + v] === 0 || (folded[v] === 0 && exact[v] === 0)) continue
    found.piece[n] = piece
    found.value[n] = v
    found.folded[n] = folded[v]
    found.exact[n++] = exact[v]
  }
  return n
}

/**
 * Values of one folded hash, which are mostly spellings of one text, by the other hash; should both hashes be the same, by
 * their texts. A sender chooses how many there are: beyond a few they are sorted in n log n steps.
 */
function orderEqual(order: Uint32Array, found: Found, pieces: readonly Column[]): void {
  const { folded, exact } = found
  for (let from = 0; from < order.length;) {
    let to = from + 1
    let mixed = false
    for (; to < order.length && folded[order[to]] === folded[order[from]]; to++) {
      mixed ||= exact[order[to]] !== exact[order[to - 1]]
    }
    if (mixed) sortByExact(order, from, to, exact)
    for (let first = from; first < to;) {
      let last = first + 1
      let sameTexts = true
      for (; last < to && exact[order[last]] === exact[order[first]]; last++) {
        sameTexts &&= sameValue(found, pieces, order[last - 1], order[last])
      }
      if (!sameTexts) sortByText(order, first, last, found, pieces)
      first = last
    }
    from = to
  }
}

function sortByExact(order: Uint32Array, from: number, to: number, exact: Uint32Array): void {
  order.subarray(from, to).sort((a, b) => exact[a] - exact[b] || a - b)
}

function sortByText(order: Uint32Array, from: number, to: number, found: Found, pieces: readonly Column[]): void {
  const text = (at: number) => textOf(pieces[found.piece[at]].values, found.value[at])
  order.subarray(from, to).sort((a, b) => Buffer.compare(text(a), text(b)) || a - b)
  found.mistakable = true
}

function sameValue({ piece, value }: Found, pieces: readonly Column[], a: number, b: number): boolean {
  return sameText(pieces[piece[a]].values, value[a], pieces[piece[b]].values, value[b])
}

function textOf({ text, ends }: HashedValues, value: number): Uint8Array {
  return text.subarray(ends[value - 1], ends[value])
}

/** Gives each value its place, equal ones the same; says which is the last. `piece`, `value`: what stands at each place. */
function placeEach(
  sorted: Uint32Array,
  found: Found,
  pieces: readonly Column[],
  firsts: Uint32Array,
  places: Uint32Array,
  piece: Uint32Array,
  value: Uint32Array,
): number {
  let place = 0
  for (let i = 0; i < sorted.length; i++) {
    const at = sorted[i]
    const before = i > 0 ? sorted[i - 1] : at
    if (
      i === 0 ||
      found.folded[before] !== found.folded[at] ||
      found.exact[before] !== found.exact[at] ||
      (found.mistakable && !sameValue(found, pieces, before, at))
    ) {
      place++
      piece[place] = found.piece[at]
      value[place] = found.value[at]
    }
    places[firsts[found.piece[at]] + found.value[at]] = place
  }
  return place
}
