import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { wholeLines, type Piece } from '../../ingest/lines.js'
import { DEFAULT_READ_SETTINGS } from '../../ingest/reader/normalise.js'
import { createSlowReader } from '../../ingest/reader/slow-reader.js'
import { recordReader } from '../../schema/store/block.js'
import { openBlock } from '../../schema/store/moving-block.js'

const SAMPLES = readFileSync(new URL('../fixtures/real-shapes.ndjson', import.meta.url))

async function* of(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk as string)
}

async function pieces(source: AsyncIterable<Uint8Array>, chunkBytes?: number): Promise<Piece[]> {
  const out: Piece[] = []
  for await (const piece of wholeLines(source, chunkBytes)) out.push(piece)
  return out
}

const text = (all: Piece[]) =>
  all.map((p) =>
    p.kind === 'lines'
      ? Buffer.from(p.bytes).toString()
      : p.kind === 'long'
        ? `<${p.bytes} bytes>`
        : `<${p.stretch.to - p.stretch.from} bytes of a file>`,
  )

/** Cuts a buffer at random places. */
const cuts = (length: number) =>
  fc.array(fc.nat({ max: length }), { maxLength: 30 }).map((at) => [0, ...at.sort((a, b) => a - b), length])
const split = (bytes: Uint8Array, at: number[]) => at.slice(1).map((to, i) => bytes.subarray(at[i], to))

describe('a stream of bytes becomes chunks of whole lines', () => {
  it('cuts at line feeds only', async () => {
    expect(text(await pieces(of('one\ntwo\nthr', 'ee\nfour\n'), 8))).toEqual(['one\ntwo\n', 'three\n', 'four\n'])
  })
  it('gives the last line without its line feed', async () => expect(text(await pieces(of('a\nb')))).toEqual(['a\nb']))
  it('gives nothing for nothing', async () => expect(await pieces(of(''))).toEqual([]))
  it('skips a line longer than a chunk and says how long it was', async () => {
    expect(text(await pieces(of('a\n', 'x'.repeat(30), 'y\nb\n'), 10))).toEqual(['a\n', '<31 bytes>', 'b\n'])
  })
  it('skips a long line at the end', async () =>
    expect(text(await pieces(of('x'.repeat(30)), 10))).toEqual(['<30 bytes>']))
  it('drops a byte order mark', async () =>
    expect(text(await pieces(of(Uint8Array.of(0xef, 0xbb, 0xbf), '{}\n')))).toEqual(['{}\n']))
  it('refuses UTF-16 and says how to convert', async () => {
    await expect(pieces(of(Buffer.from('\ufeff{"a":1}\n', 'utf16le')))).rejects.toMatchObject({
      code: 'WRONG_ENCODING',
      message: expect.stringContaining('iconv'),
    })
  })
  it('names the kind of UTF-16 that has no mark', async () => {
    const little = Buffer.from('{"a":1}\n', 'utf16le')
    await expect(pieces(of(little))).rejects.toMatchObject({
      code: 'WRONG_ENCODING',
      message: expect.stringContaining('iconv -f UTF-16LE'),
    })
    await expect(pieces(of(little.swap16()))).rejects.toMatchObject({
      code: 'WRONG_ENCODING',
      message: expect.stringContaining('iconv -f UTF-16BE'),
    })
  })
  it('passes on what is whole when the sender is slow', async () => {
    let release = () => {}
    const later = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = async function* () {
      yield Buffer.from('now\nla')
      await later
      yield Buffer.from('ter\n')
    }
    const all = wholeLines(slow(), 1000, 20)
    expect(Buffer.from(((await all.next()).value as { bytes: Uint8Array }).bytes).toString()).toBe('now\n')
    release()
    expect(Buffer.from(((await all.next()).value as { bytes: Uint8Array }).bytes).toString()).toBe('later\n')
  })
  it('gives the whole lines before a failure, then the failure', async () => {
    const broken = async function* () {
      yield Buffer.from('whole\nhal')
      throw new Error('cable cut')
    }
    const all = wholeLines(broken())
    expect(text([(await all.next()).value as Piece])).toEqual(['whole\n'])
    await expect(all.next()).rejects.toThrow('cable cut')
  })

  it('loses and adds no byte, however the chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(cuts(SAMPLES.length), fc.integer({ min: 4_000, max: 60_000 }), async (at, chunkBytes) => {
        const all = await pieces(of(...split(SAMPLES, at)), chunkBytes)
        expect(Buffer.concat(all.map((p) => (p.kind === 'lines' ? p.bytes : new Uint8Array()))).equals(SAMPLES)).toBe(
          true,
        )
        for (const piece of all.slice(0, -1)) expect(piece.kind === 'lines' && piece.bytes.at(-1)).toBe(10)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same records, however the chunks fall', async () => {
    const reader = createSlowReader({ identityKey: [1, 2, 3, 4], settings: DEFAULT_READ_SETTINGS })
    const records = (all: Piece[]) =>
      all.flatMap((piece) => {
        if (piece.kind !== 'lines') return []
        const block = openBlock(reader.read(piece.bytes).block)
        const read = recordReader(block)
        return Array.from({ length: block.rows }, (_, row) => ({
          ...read(row),
          identity: [...block.identity.subarray(row * 2, row * 2 + 2)],
        }))
      })
    const whole = records(await pieces(of(SAMPLES)))
    expect(whole).toHaveLength(24)
    await fc.assert(
      fc.asyncProperty(cuts(SAMPLES.length), fc.integer({ min: 4_000, max: 30_000 }), async (at, chunkBytes) => {
        expect(records(await pieces(of(...split(SAMPLES, at)), chunkBytes))).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })
})
