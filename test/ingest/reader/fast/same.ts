/** Holds the fast reader to the slow one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, expect } from 'vitest'
import { recordReader } from '../../../../schema/store/block.js'
import { DIMENSION_FIELDS } from '../../../../schema/words/fields.js'
import { openBlock, packBlock } from '../../../../schema/store/moving-block.js'
import { stringsOf } from '../../../../schema/store/values.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../../../../ingest/reader/normalise.js'
import type { ReadChunk, ReaderOptions } from '../../../../ingest/reader/reader.js'
import { createFastReader } from '../../../../ingest/reader/fast/fast-reader.js'
import { createSlowReader } from '../../../../ingest/reader/slow-reader.js'
import type { FileStretch } from '../../../../ingest/shape/piece.js'

export const options = (settings: Partial<ReadSettings> = {}): ReaderOptions => ({
  identityKey: [0x03020100, 0x07060504, 0x0b0a0908, 0x8f0e0d0c],
  settings: { ...DEFAULT_READ_SETTINGS, ...settings },
})

/** Everything a chunk says, without the numbers that stand for texts within it. */
export function plainly({ block: moving, ...rest }: ReadChunk): object {
  const block = openBlock(moving)
  const read = recordReader(block)
  return {
    ...rest,
    rows: block.rows,
    records: Array.from({ length: block.rows }, (_, row) => read(row)),
    ray: [...block.ray],
    oddRays: [...block.oddRays],
    identity: [...block.identity],
    lengths: [
      block.time.length,
      ...Object.values(block.measures).map((m) => m.length),
      ...Object.values(block.dimensions).map((d) => d.codes.length),
    ],
    values: DIMENSION_FIELDS.map((field) => stringsOf(block.dimensions[field].values).sort()),
  }
}

/** One fast reader for a whole test: what it learns from one chunk must do no harm in the next. */
export function pairOfReaders(settings: Partial<ReadSettings> = {}): (chunk: string | Uint8Array) => ReadChunk {
  const fast = createFastReader(options(settings))
  const ofFiles = createFastReader(options(settings))
  const slow = createSlowReader(options(settings))
  return (chunk) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    const read = fast.read(bytes)
    const right = plainly(slow.read(bytes))
    expect(plainly(read)).toEqual(right)
    expect(isDeepStrictEqual(packBlock(openBlock(read.block)), read.block)).toBe(true)
    expect(isDeepStrictEqual(plainly(ofFiles.read(inFile(bytes))), right)).toBe(true)
    return read
  }
}

const folder = mkdtempSync(join(tmpdir(), 'faultline-stretches-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The bytes amid others in a file. */
function inFile(bytes: Uint8Array): FileStretch {
  const path = join(folder, 'lines.ndjson')
  const before = '{"before":1}\n'
  writeFileSync(path, Buffer.concat([Buffer.from(before), bytes, Buffer.from('\n{"behind":1}\n')]))
  return { path, from: before.length, to: before.length + bytes.length }
}
