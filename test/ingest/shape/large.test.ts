import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { namesOf } from '../../../ingest/reader/names.js'
import { ByteReader } from '../../../ingest/shape/byte-reader.js'
import { inflated } from '../../../ingest/shape/inflate.js'
import { piecesThere } from '../../../ingest/shape/large.js'
import { ReadingNotes } from '../../../ingest/shape/notes.js'
import type { Piece } from '../../../ingest/shape/piece.js'
import { piecesOf, type Shaping } from '../../../ingest/shape/pieces.js'
import { needs } from '../../needs.js'
import { inBites, readAll, readers } from './read.js'
import { zipOf } from './zip-of.js'

const SAMPLES = readFileSync(new URL('../../fixtures/real-shapes.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
let state = 1
const below = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n
const noise = (length: number) => Array.from({ length }, () => below(36).toString(36)).join('')
/** Some megabytes, each line of which is another, of which a third is left when packed. */
const LINES = Array.from({ length: 3_000 }, (_, i) =>
  SAMPLES[i % SAMPLES.length].replace(/^\{/, `{"Noise":"${noise(200)}",`),
)
const TEXT = Buffer.from(`${LINES.join('\n')}\n`)
const BROKEN = Buffer.from(`${[...LINES.slice(0, 900), '{"EdgeResponse', ...LINES.slice(900)].join('\n')}\n`)
const LIST = Buffer.from(`[${LINES.join(',\n')}]\n`)
const CSV = Buffer.from(
  `EdgeStartTimestamp,EdgeResponseStatus,ClientRequestPath\n${Array.from({ length: 20_000 }, (_, i) => `2026-05-20T10:00:00Z,${200 + (i % 5)},"/a""${i}"`).join('\n')}\n`,
)
const there = (source: AsyncIterable<Uint8Array>, shaping: Shaping) => piecesThere(new ByteReader(source), shaping)
const shaping = (notes = new ReadingNotes()): Shaping => ({ name: null, names: namesOf({}), notes, onStart: () => {} })

function tarOf(files: [string, Buffer][]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return spawnSync('tar', ['-C', folder, '-cf', '-', ...files.map(([name]) => name)], { maxBuffer: 1e9 }).stdout
}

describe('a thread makes of what is large the pieces that are made of it here', () => {
  const logs: [string, Buffer][] = [
    ['one.log', TEXT],
    ['ownership-challenge-1.txt', Buffer.from('a'.repeat(60))],
    ['two.csv', CSV],
    ['three.json', LIST],
  ]
  it.each([
    ['gzip', zlib.gzipSync(TEXT)],
    [
      'gzip in several members with text behind',
      Buffer.concat([zlib.gzipSync(TEXT), zlib.gzipSync(BROKEN), Buffer.from('done\n')]),
    ],
    ['a list', LIST],
    ['CSV', CSV],
    ['a tar.gz of all of them', zlib.gzipSync(tarOf(logs))],
    ['a zip of all of them', zipOf(logs, { streamed: true })],
    ['gzip that is cut off', zlib.gzipSync(TEXT).subarray(0, -500)],
    ['gzip that is damaged', zlib.gzipSync(TEXT).fill(0xff, 90_000, 90_100)],
  ])('%s', async (_, bytes) => {
    const outcome = async (pieces: typeof there) => {
      const notes: unknown[] = []
      const noted = async function* (source: AsyncIterable<Uint8Array>, how: Shaping): AsyncGenerator<Piece> {
        try {
          yield* pieces(source, how)
        } catch (error) {
          notes.push((error as { code: string }).code, (error as Error).message)
        }
        notes.push(how.notes.reading)
      }
      const { records, rejected } = await readAll(inBites(bytes, [65_536, 1_000, 300_000]), readers.fast(), {}, noted)
      return { records: records.map((record) => JSON.stringify(record)), rejected, notes }
    }
    const here = await outcome(piecesOf)
    expect(here.records.length).toBeGreaterThan(100)
    expect(await outcome(there)).toEqual(here)
  })

  it('of many inputs at once, each its own', async () => {
    const read = async (i: number) => {
      const part = Buffer.from(`${LINES.slice(i * 100, i * 100 + 100 + i).join('\n')}\n`)
      return (await readAll(inBites(zlib.gzipSync(part), [500]), readers.fast(), {}, there)).records.length
    }
    const counts = await Promise.all(Array.from({ length: 20 }, (_, i) => read(i)))
    expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i))
  })

  it('gives what a slow sender sent before more comes', async () => {
    let goOn = () => {}
    async function* slow() {
      const gzip = zlib.createGzip()
      const out: Buffer[] = []
      gzip.on('data', (bytes: Buffer) => out.push(bytes))
      gzip.write(`${LINES.slice(0, 100).join('\n')}\n`)
      await new Promise<void>((resolve) => gzip.flush(() => resolve()))
      yield Buffer.concat(out.splice(0))
      await new Promise<void>((resolve) => (goOn = resolve))
      gzip.end()
      await new Promise((resolve) => gzip.once('end', resolve))
      yield Buffer.concat(out)
    }
    const pieces = there(slow(), shaping())
    expect((await pieces.next()).value).toMatchObject({ kind: 'lines' })
    goOn()
    expect(await pieces.next()).toEqual({ done: true, value: undefined })
  })

  it('fails as the input did, after what came before', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ECONNRESET' })
    async function* broken() {
      yield* inBites(zlib.gzipSync(TEXT).subarray(0, 100_000))
      throw gone
    }
    let bytes = 0
    const read = (async () => {
      for await (const piece of there(broken(), shaping())) if (piece.kind === 'lines') bytes += piece.bytes.length
    })()
    await expect(read).rejects.toBe(gone)
    expect(bytes).toBeGreaterThan(100_000)
  })

  it('says that an input is damaged though its sender makes a pause', async () => {
    let goOn = () => {}
    async function* stalled() {
      yield zlib.gzipSync(TEXT).fill(0xff, 30_000, 30_100)
      await new Promise<void>((resolve) => (goOn = resolve))
    }
    const read = (async () => {
      for await (const piece of there(stalled(), shaping())) expect(piece.kind).toBe('lines')
    })()
    await expect(read).rejects.toMatchObject({ name: 'IngestError', code: 'CORRUPT' })
    goOn()
  })

  it('leaves the input when nobody wants more', async () => {
    let given = 0
    let isClosed = false
    async function* endless() {
      try {
        for (;;) {
          given++
          yield zlib.gzipSync(TEXT)
          await sleep(1)
        }
      } finally {
        isClosed = true
      }
    }
    const pieces = there(endless(), shaping())
    await pieces.next()
    await pieces.return(undefined)
    await expect.poll(() => isClosed).toBe(true)
    const before = given
    await sleep(50)
    expect(given).toBe(before)
  })
})

