import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compressionOf, decompressed } from '../../ingest/decompress.js'
import { needs } from '../needs.js'

const TEXT = readFileSync(new URL('../fixtures/real-shapes.ndjson', import.meta.url))

async function* inBites(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
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
  it('knows a skippable frame as zstd', () => expect(compressionOf(Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18))).toBe('zstd'))

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
