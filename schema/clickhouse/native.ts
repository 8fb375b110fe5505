/**
 * A block as ClickHouse's Native format: columns as they are, dictionaries as dictionaries, so that nothing is made into text.
 *
 * Native: number of columns, of rows (LEB128) | per column: name, type (text with its length), data. Of
 * LowCardinality(String): version u64 = 1, flags u64 (width of a code, own keys follow), keys u64, texts, rows u64, codes.
 * https://clickhouse.com/docs/interfaces/formats/Native
 */
import type { Block } from '../store/block.js'
import type { Values } from '../store/values.js'
import { DIMENSION_COLUMNS, MEASURE_COLUMNS } from './columns.js'
import { oddRayWords } from './odd-rays.js'

/** Own keys follow (0x200); 0, 1, 2: a code takes one, two, four bytes. */
const OWN_KEYS = 0x200
const WIDTH_FLAG: { [bytes: number]: number } = { 1: 0, 2: 1, 4: 2 }

const KEY_COLUMNS =
  'sec UInt32, ms UInt16, ray UInt64, identity UInt64, odd_ray LowCardinality(String), n UInt32, of UInt16'

/** The columns of `nativeBlock`, as `input` and `file` want them. */
export const STRUCTURE = [
  KEY_COLUMNS,
  ...DIMENSION_COLUMNS.map(({ name }) => `${name} LowCardinality(String)`),
  ...MEASURE_COLUMNS.map(({ name }) => `${name} Float64`),
].join(', ')

/** The columns of `nativeKeys`. */
export const KEY_STRUCTURE = KEY_COLUMNS

interface Column {
  name: string
  type: string
  data: Uint8Array[]
}

/** Where a block stands: the number of its first row in the part, and that of the part among those that are sent with it. */
export interface Place {
  first: number
  of: number
}

/** All of a block. */
export function nativeBlock(block: Block, place: Place): Uint8Array {
  return piece(block.rows, [
    ...keyColumns(block, place),
    ...DIMENSION_COLUMNS.map(({ field, name }) => {
      const { codes, values } = block.dimensions[field]
      return { name, type: 'LowCardinality(String)', data: dictionaryColumn(codes, values) }
    }),
    ...MEASURE_COLUMNS.map(({ field, name }) => ({ name, type: 'Float64', data: [bytesOf(block.measures[field])] })),
  ])
}

/** What tells its records apart. */
export function nativeKeys(block: Block, place: Place): Uint8Array {
  return piece(block.rows, keyColumns(block, place))
}

function keyColumns(block: Block, { first, of }: Place): Column[] {
  const { rows, time } = block
  const sec = new Uint32Array(rows)
  const ms = new Uint16Array(rows)
  const ray = new Uint32Array(rows * 2)
  const identity = new Uint32Array(rows * 2)
  const n = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) {
    const second = Math.floor(time[i] / 1000)
    sec[i] = second
    ms[i] = time[i] - second * 1000
    // the lower half first
    ray[i * 2] = block.ray[i * 2 + 1]
    ray[i * 2 + 1] = block.ray[i * 2]
    identity[i * 2] = block.identity[i * 2 + 1]
    identity[i * 2 + 1] = block.identity[i * 2]
    n[i] = first + i
  }
  for (const [row, text] of block.oddRays) {
    const [high, low] = oddRayWords(text)
    ray[row * 2] = low
    ray[row * 2 + 1] = high
  }
  return [
    { name: 'sec', type: 'UInt32', data: [bytesOf(sec)] },
    { name: 'ms', type: 'UInt16', data: [bytesOf(ms)] },
    { name: 'ray', type: 'UInt64', data: [bytesOf(ray)] },
    { name: 'identity', type: 'UInt64', data: [bytesOf(identity)] },
    { name: 'odd_ray', type: 'LowCardinality(String)', data: oddRayColumn(block) },
    { name: 'n', type: 'UInt32', data: [bytesOf(n)] },
    { name: 'of', type: 'UInt16', data: [bytesOf(new Uint16Array(rows).fill(of))] },
  ]
}

function oddRayColumn({ rows, oddRays }: Block): Uint8Array[] {
  const codes = new Uint32Array(rows)
  const known = new Map<string, number>([['', 0]])
  for (const [row, text] of oddRays) {
    let code = known.get(text)
    if (code === undefined) known.set(text, (code = known.size))
    codes[row] = code
  }
  return lowCardinality([...known.keys()].map(textBytes), known.size, codes)
}

function dictionaryColumn(codes: Uint8Array | Uint16Array | Uint32Array, values: Values): Uint8Array[] {
  return lowCardinality([dictionaryTexts(values)], values.size, codes)
}

function lowCardinality(keys: Uint8Array[], size: number, codes: Uint8Array | Uint16Array | Uint32Array): Uint8Array[] {
  const head = Buffer.alloc(24)
  head.writeBigUInt64LE(1n, 0)
  head.writeBigUInt64LE(BigInt(OWN_KEYS | WIDTH_FLAG[codes.BYTES_PER_ELEMENT]), 8)
  head.writeBigUInt64LE(BigInt(size), 16)
  const rows = Buffer.alloc(8)
  rows.writeBigUInt64LE(BigInt(codes.length))
  return [head, ...keys, rows, bytesOf(codes)]
}

/** Every text of a dictionary with its length before it. */
function dictionaryTexts({ size, text, ends }: Values): Uint8Array {
  const out = new Uint8Array(text.length + size * 5)
  let at = 0
  for (let v = 0; v < size; v++) {
    const from = v === 0 ? 0 : ends[v - 1]
    const to = v === 0 ? 0 : ends[v]
    at = putLength(out, at, to - from)
    out.set(text.subarray(from, to), at)
    at += to - from
  }
  return out.subarray(0, at)
}

function piece(rows: number, columns: readonly Column[]): Uint8Array {
  return Buffer.concat([
    lengthBytes(columns.length),
    lengthBytes(rows),
    ...columns.flatMap(({ name, type, data }) => [textBytes(name), textBytes(type), ...data]),
  ])
}

function textBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([lengthBytes(bytes.length), bytes])
}

function lengthBytes(length: number): Uint8Array {
  const out = new Uint8Array(5)
  return out.subarray(0, putLength(out, 0, length))
}

/** LEB128. */
function putLength(out: Uint8Array, at: number, length: number): number {
  let left = length
  while (left >= 128) {
    out[at++] = (left & 127) | 128
    left >>>= 7
  }
  out[at++] = left
  return at
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