describe('deflate, in steps and as the stream that Node documents', () => {
  const summed = (pieces: readonly Uint8Array[]) => {
    const out = Buffer.concat(pieces)
    return { bytes: out.length, sum: zlib.crc32(out) }
  }
  const outcome = async (bytes: Buffer, stepsOf?: () => null) => {
    const input = new ByteReader(inBites(bytes, [70_000, 3]))
    const out: Uint8Array[] = []
    const data = inflated(input, stepsOf)
    try {
      for (;;) {
        const { value, done } = await data.next()
        if (done) return { ...summed(out), ...value, behind: (await input.take(100)).toString() }
        out.push(value)
      }
    } catch (error) {
      return { ...summed(out), code: (error as { code: string }).code }
    }
  }
  const mixed = Buffer.concat([TEXT, Buffer.from(noise(200_000)), Buffer.alloc(300_000)])
  const packed = zlib.deflateRawSync(mixed)

  it.each([
    ['with something behind', Buffer.concat([packed, Buffer.from('behind')])],
    ['of nothing', Buffer.concat([zlib.deflateRawSync(Buffer.alloc(0)), Buffer.from('behind')])],
    ['that is cut off', packed.subarray(0, -1_000)],
    ['that is damaged', Buffer.from(packed).fill(0xff, packed.length - 3_000, packed.length - 2_900)],
  ])('%s', async (what, bytes) => {
    const found = await outcome(bytes)
    expect(found).toEqual(await outcome(bytes, () => null))
    if (what.includes('behind'))
      expect(found).toMatchObject({ whole: true, crc: found.sum, length: found.bytes, behind: 'behind' })
  })

  it('gives as much of what is damaged as gzip does', async () => {
    if (!needs('gzip', 'gzip')) return
    for (let at = 1_000; at < packed.length; at += packed.length >> 4) {
      const broken = Buffer.from(packed).fill(0xff, at, at + 20)
      const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
      const right = spawnSync('gzip', ['-dc'], { input: Buffer.concat([header, broken]), maxBuffer: 1e9 }).stdout
      const out: Uint8Array[] = []
      try {
        for await (const piece of inflated(new ByteReader(inBites(broken)))) out.push(piece)
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^Z_/) })
      }
      expect(Buffer.concat(out).length).toBeGreaterThanOrEqual(right.length)
      expect(Buffer.concat(out).subarray(0, right.length).equals(right)).toBe(true)
    }
  })
})
