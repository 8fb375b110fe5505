/** Parquet that lies: it is refused, and the process goes on as if nothing had been. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { IngestError } from '../../../../ingest/errors.js'
import { namesOf } from '../../../../ingest/reader/names.js'
import { ReadingNotes } from '../../../../ingest/shape/notes.js'
import { parquetFile } from '../../../../ingest/shape/parquet/index.js'
import { openTable } from '../../../../ingest/shape/parquet/table.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixture = (name: string) => readFileSync(new URL(`../../../fixtures/parquet/${name}`, import.meta.url))

/** How many rows came, and how it ended. */
async function outcome(bytes: Uint8Array): Promise<{ rows: number; code: string | null; message: string }> {
  const path = join(folder, 'one.parquet')
  writeFileSync(path, bytes)
  let rows = 0
  try {
    const options = { names: namesOf({}), notes: new ReadingNotes(), onStart: () => {} }
    for await (const piece of parquetFile(path, options)) rows += piece.numbering?.advance ?? 0
    return { rows, code: null, message: '' }
  } catch (error) {
    if (!(error instanceof IngestError)) throw error
    return { rows, code: error.code, message: error.message }
  }
}

/** The same without a thread, to try many. */
function endsInWords(bytes: Uint8Array): void {
  const path = join(folder, 'many.parquet')
  writeFileSync(path, bytes)
  const fd = openSync(path, 'r')
  try {
    const table = openTable(fd)
    for (let n = 0; table.next() !== null && n < 10_000; n++);
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).not.toBe('')
  } finally {
    closeSync(fd)
  }
}

/** Whole numbers as Thrift's compact protocol has them. */
const varint = (n: number): number[] => {
  const bytes: number[] = []
  for (let rest = BigInt(n); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)]
    bytes.push(Number(rest & 127n) | 128)
  }
}
const zigzag = (n: number) => varint(n < 0 ? -2 * n - 1 : 2 * n)
const i32 = (delta: number, n: number) => [(delta << 4) | 5, ...zigzag(n)]
const i64 = (delta: number, n: number) => [(delta << 4) | 6, ...zigzag(n)]
const text = (delta: number, value: string) => [(delta << 4) | 8, ...varint(value.length), ...Buffer.from(value)]

/** One row group with one page, in the compact protocol of Thrift, whatever its numbers say. */
function lying({
  rows,
  values = rows,
  levels,
  unpacked,
  packed,
  codec = 0,
  column = 'RayID',
}: {
  rows: number
  values?: number
  levels: number[]
  unpacked?: number
  packed?: number
  codec?: number
  column?: string
}): Buffer {
  const page = Buffer.from(levels)
  const header = [
    ...i32(1, 0), // data page
    ...i32(1, unpacked ?? page.length),
    ...i32(1, packed ?? page.length),
    0x2c, // field 5: its header
    ...i32(1, values),
    ...i32(1, 0), // plain
    ...i32(1, 3),
    ...i32(1, 3),
    0,
    0,
  ]
  const size = header.length + page.length
  const contents = [
    ...i32(1, 1),
    0x19,
    0x2c, // schema: two elements
    ...[0x48, ...varint(1), 0x61, ...i32(1, 1), 0], // a root with one child
    ...[...i32(1, 6), ...i32(2, 1), ...text(1, column), 0], // bytes, optional
    ...i64(1, rows),
    0x19,
    0x1c, // one row group
    ...[
      0x19,
      0x1c, // one column
      ...[...i64(2, 4), 0x1c, ...i32(1, 6), 0x19, 0x05, 0x19, 0x18, ...varint(column.length), ...Buffer.from(column)],
      ...[...i32(1, codec), ...i64(1, values), ...i64(1, size), ...i64(1, size), ...i64(2, 4), 0],
      0,
      ...i64(1, size),
      ...i64(1, rows),
      0,
    ],
    0,
  ]
  const length = Buffer.alloc(4)
  length.writeUInt32LE(contents.length)
  return Buffer.concat([
    Buffer.from('PAR1'),
    Buffer.from(header),
    page,
    Buffer.from(contents),
    length,
    Buffer.from('PAR1'),
  ])
}

/** Levels by which so many rows are absent: a run of zeros. */
const absent = (count: number) => {
  const run = [...varint(count * 2), 0]
  return [run.length, 0, 0, 0, ...run]
}

describe('what lies of its size', () => {
  it('is read where it does not', async () => {
    expect(await outcome(lying({ rows: 1_000, levels: absent(1_000) }))).toMatchObject({ rows: 1_000, code: null })
  })

  it.each([
    ['a page of two thousand million values', lying({ rows: 2_000_000_000, levels: absent(2_000_000_000) })],
    ['a run of a thousand million levels in a page of ten', lying({ rows: 10, levels: absent(1_000_000_000) })],
    ['more rows than the page has', lying({ rows: 1e15, values: 1_000, levels: absent(1_000) })],
    ['a page that unpacks to 2 GB', lying({ rows: 10, levels: absent(10), unpacked: 2_000_000_000, codec: 2 })],
    ['a page of 2 GB', lying({ rows: 10, levels: absent(10), packed: 2_000_000_000 })],
    ['less than no values', lying({ rows: 10, values: -5, levels: absent(10) })],
    ['a packing that nobody knows', lying({ rows: 10, levels: absent(10), codec: 3 })],
  ])('%s', async (_what, bytes) => {
    const { code, message } = await outcome(bytes)
    expect(code).toMatch(/^(CORRUPT|DECOMPRESSION_BOMB)$/)
    expect(message).toMatch(/send it once more|send it again/)
  })

  it('a file of some kilobytes that stands for gigabytes of lines', async () => {
    const long = 'x'.repeat(200_000)
    const rows = Array.from({ length: 5_000 }, () => long)
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'ClientRequestUserAgent', data: rows, encoding: 'RLE_DICTIONARY' }] }),
    )
    expect(bytes.length).toBeLessThan(100_000)
    expect(await outcome(bytes)).toMatchObject({ code: 'DECOMPRESSION_BOMB' })
  }, 60_000)
})

it('any byte of a file may be another', () => {
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (const name of ['int96.parquet', 'pages-v2.parquet', 'nested.parquet'])
    for (let n = 0; n < 150; n++) {
      const bytes = Buffer.from(fixture(name))
      for (let flips = 1 + random(3); flips > 0; flips--) {
        // the table of contents is a third of it
        const at = random(2) === 0 ? random(bytes.length) : bytes.length - 1 - random(3_000)
        bytes[Math.max(0, at)] = random(256)
      }
      endsInWords(bytes)
    }
}, 60_000)
