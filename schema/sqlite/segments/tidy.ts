/**
 * A column as a segment keeps it: some rows in a given order, only the values they have, in the order of their
 * hashes.
 */
import type { Codes } from '../../block.js'
import type { RowOrder } from './order.js'
import { radixOrder } from './radix.js'
import { codesFor, gather, type Column, type Values } from './values.js'

/** `counts[code]`: rows with the code. */
export interface TidyColumn extends Column { counts: Uint32Array }

/** `pieces`: the column's rows, one piece after the other, each with its own numbers for values. */
export function tidyColumn(pieces: readonly Column[], order: RowOrder): TidyColumn {
  const n = order.rows.length
  const source = new Pieces(pieces)
  const occurs = source.countValues(order)
  const { values, places } = inOrderOfHashes(source, occurs)
  const counts = new Uint32Array(values.size)
  for (let number = 0; number < occurs.length; number++) counts[places[number]] += occurs[number]
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
    pieces.forEach(({ values }, p) => { this.firsts[p + 1] = this.firsts[p] + values.size })
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
    first: number, rows: number, run: (piece: number, from: number, to: number, at: number) => void,
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

// Each loop over rows is a function of its own: the engine compiles a loop while it runs, and for one kind of array better
// than for several.

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

/**
 * The values that occur, ascending by hash, each once; "absent" (and an empty text, which is the same) first.
 * `places`: by number, which of them.
 */
function inOrderOfHashes({ pieces, firsts, size }: Pieces, occurs: Uint32Array): { values: Values; places: Uint32Array } {
  const places = new Uint32Array(size)
  const found = { piece: new Uint32Array(size), value: new Uint32Array(size), folded: new Uint32Array(size), exact: new Uint32Array(size) }
  let n = 0
  pieces.forEach(({ values }, piece) => {
    const { folded, exact } = values
    for (let v = 1; v < values.size; v++) {
      if (occurs[firsts[piece] + v] === 0 || (folded[v] === 0 && exact[v] === 0)) continue
      found.piece[n] = piece
      found.value[n] = v
      found.folded[n] = folded[v]
      found.exact[n++] = exact[v]
    }
  })
  const sorted = sortedByHashes(found.folded.subarray(0, n), found.exact)
  const piece = new Uint32Array(n + 1)
  const value = new Uint32Array(n + 1)
  let place = 0
  for (let i = 0; i < n; i++) {
    const at = sorted[i]
    const before = i > 0 ? sorted[i - 1] : -1
    if (before < 0 || found.folded[before] !== found.folded[at] || found.exact[before] !== found.exact[at]) {
      place++
      piece[place] = found.piece[at]
      value[place] = found.value[at]
    }
    places[firsts[found.piece[at]] + found.value[at]] = place
  }
  return { values: gather(pieces.map(({ values }) => values), piece.subarray(0, place + 1), value.subarray(0, place + 1)), places }
}

/** By the hash of the folded text; values that differ in case only by the other hash. */
function sortedByHashes(folded: Uint32Array, exact: Uint32Array): Uint32Array {
  const order = radixOrder(folded, 0xffff_ffff)
  for (let i = 1; i < order.length; i++) {
    const item = order[i]
    let at = i
    while (at > 0 && folded[order[at - 1]] === folded[item] && exact[order[at - 1]] > exact[item]) order[at] = order[--at]
    order[at] = item
  }
  return order
}
