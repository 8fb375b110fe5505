/**
 * A block as one buffer: so it moves from thread to thread without a copy and without hundreds of arrays being described
 * to the other side. Who only passes it on needs not open it.
 *
 * Buffer: for each dimension u32 bytes a code, u32 values ("absent" counted), u32 bytes of text | time, measures f64 … |
 * ray, identity u32 … | for each dimension ends u32 … | codes | for each dimension text.
 */
import { perField, type Block, type Codes } from './block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS } from './fields.js'

export interface MovingBlock {
  rows: number
  /** event time of the first and the last record, epoch milliseconds; NaN without rows */
  from: number
  to: number
  oddRays: Map<number, string>
  buffer: ArrayBuffer
}

const HEAD_WORDS = 3

export function packBlock(block: Block): MovingBlock {
  const head = DIMENSION_FIELDS.flatMap((field) => {
    const { codes, values } = block.dimensions[field]
    return [codes.BYTES_PER_ELEMENT, values.ends.length, values.text.length]
  })
  const layout = new Layout(new ArrayBuffer(sizeOf(block.rows, head)))
  layout.words(head.length).set(head)
  const packed = place(layout, block.rows, head)
  packed.time.set(block.time)
  packed.ray.set(block.ray)
  packed.identity.set(block.identity)
  for (const field of MEASURE_FIELDS) packed.measures[field].set(block.measures[field])
  for (const field of DIMENSION_FIELDS) {
    const { codes, values } = block.dimensions[field]
    packed.dimensions[field].codes.set(codes)
    packed.dimensions[field].values.ends.set(values.ends)
    packed.dimensions[field].values.text.set(values.text)
  }
  return { rows: block.rows, ...spanOf(block.time), oddRays: block.oddRays, buffer: layout.buffer }
}

/** The block in the buffer; nothing is copied. */
export function openBlock({ rows, oddRays, buffer }: MovingBlock): Block {
  const layout = new Layout(buffer)
  const head = [...layout.words(DIMENSION_FIELDS.length * HEAD_WORDS)]
  return { rows, oddRays, ...place(layout, rows, head) }
}

function place(layout: Layout, rows: number, head: readonly number[]): Omit<Block, 'rows' | 'oddRays'> {
  const of = (field: number, word: number) => head[field * HEAD_WORDS + word]
  const time = layout.numbers(rows)
  const measures = perField(MEASURE_FIELDS, () => layout.numbers(rows))
  const ray = layout.words(rows * 2)
  const identity = layout.words(rows * 2)
  const ends = DIMENSION_FIELDS.map((_, i) => layout.words(of(i, 1)))
  const codes = DIMENSION_FIELDS.map((_, i) => layout.codes(rows, of(i, 0)))
  const text = DIMENSION_FIELDS.map((_, i) => layout.bytes(of(i, 2)))
  const dimensions = perField(DIMENSION_FIELDS, (_, i) => ({ codes: codes[i], values: { text: text[i], ends: ends[i] } }))
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
