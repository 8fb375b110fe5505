/** A file cut into stretches says what the same bytes say as a stream. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { reading } from '../../../ingest/reader/source.js'
import { stretchesOf } from '../../../ingest/shape/stretches.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-stretches-'))
const path = join(folder, 'export.ndjson')
afterAll(() => rmSync(folder, { recursive: true }))

/** Lines, each for itself, and where they end if a line is too long. */
async function linesOf(stretches: ReturnType<typeof stretchesOf>): Promise<{ lines: string[]; end: number | null }> {
  const lines: string[] = []
  for (;;) {
    const { value, done } = await stretches.next()
    if (done) return { lines, end: value }
    lines.push(...reading(value.stretch, (source) => source.bytes().toString('latin1')).split(/(?<=\n)/))
  }
}

describe('stretches of a file', () => {
  it('are the lines of the file up to one that is too long, however long lines and stretches are', async () => {
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
        const all = open ? text : `${text}\n`
        writeFileSync(path, all)
        const read = await linesOf(stretchesOf(path, 1_000, lines))
        const end = read.end ?? all.length
        expect(read.lines.join('')).toBe(all.slice(0, end))
        expect(read.lines.slice(0, -1).every((one) => one.endsWith('\n'))).toBe(true)
        // it ends only before a line that is too long
        if (read.end !== null) expect(all.slice(end).split('\n', 1)[0].length).toBeGreaterThanOrEqual(1_000)
      }),
      { numRuns: 150 },
    )
  })

  it('hold enough lines each, by the length of those before', async () => {
    writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(50_000) + `${'y'.repeat(1_999)}\n`.repeat(5_000))
    const sizes: number[] = []
    for await (const piece of stretchesOf(path, 10_000, 1_000)) sizes.push(piece.stretch.to - piece.stretch.from)
    expect(sizes.reduce((a, b) => a + b)).toBe(readFileSync(path).length)
    // the first are short, each twice as long as the one before
    expect(sizes.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000])
    expect(sizes[4]).toBeGreaterThan(90_000)
    expect(sizes[4]).toBeLessThan(110_000)
    expect(sizes.at(-2)).toBeGreaterThan(1_500_000)
  })

  it('say so when the file became shorter meanwhile', async () => {
    writeFileSync(path, 'abcdef\n'.repeat(10))
    reading({ path, from: 7, to: 70 }, (source) => {
      truncateSync(path, 35)
      expect(() => source.bytes()).toThrow(/became shorter/)
    })
  })
})
