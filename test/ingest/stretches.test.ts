/** A file cut into stretches says what the same bytes say as a stream. */
import { createReadStream, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { wholeLines, type Piece } from '../../ingest/lines.js'
import { reading } from '../../ingest/reader/source.js'
import { stretchesOf } from '../../ingest/stretches.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-stretches-'))
const path = join(folder, 'export.ndjson')
afterAll(() => rmSync(folder, { recursive: true }))

/** Lines, each for itself; a line that was skipped as its length. */
async function linesOf(pieces: AsyncIterable<Piece>): Promise<(string | number)[]> {
  const out: (string | number)[] = []
  for await (const piece of pieces) {
    if (piece.kind === 'long') out.push(piece.bytes)
    else {
      const text =
        piece.kind === 'lines'
          ? Buffer.from(piece.bytes).toString('latin1')
          : reading(piece.stretch, (source) => source.bytes().toString('latin1'))
      out.push(...text.split(/(?<=\n)/))
    }
  }
  return out
}

/** A stretch may hold a long line whole: then its reader refuses it. */
const refused = (lines: (string | number)[]) =>
  lines.map((line) => (typeof line === 'string' && line.trimEnd().length >= 1_000 ? line.trimEnd().length : line))

describe('stretches of a file', () => {
  it('are the lines of the file, long ones skipped, however long lines and stretches are', async () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }) },
      fc.integer({ min: 900, max: 3_000 }),
      fc.integer({ min: 30_000, max: 70_000 }),
    )
    const file = fc.record({
      lengths: fc.array(line, { maxLength: 40 }),
      open: fc.boolean(),
      lines: fc.integer({ min: 1, max: 20 }),
    })
    await fc.assert(
      fc.asyncProperty(file, async ({ lengths, open, lines }) => {
        const text = lengths.map((length, i) => String.fromCharCode(97 + (i % 26)).repeat(length)).join('\n')
        writeFileSync(path, open ? text : `${text}\n`)
        const all = (open ? text : `${text}\n`).split(/(?<=\n)/).filter((one) => one !== '')
        expect(refused(await linesOf(stretchesOf(path, 1_000, lines)))).toEqual(refused(all))
      }),
      { numRuns: 150 },
    )
  })

  it('agree with the stream on long lines, a byte order mark and a missing last line feed', async () => {
    for (const text of [
      '',
      '\n',
      'a',
      'a\nb',
      `\ufeff{"a":1}\n${'x'.repeat(5_000)}\nb`,
      `${'x'.repeat(5_000)}`,
      `${'x'.repeat(5_000)}\n`,
      `a\n${'x'.repeat(1_000)}\nb\n`,
    ]) {
      writeFileSync(path, text)
      expect(refused(await linesOf(stretchesOf(path, 1_000, 1)))).toEqual(
        refused(await linesOf(wholeLines(createReadStream(path), 1_000))),
      )
    }
  })

  it('hold enough lines each, by the length of those before', async () => {
    writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(50_000) + `${'y'.repeat(1_999)}\n`.repeat(5_000))
    const sizes: number[] = []
    for await (const piece of stretchesOf(path, 10_000, 1_000))
      if (piece.kind === 'stretch') sizes.push(piece.stretch.to - piece.stretch.from)
    expect(sizes.reduce((a, b) => a + b)).toBe(readFileSync(path).length)
    // the first are short, each twice as long as the one before
    expect(sizes.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000])
    expect(sizes[4]).toBeGreaterThan(90_000)
    expect(sizes[4]).toBeLessThan(110_000)
    expect(sizes.at(-2)).toBeGreaterThan(1_500_000)
  })

  it('begin with what the file is, if it is no log', async () => {
    writeFileSync(path, '<html>\n'.repeat(1_000))
    const stretches = stretchesOf(path)
    const first = (await stretches.next()).value as Extract<Piece, { kind: 'stretch' }>
    await stretches.return(undefined)
    expect(Buffer.from(first.start as Uint8Array).toString()).toBe('<html>\n'.repeat(74).slice(0, 512))
    writeFileSync(path, Buffer.from('\ufeff{"a":1}\n', 'utf16le'))
    await expect(stretchesOf(path).next()).rejects.toMatchObject({
      code: 'WRONG_ENCODING',
      message: expect.stringContaining('iconv'),
    })
  })

  it('say so when the file became shorter meanwhile', async () => {
    writeFileSync(path, 'abcdef\n'.repeat(10))
    reading({ path, from: 7, to: 70 }, (source) => {
      truncateSync(path, 35)
      expect(() => source.bytes()).toThrow(/became shorter/)
    })
  })
})
