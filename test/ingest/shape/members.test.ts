import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { membersOf } from '../../../ingest/shape/members.js'
import { ReadingNotes } from '../../../ingest/shape/notes.js'
import { zipOf } from './zip-of.js'
import { needs } from '../../needs.js'

const TEXT = readFileSync(new URL('../../fixtures/real-shapes.ndjson', import.meta.url))

async function* inBites(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Every text in it, one behind the other. */
async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  notes = new ReadingNotes(),
): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of membersOf(source, notes)) yield* bytes
}

async function unpack(bytes: Uint8Array, bite = 1000): Promise<Buffer> {
  const out: Uint8Array[] = []
  for await (const chunk of decompressed(inBites(bytes, bite))) out.push(chunk)
  return Buffer.concat(out)
}

/** Length and the largest single piece: a bomb must not come at once. */
async function measure(bytes: Uint8Array): Promise<{ total: number; largest: number }> {
  const seen = { total: 0, largest: 0 }
  for await (const chunk of decompressed(inBites(bytes, 65_536))) {
    seen.total += chunk.length
    seen.largest = Math.max(seen.largest, chunk.length)
  }
  return seen
}

describe('plain, gzip and zstd are told apart by content', () => {
  it('plain', async () => expect((await unpack(TEXT)).equals(TEXT)).toBe(true))
  it('plain, one byte at a time', async () =>
    expect((await unpack(TEXT.subarray(0, 500), 1)).equals(TEXT.subarray(0, 500))).toBe(true))
  it('shorter than any magic number', async () => expect((await unpack(Buffer.from('{}'))).toString()).toBe('{}'))
  it('empty', async () => expect((await unpack(Buffer.alloc(0))).length).toBe(0))
  it('gzip', async () => expect((await unpack(zlib.gzipSync(TEXT))).equals(TEXT)).toBe(true))
  it('gzip in several members, as cat makes them', async () => {
    const twice = Buffer.concat([zlib.gzipSync(TEXT), zlib.gzipSync(TEXT)])
    expect((await unpack(twice)).length).toBe(2 * TEXT.length)
  })

  const zstd = needs('zstd', 'zstd')
  const packed = (input: Buffer, ...options: string[]) =>
    spawnSync('zstd', ['-q', '-c', ...options], { input, maxBuffer: 1e9 }).stdout
  it.skipIf(!zstd)('zstd', async () => expect((await unpack(packed(TEXT))).equals(TEXT)).toBe(true))
  it.skipIf(!zstd)('zstd in several frames with checksums', async () => {
    expect((await unpack(Buffer.concat([packed(TEXT, '--check'), packed(TEXT, '-19')]))).length).toBe(2 * TEXT.length)
  })
  it.skipIf(!zstd)('a truncated zstd says so', async () => {
    const whole = packed(Buffer.concat(Array.from({ length: 50 }, () => TEXT)))
    await expect(unpack(whole.subarray(0, whole.length - 20))).rejects.toMatchObject({ code: 'TRUNCATED' })
  })
  it.skipIf(!zstd)('a damaged zstd says so', async () => {
    const whole = Buffer.from(packed(Buffer.concat(Array.from({ length: 50 }, () => TEXT)), '--check'))
    whole.fill(0x55, 200, 400)
    await expect(unpack(whole)).rejects.toMatchObject({ code: expect.stringMatching(/CORRUPT|TRUNCATED/) })
  })
  it.skipIf(!zstd)('a zstd bomb of 10,000 : 1 stops in flat memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
    const path = join(folder, 'bomb.zst')
    execFileSync('sh', ['-c', `head -c 600000000 /dev/zero | zstd -q -o ${path}`])
    await expect(measure(readFileSync(path))).rejects.toMatchObject({
      code: 'DECOMPRESSION_BOMB',
      message: expect.stringContaining('unpack it first'),
    })
  })
})

