/**
 * A block as one buffer: so it moves from thread to thread without a copy and without hundreds of arrays being described
 * to the other side. Who only passes it on needs not open it.
 *
 * Buffer: for each dimension u32 bytes a code, u32 values ("absent" counted), u32 bytes of text | time, measures f64 … |
 * ray, identity u32 … | for each dimension ends u32 … | codes | for each dimension text.
 */
import { perField, type Block, type Codes } from './block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../words/fields.js'
import type { MovingBlock } from './moving-block-shape.js'
import type { Values } from './values.js'

export type { MovingBlock } from './moving-block-shape.js'

/** How much room a column takes. */
export interface ColumnShape {
  codeBytes: number
  values: number
  textBytes: number
}

const HEAD_WORDS = 3

/** An empty block of a given shape, its arrays where they will lie when it moves. */
export function allocateBlock(
  rows: number,
  shapeOf: (field: DimensionField) => ColumnShape,
): { block: Block; buffer: ArrayBuffer } {
  const head = DIMENSION_FIELDS.flatMap((field) => {
    const { codeBytes, values, textBytes } = shapeOf(field)
    return [codeBytes, values, textBytes]
  })
  const layout = new Layout(new ArrayBuffer(sizeOf(rows, head)))
  layout.words(head.length).set(head)
  return { block: { rows, oddRays: new Map(), ...place(layout, rows, head) }, buffer: layout.buffer }
}

/** A block that was allocated and filled, ready to move. */
export function sealBlock({ block, buffer }: { block: Block; buffer: ArrayBuffer }): MovingBlock {
  return { rows: block.rows, ...spanOf(block.time), oddRays: block.oddRays, buffer }
}

/** Any block, copied into one buffer. */
export function packBlock(from: Block): MovingBlock {
  const allocated = allocateBlock(from.rows, (field) => {
    const { codes, values } = from.dimensions[field]
    return { codeBytes: codes.BYTES_PER_ELEMENT, values: values.size, textBytes: values.text.length }
  })
  const to = allocated.block
  to.time.set(from.time)
  to.ray.set(from.ray)
  to.identity.set(from.identity)
  to.oddRays = from.oddRays
  for (const field of MEASURE_FIELDS) to.measures[field].set(from.measures[field])
  for (const field of DIMENSION_FIELDS) {
    to.dimensions[field].codes.set(from.dimensions[field].codes)
    setValues(to.dimensions[field].values, from.dimensions[field].values)
  }
  return sealBlock(allocated)
}

export function setValues(to: Values, from: Values): void {
  to.ends.set(from.ends)
  to.text.set(from.text)
}

/** The block in the buffer; nothing is copied. */
export function openBlock({ rows, oddRays, buffer, shared }: MovingBlock): Block {
  if (shared === undefined) return { rows, oddRays, ...openColumns(buffer, rows) }
  return { rows, oddRays, ...columnsFrom(openColumns(buffer, shared.rows), shared.first, rows) }
}

type Columns = Omit<Block, 'rows' | 'oddRays'>

/** All that is in a buffer of so many rows. */
export function openColumns(buffer: ArrayBuffer, rows: number): Columns {
  const layout = new Layout(buffer)
  return place(layout, rows, [...layout.words(DIMENSION_FIELDS.length * HEAD_WORDS)])
}

/** Some of the rows; nothing is copied, and values are those of all. */
export function columnsFrom(
  { time, ray, identity, dimensions, measures }: Columns,
  first: number,
  rows: number,
): Columns {
  const to = first + rows
  return {
    time: time.subarray(first, to),
    ray: ray.subarray(first * 2, to * 2),
    identity: identity.subarray(first * 2, to * 2),
    measures: perField(MEASURE_FIELDS, (field) => measures[field].subarray(first, to)),
    dimensions: perField(DIMENSION_FIELDS, (field) => {
      const { codes, values } = dimensions[field]
      return { codes: codes.subarray(first, to), values }
    }),
  }
}

/** Blocks of so many rows each, which share the buffer of one that has all of them. `time`: its. */
export function shareBlock(block: MovingBlock, time: Float64Array, counts: readonly number[]): MovingBlock[] {
  let first = 0
  return counts.map((rows) => {
    const own = { rows, ...spanOf(time.subarray(first, first + rows)), shared: { first, rows: block.rows } }
    const oddRays = new Map<number, string>()
    for (const [row, text] of block.oddRays) if (row >= first && row < first + rows) oddRays.set(row - first, text)
    first += rows
    return { ...own, oddRays, buffer: block.buffer }
  })
}

/** The buffers that move with the blocks. */
export const buffersOfBlocks = (blocks: readonly MovingBlock[]): ArrayBuffer[] =>
  blocks.filter(({ shared }) => shared === undefined).map(({ buffer }) => buffer)

function place(layout: Layout, rows: number, head: readonly number[]): Columns {
  const of = (field: number, word: number) => head[field * HEAD_WORDS + word]
  const time = layout.numbers(rows)
  const measures = perField(MEASURE_FIELDS, () => layout.numbers(rows))
  const ray = layout.words(rows * 2)
  const identity = layout.words(rows * 2)
  const ends = DIMENSION_FIELDS.map((_, i) => layout.words(of(i, 1)))
  const codes = DIMENSION_FIELDS.map((_, i) => layout.codes(rows, of(i, 0)))
  const text = DIMENSION_FIELDS.map((_, i) => layout.bytes(of(i, 2)))
  const dimensions = perField(DIMENSION_FIELDS, (_, i) => ({
    codes: codes[i],
    values: { size: of(i, 1), text: text[i], ends: ends[i] },
  }))
  return { time, measures, ray, identity, dimensions }
}

/** Enough for every array, each padded to eight bytes. */
function sizeOf(rows: number, head: readonly number[]): number {
  let size = head.length * 4 + rows * 8 * (3 + MEASURE_FIELDS.length)
  for (let i = 0; i < head.length; i += HEAD_WORDS) size += rows * head[i] + head[i + 1] * 4 + head[i + 2] + 24
  return size + 32
}

/** Gives out one array after the other. */
class Layout {
  private at = 0

  constructor(readonly buffer: ArrayBuffer) {}

  numbers(length: number): Float64Array {
    return new Float64Array(this.buffer, this.take(length * 8), length)
  }

  words(length: number): Uint32Array {
    return new Uint32Array(this.buffer, this.take(length * 4), length)
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.take(length), length)
  }

  codes(length: number, width: number): Codes {
    const at = this.take(length * width)
    if (width === 1) return new Uint8Array(this.buffer, at, length)
    return width === 2 ? new Uint16Array(this.buffer, at, length) : new Uint32Array(this.buffer, at, length)
  }

  private take(bytes: number): number {
    const at = this.at
    this.at = (at + bytes + 7) & ~7
    return at
  }
}

function spanOf(time: Float64Array): { from: number; to: number } {
  let from = time.length > 0 ? time[0] : Number.NaN
  let to = from
  for (let i = 1; i < time.length; i++) {
    if (time[i] < from) from = time[i]
    if (time[i] > to) to = time[i]
  }
  return { from, to }
}
