/** A file being looked into: what kind it is, how to know it again, and its lines from a position on. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { gunzip } from 'node:zlib'
import { shapeOf } from '../../shape/shape.js'
import { namesOf } from '../../reader/names.js'

/** Bytes of the beginning by which a file is known again; a first line has a time and a RayID in it. */
export const HEAD_BYTES = 1_024
/** Bytes that are looked at to tell what kind a file is. */
const KIND_BYTES = 65_536
const READ_BYTES = 1_048_576
const LINE_FEED = 10

/**
 * lines: grows line by line · csv: the same below a header · whole: means something only when it is all there (packed, or one
 * JSON document) · unknown: its first line is not there yet
 */
export type FileKind = 'lines' | 'csv' | 'whole' | 'unknown'

export async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32)

const PACKED = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x41, 0x52, 0x31],
]

export async function kindOf(handle: FileHandle): Promise<FileKind> {
  const start = await readAt(handle, 0, KIND_BYTES)
  if (start.length === 0) return 'unknown'
  if (PACKED.some((magic) => magic.every((byte, i) => start[i] === byte)) || start.includes(0)) return 'whole'
  const feed = start.indexOf(LINE_FEED)
  if (feed < 0) return start.length < KIND_BYTES ? 'unknown' : 'whole'
  const shape = shapeOf(start, namesOf({}))
  if (shape.kind === 'csv') return 'csv'
  if (shape.kind === 'lines') return 'lines'
  const first = start.subarray(0, feed).toString('utf8').trim()
  // a list or an object over several lines; a line that begins otherwise is one of a wrapper
  return /^[[{]/.test(first) && !isJson(first) ? 'whole' : first.startsWith('[') ? 'whole' : 'lines'
}

/** Length of the first line with its line feed. */
export async function headerOf(handle: FileHandle): Promise<Buffer> {
  const start = await readAt(handle, 0, KIND_BYTES)
  return start.subarray(0, start.indexOf(LINE_FEED) + 1)
}

/** Whole lines of a stretch; `end`: up to where they went. What follows the last line feed is left for later. */
export class WholeLines {
  end: number
  /** the bytes before `end`, as they were when they were read: the file may be emptied any time */
  private last: Buffer = Buffer.alloc(0)

  constructor(
    private readonly handle: FileHandle,
    private readonly from: number,
    private readonly to: number,
    /** a last line without line feed is whole if it is a record and nobody has written for a while */
    private readonly quiet: boolean,
  ) {
    this.end = from
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const before = Math.max(0, this.from - HEAD_BYTES)
    this.last = await readAt(this.handle, before, this.from - before)
    let rest: Buffer = Buffer.alloc(0)
    for (let at = this.from; at < this.to;) {
      const chunk = await readAt(this.handle, at, Math.min(READ_BYTES, this.to - at))
      if (chunk.length === 0) break
      at += chunk.length
      const feed = chunk.lastIndexOf(LINE_FEED)
      if (feed < 0) {
        rest = Buffer.concat([rest, chunk])
        continue
      }
      const whole = Buffer.concat([rest, chunk.subarray(0, feed + 1)])
      rest = Buffer.from(chunk.subarray(feed + 1))
      this.passed(whole)
      yield whole
    }
    if (rest.length > 0 && this.quiet && isJson(rest.toString('utf8'))) {
      this.passed(rest)
      yield rest
    }
  }

  /** Hash of the bytes before `end`. */
  get tail(): string {
    return hashOf(this.last)
  }

  private passed(bytes: Buffer): void {
    this.end += bytes.length
    this.last = Buffer.from(Buffer.concat([this.last, bytes.subarray(-HEAD_BYTES)]).subarray(-HEAD_BYTES))
  }
}

/** The same of a file at rest. */
export async function tailOf(handle: FileHandle, at: number): Promise<string> {
  const from = Math.max(0, at - HEAD_BYTES)
  return hashOf(await readAt(handle, from, at - from))
}

export function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

/** The first unpacked bytes of a gzip file and the length that its end says it has (modulo 4 GiB); null: it is none. */
export async function packedHead(handle: FileHandle, size: number): Promise<{ head: Buffer; length: number } | null> {
  const start = await readAt(handle, 0, KIND_BYTES)
  if (start[0] !== 0x1f || start[1] !== 0x8b || size < 18) return null
  const head = await new Promise<Buffer | null>((resolve) => {
    gunzip(start, { finishFlush: 2 /* Z_SYNC_FLUSH: it may be cut */, maxOutputLength: 67_108_864 }, (error, out) =>
      resolve(error ? null : out),
    )
  })
  if (head === null) return null
  const trailer = await readAt(handle, size - 4, 4)
  return { head: head.subarray(0, HEAD_BYTES), length: trailer.length === 4 ? trailer.readUInt32LE(0) : 0 }
}