describe('what stands behind compressed data is told, not read', () => {
  const after = async (behind: Uint8Array) => {
    const notes = new ReadingNotes()
    const out: Uint8Array[] = []
    for await (const piece of decompressed(inBites(Buffer.concat([zlib.gzipSync(TEXT), behind]), 999), notes))
      out.push(piece)
    expect(Buffer.concat(out).equals(TEXT)).toBe(true)
    return notes.after
  }
  it('nothing', async () => expect(await after(Buffer.alloc(0))).toBe(null))
  it('zeros', async () => expect(await after(Buffer.alloc(700))).toEqual({ what: 'zeros', bytes: 700, sample: '' }))
  it('text', async () =>
    expect(await after(Buffer.from('upload: done\n'))).toEqual({ what: 'text', bytes: 13, sample: 'upload: done\n' }))
  it('other bytes', async () =>
    expect(await after(Buffer.from([1, 2, 3, 200]))).toMatchObject({ what: 'bytes', bytes: 4 }))

  it('and of a damaged or cut last member as much is read as gzip gives', async () => {
    const gzip = needs('gzip', 'gzip')
    const big = Buffer.concat(Array.from({ length: 40 }, () => TEXT))
    const last = zlib.gzipSync(big)
    const damaged = Buffer.from(last).fill(0xff, last.length - 300, last.length - 200)
    const wrongSum = Buffer.from(last).fill(0, last.length - 8, last.length - 4)
    for (const end of [damaged, wrongSum, last.subarray(0, last.length - 500), last.subarray(0, last.length - 3)]) {
      const input = Buffer.concat([zlib.gzipSync(TEXT), end])
      const out: Uint8Array[] = []
      const read = (async () => {
        for await (const piece of decompressed(inBites(input, 10_000))) out.push(piece)
      })()
      await expect(read).rejects.toMatchObject({ code: expect.stringMatching(/CORRUPT|TRUNCATED/) })
      const all = Buffer.concat(out)
      expect(all.subarray(0, TEXT.length).equals(TEXT)).toBe(true)
      if (!gzip) continue
      // a damage is noticed behind what it spoils: gzip gives the same
      const right = spawnSync('gzip', ['-dc'], { input, maxBuffer: 1e9 }).stdout
      expect(all.length).toBeGreaterThanOrEqual(right.length)
      expect(all.subarray(0, right.length).equals(right)).toBe(true)
    }
  })
})

describe('zip from a stream', () => {
  const members = async (bytes: Uint8Array) => {
    const out: [string | null, string][] = []
    for await (const member of membersOf(inBites(bytes, 100), new ReadingNotes())) {
      const pieces: Uint8Array[] = []
      for await (const piece of member.bytes) pieces.push(piece)
      out.push([member.name, Buffer.concat(pieces).toString()])
    }
    return out
  }
  const files: [string, Buffer][] = [
    ['a/', Buffer.alloc(0)],
    ['a/one.log', TEXT],
    ['__MACOSX/._one.log', Buffer.from('x')],
    ['two.log', Buffer.from('{}\n')],
    ['empty.log', Buffer.alloc(0)],
  ]
  const right = [
    ['a/one.log', TEXT.toString()],
    ['two.log', '{}\n'],
    ['empty.log', ''],
  ]

  it.each([
    {},
    { stored: true },
    { streamed: true },
    { streamed: true, unmarked: true },
    { streamed: true, long: true },
  ])('%o', async (options) => {
    expect(await members(zipOf(files, options))).toEqual(right)
  })
  it.each(['zip', 'bsdtar'])('as %s writes it', async (program) => {
    if (!needs(program, program === 'bsdtar' ? 'libarchive-tools' : program)) return
    const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
    writeFileSync(join(folder, 'one.log'), TEXT)
    const written =
      program === 'zip'
        ? spawnSync('zip', ['-q', '-', 'one.log'], { cwd: folder })
        : spawnSync('bsdtar', ['--format', 'zip', '-cf', '-', 'one.log'], { cwd: folder })
    expect(await members(written.stdout)).toEqual([['one.log', TEXT.toString()]])
  })
  it('says what is damaged, cut off, encrypted or packed in another way', async () => {
    const whole = zipOf([['one.log', TEXT]])
    const wrong = (at: number, value: number) => Buffer.from(whole).fill(value, at, at + 1)
    await expect(members(whole.subarray(0, whole.length - 200))).rejects.toMatchObject({ code: 'TRUNCATED' })
    await expect(members(wrong(14, whole[14] ^ 1))).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('one.log'),
    })
    await expect(members(wrong(6, 1))).rejects.toMatchObject({ message: expect.stringContaining('encrypted') })
    await expect(members(wrong(8, 9))).rejects.toMatchObject({
      message: expect.stringContaining('packed by Deflate64'),
    })
  })
})

