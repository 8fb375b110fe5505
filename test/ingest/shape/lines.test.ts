import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { wholeLines, type Shape } from '../../../ingest/shape/lines.js'
import { ReadingNotes } from '../../../ingest/shape/notes.js'
import type { Piece } from '../../../ingest/shape/piece.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createSlowReader } from '../../../ingest/reader/slow-reader.js'
import { recordReader } from '../../../schema/store/block.js'
import { openBlock } from '../../../schema/store/moving-block.js'

const SAMPLES = readFileSync(new URL('../../fixtures/real-shapes.ndjson', import.meta.url))

async function* of(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk as string)
}

const LINES: Shape = { kind: 'lines' }

async function pieces(source: AsyncIterable<Uint8Array>, chunkBytes?: number): Promise<Piece[]> {
  const out: Piece[] = []
  for await (const piece of wholeLines(source, LINES, new ReadingNotes(), chunkBytes)) out.push(piece)
  return out
}

const text = (all: Piece[]) => all.map((p) => (p.kind === 'lines' ? Buffer.from(p.bytes).toString() : p.kind))
/** Numbers of lines, by line, and of those that were lost on the way. */
function numbers(all: Piece[]): { lines: number[]; lost: [number, string][] } {
  const out: { lines: number[]; lost: [number, string][] } = { lines: [], lost: [] }
  let base = 1
  for (const piece of all) {
    if (piece.kind !== 'lines') continue
    const some = Buffer.from(piece.bytes)
      .toString()
      .split(/(?<=\n)/)
      .filter(Boolean)
    const count = some.length
    some.forEach((one, i) => {
      if (one.trim() !== '') out.lines.push(base + (piece.numbering?.numbers[i] ?? i))
    })
    for (const { number, reason } of piece.numbering?.rejections ?? []) out.lost.push([base + number, reason])
    base += piece.numbering?.advance ?? count
  }
  return out
}

/** Cuts a buffer at random places. */
const cuts = (length: number) =>
  fc.array(fc.nat({ max: length }), { maxLength: 30 }).map((at) => [0, ...at.sort((a, b) => a - b), length])
const split = (bytes: Uint8Array, at: number[]) => at.slice(1).map((to, i) => bytes.subarray(at[i], to))

describe('a stream of bytes becomes chunks of whole lines', () => {
  it('cuts at line feeds only', async () => {
    expect(text(await pieces(of('{"a":1}\n{"b":2}\n{"c"', ':3}\n{"d":4}\n'), 16))).toEqual([
      '{"a":1}\n{"b":2}\n',
      '{"c":3}\n{"d":4}\n',
    ])
  })
  it('gives the last line without its line feed', async () =>
    expect(text(await pieces(of('{"a":1}\n{"b":2}'))).join('')).toBe('{"a":1}\n{"b":2}'))
  it('gives nothing for nothing', async () => expect(await pieces(of(''))).toEqual([]))
  it('says of a value that is too long where it was, and goes on behind it', async () => {
    const long = `{"a":"${'x'.repeat(1_100_000)}"}`
    for (const joint of ['\n', '\n\n', '']) {
      const all = await pieces(of(`{"b":1}\n${long}${joint}{"c":2}\n`))
      expect(text(all).join('')).toBe('{"b":1}\n{"c":2}\n')
      expect(numbers(all)).toEqual({ lines: [1, joint === '\n\n' ? 4 : 3], lost: [[2, 'too-long']] })
    }
  })
  it('numbers values by the line on which they begin, each at least one more than the one before', async () => {
    const of_ = async (input: string) => numbers(await pieces(of(input))).lines
    expect(await of_('[{"a":1},{"a":2},{"a":3}]')).toEqual([1, 2, 3])
    expect(await of_('[\n{"a":1},\n{"a":2}\n]')).toEqual([2, 3])
    expect(await of_('{\n"a":1\n}\n{\n"a":2\n}\n')).toEqual([1, 4])
    expect(await of_('{"a":1}\n[{"a":2},{"a":3}]\n{"a":4}\n')).toEqual([1, 2, 3, 4])
    expect(await of_('\n\n\ufeff{"a":1}\n')).toEqual([3])
  })
  it('keeps a broken line from taking others with it', async () => {
    const all = (input: string) => pieces(of(input)).then((some) => text(some).join(''))
    const good = '{"RayID":"1","b":[1,2]}\n'
    for (const broken of [
      '{"a":"cut',
      '{"a":1,',
      '{"a":',
      '{"a":[1,2',
      '{"a":{"b":1',
      '{',
      '[',
      '}',
      ']',
      '"',
      'Error streaming data.',
      "{'a':1}",
      '[INFO] {x}',
    ]) {
      expect(await all(`${good}${broken}\n${good}${good}`), broken).toContain(`${good}${good}`)
      expect(await all(`${broken}\n${good}`), broken).toContain(good)
    }
  })
  it('passes on what is whole when the sender is slow', async () => {
    let release = () => {}
    const later = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = async function* () {
      yield Buffer.from('{"now":1}\n{"la')
      await later
      yield Buffer.from('ter":1}\n')
    }
    const all = wholeLines(slow(), LINES, new ReadingNotes(), 1000, 20)
    expect(Buffer.from(((await all.next()).value as { bytes: Uint8Array }).bytes).toString()).toBe('{"now":1}\n')
    release()
    expect(Buffer.from(((await all.next()).value as { bytes: Uint8Array }).bytes).toString()).toBe('{"later":1}\n')
  })
  it('gives the whole lines before a failure, then the failure', async () => {
    const broken = async function* () {
      yield Buffer.from('{"whole":1}\n{"hal')
      throw new Error('cable cut')
    }
    const all = wholeLines(broken(), LINES, new ReadingNotes())
    expect(text([(await all.next()).value as Piece])).toEqual(['{"whole":1}\n'])
    await expect(all.next()).rejects.toThrow('cable cut')
  })

  it('loses and adds no byte, however the chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(cuts(SAMPLES.length), fc.integer({ min: 8_000, max: 60_000 }), async (at, chunkBytes) => {
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
      fc.asyncProperty(cuts(SAMPLES.length), fc.integer({ min: 8_000, max: 30_000 }), async (at, chunkBytes) => {
        expect(records(await pieces(of(...split(SAMPLES, at)), chunkBytes))).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })
})