describe('what is broken says what and what to do', () => {
  it('truncated gzip', async () => {
    const whole = zlib.gzipSync(TEXT)
    await expect(unpack(whole.subarray(0, whole.length - 100))).rejects.toMatchObject({
      code: 'TRUNCATED',
      message: expect.stringContaining('send the complete file again'),
    })
  })
  it('damaged gzip', async () => {
    const whole = zlib.gzipSync(Buffer.concat(Array.from({ length: 30 }, () => TEXT)))
    whole.fill(0, 500, 900)
    await expect(unpack(whole)).rejects.toMatchObject({ code: 'CORRUPT' })
  })
  it('a gzip bomb of 1,000 : 1 stops', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
    writeFileSync(join(folder, 'bomb.gz'), zlib.gzipSync(Buffer.alloc(500_000_000)))
    await expect(measure(readFileSync(join(folder, 'bomb.gz')))).rejects.toMatchObject({ code: 'DECOMPRESSION_BOMB' })
  })
  it('a repetitive log below the floor is none', async () => {
    const log = Buffer.from('{"a":1}\n'.repeat(1_000_000))
    expect(await measure(zlib.gzipSync(log))).toMatchObject({ total: log.length })
  })
})

describe('files and parts without number', () => {
  const form = (n: number) =>
    Buffer.from(
      `${Array.from({ length: n }, (_, i) => `--B\r\nContent-Disposition: form-data; name="f${i}"\r\n\r\n{"a":${i}}\r\n`).join('')}--B--\r\n`,
    )
  const count = async (bytes: Uint8Array, most: number) => {
    let members = 0
    for await (const { bytes: inside } of membersOf(inBites(bytes, 65_536), new ReadingNotes(), most)) {
      members++
      while ((await inside.next()) !== null);
    }
    return members
  }

  it('are refused beyond a limit', async () => {
    expect(await count(form(50), 50)).toBe(50)
    await expect(count(form(51), 50)).rejects.toThrow('too many files or parts')
  })

  it('folders count, which bring nothing and pack into nothing', async () => {
    const folder = Buffer.alloc(512)
    for (const [text, at] of [
      ['d/', 0],
      ['0000755\0', 100],
      ['0000000\0', 108],
      ['0000000\0', 116],
      ['00000000000\0', 124],
      ['00000000000\0', 136],
      ['        ', 148],
      ['5', 156],
      ['ustar\x0000', 257],
    ] as const)
      folder.write(text, at, 'latin1')
    const sum = folder.reduce((total, byte) => total + byte, 0)
    folder.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const tar = (n: number) => zlib.gzipSync(Buffer.concat([...Array<Buffer>(n).fill(folder), Buffer.alloc(1_024)]))
    expect(await count(tar(50), 50)).toBe(0)
    await expect(count(tar(51), 50)).rejects.toThrow('too many files or parts')
  })

  const skipped = Buffer.from('502a4d1800000000', 'hex')
  const emptyFrame = Buffer.from('28b52ffd2000010000', 'hex')
  const ofEmptyBlocks = (n: number) =>
    Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), Buffer.alloc(3 * n), Buffer.from('010000', 'hex')])
  it.each<[string, (n: number) => Buffer]>([
    ['members of gzip that are empty', (n) => Buffer.concat(Array<Buffer>(n).fill(zlib.gzipSync('')))],
    ['members of gzip with a byte each', (n) => Buffer.concat(Array<Buffer>(n).fill(zlib.gzipSync(' ')))],
    ['frames of zstd to be passed over', (n) => Buffer.concat(Array<Buffer>(n).fill(skipped))],
    ['frames of zstd that are empty', (n) => Buffer.concat(Array<Buffer>(n).fill(emptyFrame))],
    // the frame itself is none that is small
    ['blocks of a frame that are empty', (n) => ofEmptyBlocks(n)],
  ])('%s count too', async (_what, bytesOf) => {
    expect(await count(bytesOf(50), 50)).toBe(1)
    await expect(count(bytesOf(51), 50)).rejects.toThrow('too many files or parts')
  })

  it('members and frames with lines in them do not, and come right one after the other', async () => {
    const line = `${'{"a":"'.padEnd(80, 'x')}"}\n`
    const members = Array.from({ length: 300 }, (_, i) => zlib.gzipSync(line.repeat(1 + (i % 7))))
    const out = await unpack(Buffer.concat(members), 37)
    expect(out.toString()).toBe(Array.from({ length: 300 }, (_, i) => line.repeat(1 + (i % 7))).join(''))
    expect(await count(Buffer.concat(members), 50)).toBe(1)
  })

  it('parts of a form are read as they are wanted, not all into memory', async () => {
    const bytes = form(20_000)
    let given = 0
    async function* counted() {
      for await (const bite of inBites(bytes, 16_384)) {
        given += bite.length
        yield bite
      }
    }
    const members = membersOf(counted(), new ReadingNotes())
    await members.next()
    for (let i = 0; i < 500; i++) await setImmediate()
    expect(given).toBeLessThan(bytes.length / 4)
    await members.return(undefined)
  })
})
